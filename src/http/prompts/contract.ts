import { extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { LANGUAGES } from "../../core/language.ts";
import {
  PROMPT_KINDS,
  PROMPT_RUN_STATES,
  PROMPT_TRIGGERS,
  REVIEW_POLICIES,
} from "../../core/prompts.ts";
import { KeysetQuery, nextShape } from "../cursor.ts";

extendZodWithOpenApi(z);

/** The outside contract of prompts and their runs. */

const time = z.string().openapi({ format: "date-time" });
const words = (max: number) => z.string().trim().min(1).max(max);
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, "must be a date such as 2026-11-20")
  .openapi({ example: "2026-11-20" });
const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be the slug of a source, such as la-gaceta")
  .max(60)
  .openapi({ example: "la-gaceta" });
const at = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 18:00")
  .openapi({ example: "18:00" });
const timeZone = words(60).openapi({ example: "America/Costa_Rica" });

const topic = z
  .strictObject({
    anyOf: z
      .array(z.array(words(100)).min(1).max(10))
      .max(5)
      .openapi({
        description: "Alternatives, each a list of words and phrases of which the act has all.",
        example: [["salario mínimo"], ["pensiones"]],
      }),
    without: z.array(words(100)).max(10).optional(),
    body: words(100).optional(),
    section: words(100).optional(),
    name: words(100).optional(),
    place: words(100).optional(),
  })
  .openapi("PromptTopic");

const scope = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("whole") }),
    z.strictObject({
      kind: z.literal("sections"),
      sections: z.array(words(200)).min(1).max(30),
    }),
    z.strictObject({ kind: z.literal("matching"), topic }),
  ])
  .openapi({ description: "Which acts are read: all, those of sections, or those of a topic." });

const schedule = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("each-edition") }),
    z.strictObject({ kind: z.literal("daily"), at, timeZone }),
    z.strictObject({
      kind: z.literal("weekly"),
      weekday: z.int().min(1).max(7).openapi({ description: "1: Monday … 7: Sunday." }),
      at,
      timeZone,
    }),
    z.strictObject({ kind: z.literal("manual") }),
  ])
  .openapi({ description: "What starts it. `manual`: nothing but a person." });

const fields = {
  name: words(80).openapi({ example: "resumen-diario" }),
  kind: z.enum(PROMPT_KINDS),
  title: words(120).openapi({
    description: "Of what it writes; gazettes and dates are put behind it.",
    example: "Lo más importante",
  }),
  language: z.enum(LANGUAGES),
  sources: z.array(slug).min(1).max(20),
  scope,
  schedule,
  instructions: z.string().trim().max(4_000).openapi({
    description: "What the editor wants: which matters, for whom, in which tone.",
    example: "Empleo público y pensiones, para personas mayores.",
  }),
  maxStatements: z.int().min(1).max(40).openapi({ example: 12 }),
  reviewPolicy: z.enum(REVIEW_POLICIES).openapi({
    description:
      "`automatic`: approved without a person when the check took nothing away; else it waits like the others.",
  }),
};

export const PromptRequest = z
  .strictObject({
    ...fields,
    kind: fields.kind.default("digest"),
    assistant: words(64).nullish().openapi({
      description: "Whose chain writes; absent: the default assistant's, or the installation's.",
    }),
    scope: scope.default({ kind: "whole" }),
    schedule: schedule.default({ kind: "each-edition" }),
    instructions: fields.instructions.default(""),
    maxStatements: fields.maxStatements.default(12),
    reviewPolicy: fields.reviewPolicy.default("required"),
  })
  .openapi("PromptRequest");
export type PromptRequest = z.infer<typeof PromptRequest>;

export const PromptPause = z.strictObject({ isPaused: z.boolean() }).openapi("PromptPause");

const loose = z.looseObject({ kind: z.string() });
const settings = {
  ...fields,
  assistant: z.string().nullable(),
  scope: loose,
  schedule: loose,
};

export const PromptShape = z
  .object({
    id: z.string(),
    ...settings,
    version: z.int(),
    isPaused: z.boolean(),
    nextAt: time
      .nullable()
      .openapi({ description: "Of a daily or weekly one: when it runs next." }),
    createdAt: time,
  })
  .openapi("Prompt");
export const PromptsShape = z.object({ prompts: z.array(PromptShape), next: nextShape });

const { name: _name, ...versioned } = settings;
export const VersionsShape = z.object({
  versions: z.array(
    z
      .object({ version: z.int(), ...versioned, createdAt: time, createdBy: z.string() })
      .openapi("PromptVersion"),
  ),
  next: nextShape,
});

export const RunRequest = z
  .strictObject({
    source: slug.optional().openapi({ description: "Absent: all that the prompt reads." }),
    from: day.optional().openapi({ description: "Absent: the newest date that there is." }),
    until: day.optional().openapi({ description: "Absent: as `from`. At most 31 days." }),
    version: z.int().min(1).optional().openapi({ description: "Absent: the newest." }),
  })
  .refine(({ from, until }) => until === undefined || from !== undefined, {
    message: "needs `from` besides",
    path: ["until"],
  })
  .openapi("PromptRunRequest");
