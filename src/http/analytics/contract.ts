import { z } from "zod";
import { TENANT_STATES } from "../../core/tenants.ts";
import "../contract.ts";
import { KeysetQuery, nextShape } from "../cursor.ts";

const DAY_MS = 86_400_000;
const MAX_DAYS = 400;
const MAX_TOP = 100;
const DEFAULT_TOP = 20;

const day = z.iso.date().openapi({ example: "2026-11-21" });

const range = {
  from: day.openapi({ description: "First day, in the tenant's time zone." }),
  to: day.openapi({ description: "Last day, inclusive." }),
};

/** Refuses a range that ends before it begins, or is longer than what is kept. */
function inRange<Schema extends z.ZodObject>(schema: Schema): Schema {
  return schema.refine(
    (query) => {
      const days = daysOf(String(query.from), String(query.to));
      return days >= 1 && days <= MAX_DAYS;
    },
    { path: ["to"], message: `must be on or after \`from\`, and at most ${MAX_DAYS} days` },
  );
}

export const AnalyticsQuery = inRange(
  z.strictObject({
    ...range,
    by: z.enum(["total", "day", "bot", "bot-day"]).default("day"),
    botId: z.uuid().optional(),
    compareFrom: day.optional().openapi({
      description: "First day of as many days to compare with; their total is `before`.",
    }),
  }),
);

const limit = z.coerce.number().int().min(1).max(MAX_TOP).default(DEFAULT_TOP).openapi({
  description: "Entries, the first of them.",
  example: DEFAULT_TOP,
});
const top = { ...range, botId: z.uuid().optional(), limit };

export const TopActsQuery = inRange(z.strictObject(top));
export const TopQuestionsQuery = inRange(
  z.strictObject({
    ...top,
    only: z.enum(["abstained"]).optional().openapi({
      description: "Only questions to which the gazette says nothing.",
    }),
  }),
);
export const PlatformAnalyticsQuery = inRange(KeysetQuery.extend(range));
export const PlatformTableQuery = inRange(z.strictObject(range));

/** Both included. */
export function daysOf(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
}

export function plusDays(from: string, days: number): string {
  return new Date(Date.parse(from) + days * DAY_MS).toISOString().slice(0, 10);
}

const count = z.int().min(0);
const milliseconds = z.int().nullable().openapi({
  description: "Milliseconds: upper bound of the class that it lies in. Null: there was none.",
});

export const FiguresShape = z
  .object({
    messages: count,
    answered: count,
    abstained: count.openapi({ description: "Of the answered: the gazette does not say." }),
    handedOver: count.openapi({ description: "Of the answered: a person was asked for." }),
    failed: count,
    thumbsUp: count.openapi({ description: "Answers that citizens find good, as things stand." }),
    thumbsDown: count,
    answerTimeP50Ms: milliseconds,
    answerTimeP95Ms: milliseconds,
    costMicroUsd: count,
    costPerAnswerMicroUsd: z.int().nullable(),
  })
  .openapi("AnalyticsFigures");

const entry = FiguresShape.extend({
  day: z.string().nullable().openapi({ description: "Null: of all days together." }),
  botId: z.uuid().nullable().openapi({ description: "Null: of all bots together." }),
}).openapi("AnalyticsEntry");

export const AnalyticsShape = z.object({
  entries: z.array(entry),
  total: FiguresShape,
  before: FiguresShape.nullable().openapi({ description: "Of `compareFrom`." }),
});

const days = { from: z.string(), to: z.string() };

export const TopActsShape = z.object({
  ...days,
  acts: z.array(
    z
      .object({
        citations: count.openapi({ description: "Answers that rest on it." }),
        title: z.string(),
        issuingBody: z.string(),
        section: z.string(),
        source: z.object({ slug: z.string(), name: z.string() }),
        editionNumber: z.string().nullable(),
        publishedOn: z.string(),
        page: z.int().openapi({ description: "Of the place that was cited most." }),
        printedPage: z.string().nullable(),
        documentId: z.uuid().nullable().openapi({ description: "Null: it is of a gazette." }),
        url: z.string().nullable().openapi({
          description:
            "Opens the page with the lines marked. Null: of a document that is not public.",
        }),
      })
      .openapi("CitedAct"),
  ),
});

export const TopQuestionsShape = z.object({
  ...days,
  questions: z.array(
    z
      .object({
        label: z.string().openapi({
          description: "One of the questions, with … for what only few of the people wrote.",
          example: "¿Cuándo vence la beca municipal?",
        }),
        questions: count,
        askers: count.openapi({ description: "Different people; at least five." }),
        abstained: count.openapi({ description: "Of the questions: the gazette does not say." }),
        firstOn: z.string(),
        lastOn: z.string(),
      })
      .openapi("TopQuestion"),
  ),
  total: count.openapi({ description: "All questions of these days, shown or not." }),
  totalAbstained: count,
  groupedAt: z.string().nullable().openapi({
    format: "date-time",
    description: "When questions were last looked through. Null: not yet.",
  }),
});

export const PlatformAnalyticsShape = z.object({
  ...days,
  tenants: z.array(
    FiguresShape.extend({
      tenantId: z.uuid(),
      slug: z.string(),
      name: z.string(),
      state: z.enum(TENANT_STATES),
    }).openapi("TenantFigures"),
  ),
  total: FiguresShape.openapi({ description: "Of all tenants, whatever the page." }),
  next: nextShape,
});
