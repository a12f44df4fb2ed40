import { extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { CHANNELS } from "../../core/channel.ts";
import { DESK_STATES } from "../../core/desk.ts";
import { VOTES } from "../../core/feedback.ts";
import { LANGUAGES } from "../../core/language.ts";
import { DEFAULT_MINUTES, MAX_MINUTES } from "../../hand-over/create-desk.ts";
import { KeysetQuery, nextShape } from "../cursor.ts";

extendZodWithOpenApi(z);

/** The longest that all channels send as one text, or as the words of a file. */
const MAX_REPLY = 4_000;
const MAX_NOTE = 4_000;
const MAX_FILES = 5;
const MAX_TAGS = 20;

const yesOrNo = z.enum(["true", "false"]).transform((text) => text === "true");
const time = z.iso.datetime({
  offset: true,
  error: "must be a time, such as 2026-11-21T09:00:00Z",
});

export const ConversationsQuery = KeysetQuery.extend({
  bot: z.uuid().optional().openapi({ description: "Only of this bot." }),
  channel: z.enum(CHANNELS).optional(),
  state: z.enum(DESK_STATES).optional(),
  assignee: z
    .union([z.literal("me"), z.literal("nobody"), z.uuid()])
    .optional()
    .openapi({ description: "`me`, `nobody`, or a member's id.", example: "me" }),
  tag: z.string().max(40).optional(),
  unread: yesOrNo.optional().openapi({
    description: "Whether the citizen wrote since you last looked.",
    example: "true",
  }),
  trouble: z.literal("true").optional().openapi({
    description: "Only with a part that failed in the last seven days, or of which nobody knows.",
  }),
  from: time.optional().openapi({ description: "Something was said at this time or later." }),
  to: time.optional().openapi({ description: "The last was said before this time." }),
  q: z.string().trim().min(1).max(200).optional().openapi({
    description:
      "Words that the citizen or a person said, or of the citizen's name; each must occur, in whatever form.",
    example: "beca municipal",
  }),
});

export const HistoryQuery = KeysetQuery;

const minutes = z.int().min(1).max(MAX_MINUTES).default(DEFAULT_MINUTES).openapi({
  description: "Until then the bot says nothing, unless you give the conversation back before.",
  example: DEFAULT_MINUTES,
});
export const ClaimRequest = z.strictObject({ minutes }).openapi("ClaimRequest");

export const ReleaseRequest = z
  .strictObject({
    summary: z.string().trim().max(500).optional().openapi({
      description:
        "What the bot is to remember, in your words; the last of what was said is added.",
      example: "Pidió cita para el martes; ya la tiene.",
    }),
    close: z.boolean().default(false),
  })
  .openapi("ReleaseRequest");

const file = z.strictObject({
  fileName: z.string().trim().min(1).max(200).openapi({ example: "requisitos.pdf" }),
  contentBase64: z.string().min(1).openapi({
    description:
      "PDF, JPEG, PNG, WebP, Ogg, MP3, MP4, DOCX or XLSX, told by its bytes; at most 700,000 bytes.",
  }),
});

export const ReplyRequest = z
  .strictObject({
    text: z.string().trim().max(MAX_REPLY).default("").openapi({
      example: "Buenos días, con gusto le ayudo.",
    }),
    files: z.array(file).max(MAX_FILES).default([]),
  })
  .refine(({ text, files }) => text !== "" || files.length > 0, {
    message: "needs a text or a file",
    path: ["text"],
  })
  .openapi("ReplyRequest");

export const StateRequest = z
  .strictObject({ state: z.enum(["open", "closed"]) })
  .openapi("ConversationStateRequest");
export const AssignmentRequest = z
  .strictObject({
    personId: z.uuid().nullable().openapi({ description: "A member; null: nobody." }),
  })
  .openapi("AssignmentRequest");
export const TagsRequest = z
  .strictObject({
    tags: z
      .array(
        z
          .string()
          .trim()
          .toLowerCase()
          .regex(/^[\p{L}\p{N}][\p{L}\p{N} _-]{0,39}$/u, "must be 1 to 40 letters, digits, - or _"),
      )
      .max(MAX_TAGS)
      .openapi({ example: ["becas"] }),
  })
  .openapi("TagsRequest");
export const NoteRequest = z
  .strictObject({
    text: z.string().trim().min(1).max(MAX_NOTE).openapi({ example: "Llamar el lunes." }),
  })
  .openapi("NoteRequest");

export const CannedRequest = z
  .strictObject({
    texts: z
      .partialRecord(z.enum(LANGUAGES), z.string().trim().min(1).max(MAX_REPLY))
      .refine((texts) => Object.keys(texts).length > 0, "needs a text in es, pt or en")
      .openapi({
        description: "By language. Places: {nombre}, {agente}, {fecha}.",
        example: { es: "Buenos días, {nombre}." },
      }),
  })
  .openapi("CannedReplyRequest");
export const CannedName = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
      "must be 1 to 40 small letters, digits and hyphens",
    ),
});
export const FillRequest = z
  .strictObject({ conversationId: z.uuid() })
  .openapi("FillCannedReplyRequest");

