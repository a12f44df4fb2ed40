import { z } from "zod";
import {
  POST_STATES,
  PUBLICATION_STATES,
  TARGET_KINDS,
  TARGET_STATES,
} from "../../core/publishing.ts";
import { TARGET_CHECK_CODES } from "../../core/publishing-work.ts";
import "../contract.ts";
import { KeysetQuery, nextShape } from "../cursor.ts";

const date = z.string().openapi({ format: "date-time" });
const secret = z.string().min(1).max(2_000).openapi({ example: "…" });
const uuid = z.uuid();
const name = z.string().trim().min(1).max(100).openapi({ example: "La cuenta de X" });
const email = z.email().max(254);
const prompts = z.array(uuid).max(50).openapi({
  description: "Prompts of which what is approved from now on is published here by itself.",
});

const XSettings = z
  .strictObject({
    kind: z.literal("x"),
    credentials: z.discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("oauth1"),
        appKey: secret,
        appSecret: secret,
        accessToken: secret,
        accessSecret: secret,
      }),
      z.strictObject({
        kind: z.literal("oauth2"),
        clientId: secret,
        clientSecret: secret.optional(),
        accessToken: secret,
        refreshToken: secret,
        expiresAt: z.iso.datetime({ offset: true }).optional(),
      }),
    ]),
    card: z.boolean().default(true).openapi({
      description: "A picture of the title goes with the first post.",
    }),
  })
  .openapi("XTargetSettings");

const TelegramSettings = z
  .strictObject({
    kind: z.literal("telegram-channel"),
    botId: uuid,
    chatId: z
      .string()
      .regex(/^-?\d{1,16}$/, "must be the number of the channel, such as -1001234567890")
      .openapi({ example: "-1001234567890" }),
  })
  .openapi("TelegramTargetSettings");

const WhatsAppSettings = z
  .strictObject({
    kind: z.literal("whatsapp-template"),
    botId: uuid,
    segmentId: uuid.openapi({
      description: "Who gets it, as far as they agreed to be written to.",
    }),
    template: z.strictObject({
      name: z.string().regex(/^[a-z0-9_]{1,512}$/, "must be lower case, digits and _"),
      language: z.string().regex(/^[a-z]{2,3}(_[A-Z]{2})?$/, "must be a code such as es or pt_BR"),
      parameters: z
        .array(z.string().min(1).max(500))
        .max(20)
        .openapi({
          description: "In order; with {title}, {source}, {date}, {link}, {count} and {summary}.",
          example: ["{title}", "{link}"],
        }),
    }),
  })
  .openapi("WhatsAppTargetSettings");

