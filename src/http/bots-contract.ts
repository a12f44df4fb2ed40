import { extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { SESSION_STATES } from "../core/session.ts";
import { sessionRequest } from "../session-request.ts";
import { sessionSettings } from "../session-settings.ts";

extendZodWithOpenApi(z);

/** The outside contract of bots and their sessions. */

const name = z.string().trim().max(100).default("").openapi({
  description: "For lists; default: as the network calls it.",
});
const metaId = z.string().regex(/^\d{5,25}$/, "must be an id of Meta's: digits");
const secret = z.string().trim().min(1).max(4_096).openapi({ writeOnly: true });

export const AddBotRequest = z
  .discriminatedUnion("channel", [
    z.strictObject({ channel: z.literal("telegram"), name, token: secret }),
    z.strictObject({ channel: z.literal("web-chat"), name: name.unwrap().min(1) }),
    z.strictObject({
      channel: z.literal("whatsapp-web"),
      name,
      engine: z.enum(["dom", "modules"]).default("dom"),
      settings: sessionSettings.default({}).openapi({ description: "Pacing and language." }),
      acceptTermsRisk: z
        .literal(
          true,
          "must be true: automating WhatsApp Web is against WhatsApp's terms and may cost the number; the Cloud API is the supported road",
        )
        .openapi({
          description:
            "Automating WhatsApp Web is against WhatsApp's terms and may cost the number. The supported road is whatsapp-cloud.",
        }),
    }),
    z.strictObject({
      channel: z.literal("whatsapp-cloud"),
      name,
      phoneNumberId: metaId,
      businessAccountId: metaId.optional().openapi({
        description: "With it we subscribe to the account's webhooks ourselves.",
      }),
      accessToken: secret,
      appSecret: secret,
    }),
  ])
  .openapi("AddBotRequest");
export type AddBotRequest = z.infer<typeof AddBotRequest>;

const time = z.string().openapi({ format: "date-time" });

export const SessionShape = z
  .object({
    state: z.enum(SESSION_STATES),
    since: time,
    checkedAt: time.openapi({ description: "When the page was last looked at." }),
    evidence: z.string().openapi({ description: "What was seen." }),
    action: z.string().optional().openapi({ description: "What a person must do." }),
    engine: z.enum(["dom", "modules"]),
    pack: z.string().optional().openapi({ description: "Selector pack: era/version." }),
    lastInboundAt: time.optional(),
    lastAcknowledgedSendAt: time.optional(),
    oldestPendingSendAt: time.optional(),
    restarts: z.int(),
    browserPid: z.int().optional(),
    memoryMegabytes: z.number().optional(),
  })
  .openapi("Session");

export const SessionViewShape = z
  .object({
    session: SessionShape.nullable().openapi({ description: "Null: no process has it yet." }),
    isAttended: z.boolean().openapi({
      description: "A process has told of it lately; always true when it is parked or stopped.",
    }),
    code: z
      .object({
        kind: z.enum(["qr", "pairing-code"]),
        expiresAt: time,
        attempt: z.int(),
        attempts: z.int(),
        pairingCode: z.string().optional().openapi({ description: "Links the account: secret." }),
      })
      .nullable()
      .openapi({ description: "The code that links the phone; a QR code is at session/qr.png." }),
  })
  .openapi("SessionView");

export const BotShape = z
  .object({
    id: z.string(),
    key: z.string().openapi({ description: "In the address of its web chat or webhook." }),
    channel: z.string(),
    name: z.string(),
    username: z.string().nullable(),
    needsCredentials: z.boolean().openapi({
      description:
        "Its network refused its credentials: nothing is received or sent until it is added again with others.",
    }),
    session: SessionShape.nullable().openapi({
      description: "Of whatsapp-web bots that a process has taken up.",
    }),
    pauses: z
      .array(
        z.object({
          id: z.uuid(),
          stopsAnswers: z.boolean(),
          stopsSending: z.boolean(),
          isPlatforms: z.boolean(),
          reason: z.string(),
          since: z.string().openapi({ format: "date-time" }),
        }),
      )
      .openapi({
        description:
          "Set by people on the bot, its channel, its tenant or everything; none: it runs.",
      }),
  })
  .openapi("Bot");

export const AddedBotShape = BotShape.extend({
  webhook: z
    .object({ url: z.string().nullable(), path: z.string(), verifyToken: z.string() })
    .nullable()
    .openapi({ description: "What a person pastes at Meta; null where we tell the network." }),
}).openapi("AddedBot");

/** A screenshot is asked for by its own address. */
export const SessionRequestShape = sessionRequest
  .refine(({ kind }) => kind !== "screenshot", {
    message: "has an address of its own: session/screenshot.png",
    path: ["kind"],
  })
  .openapi("SessionRequest");

export const SessionAnswerShape = z
  .object({ outcome: z.string(), isDone: z.boolean() })
  .openapi("SessionAnswer");

export const SessionLinkShape = z
  .object({
    url: z.string().nullable().openapi({ description: "Null: we do not know our own address." }),
    path: z.string(),
    expiresAt: time,
  })
  .openapi("SessionLink");
