import { LRUCache } from "lru-cache";
import type { RetrievedPassage } from "../core/answer.ts";
import type { Passage } from "../core/gazette.ts";
import type { Language } from "../core/language.ts";
import { contentWords, stem } from "./content-words.ts";
import { detectLanguage } from "./detect-language.ts";
import { type Evidence, toEvidence } from "./grounding/evidence.ts";
import { sentencesOf } from "./grounding/sentences.ts";
import { type Claim, readClaim, supports } from "./grounding/supports.ts";

/** What is left of a model's text after each sentence was held against the passages that it cites. */
export interface VerifiedText {
  /** Sentences that are supported, with `[n]` renumbered from 1 in order of appearance. Empty: too little stood. */
  readonly text: string;
  /** Passages that the text cites: `[1]` is the first. */
  readonly passages: readonly RetrievedPassage[];
  readonly sentencesKept: number;
  readonly sentencesRemoved: number;
  /** Sentences of those written that cite a passage which was there to cite. */
  readonly sentencesCited: number;
  /** Citations of passages that do not exist or do not support their sentence. */
  readonly citationsRemoved: number;
}

/** A text of which less than this share of the sentences is supported is not worth its rest. */
const LEAST_SUPPORTED = 0.2;
/** A sentence made of the model's own instructions by this share of its words, of at least so many, is none of an answer. */
const SHARED_WITH_RULES = 0.7;
const LEAST_WORDS = 4;

/**
 * Keeps the sentences whose citations exist among `passages` (`[n]` is the n-th, from 1) and support them: every
 * number, date, amount and name of the sentence is in the passage, and enough of its words. A citation that does
 * not support is removed; a sentence left without one is removed with it, also when another passage would support
 * it: what a passage was not cited for it may say of somebody else. So is a sentence in another language, or taken
 * from `rules`, the instructions that the model was given.
 */
export function verifyCitations(
  written: string,
  passages: readonly RetrievedPassage[],
  language: Language,
  rules = "",
): VerifiedText {
  const evidence = readOnce(passages, language);
  const ruleStems = stemsOfRules(rules);
  const cited: RetrievedPassage[] = [];
  const count = { kept: 0, removed: 0, cited: 0, citationsRemoved: 0 };

  function supporting(text: string, marks: readonly number[]): readonly number[] {
    const existing = marks.filter((mark) => passages[mark - 1] !== undefined);
    if (existing.length === 0) return [];
    count.cited += 1;
    const claim = readClaim(text, language);
    if (isForeign(claim) || isOfRules(claim, ruleStems)) return [];
    return existing.filter((mark) => supports(evidence(mark), claim));
  }

  const lines = written.split("\n").map((line) => {
    const sentences: string[] = [];
    for (const { text, marks } of sentencesOf(line)) {
      const stands = supporting(text, marks);
      count.citationsRemoved += marks.filter((mark) => !stands.includes(mark)).length;
      if (stands.length > 0) {
        count.kept += 1;
        sentences.push(`${text} ${renumber(stands, passages, cited)}`);
      } else if (/\p{L}/u.test(text)) {
        count.removed += 1;
      }
    }
    return sentences.join(" ");
  });
  const isEnough = count.kept >= (count.kept + count.removed) * LEAST_SUPPORTED;
  return {
    text: isEnough ? lines.filter((line) => line !== "").join("\n") : "",
    passages: isEnough ? cited : [],
    sentencesKept: count.kept,
    sentencesRemoved: count.removed,
    sentencesCited: count.cited,
    citationsRemoved: count.citationsRemoved,
  };
}

/** The same few passages are cited over and over, and reading one costs a millisecond and some 50 kB. */
const EVIDENCE = new LRUCache<Passage, Map<Language, Evidence>>({ max: 300 });

/** Evidence of the passage of a mark, read when it is first cited. */
function readOnce(
  passages: readonly RetrievedPassage[],
  language: Language,
): (mark: number) => Evidence {
  return (mark) => {
    const found = passages[mark - 1];
    if (found === undefined) throw new RangeError(`No passage ${mark}.`);
    const read = EVIDENCE.get(found.passage) ?? new Map<Language, Evidence>();
    EVIDENCE.set(found.passage, read);
    const evidence = read.get(language) ?? toEvidence(found, language);
    read.set(language, evidence);
    return evidence;
  };
}

/** The rules are the same from answer to answer, but for the language. */
const RULE_STEMS = new Map<string, ReadonlySet<string>>();
const MAX_RULES = 20;

function stemsOfRules(rules: string): ReadonlySet<string> {
  const known = RULE_STEMS.get(rules);
  if (known !== undefined) return known;
  const stems = new Set([...contentWords(rules)].map(stem));
  if (RULE_STEMS.size >= MAX_RULES) RULE_STEMS.clear();
  RULE_STEMS.set(rules, stems);
  return stems;
}

function renumber(
  marks: readonly number[],
  passages: readonly RetrievedPassage[],
  cited: RetrievedPassage[],
): string {
  const numbers = marks.flatMap((mark) => {
    const found = passages[mark - 1];
    if (found === undefined) return [];
    const index = cited.indexOf(found);
    return [index === -1 ? cited.push(found) : index + 1];
  });
  return [...new Set(numbers)].map((number) => `[${number}]`).join("");
}

/** Whether a sentence is in another language than was asked for. Names do not count, nor what joins their words. */
function isForeign(claim: Claim): boolean {
  const words: string[] = [];
  let isInName = false;
  for (const { kind, raw } of claim.tokens) {
    if (kind !== "word") continue;
    const isLower = raw === raw.toLowerCase();
    isInName = !isLower || (isInName && raw.length <= 3);
    if (isLower && !isInName) words.push(raw);
  }
  return (
    words.length >= LEAST_WORDS &&
    detectLanguage(words.join(" "), claim.language) !== claim.language
  );
}

function isOfRules(claim: Claim, ruleStems: ReadonlySet<string>): boolean {
  const { words } = claim;
  if (words.length < LEAST_WORDS || ruleStems.size === 0) return false;
  const shared = words.filter((word) => ruleStems.has(stem(word))).length;
  return shared >= words.length * SHARED_WITH_RULES;
}
