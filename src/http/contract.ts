import { extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { assistantDraft, assistantName } from "../assistants/draft-schema.ts";
import { READING_LEVELS, ROUTES } from "../core/assistant.ts";
import { WEEKDAYS } from "../core/hand-over.ts";
import { LANGUAGES } from "../core/language.ts";
import { BUDGET_PERIODS } from "../core/spending.ts";

extendZodWithOpenApi(z);

/** The outside contract of `/api/v1`: what is checked here is what `openapi.json` describes. */

/** Security checklist S47: a question has at most 4,000 characters. */
export const MAX_TEXT_CHARACTERS = 4_000;
/** Telegram's limit for callback data, which every channel keeps. */
const MAX_BUTTON_BYTES = 64;

export const sourceSlug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, "must be a source's slug, such as la-gaceta");

export const gazetteDate = z.iso.date("must be a date, yyyy-mm-dd");

export const AskRequest = z
  .strictObject({
    question: z.string().trim().min(1).max(MAX_TEXT_CHARACTERS).openapi({
      example: "¿Qué ayudas se convocan para autónomos?",
    }),
    source: sourceSlug.optional().openapi({ description: "Only this gazette.", example: "boe" }),
    date: gazetteDate.optional().openapi({
      description: "Only the edition of this day.",
      example: "2024-04-15",
    }),
    assistant: assistantName.optional().openapi({
      description: "Who answers, with an API key alone. Absent: the tenant's default.",
      example: "atencion",
    }),
  })
  .openapi("AskRequest");
export type AskRequest = z.infer<typeof AskRequest>;

export const UseAssistantRequest = z
  .strictObject({
    assistant: z.string().max(40).nullable().openapi({
      description: "Name of an assistant; null: the tenant's default.",
    }),
  })
  .openapi("UseAssistantRequest");

export const SetBudgetRequest = z
  .strictObject({
    limitMicroUsd: z.int().min(0).nullable().openapi({
      description: "Millionths of a US dollar; null removes the limit.",
    }),
  })
  .openapi("SetBudgetRequest");

export const BudgetsShape = z
  .object({
    budgets: z.array(
      z.object({
        period: z.enum(BUDGET_PERIODS),
        limitMicroUsd: z.int(),
        spentMicroUsd: z.int(),
        reservedMicroUsd: z.int(),
      }),
    ),
    balanceMicroUsd: z.int().nullable().openapi({ description: "Null: not prepaid." }),
  })
  .openapi("Budgets");

const LinkShape = z
  .object({
    provider: z.string(),
    model: z.string(),
    baseUrl: z.string().nullable().openapi({ description: "Null: the installation's own." }),
    hasKey: z.boolean().openapi({ description: "A key of the tenant's own is saved with it." }),
    unlisted: z.boolean(),
  })
  .openapi("AssistantLink");

export const AssistantShape = z
  .object({
    name: z.string(),
    isDefault: z.boolean(),
    revision: z.int(),
    chain: z.array(LinkShape).openapi({ description: "Empty: the installation's chain." }),
    large: z.array(LinkShape).openapi({
      description: "For comparisons, long questions and long contexts. Empty: as `chain`.",
    }),
    largeContextCharacters: z.int(),
    quotesOnly: z.boolean(),
    checksGrounding: z.boolean().nullable(),
    persona: z.string(),
    tone: z.string(),
    readingLevel: z.enum(READING_LEVELS),
    maxSentences: z.int(),
    temperature: z.number(),
    forbiddenTopics: z.array(z.string()),
    disclaimer: z.string(),
    greeting: z.string(),
    workingHours: z
      .object({
        timeZone: z.string(),
        days: z.partialRecord(z.enum(WEEKDAYS), z.array(z.tuple([z.string(), z.string()]))),
        holidays: z.array(z.string()),
      })
      .nullable()
      .openapi({ description: "When people answer; null: at any hour." }),
    handOver: z.object({
      isOff: z.boolean(),
      afterAbstentions: z.int(),
      words: z.array(z.string()),
    }),
    knowledgeSets: z.array(z.string()).openapi({ description: "Empty: all." }),
    resendsUnknown: z.boolean(),
    bots: z.array(z.string()).openapi({ description: "Ids of the bots that name it." }),
  })
  .openapi("Assistant");

export const AssistantVersionShape = z
  .object({
    revision: z.int(),
    savedBy: z.string().openapi({ description: "As in the audit.", example: "person:…" }),
    savedAt: z.string().openapi({ format: "date-time" }),
    restoredFrom: z
      .int()
      .nullable()
      .openapi({ description: "The revision that it repeats; null: it was written anew." }),
  })
  .openapi("AssistantVersion");

