import type { Term } from "./analyze-question.ts";
import { isFillerWord } from "./filler-words.ts";
import type { ScoredPassage } from "./score-passages.ts";

/** Further down, or with a lower share of the best score, a passage is not quoted. */
const QUOTABLE = 5;
const QUOTABLE_SHARE = 0.3;
const YEAR = /^(19|20)\d\d$/;

/**
 * What the least covered name or year of the question lacks, in the passage that has most of it: a sum of
 * IDFs in `unit`s, each at most 1. Capitalised words in a row name one thing, so one passage or its page must
 * hold them all: "Hazel Montenegro" is not found by a Hazel on one page and a Montenegro on another.
 */
export function missingName(
  asked: {
    readonly terms: readonly Term[];
    readonly chosen: readonly ScoredPassage[];
    /** The edition of the date asked for is not held, and others were searched in its place. */
    readonly isOtherEdition: boolean;
  },
  best: ScoredPassage,
  unit: number,
): number {
  const { terms, chosen, isOtherEdition } = asked;
  const names = groupNames(terms, best);
  const least = QUOTABLE_SHARE * (chosen[0]?.score ?? 0);
  const others =
    // Of several things asked about, one may stand far down: the best passage is of another.
    names.length > 1
      ? chosen
      : chosen.slice(0, QUOTABLE).filter((item) => item.score > 0 && item.score >= least);
  const lacking = names.map((name) => {
    const inEach = [best, ...others].map((passage) =>
      name.reduce(
        (sum, at) =>
          sum + (holds(passage, at, terms[at], isOtherEdition) ? 0 : idfOf(terms[at], unit)),
        0,
      ),
    );
    return Math.min(...inEach);
  });
  return Math.max(0, ...lacking);
}

/** Indexes of the terms of each name and year; without abbreviations, which gazettes spell out. */
function groupNames(terms: readonly Term[], best: ScoredPassage): readonly (readonly number[])[] {
  const names = new Map<string | number, number[]>();
  for (const [at, term] of terms.entries()) {
    if (best.isContext[at] || isFillerWord(term.word) || term.isAbbreviation) continue;
    const key = YEAR.test(term.word) ? term.word : term.entity;
    if (key === undefined) continue;
    const name = names.get(key);
    if (name === undefined) names.set(key, [at]);
    else name.push(at);
  }
  return [...names.values()];
}

function holds(
  passage: ScoredPassage,
  at: number,
  term: Term | undefined,
  isOtherEdition: boolean,
): boolean {
  if (term !== undefined && YEAR.test(term.word)) {
    if (passage.edition.date.startsWith(term.word)) return true;
    // The year is the edition's then, and a mention of it is of something else.
    if (isOtherEdition) return false;
  }
  return passage.onPage[at] === true;
}

function idfOf(term: Term | undefined, unit: number): number {
  return Math.min(1, (term?.idf ?? 0) / unit);
}
