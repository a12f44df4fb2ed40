import type { PostOutcome, TargetCheck } from "../../core/publishing-work.ts";

/** By what a network answered to a look that posts nothing. */
export function checkCodeOf(outcome: PostOutcome): TargetCheck["code"] {
  if (outcome.kind !== "refused" || outcome.needsAttention === undefined) return "not-reached";
  return outcome.reason === "bad-credentials" ? "credentials-refused" : "not-usable";
}