export const ModelStateShape = z
  .object({
    assistant: z.string().nullable(),
    route: z.enum(ROUTES),
    position: z.int(),
    link: z.string(),
    model: z.string(),
    state: z.enum(["ok", "needs-key", "resting", "too-dear", "price-unknown"]),
    restingUntil: z.string().nullable().openapi({ format: "date-time" }),
    calls: z.int().openapi({ description: "Of the running month (UTC)." }),
    costMicroUsd: z.int(),
    firstTokenMs: z.object({ p50: z.int(), p95: z.int() }).nullable(),
  })
  .openapi("ModelState");

const CitationShape = z
  .object({
    source: z.string().openapi({ description: "Slug of the gazette." }),
    edition: z.string().openapi({ description: "The gazette with the edition's number." }),
    date: z.string().openapi({ format: "date" }),
    page: z.int().openapi({ description: "Page of the PDF, from 1." }),
    printedPage: z.string().nullable().openapi({ description: "Number printed on the page." }),
    quote: z.string().openapi({ description: "Verbatim from the gazette." }),
    url: z.string().openapi({ description: "Opens the page with the lines highlighted." }),
  })
  .openapi("Citation");

export const AskResponse = z
  .object({
    answer: z.string().openapi({ description: "Plain language with [n] marks." }),
    abstained: z.boolean().openapi({ description: "True when the gazette does not say." }),
    citations: z.array(CitationShape),
    model: z.string(),
    passport: z
      .uuid()
      .openapi({ description: "Id whose passport tells how the answer came about." }),
    disclaimer: z.string().optional().openapi({ description: "Of the assistant that answered." }),
  })
  .openapi("AskResponse");
export type AskResponse = z.infer<typeof AskResponse>;

export const TryAssistantRequest = z
  .strictObject({
    question: AskRequest.shape.question,
    draft: assistantDraft.optional().openapi({
      description: "As it would be saved: answers so, and keeps nothing. Absent: as it was saved.",
    }),
  })
  .openapi("TryAssistantRequest");

export const AssistantTrialShape = z
  .object({
    ...AskResponse.shape,
    costMicroUsd: z.int().nullable().openapi({
      description: "Of all models that were asked. Null: the price of one of them is not known.",
    }),
    attempts: z
      .array(
        z.object({
          model: z.string(),
          outcome: z
            .string()
            .openapi({ description: "`answered`, `skipped`, or an error's code." }),
          purpose: z.string(),
          durationMs: z.int().nullable(),
          inputTokens: z.int().nullable(),
          outputTokens: z.int().nullable(),
        }),
      )
      .openapi({ description: "Models, in the order in which they were tried." }),
    passages: z
      .array(
        z
          .object({
            ...CitationShape.shape,
            score: z.number().openapi({ description: "Comparable within this answer alone." }),
            lexicalRank: z.int().nullable().openapi({ description: "By words, from 1." }),
            vectorRank: z.int().nullable().openapi({ description: "By meaning, from 1." }),
          })
          .openapi("FoundPassage"),
      )
      .openapi({ description: "What the answer was written from, best first." }),
  })
  .openapi("AssistantTrial");

export const ChatMessageRequest = z
  .strictObject({
    clientMessageId: z.uuid().openapi({
      description: "Made once per message and kept when it is sent again: it is stored once.",
    }),
    text: z.string().trim().min(1).max(MAX_TEXT_CHARACTERS).optional(),
    button: z
      .string()
      .min(1)
      .refine((data) => Buffer.byteLength(data) <= MAX_BUTTON_BYTES, "is longer than 64 bytes")
      .optional()
      .openapi({ description: "`data` of a button that was offered." }),
    label: z.string().trim().min(1).max(100).optional().openapi({
      description: "What the button said, to show in the conversation.",
    }),
    language: z.enum(LANGUAGES).optional(),
  })
  .refine(({ text, button }) => (text === undefined) !== (button === undefined), {
    message: "needs either text or button",
    path: ["text"],
  })
  .openapi("ChatMessageRequest");

export const ChatMessageAccepted = z
  .object({ messageId: z.uuid(), isDuplicate: z.boolean() })
  .openapi("ChatMessageAccepted");

export const FIELD_RULES = [
  "missing",
  "wrong-type",
  "too-short",
  "too-long",
  "too-small",
  "too-large",
  "too-few",
  "too-many",
  "malformed",
  "not-one-of",
  "unknown",
] as const;

export const FieldProblemShape = z.object({
  field: z.string(),
  problem: z.string().openapi({ description: "The rule that the value breaks." }),
  rule: z.enum(FIELD_RULES).optional().openapi({
    description: "Its stable name; absent where `problem` alone tells it.",
  }),
  limit: z.number().optional().openapi({ description: "The figure that the rule has." }),
  example: z.unknown().optional().openapi({ description: "A value that would be taken." }),
});
export type FieldProblem = z.infer<typeof FieldProblemShape>;

export const ProblemShape = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().openapi({ description: "Stable name of the problem." }),
    requestId: z.string(),
    fields: z.array(FieldProblemShape).optional(),
  })
  .openapi("Problem", { description: "RFC 9457." });
export type Problem = z.infer<typeof ProblemShape>;
