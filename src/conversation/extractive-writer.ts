import type { Citation, RetrievedPassage } from "../core/answer.ts";
import type { Passage } from "../core/gazette.ts";
import type { Language } from "../core/language.ts";
import { catalogue } from "./catalogue/catalogue.ts";
import { cite, foundName, foundPlace, longDate } from "./cite.ts";
import { contentWords, stem } from "./content-words.ts";
import { fold } from "./detect-language.ts";
import type { SelectStretches } from "./ports.ts";

/** What a writer makes of the passages. */
export interface Written {
  readonly text: string;
  readonly citations: readonly Citation[];
}

/** Characters of an answer, so that it stays readable on a telephone, and of the line that says where a quotation is from. */
const ANSWER_LENGTH = 1_060;
const PLACE_LENGTH = 100;
/** Of the best passage when another is quoted too, whatever that one leaves. */
const BEST_ROOM = 500;
/** A quotation shorter than this says nothing. */
const LEAST_ROOM = 180;
const MAX_QUOTATIONS = 3;
/** Characters of a heading that are shown: body and act rather than a whole chapter. */
const MAX_HEADING = 220;
const SHORT_HEADING = 80;
/** Passages further down the ranking are not worth quoting. */
const CANDIDATES = 5;
/**
 * Share of the best score that a further passage needs: little if it has a name or number that the first lacks
 * (two brands compared), more if it has only another word, and nearly all of it if it has neither.
 */
const SHARE_NAMED = 0.3;
const SHARE_OTHER = 0.7;
const SHARE_EQUAL = 0.75;
/** From which the best passage gives up part of its room. */
const SHARE_EVEN = 0.9;
/** Share of words in common from which two quotations say the same: a notice published twice. */
const SAME_WORDS = 0.7;

/**
 * Quotes the passages that answer best, word for word, each with its place and `[n]`. Needs no model:
 * the last link of the chain, and the default. `passages` must not be empty.
 */
export function writeExtract(
  question: string,
  passages: readonly RetrievedPassage[],
  options: {
    readonly language: Language;
    readonly publicUrl: string | undefined;
    readonly selectStretches: SelectStretches;
  },
): Written {
  const asked = readQuestion(question);
  const { quotation } = catalogue(options.language);
  const among = passages.map(({ passage }) => passage);
  const lines: string[] = [];
  const citations: Citation[] = [];
  for (const { found, room } of choosePassages(asked, passages)) {
    const heading = telling(found, asked, room);
    const stretches = options
      .selectStretches(question, found.passage, room - heading.length, among)
      .map(oneLine);
    // What a citation opens is the passage; of two stretches the longer stands for it.
    const quote = stretches.reduce((a, b) => (b.length > a.length ? b : a), "");
    const citation = cite(found, { ...options, number: citations.length + 1, quote });
    const place = quotation.place(
      foundName(found, options.language),
      longDate(found.date, options.language),
      foundPlace(found, options.language),
    );
    const opening = heading === "" ? place : `${place} – ${heading}`;
    if (citations.length > 0) lines.push("");
    lines.push(
      citations.length === 0 ? quotation.introduction(opening) : quotation.alsoIn(opening),
      `${stretches.map((stretch) => `«${showCuts(stretch, found.passage)}»`).join(" … ")} [${citation.number}]`,
    );
    citations.push(citation);
  }
  return { text: lines.join("\n"), citations };
}