const EmailSettings = z
  .strictObject({
    kind: z.literal("email"),
    host: z.string().min(1).max(253).openapi({ example: "smtp.example.org" }),
    port: z.int().min(1).max(65_535).openapi({
      description: "25, 465, 587 or 2525 of the public internet.",
      example: 587,
    }),
    security: z.enum(["tls", "starttls", "none"]).openapi({
      description: "`none`: only to addresses of ALLOWED_PRIVATE_ADDRESSES.",
    }),
    userName: z.string().max(254).optional(),
    password: secret.optional(),
    from: email,
    fromName: z.string().trim().min(1).max(100).optional(),
    recipients: z
      .array(email)
      .min(1)
      .max(200)
      .openapi({
        description: "One letter each; a mailing list is one address.",
        example: ["boletin@example.org"],
      }),
    unsubscribe: z
      .string()
      .max(1_000)
      .regex(
        /^(?:mailto:[^\s<>"]+@[^\s<>"]+|https:\/\/[^\s<>"]+)$/,
        "must be a mailto: or https: address",
      )
      .openapi({ description: "For List-Unsubscribe.", example: "mailto:baja@example.org" }),
  })
  .openapi("EmailTargetSettings");

const settings = z.discriminatedUnion("kind", [
  XSettings,
  TelegramSettings,
  WhatsAppSettings,
  z.strictObject({ kind: z.literal("edition-page") }),
  EmailSettings,
  z.strictObject({ kind: z.literal("webhook") }),
]);

export const TargetRequest = z
  .strictObject({ name, settings, prompts: prompts.default([]) })
  .openapi("PublishingTargetRequest");

export const TargetChangeRequest = z
  .strictObject({
    name: name.optional(),
    settings: settings.optional().openapi({ description: "As a whole, secrets included." }),
    prompts: prompts.optional(),
    state: z.enum(["active", "paused"]).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, { message: "must change something" })
  .openapi("PublishingTargetChange");

const when = {
  startsAt: z.string().max(40).optional().openapi({
    description: "Of a wall clock in `timeZone`, or an instant. Absent: now.",
    example: "2026-12-01T09:00",
  }),
  timeZone: z.string().max(64).optional().openapi({ example: "America/Costa_Rica" }),
  whenTwice: z.enum(["earlier", "later"]).optional().openapi({
    description: "Which, where the clocks show the time twice.",
  }),
};

export const PublishRequest = z
  .strictObject({ runId: uuid, targetIds: z.array(uuid).min(1).max(50), ...when })
  .openapi("PublishRequest");

export const PreviewRequest = z
  .strictObject({
    runId: uuid,
    targetIds: z.array(uuid).min(1).max(50).optional().openapi({ description: "Absent: all." }),
  })
  .openapi("PublicationPreviewRequest");

export const RescheduleRequest = z.strictObject(when).openapi("PublicationRescheduleRequest");

export const DoubtRequest = z
  .strictObject({
    position: z.int().min(0).max(1_000).optional().openapi({
      description: "Of the post; absent: all of its posts that are in doubt.",
      example: 0,
    }),
  })
  .openapi("PublicationDoubtRequest");

export const PublicationsQuery = KeysetQuery.extend({
  state: z.enum(PUBLICATION_STATES).optional(),
  targetId: uuid.optional(),
  runId: uuid.optional(),
});

export const TargetShape = z
  .object({
    id: uuid,
    name: z.string(),
    kind: z.enum(TARGET_KINDS),
    state: z.enum(TARGET_STATES),
    attention: z.string().nullable().openapi({ description: "What a person must do." }),
    prompts: z.array(uuid),
    settings: z
      .record(z.string(), z.unknown())
      .openapi({ description: "Without secrets, which are written and never read." }),
    createdAt: date,
  })
  .openapi("PublishingTarget");

export const TargetsShape = z.object({ targets: z.array(TargetShape) });

export const TargetCheckShape = z
  .object({
    isWell: z.boolean(),
    code: z.enum(TARGET_CHECK_CODES),
    name: z.string().nullable().openapi({ description: "Of the account, bot or host there." }),
    evidence: z.string().openapi({ description: "What was found, in English, and what to do." }),
  })
  .openapi("PublishingTargetCheck");

export const PublicationShape = z
  .object({
    id: uuid,
    runId: uuid,
    targetId: uuid,
    targetName: z.string(),
    kind: z.enum(TARGET_KINDS),
    state: z.enum(PUBLICATION_STATES),
    reason: z.string().nullable(),
    scheduledFor: date,
    timeZone: z.string().nullable(),
    nextAttemptAt: date.nullable(),
    askedBy: z.string(),
    createdAt: date,
    publishedAt: date.nullable(),
  })
  .openapi("Publication");

const text = z.string().openapi({ description: "Word for word." });
const length = z.int().openapi({ description: "As the network counts it." });
const picture = z
  .string()
  .nullable()
  .openapi({ description: "What the picture that goes with it shows, in words." });
const limit = z.int().nullable().openapi({ description: "Of one post there; null: none." });

export const PublicationWithPostsShape = PublicationShape.extend({
  posts: z.array(
    z.object({
      position: z.int(),
      state: z.enum(POST_STATES),
      attempts: z.int(),
      networkId: z.string().nullable(),
      reason: z.string().nullable(),
      attemptedAt: date.nullable(),
      text,
      length,
      limit,
      picture,
    }),
  ),
}).openapi("PublicationWithPosts");

export const PublicationsShape = z.object({
  publications: z.array(PublicationShape),
  next: nextShape,
});

export const PublishedShape = z.object({ publications: z.array(PublicationShape) });

export const PreviewsShape = z.object({
  previews: z.array(
    z.object({
      targetId: uuid,
      targetName: z.string(),
      kind: z.enum(TARGET_KINDS),
      posts: z.array(z.object({ text, length, limit, picture })),
    }),
  ),
});
