import { z } from "zod";

/** Bot API identifiers have at most 52 significant bits. */
const id = z.int();
/** Unix time, seconds; far below what a Date can hold. */
const unixTime = z.int().min(0).max(100_000_000_000);

const user = z.object({
  id,
  is_bot: z.boolean(),
  first_name: z.string(),
  last_name: z.string().optional(),
  language_code: z.string().optional(),
});

const chat = z.object({ id, type: z.string() });

const entity = z.object({
  type: z.string(),
  offset: z.int().min(0),
  length: z.int().min(0),
  user: z.object({ id }).optional(),
});

/** Besides its id, what is told of a file is only a hint: whatever has another form is passed over. */
const file = z.object({
  file_id: z.string(),
  mime_type: z.string().max(100).optional().catch(undefined),
  file_size: z.int().min(0).optional().catch(undefined),
  duration: z.int().min(0).optional().catch(undefined),
});

/** The fields of a Bot API message that we read (core.telegram.org/bots/api#message); others are ignored. */
const message = z.object({
  message_id: z.int(),
  message_thread_id: z.int().optional(),
  is_topic_message: z.boolean().optional(),
  is_automatic_forward: z.boolean().optional(),
  from: user.optional(),
  sender_chat: z.object({ id, title: z.string().optional() }).optional(),
  via_bot: z.object({ id }).optional(),
  date: unixTime,
  edit_date: unixTime.optional(),
  chat,
  reply_to_message: z.object({ message_id: z.int(), from: z.object({ id }).optional() }).optional(),
  media_group_id: z.string().optional(),
  text: z.string().optional(),
  entities: z.array(entity).optional(),
  caption: z.string().optional(),
  caption_entities: z.array(entity).optional(),
  photo: z.array(file).optional(),
  video: file.optional(),
  animation: file.optional(),
  video_note: file.optional(),
  voice: file.optional(),
  audio: file.optional(),
  document: file.optional(),
  sticker: file.optional(),
  location: z.object({}).optional(),
  venue: z.object({}).optional(),
  contact: z.object({}).optional(),
  poll: z.object({}).optional(),
  dice: z.object({}).optional(),
  game: z.object({}).optional(),
  story: z.object({}).optional(),
  paid_media: z.object({}).optional(),
  checklist: z.object({}).optional(),
  invoice: z.object({}).optional(),
  migrate_to_chat_id: id.optional(),
});

const callbackQuery = z.object({
  id: z.string(),
  from: user,
  message: z
    .object({
      message_id: z.int(),
      message_thread_id: z.int().optional(),
      is_topic_message: z.boolean().optional(),
      chat,
    })
    .optional(),
  data: z.string().optional(),
});

const chatMemberUpdated = z.object({
  chat,
  from: user,
  date: unixTime,
  old_chat_member: z.object({ status: z.string(), is_member: z.boolean().optional() }),
  new_chat_member: z.object({ status: z.string(), is_member: z.boolean().optional() }),
});

export const updateSchema = z.object({
  update_id: z.int(),
  message: message.optional(),
  edited_message: message.optional(),
  callback_query: callbackQuery.optional(),
  my_chat_member: chatMemberUpdated.optional(),
});

/** A custom or a paid reaction has no emoji. */
const reactionType = z.object({
  type: z.string(),
  emoji: z.string().max(64).optional().catch(undefined),
});

/** Of an update that may be one of a reaction (core.telegram.org/bots/api#messagereactionupdated). */
export const reactionUpdateSchema = z.object({
  message_reaction: z.object({
    chat,
    message_id: z.int(),
    /** Absent: somebody who reacts as a chat. */
    user: user.optional(),
    date: unixTime,
    old_reaction: z.array(reactionType),
    new_reaction: z.array(reactionType),
  }),
});

export type Update = z.infer<typeof updateSchema>;
export type SentFile = z.infer<typeof file>;
export type Message = z.infer<typeof message>;
export type User = z.infer<typeof user>;

/** What we ask Telegram to send, exactly what `updateSchema` and `reactionUpdateSchema` read. Channel posts are none of our business. */
export const ALLOWED_UPDATES = [
  "message",
  "edited_message",
  "callback_query",
  "my_chat_member",
  "message_reaction",
] as const;