/** With an ellipsis where a sentence was cut off, so that nobody takes its half for the whole. */
function showCuts(stretch: string, { text }: Passage): string {
  if (stretch === oneLine(text)) return stretch;
  const begins = /^\p{Ll}/u.test(stretch) ? "…" : "";
  const isWhole = /[.;?!…]["”»)]*$/.test(stretch);
  return `${begins}${isWhole ? stretch : `${stretch.replace(/[\s,:–—-]+$/, "")}…`}`;
}

/** The question's words, their beginnings, and those of names and numbers. */
interface Asked {
  readonly typed: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

function readQuestion(question: string): Asked {
  const typed = contentWords(question);
  return {
    typed,
    words: new Set([...typed].map(stem)),
    names: new Set([...contentWords(namesIn(question))].map(stem)),
  };
}

/** Words with a capital, but for the first, and words with digits. */
function namesIn(question: string): string {
  const [first = "", ...others] = question.trim().match(/\S+/gu) ?? [];
  const named = others.filter((word) => /^\P{L}*\p{Lu}|\p{N}/u.test(word));
  return [...(/\p{Lu}{2}|\p{N}/u.test(first) ? [first] : []), ...named].join(" ");
}

interface Chosen {
  readonly found: RetrievedPassage;
  readonly room: number;
}

/**
 * The best passage, and others for what it leaves open: names and numbers of the question above all. Also what
 * scores nearly as well, as far as there is room: the order of equals is chance.
 */
function choosePassages(asked: Asked, passages: readonly RetrievedPassage[]): readonly Chosen[] {
  const [best, ...others] = passages.slice(0, CANDIDATES);
  if (best === undefined) return [];
  const open = new Set(asked.words);
  const openNames = new Set(asked.names);
  removeCovered(open, best);
  removeCovered(openNames, best);
  const reaches = (found: RetrievedPassage, share: number) => found.score >= best.score * share;
  const named = others.find((found) => reaches(found, SHARE_NAMED) && covers(openNames, found) > 0);
  if (named !== undefined) return shareRoom(best, named);
  const further = [
    ...others.filter((found) => reaches(found, SHARE_OTHER) && covers(open, found) > 0),
    ...others.filter((found) => reaches(found, SHARE_EQUAL)),
  ];
  const chosen = [best];
  let left = roomFor(2) - best.passage.text.length;
  for (const found of new Set(further)) {
    const needed = Math.min(found.passage.text.length, LEAST_ROOM);
    const isEven = chosen.length === 1 && reaches(found, SHARE_EVEN);
    const mayShare = isEven && best.passage.text.length <= roomFor(1);
    if (left < needed && !mayShare) continue;
    if (chosen.some((other) => saysTheSame(other, found))) continue;
    chosen.push(found);
    left -= found.passage.text.length + PLACE_LENGTH;
    if (chosen.length === MAX_QUOTATIONS) break;
  }
  return giveRoom(chosen);
}

function roomFor(quotations: number): number {
  return ANSWER_LENGTH - quotations * PLACE_LENGTH;
}

/** Two things are asked about: half for each, and what one does not need for the other. */
function shareRoom(one: RetrievedPassage, other: RetrievedPassage): readonly Chosen[] {
  const half = roomFor(2) / 2;
  const [oneLength, otherLength] = [one.passage.text.length, other.passage.text.length];
  return [
    { found: one, room: Math.max(half, roomFor(2) - otherLength) },
    { found: other, room: Math.max(half, roomFor(2) - oneLength) },
  ];
}

/** The best gets what it needs, but for a share of it when others follow; they divide the rest. */
function giveRoom(chosen: readonly RetrievedPassage[]): readonly Chosen[] {
  const [best, ...others] = chosen;
  if (best === undefined) return [];
  const whole = roomFor(chosen.length);
  const othersNeed = others.reduce((sum, found) => sum + found.passage.text.length, 0);
  const isTight = best.passage.text.length + LEAST_ROOM > whole;
  const room =
    others.length === 0
      ? whole
      : Math.max(isTight ? BEST_ROOM : whole - LEAST_ROOM, whole - othersNeed);
  let left = whole - Math.min(room, best.passage.text.length);
  return [
    { found: best, room },
    ...others.map((found, at) => {
      const share = Math.floor(left / (others.length - at));
      left -= Math.min(share, found.passage.text.length);
      return { found, room: share };
    }),
  ];
}

/** Parts of the passage's heading with words of the question, as typed, that its text lacks: whose act it is. */
function telling({ passage }: RetrievedPassage, asked: Asked, room: number): string {
  // A long one is shown only beside a whole text: the quotation goes first.
  const longest = Math.min(MAX_HEADING, Math.max(SHORT_HEADING, room - passage.text.length));
  const { text, heading } = foldedOnce(passage);
  const lacking = [...asked.typed].filter(
    (word) => hasWord(heading, word) && !hasWord(text, stem(word)),
  );
  if (lacking.length === 0) return "";
  let shown = "";
  for (const part of oneLine(passage.heading).split(" · ")) {
    const words = contentWords(part);
    if (!lacking.some((word) => words.has(word))) continue;
    const longer = shown === "" ? part : `${shown} · ${part}`;
    if (longer.length <= longest) shown = longer;
  }
  return shown.replace(/\.$/, "");
}

interface Folded {
  readonly text: string;
  readonly heading: string;
}

/** Folded texts; kept as long as the passage itself is in memory. */
const FOLDED = new WeakMap<Passage, Folded>();

function foldedOnce(passage: Passage): Folded {
  const known = FOLDED.get(passage);
  if (known !== undefined) return known;
  const folded = {
    text: fold(passage.text.toLowerCase()),
    heading: fold(passage.heading.toLowerCase()),
  };
  FOLDED.set(passage, folded);
  return folded;
}

/** Whether the passage's text or heading has a word that begins so. */
function has({ passage }: RetrievedPassage, begin: string): boolean {
  const { text, heading } = foldedOnce(passage);
  return hasWord(text, begin) || hasWord(heading, begin);
}

/** How many of the beginnings the passage has. */
function covers(begins: ReadonlySet<string>, found: RetrievedPassage): number {
  let count = 0;
  for (const begin of begins) if (has(found, begin)) count++;
  return count;
}

function removeCovered(open: Set<string>, found: RetrievedPassage): void {
  for (const begin of open) if (has(found, begin)) open.delete(begin);
}

function saysTheSame(one: RetrievedPassage, other: RetrievedPassage): boolean {
  const words = contentWords(one.passage.text);
  const others = contentWords(other.passage.text);
  let common = 0;
  for (const word of others) if (words.has(word)) common++;
  return (
    common > SAME_WORDS * Math.min(words.size, others.size) && !differsInNumbers(words, others)
  );
}

/** Forms are alike but for their numbers: two contracts, not one published twice. */
function differsInNumbers(words: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  const numbers = [...others].filter((word) => /^\d/.test(word));
  return numbers.filter((word) => words.has(word)).length < numbers.length / 2;
}

const WORD = /[a-z0-9]/;

/** Whether a word of the folded `text` begins so. Searches rather than splits: five passages are read per answer. */
function hasWord(text: string, begin: string): boolean {
  for (let at = text.indexOf(begin); at !== -1; at = text.indexOf(begin, at + 1)) {
    const previous = text[at - 1];
    if (previous === undefined || !WORD.test(previous)) return true;
  }
  return false;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
