import type { Retriever } from "../core/answer.ts";

/** The retriever, of whatever is asked of it, within these knowledge sets alone. Empty or absent: as it is. */
export function withinKnowledge(
  retriever: Retriever,
  knowledgeSets: readonly string[] | undefined,
): Retriever {
  if (knowledgeSets === undefined || knowledgeSets.length === 0) return retriever;
  return {
    retrieve: (tenantId, query, signal) =>
      retriever.retrieve(tenantId, { ...query, knowledgeSets }, signal),
  };
}
