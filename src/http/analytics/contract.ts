import { z } from "zod";
import "../contract.ts";

const DAY_MS = 86_400_000;
const MAX_DAYS = 400;

const day = z.iso.date().openapi({ example: "2026-11-21" });

export const AnalyticsQuery = z
  .strictObject({
    from: day.openapi({ description: "First day, in the tenant's time zone." }),
    to: day.openapi({ description: "Last day, inclusive." }),
    by: z.enum(["total", "day", "bot", "bot-day"]).default("day"),
    botId: z.uuid().optional(),
    compareFrom: day.optional().openapi({
      description: "First day of as many days to compare with; their total is `before`.",
    }),
  })
  .refine(({ from, to }) => daysOf(from, to) >= 1 && daysOf(from, to) <= MAX_DAYS, {
    path: ["to"],
    message: `must be on or after \`from\`, and at most ${MAX_DAYS} days`,
  });

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
