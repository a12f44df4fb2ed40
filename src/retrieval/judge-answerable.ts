import type { Term } from "./analyze-question.ts";
import { lacksAskedAttribute } from "./asked-attributes.ts";
import { lacksAskedLabel } from "./asked-labels.ts";
import { missingName } from "./missing-name.ts";
import type { ScoredPassage } from "./score-passages.ts";

export interface Verdict {
  readonly isAnswerable: boolean;
  /** 0 to 1. */
  readonly confidence: number;
  readonly evidence: Readonly<Record<string, string | number | boolean>>;
}

/** What a verdict rests on. */
export interface JudgedEvidence {
  readonly question: string;
  readonly terms: readonly Term[];
  /** The best passage by words. */
  readonly best: ScoredPassage | undefined;
  /** What the answer is made of, best first. */
  readonly chosen: readonly ScoredPassage[];
  /** Headings and texts of the first of them. */
  readonly texts: readonly string[];
  /** The edition of the date asked for is not held, and others were searched in its place. */
  readonly isOtherEdition: boolean;
  /** Passages in the index. */
  readonly passageTotal: number;
}

/**
 * A logistic regression by eval/fit-abstention.mjs over the sample, the shared and the hold-out's tuning set
 * (leave-one-out: 96 to 100 % of answerable questions answered, 91 to 95 % of the unanswerable ones over all PDFs refused;
 * eval/README.md). `score` falls when the word that matters is missing, being scaled by the share of the
 * question that is covered; `missingName` tells a question about another company, place or year.
 */
const FIT = { intercept: -4.16, covered: 1.92, score: 3.68, askedWords: -0.37, missingName: -4.9 };
const THRESHOLD = 0.28;

/** A name counts for more; a verb, or a guess at a misspelt word, for less. */
const NAME_WEIGHT = 1.5;
const VERB_WEIGHT = 0.4;
const GUESS_WEIGHT = 0.8;
const GUESS_COVERS = 0.6;
/** Endings that only verbs have, in Spanish and Portuguese: people ask with other verbs than gazettes use. */
const VERB = /(aron|ieron|aban|ando|iendo|arse|erse|irse|aram|eram|iram)$/;

/** Whether what was found can answer the question at all. */
export function judgeAnswerable(judged: JudgedEvidence): Verdict {
  const { question, terms, best, passageTotal, texts } = judged;
  if (best === undefined || terms.length === 0) {
    return { isAnswerable: false, confidence: 0, evidence: { found: false } };
  }
  // An IDF is at most about ln N: in its units, figures of small and large corpora compare.
  const unit = Math.log(1 + passageTotal);
  const asked = terms.map((term, at) => ({ term, at })).filter(({ at }) => !best.isContext[at]);
  const figures: Readonly<Record<Exclude<keyof typeof FIT, "intercept">, number>> = {
    covered: asked.reduce(
      (sum, { term, at }) =>
        sum + (best.inPassage[at] ? weigh(term, unit) * (term.isCorrected ? GUESS_COVERS : 1) : 0),
      0,
    ),
    score: Math.log(1 + best.contentScore / unit),
    askedWords: Math.max(1, asked.filter(({ term }) => !term.isAsking).length),
    missingName: missingName(judged, best, unit),
  };
  const logit =
    FIT.intercept +
    FIT.covered * figures.covered +
    FIT.score * figures.score +
    FIT.askedWords * figures.askedWords +
    FIT.missingName * figures.missingName;
  const lacksLabel = lacksAskedLabel(question, texts);
  const lacksAttribute = lacksAskedAttribute(question, texts);
  const confidence = lacksLabel || lacksAttribute ? 0 : 1 / (1 + Math.exp(-logit));
  return {
    isAnswerable: confidence >= THRESHOLD,
    confidence,
    evidence: {
      covered: round(figures.covered),
      score: round(figures.score),
      askedWords: figures.askedWords,
      missingName: round(figures.missingName),
      missingWords: asked.filter(({ at }) => !best.onPage[at]).length,
      lacksLabel,
      lacksAttribute,
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