export type RunRequest = z.infer<typeof RunRequest>;

const estimate = z
  .object({
    model: z.string().nullable().openapi({ description: "null: acts are quoted, by no model." }),
    documents: z.int(),
    pages: z.int(),
    acts: z.int(),
    calls: z.int(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    costMicroUsd: z
      .int()
      .nullable()
      .openapi({ description: "null: the model is not on the price list." }),
  })
  .openapi("PromptRunEstimate");
const edition = z.object({
  id: z.string(),
  source: z.string(),
  sourceName: z.string(),
  date: day,
  number: z.string().nullable(),
  documentName: z.string(),
  pageCount: z.int(),
});
export const EstimateShape = z.object({ estimate, editions: z.array(edition) });

const citation = z.object({
  passageId: z.string(),
  editionId: z.string(),
  sourceName: z.string(),
  date: day,
  pdfPage: z.int(),
  printedPage: z.string().nullable(),
  quote: z.string(),
  link: z.string().openapi({ description: "Path of the page with the lines highlighted." }),
});
const statement = z
  .object({
    text: z.string(),
    origin: z.enum(["model", "gazette", "person"]),
    citations: z.array(citation),
    isSupported: z.boolean().openapi({
      description: "false: a person wrote it, and what it cites does not say so.",
    }),
  })
  .openapi("PromptStatement");

const summary = {
  id: z.string(),
  promptId: z.string(),
  promptName: z.string(),
  version: z.int(),
  trigger: z.enum(PROMPT_TRIGGERS),
  state: z.enum(PROMPT_RUN_STATES),
  reason: z.object({ code: z.string(), detail: z.string() }).nullable(),
  title: z.string(),
  editions: z.array(edition),
  coverage: z
    .object({
      pages: z.int(),
      wanted: z.int(),
      read: z.int(),
      blank: z.int(),
      leftOut: z.int(),
    })
    .openapi({ description: "`wanted`: pages that have to be read; `read`: those that were." }),
  isOutdated: z.boolean().openapi({
    description:
      "Pages of its documents that had been given up were read since it began: run the prompt again on the same date.",
  }),
  steps: z.object({ done: z.int(), planned: z.int() }),
  estimate: estimate.nullable(),
  askedBy: z.string(),
  askedAt: time,
  changedAt: time,
  review: z
    .object({
      decision: z.enum(["approved", "rejected"]),
      by: z.string(),
      at: time,
      reason: z.string().nullable(),
    })
    .nullable(),
};
export const RunSummaryShape = z
  .object({ ...summary, statementCount: z.int(), droppedCount: z.int() })
  .openapi("PromptRunSummary");
export const RunsShape = z.object({ runs: z.array(RunSummaryShape), next: nextShape });
export const RunShape = z
  .object({
    ...summary,
    language: z.enum(LANGUAGES),
    spent: z.object({
      calls: z.int(),
      costMicroUsd: z.int().nullable(),
    }),
    statements: z.array(statement),
    dropped: z.array(z.object({ text: z.string(), reason: z.enum(["uncited", "unsupported"]) })),
  })
  .openapi("PromptRun");

export const RunsQuery = KeysetQuery.extend({
  promptId: z.uuid().optional(),
  state: z.enum(PROMPT_RUN_STATES).optional(),
});
export const PagesShape = z.object({
  pages: z.array(
    z
      .object({
        editionId: z.string(),
        page: z.int(),
        state: z.enum(["read", "unread", "blank", "left-out"]),
        passages: z.int(),
        passagesRead: z.int(),
      })
      .openapi("PromptRunPage"),
  ),
});

export const StatementsRequest = z
  .strictObject({
    statements: z
      .array(
        z.strictObject({
          text: words(1_000),
          cites: z
            .array(z.string().regex(/^\d{1,18}$/, "must be the id of a passage"))
            .max(10)
            .openapi({ description: "Passages of the run's editions.", example: ["1204"] }),
        }),
      )
      .min(1)
      .max(40),
  })
  .openapi("PromptStatementsRequest");
export const ApprovalRequest = z
  .strictObject({
    confirmUnsupported: z.boolean().default(false).openapi({
      description:
        "Of statements of a person that what they cite does not support; the audit notes it.",
    }),
  })
  .openapi("PromptApproval");
export const RejectionRequest = z
  .strictObject({ reason: words(500) })
  .openapi("PromptRejection", { description: "Said to who looks at it later." });

export const ComparisonQuery = z.strictObject({ with: z.uuid() });
export const ComparisonShape = z
  .object({
    left: RunShape,
    right: RunShape,
    hasSameEditions: z.boolean(),
    same: z.array(statement),
    reworded: z.array(z.object({ left: statement, right: statement })),
    onlyLeft: z.array(statement),
    onlyRight: z.array(statement),
  })
  .openapi("PromptRunComparison");
