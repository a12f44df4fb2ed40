import { z } from "zod";
import "../contract.ts";

const date = z.string().openapi({ format: "date-time" });
/** More than anybody asks: whoever means "all" says null. */
const MAX_QUESTIONS = 1_000_000_000;
const questions = z.int().min(1).max(MAX_QUESTIONS).nullable();
const perDay = questions.openapi({
  description:
    "Of all people of a tenant together, on one day of its own calendar; null: as many as they ask.",
  example: 5_000,
});
const perContactDay = questions.openapi({
  description: "Of one person, on one such day; null: as many as they ask.",
  example: 40,
});

export const planName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, "must be 1 to 40 lower-case letters, digits and hyphens")
  .openapi({ example: "basic" });

export const PlanInPath = z.strictObject({ name: planName });

export const SetPlanRequest = z
  .strictObject({ questionsPerDay: perDay, questionsPerContactDay: perContactDay })
  .openapi("SetPlanRequest");

export const PlanShape = z
  .object({
    name: z.string(),
    questionsPerDay: perDay,
    questionsPerContactDay: perContactDay,
    tenants: z.int().openapi({ description: "Tenants that have it." }),
  })
  .openapi("Plan", { description: "Its ETag is what If-Match names in a change." });

export const PlansShape = z.object({ plans: z.array(PlanShape) });

export const AssignPlanRequest = z
  .strictObject({
    plan: planName.nullable().openapi({ description: "Null: none, and nothing is limited." }),
  })
  .openapi("AssignPlanRequest");

export const TenantPlanShape = z
  .object({
    plan: z.string().nullable().openapi({ description: "Null: none, and nothing is limited." }),
    questionsPerDay: perDay,
    questionsPerContactDay: perContactDay,
    today: z
      .object({
        day: z.string().openapi({ example: "2026-11-22" }),
        endsAt: date,
        questions: z.int().openapi({ description: "Asked and counted." }),
        refused: z.int().openapi({ description: "Not answered, since a limit was reached." }),
      })
      .nullable()
      .openapi({
        description: "By the tenant's calendar; null: without a plan nothing is counted.",
      }),
  })
  .openapi("TenantPlan");
