import { z } from "zod";
import { TRANSACTION_KINDS } from "../../core/balance.ts";
import "../contract.ts";

const date = z.string().openapi({ format: "date-time" });
const day = z.iso.date("must be a date as 2026-11-21");
/** A thousand million dollars: more would be a slip of the finger. */
const MAX_AMOUNT = 1_000_000_000_000_000;
const amount = z
  .int()
  .min(-MAX_AMOUNT)
  .max(MAX_AMOUNT)
  .refine((value) => value !== 0, { message: "must not be zero" })
  .openapi({ description: "Micro-dollars: 1,000,000 are one dollar.", example: 50_000_000 });
const reference = z
  .string()
  .regex(/^[\w.:/-]{1,100}$/, "must be 1 to 100 letters, digits and . : / - _")
  .openapi({ description: "Booked once, however often it is told.", example: "invoice-2026-118" });

export const BookRequest = z
  .strictObject({
    kind: z.enum(["top-up", "adjustment"]),
    amountMicroUsd: amount,
    reference,
    note: z.string().trim().min(1).max(200).optional(),
  })
  .refine(({ kind, amountMicroUsd }) => kind !== "top-up" || amountMicroUsd > 0, {
    message: "of a top-up must be more than zero",
    path: ["amountMicroUsd"],
  })
  .openapi("BookRequest");

export const PaymentRequest = z
  .strictObject({
    paymentId: reference,
    tenantId: z.uuid(),
    amountMicroUsd: amount.refine((value) => value > 0, { message: "must be more than zero" }),
  })
  .openapi("PaymentRequest");

export const TransactionShape = z
  .object({
    id: z.string(),
    kind: z.enum(TRANSACTION_KINDS),
    amountMicroUsd: z.int(),
    balanceMicroUsd: z.int().openapi({ description: "After it." }),
    reference: z.string().nullable(),
    note: z.string().nullable(),
    actor: z.string(),
    happenedAt: date,
  })
  .openapi("Transaction");

export const TransactionsQuery = z.strictObject({
  cursor: z
    .string()
    .regex(/^\d{1,18}$/, "must be `next` of an earlier page")
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

export const TransactionsShape = z.object({
  transactions: z.array(TransactionShape),
  next: z.string().nullable().openapi({ description: "Cursor of the next page; null: the last." }),
});

export const BalanceShape = z
  .object({
    balanceMicroUsd: z.int().nullable().openapi({ description: "Null: pays afterwards." }),
    reservedMicroUsd: z.int(),
    thresholdsMicroUsd: z.array(z.int()),
    asksModels: z.boolean().openapi({
      description:
        "False: nothing is left, and citizens are answered by quotations of the gazette.",
    }),
  })
  .openapi("Balance");

export const SetThresholdsRequest = z
  .strictObject({
    thresholdsMicroUsd: z
      .array(z.int().min(1).max(MAX_AMOUNT))
      .max(10)
      .refine((list) => new Set(list).size === list.length, { message: "names one twice" })
      .openapi({ example: [10_000_000, 2_000_000] }),
  })
  .openapi("SetThresholdsRequest");

const MAX_DAYS = 366;

export const UsageQuery = z
  .strictObject({ from: day, until: day })
  .refine(({ from, until }) => daysBetween(from, until) >= 0, {
    message: "must not be before `from`",
    path: ["until"],
  })
  .refine(({ from, until }) => daysBetween(from, until) <= MAX_DAYS, {
    message: `must be at most ${MAX_DAYS} days after \`from\``,
    path: ["until"],
  });

export const UsageShape = z
  .object({
    usage: z.array(
      z.object({
        day: z.string(),
        botId: z.uuid().nullable().openapi({ description: "Null: no bot, but a program." }),
        model: z.string(),
        calls: z.int(),
        inputTokens: z.int(),
        outputTokens: z.int(),
        costMicroUsd: z.int(),
        unpricedCalls: z.int(),
      }),
    ),
  })
  .openapi("Usage");

function daysBetween(from: string, until: string): number {
  return (Date.parse(until) - Date.parse(from)) / 86_400_000;
}
