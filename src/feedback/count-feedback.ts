import type { FeedbackStore } from "../core/feedback.ts";
import type { Metrics } from "../core/metrics.ts";

/** Counts judgements that changed something, by how they came in. */
export function countFeedback({
  store,
  metrics,
}: {
  readonly store: FeedbackStore;
  readonly metrics: Metrics;
}): FeedbackStore {
  return {
    ...store,
    async judge(bot, chatKey, messageId, judgement) {
      const isChanged = await store.judge(bot, chatKey, messageId, judgement);
      if (isChanged === true) metrics.count("feedback_total", { by: "page" });
      return isChanged;
    },
    async noteReactions(bot, reactions) {
      const changed = await store.noteReactions(bot, reactions);
      if (changed > 0) metrics.count("feedback_total", { by: "reaction" }, changed);
      return changed;
    },
  };
}
