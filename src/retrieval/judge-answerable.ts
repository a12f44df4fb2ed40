import type { Term } from "./analyze-question.ts";
import type { ScoredPassage } from "./score-passages.ts";

export interface Verdict {
  readonly isAnswerable: boolean;
  /** 0 to 1. */
  readonly confidence: number;
  readonly evidence: Readonly<Record<string, string | number | boolean>>;
}

/**
 * A logistic regression over three figures of the best passage, fitted on the dev set (leave-one-out:
 * 93 % of answerable questions answered, 85 to 90 % of unanswerable ones refused; eval/README.md). It is the
 * score that carries most: being scaled by the share of the question that is covered, it falls when the
 * word that matters is missing, as the plain BM25 score does not.
 */
const FIT = { intercept: -3.5, covered: 1.88, score: 5.05, termCount: -0.62 };
const THRESHOLD = 0.34;

/** A name counts for more; a verb, or a guess at a misspelt word, for less. */
const NAME_WEIGHT = 1.5;
const VERB_WEIGHT = 0.4;
const GUESS_WEIGHT = 0.8;
const GUESS_COVERS = 0.6;
/** Endings that only verbs have, in Spanish and Portuguese: people ask with other verbs than gazettes use. */
const VERB = /(aron|ieron|aban|ando|iendo|arse|erse|irse|aram|eram|iram)$/;

/** Whether the best passage can answer the question at all. `passageTotal`: passages in the index. */
export function judgeAnswerable(
  terms: readonly Term[],
  best: ScoredPassage | undefined,
  passageTotal: number,
): Verdict {
  if (best === undefined || terms.length === 0) {
    return { isAnswerable: false, confidence: 0, evidence: { found: false } };
  }
  // An IDF is at most about ln N: in its units, figures of small and large corpora compare.
  const unit = Math.log(1 + passageTotal);
  const asked = terms.map((term, at) => ({ term, at })).filter(({ at }) => !best.isContext[at]);
  const covered = asked.reduce(
    (sum, { term, at }) =>
      sum + (best.inPassage[at] ? weigh(term, unit) * (term.isCorrected ? GUESS_COVERS : 1) : 0),
    0,
  );
  const score = Math.log(1 + best.contentScore / unit);
  const logit =
    FIT.intercept +
    FIT.covered * covered +
    FIT.score * score +
    FIT.termCount * Math.max(1, asked.filter(({ term }) => !term.isAsking).length);
  const confidence = 1 / (1 + Math.exp(-logit));
  const missing = asked.filter(({ at }) => !best.onPage[at]).map(({ term }) => term.word);
  return {
    isAnswerable: confidence >= THRESHOLD,
    confidence,
    evidence: {
      covered: round(covered),
      score: round(best.score),
      askedWords: asked.length,
      missingWords: missing.length,
    },
  };
}

function weigh(term: Term, unit: number): number {
  const kind =
    (VERB.test(term.word) ? VERB_WEIGHT : 1) *
    (term.isCorrected ? GUESS_WEIGHT : 1) *
    (term.isName ? NAME_WEIGHT : 1);
  return Math.min(term.idf / unit, 1) * kind;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
