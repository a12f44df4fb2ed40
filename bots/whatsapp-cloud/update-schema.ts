import { z } from "zod";

/** An id of WhatsApp's, opaque. */
const id = z.string().min(1).max(512);
/** Unix time in seconds, as text; far below what a Date can hold. */
const unixTime = z.coerce.number().int().min(0).max(100_000_000_000);
/** What is told beside the message itself is a hint: in another form, it is passed over. */
const hint = z.string().max(200).optional().catch(undefined);

const file = z.object({
  id,
  mime_type: hint,
  caption: z.string().optional().catch(undefined),
  voice: z.boolean().optional().catch(undefined),
  filename: hint,
});

const reply = z.object({ id: z.string().min(1).max(256) });

/**
 * The fields of a message that we read (Cloud API, "messages webhook reference", June 2026); others are ignored.
 * Either `from` (phone) or `from_user_id` names the sender: a person with a user name may hide the phone number.
 */
export const messageSchema = z.object({
  id,
  from: hint,
  from_user_id: hint,
  group_id: hint,
  timestamp: unixTime,
  type: z.string().max(50),
  context: z.object({ from: hint, id: hint }).optional().catch(undefined),
  text: z.object({ body: z.string() }).optional(),
  image: file.optional(),
  video: file.optional(),
  audio: file.optional(),
  document: file.optional(),
  sticker: file.optional(),
  button: z.object({ payload: hint, text: hint }).optional(),
  interactive: z
    .object({ type: z.string(), button_reply: reply.optional(), list_reply: reply.optional() })
    .optional(),
  reaction: z.object({ message_id: id, emoji: hint }).optional().catch(undefined),
  edit: z
    .object({
      original_message_id: id,
      message: z
        .object({
          text: z.object({ body: z.string() }).optional(),
          image: file.optional(),
          video: file.optional(),
          document: file.optional(),
        })
        .optional(),
    })
    .optional(),
  system: z
    .object({
      type: z.string(),
      wa_id: hint,
      new_wa_id: hint,
      user_id: hint,
      previous_user_id: hint,
    })
    .optional(),
});
export type CloudMessage = z.infer<typeof messageSchema>;
export type CloudFile = z.infer<typeof file>;

export const contactSchema = z.object({
  wa_id: hint,
  user_id: hint,
  profile: z
    .object({ name: z.string().max(200).optional() })
    .optional()
    .catch(undefined),
});
export type CloudContact = z.infer<typeof contactSchema>;

/** Cloud API, "Status messages webhook reference", May 2026. */
export const statusSchema = z.object({
  id,
  status: z.string(),
  timestamp: unixTime,
  biz_opaque_callback_data: z.string().max(512).optional().catch(undefined),
  errors: z
    .array(z.object({ code: z.coerce.number().int() }))
    .optional()
    .catch(undefined),
});

/** Cloud API, "smb_message_echoes webhook reference", May 2026. */
export const echoSchema = z.object({
  id,
  to: hint,
  to_user_id: hint,
  timestamp: unixTime,
  type: z.string().max(50),
  text: z.object({ body: z.string() }).optional(),
});