const at = z.string().openapi({ format: "date-time" });
const person = z.object({ personId: z.uuid(), name: z.string().nullable() }).nullable();

export const HoldShape = z
  .object({
    by: person.openapi({ description: "Null: somebody who writes from the phone itself." }),
    since: at,
    until: at,
  })
  .openapi("Hold");

export const ConversationShape = z
  .object({
    conversationId: z.uuid(),
    bot: z.object({ botId: z.uuid(), name: z.string(), channel: z.enum(CHANNELS) }),
    kind: z.enum(["private", "group"]),
    contact: z.object({ contactId: z.uuid(), name: z.string().nullable() }).nullable(),
    state: z.enum(DESK_STATES),
    hold: HoldShape.nullable(),
    assignee: person,
    asked: z.object({ at, why: z.string() }).nullable().openapi({
      description: "Since when, and why, a person is asked for.",
    }),
    tags: z.array(z.string()),
    unread: z.int().openapi({ description: "Since you last looked; at most 100." }),
    hasTrouble: z.boolean(),
    isReachable: z.boolean(),
    createdAt: at,
    lastMessageAt: at,
    excerpt: z.string().nullable(),
  })
  .openapi("Conversation");
export const ConversationsShape = z
  .object({ conversations: z.array(ConversationShape), next: nextShape })
  .openapi("Conversations");

const PartShape = z
  .object({
    outboxId: z.uuid(),
    state: z.string().openapi({ description: "queued, attempting, sent, failed or unknown." }),
    delivery: z.string().nullable().openapi({ description: "sent, delivered, read or failed." }),
    reason: z.string().nullable().openapi({ example: "outside-window" }),
    createdAt: at,
    settledAt: at.nullable(),
    deliveredAt: at.nullable(),
    readAt: at.nullable(),
    resentAs: z.uuid().nullable(),
  })
  .openapi("MessagePart");

const CitedShape = z.object({
  number: z.int(),
  source: z.string(),
  edition: z.string(),
  date: z.string(),
  page: z.int(),
  printedPage: z.string().nullable(),
  quote: z.string(),
  url: z.string(),
});

const JudgementShape = z
  .object({ vote: z.enum(VOTES), comment: z.string().nullable(), judgedAt: at })
  .openapi("Judgement");

export const HistoryEntryShape = z
  .object({
    id: z.uuid(),
    at,
    kind: z.enum(["heard", "answered", "reply", "phone", "notice", "note"]),
    messageId: z.uuid().nullable().openapi({ description: "Of the passport." }),
    author: person,
    text: z.string().nullable(),
    content: z
      .string()
      .nullable()
      .openapi({ description: "Of what was heard: text, edit, media…" }),
    edits: z.string().nullable().openapi({ description: "The network's id of what it corrects." }),
    media: z
      .object({
        kind: z.string(),
        mediaType: z.string().nullable(),
        sizeBytes: z.int().nullable(),
      })
      .nullable(),
    state: z.string().nullable().openapi({ description: "pending, answered, dead or dropped." }),
    senderName: z.string().nullable(),
    citations: z.array(CitedShape),
    judgements: z.array(JudgementShape).openapi({ description: "Of citizens, on an answer." }),
    files: z.array(z.object({ fileName: z.string(), mimeType: z.string(), sizeBytes: z.int() })),
    parts: z.array(PartShape),
  })
  .openapi("HistoryEntry");
export const HistoryShape = z
  .object({ entries: z.array(HistoryEntryShape), next: nextShape })
  .openapi("History");

export const QueuedShape = z
  .object({ id: z.uuid(), outboxIds: z.array(z.uuid()) })
  .openapi("QueuedReply");
export const ResentShape = z.object({ outboxId: z.uuid() }).openapi("ResentPart");
export const NoteShape = z.object({ noteId: z.uuid() }).openapi("Note");

export const PassportShape = z
  .object({
    messageId: z.uuid(),
    state: z.string().nullable(),
    deadReason: z.string().nullable(),
    events: z.array(z.object({ kind: z.string(), at, detail: z.record(z.string(), z.unknown()) })),
    parts: z.array(
      z.object({
        outboxId: z.string(),
        state: z.string(),
        attempts: z.int(),
        networkMessageId: z.string().nullable(),
        reason: z.string().nullable(),
      }),
    ),
  })
  .openapi("Passport");

export const CannedShape = z
  .object({
    name: z.string(),
    texts: z.partialRecord(z.enum(LANGUAGES), z.string().optional()),
    revision: z.int(),
    used: z.int(),
    usedAt: at.nullable(),
  })
  .openapi("CannedReply");
export const CannedListShape = z.object({ cannedReplies: z.array(CannedShape) });
export const FilledShape = z.object({ text: z.string() }).openapi("FilledReply");
