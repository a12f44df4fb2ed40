import type { Passage } from "../core/gazette.ts";
import type { PassageId } from "../core/ids.ts";
import type { Term } from "./analyze-question.ts";
import type { ScoredPassage } from "./score-passages.ts";

export interface Verdict {
  readonly isAnswerable: boolean;
  /** 0 to 1. */
  readonly confidence: number;
  readonly evidence: Readonly<Record<string, string | number | boolean>>;
}

/** Whether the best passages can answer: how much of the question's IDF the best one covers. */
export function judgeAnswerable(
  terms: readonly Term[],
  best: readonly ScoredPassage[],
  _passages: ReadonlyMap<PassageId, Passage>,
): Verdict {
  const total = terms.reduce((sum, term) => sum + term.idf, 0);
  const covered = terms.reduce((sum, term, at) => sum + (best[0]?.onPage[at] ? term.idf : 0), 0);
  const coverage = total === 0 ? 0 : covered / total;
  return { isAnswerable: coverage >= 0.5, confidence: coverage, evidence: { coverage } };
}
