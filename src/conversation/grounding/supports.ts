import type { Language } from "../../core/language.ts";
import { contentWords, stem } from "../content-words.ts";
import { chains, type Evidence } from "./evidence.ts";
import { namesStand } from "./names.ts";
import { readNegations } from "./polarity.ts";
import type { ReadDate } from "./read-dates.ts";
import { type Facts, type NumberFact, readFacts } from "./read-facts.ts";
import { readTokens, type Token } from "./tokens.ts";
import { isSameUnit, unitNamed } from "./units.ts";
import { FRAME_WORDS, meaning, oppositesOf, translations } from "./vocabulary.ts";

/** A sentence read once, to be held against several passages. */
export interface Claim {
  readonly language: Language;
  readonly tokens: readonly Token[];
  readonly facts: Facts;
  /** Content words in lower case: what is said, as opposed to of whom. */
  readonly words: readonly string[];
  readonly negated: ReadonlySet<string>;
}

/** Share of a sentence's words that the passage must have, or a synonym of, when both are in one language. */
const SHARED_WORDS = 0.65;
/** Across languages only names, cognates and the glossary's words are shared. */
const SHARED_WORDS_ACROSS = 0.25;
/** Tokens around a number within which it must have a neighbour in common with the passage. */
const NEIGHBOURS = 5;

export function readClaim(sentence: string, language: Language): Claim {
  const tokens = readTokens(sentence);
  const facts = readFacts(tokens, language);
  const said = tokens
    .filter(
      ({ kind, raw }, index) =>
        kind === "word" && !facts.taken.has(index) && (index === 0 || raw !== raw.toUpperCase()),
    )
    .filter(({ raw }, index) => index === 0 || !/^\p{Lu}/u.test(raw))
    .map(({ raw }) => raw)
    .join(" ");
  return {
    language,
    tokens,
    facts,
    words: [...contentWords(said)].filter(
      (word) => !FRAME_WORDS.has(word) && unitNamed(word) === undefined,
    ),
    negated: readNegations(tokens, language).stems,
  };
}

/** Whether every number, date, amount and name of the sentence is in the passage, and enough of its words. */
export function supports(evidence: Evidence, claim: Claim): boolean {
  return (
    numbersStand(evidence, claim) &&
    claim.facts.dates.every((date) => dateStands(evidence, date)) &&
    namesStand(evidence, claim) &&
    polarityStands(evidence, claim) &&
    wordsStand(evidence, isShownSigning(evidence, claim) ? withoutSigning(claim) : claim)
  );
}

function numbersStand(evidence: Evidence, claim: Claim): boolean {
  const inChains = chains(claim.tokens).filter(({ digits }) => evidence.numbers.has(digits));
  return claim.facts.numbers.every(
    (fact) =>
      inChains.some(({ from, to }) => fact.from >= from && fact.to <= to) ||
      numberStands(evidence, claim, fact),
  );
}

function numberStands(evidence: Evidence, claim: Claim, fact: NumberFact): boolean {
  const { value, parts, unit } = fact;
  const known = evidence.numbers.get(value);
  if (known === undefined) {
    return (
      (parts.length > 1 && parts.every((part) => evidence.numbers.has(part))) ||
      isItsPlace(evidence, claim, fact) ||
      isPartOfDate(evidence, claim, fact)
    );
  }
  if (unit !== undefined) {
    const isNamed = [...evidence.looseUnits].some((each) => isSameUnit(each, unit));
    return (
      [...known.units].some((each) => isSameUnit(each, unit)) || (known.units.has("") && isNamed)
    );
  }
  return (
    value.length >= 4 ||
    evidence.language !== claim.language ||
    sharesNeighbour(evidence, claim, fact, known.at)
  );
}

/** `clase 6` is not proven by another thing's 6: a word beside it must stand beside it in the passage. */
function sharesNeighbour(
  evidence: Evidence,
  claim: Claim,
  fact: NumberFact,
  positions: readonly number[],
): boolean {
  const own = neighbours(claim.tokens, fact.from, fact.to);
  if (own.size === 0) return true;
  return positions.some((at) => {
    for (const each of neighbours(evidence.tokens, at, at + 1)) if (own.has(each)) return true;
    return false;
  });
}

function neighbours(tokens: readonly Token[], from: number, to: number): ReadonlySet<string> {
  const around = [
    ...tokens.slice(Math.max(0, from - NEIGHBOURS), from),
    ...tokens.slice(to, to + NEIGHBOURS),
  ];
  const text = around.flatMap(({ kind, folded }) => (kind === "word" ? [folded] : [])).join(" ");
  return new Set([...contentWords(text)].map(meaning));
}

