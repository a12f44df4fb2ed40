import type { AssistantDraft } from "../core/assistant.ts";
import { type Conduct, DEFAULT_CONDUCT } from "../core/hand-over.ts";

/** What is absent takes its default. */
export function readConduct(draft: AssistantDraft): Conduct {
  const { handOver } = DEFAULT_CONDUCT;
  return {
    greeting: draft.greeting ?? DEFAULT_CONDUCT.greeting,
    workingHours: draft.workingHours ?? DEFAULT_CONDUCT.workingHours,
    handOver: {
      isOff: draft.handOver?.isOff ?? handOver.isOff,
      afterAbstentions: draft.handOver?.afterAbstentions ?? handOver.afterAbstentions,
      words: (draft.handOver?.words ?? handOver.words).filter((word) => word !== ""),
    },
    knowledgeSets: draft.knowledgeSets ?? DEFAULT_CONDUCT.knowledgeSets,
    resendsUnknown: draft.resendsUnknown ?? DEFAULT_CONDUCT.resendsUnknown,
  };
}
