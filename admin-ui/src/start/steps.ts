import type { Schema } from "../../../client/index.ts";

export const STEPS = ["gazette", "bot", "question", "next"] as const;
export type Step = (typeof STEPS)[number];

/** What is there already, whoever made it and however. */
export interface Standing {
  readonly facts: Schema<"GettingStarted">;
  readonly botCount: number;
}

export function isDone(step: Step, { facts, botCount }: Standing): boolean {
  switch (step) {
    case "gazette":
      return facts.edition !== null || facts.documentCount > 0;
    case "bot":
      return botCount > 0;
    case "question":
      return facts.wasAsked;
    case "next":
      return false;
  }
}

/** Where to begin: with the gazette as long as there is nothing but what we brought, else with what is missing. */
export function firstStep(standing: Standing): Step {
  const { wasAsked, sourceCount, documentCount } = standing.facts;
  if (!wasAsked && sourceCount === 0 && documentCount === 0) return "gazette";
  return STEPS.find((step) => !isDone(step, standing)) ?? "next";
}

export const stepAfter = (step: Step): Step | undefined => STEPS[STEPS.indexOf(step) + 1];
export const stepBefore = (step: Step): Step | undefined => STEPS[STEPS.indexOf(step) - 1];