const PAGE_CUE = /^(?:p|pp|pag|paginas?|pages?)$/;
const EDITION_CUE = /^(?:gaceta|boletin|boletim|diario|gazette|edicion|edicao|edition)$/;

/** `página 12`, `La Gaceta n.º 220`: numbers of the place where the passage stands. */
function isItsPlace(evidence: Evidence, claim: Claim, fact: NumberFact): boolean {
  const before = claim.tokens
    .slice(Math.max(0, fact.from - 5), fact.from)
    .map(({ folded }) => folded);
  return (
    (evidence.pages.has(fact.value) && before.slice(-3).some((word) => PAGE_CUE.test(word))) ||
    (evidence.edition === fact.value && before.some((word) => EDITION_CUE.test(word)))
  );
}

/** A year alone, or `el día 14`, of a date that the passage names. */
function isPartOfDate(evidence: Evidence, claim: Claim, fact: NumberFact): boolean {
  const value = Number(fact.value);
  if (value >= 1_500) return evidence.dates.some(({ year }) => year === value);
  const before = claim.tokens[fact.from - 1]?.folded ?? "";
  return /^(?:dia|dias|day|el|al)$/.test(before) && evidence.dates.some(({ day }) => day === value);
}

function dateStands(evidence: Evidence, date: ReadDate): boolean {
  return evidence.dates.some((known) => {
    if (known.month !== date.month) return false;
    if (date.day !== undefined && known.day !== date.day) return false;
    if (date.year === undefined || known.year === date.year) return true;
    const { year } = date;
    return (
      known.year === undefined &&
      (evidence.numbers.has(String(year)) || evidence.dates.some((each) => each.year === year))
    );
  });
}

/** Nothing is denied that the passage affirms, nor affirmed that it denies or says the opposite of. */
function polarityStands(evidence: Evidence, claim: Claim): boolean {
  if (evidence.language !== claim.language) {
    return claim.negated.size === 0 || evidence.negated.size > 0;
  }
  for (const word of claim.negated) {
    if (evidence.negated.has(word)) continue;
    if (evidence.affirmed.has(word) || evidence.negated.size === 0) return false;
  }
  return claim.words.every((word) => {
    const short = stem(word);
    if (claim.negated.has(short)) return true;
    if (evidence.negated.has(short) && !evidence.affirmed.has(short)) return false;
    if (evidence.stems.has(short)) return true;
    for (const opposite of oppositesOf(word)) if (evidence.stems.has(opposite)) return false;
    return true;
  });
}

/** Forms of the verb by which an answer says who put their name under an act, folded. */
const SIGNING =
  /^(?:firm(?:an?|o|aron|ad[oa]s?)|suscrib(?:en?|io|ieron)|suscrit[oa]s?|assin(?:am?|ou|aram|ad[oa]s?)|sign(?:s|ed)?)$/;

/** Who signs stands under an act without any word that says so. Those named after the verb, or before it, must be there. */
function isShownSigning(evidence: Evidence, { tokens, language }: Claim): boolean {
  const verb = tokens.findIndex(({ folded }) => SIGNING.test(folded));
  if (verb === -1 || evidence.signatures.size === 0) return false;
  const named = tokens.flatMap(({ kind, raw, folded }, index) =>
    kind === "word" && index > 0 && raw.length > 1 && /^\p{Lu}/u.test(raw)
      ? [{ folded, index }]
      : [],
  );
  const after = named.filter(({ index }) => index > verb);
  const signers = after.length > 0 ? after : named;
  return (
    signers.length > 0 &&
    signers.every(({ folded }) =>
      translations(folded, language).some((form) => evidence.signatures.has(form)),
    )
  );
}

function withoutSigning(claim: Claim): Claim {
  return { ...claim, words: claim.words.filter((word) => !SIGNING.test(word)) };
}

function wordsStand(evidence: Evidence, claim: Claim): boolean {
  const { words, language } = claim;
  if (words.length === 0) return claim.tokens.some(({ kind }) => kind !== "other");
  const isSame = evidence.language === language;
  const shared = words.filter((word) =>
    isSame
      ? evidence.stems.has(stem(word)) || evidence.meanings.has(meaning(word))
      : translations(word, language).some(
          (other) => evidence.stems.has(stem(other)) || evidence.meanings.has(meaning(other)),
        ),
  ).length;
  const share = isSame ? SHARED_WORDS : SHARED_WORDS_ACROSS;
  // Names that stand count for one word: of "attends Río Chico" beside "honorary", one word is enough.
  const named = claim.tokens.some(({ kind, raw }, index) => {
    return kind === "word" && index > 0 && /^\p{Lu}\p{L}/u.test(raw);
  })
    ? 1
    : 0;
  return shared >= 1 && shared + named >= Math.ceil((words.length + named) * share);
}
