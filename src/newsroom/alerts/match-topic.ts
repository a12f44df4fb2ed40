import type { MatchedAct, MatchReason } from "../../core/subscriptions.ts";
import { type EditionIndex, positionsOf } from "./edition-index.ts";
import type { NearActs } from "./near-texts.ts";
import { meaningText } from "./topic-meanings.ts";
import type { Term, TopicTerms } from "./topic-terms.ts";

/** Act → where in the edition's row the condition is met. */
type Hits = ReadonlyMap<number, number>;

export interface TopicHit {
  readonly act: number;
  readonly position: number;
  readonly reasons: readonly MatchReason[];
}

/** Many people ask for the same few things: what was found for one is kept for the others. */
const REMEMBERED_TERMS = 20_000;
/** A name's words may have so many others between them: "Juan Carlos de la Cruz Mora". */
const NAME_SLACK = 1;
/** Of a passage that is about the same in other words, so much is shown. */
const MAX_QUOTE = 140;

/**
 * Compares topics with one edition. `stemOf` knows every word of a topic that is asked; a stop word has no stem, and
 * stands for any one word within a phrase. `near`: what the edition says of topics in other words; an act that has the
 * words themselves is told for them.
 */
export function createTopicMatcher(
  index: EditionIndex,
  stemOf: (word: string) => string | undefined,
  near: NearActs = new Map(),
): (terms: TopicTerms) => readonly TopicHit[] {
  const remembered = new Map<string, Hits | undefined>();

  /** Undefined: the term says nothing, having only stop words. */
  function hitsOf(term: Term): Hits | undefined {
    const { kind } = term.reason;
    const key = `${kind} ${term.words.join(" ")}`;
    if (remembered.has(key)) return remembered.get(key);
    const hits =
      kind === "meaning" ? findMeaning(index, near, term) : findTerm(index, stemOf, term, kind);
    if (remembered.size >= REMEMBERED_TERMS) remembered.clear();
    remembered.set(key, hits);
    return hits;
  }

  return (terms) => {
    const { body, section, name, place } = terms;
    const others = [name, place, body, section].filter((term) => term !== undefined);
    const excluded = terms.without.map((term) => hitsOf(term));
    const found = new Map<number, TopicHit>();
    const alternatives = terms.anyOf.length === 0 ? [[]] : terms.anyOf;
    const add = (hits: readonly TopicHit[]) => {
      for (const hit of hits) {
        if (found.has(hit.act) || excluded.some((other) => other?.has(hit.act))) continue;
        found.set(hit.act, hit);
      }
    };
    for (const alternative of alternatives) add(findAll([...alternative, ...others], hitsOf));
    if (near.size > 0) {
      for (const alternative of terms.anyOf) {
        add(findAll([meaningTerm(alternative), ...others], hitsOf));
      }
    }
    return [...found.values()].sort((a, b) => a.act - b.act);
  };
}

/** A hit as it is told: by the page where the words stand. */
export function toMatchedAct(
  { text, passageAt }: EditionIndex,
  hit: TopicHit,
): MatchedAct | undefined {
  const act = text.acts[hit.act];
  const passage = act?.passages[passageAt(hit.act, hit.position)];
  if (act === undefined || passage === undefined) return undefined;
  return {
    position: hit.act,
    title: act.title.trim() || act.issuingBody.trim() || act.section.trim(),
    issuingBody: act.issuingBody.trim(),
    page: passage.page,
    ...(passage.printedPage === undefined ? {} : { printedPage: passage.printedPage }),
    passageId: passage.passageId,
    reasons: hit.reasons.map((reason) =>
      reason.kind === "meaning" ? { ...reason, quote: beginningOf(passage.text) } : reason,
    ),
  };
}

/** An alternative as one text: `meaningText` finds the same in what the embedder has. */
function meaningTerm(alternative: readonly Term[]): Term {
  const typed = alternative.map(({ reason }) => reason.typed);
  return { reason: { kind: "meaning", typed: typed.join(" ") }, words: [meaningText(typed)] };
}

function findMeaning(index: EditionIndex, near: NearActs, { words: [text = ""] }: Term): Hits {
  const acts = near.get(text) ?? new Map<number, never>();
  return new Map([...acts].map(([act, { passage }]) => [act, index.startOf(act, passage)]));
}

/** Whole words, on one line. */
function beginningOf(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= MAX_QUOTE) return line;
  const cut = line.slice(0, MAX_QUOTE);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), MAX_QUOTE / 2)).toWellFormed()}…`;
}

/** Acts in which all of the terms are found. */
function findAll(
  terms: readonly Term[],
  hitsOf: (term: Term) => Hits | undefined,
): readonly TopicHit[] {
  const told = terms.flatMap((term) => {
    const hits = hitsOf(term);
    return hits === undefined ? [] : [{ reason: term.reason, hits }];
  });
  if (told.some(({ hits }) => hits.size === 0)) return [];
  const [first] = told;
  const rarest = told.toSorted((a, b) => a.hits.size - b.hits.size)[0];
  if (first === undefined || rarest === undefined) return [];
  const found: TopicHit[] = [];
  for (const act of rarest.hits.keys()) {
    const position = first.hits.get(act);
    if (position === undefined || !told.every(({ hits }) => hits.has(act))) continue;
    found.push({ act, position, reasons: told.map(({ reason }) => reason) });
  }
  return found;
}

function findTerm(
  index: EditionIndex,
  stemOf: (word: string) => string | undefined,
  term: Term,
  kind: Exclude<MatchReason["kind"], "meaning">,
): Hits | undefined {
  switch (kind) {
    case "words":
      return findPhrase(index, term.words.map(stemOf));
    case "place":
      return findWords(index, term.words);
    case "name":
      return findName(index, term.words);
    case "body":
      return findHeading(index, index.bodies, term.words.map(stemOf));
    case "section":
      return findHeading(index, index.sections, term.words.map(stemOf));
    default:
      return kind satisfies never;
  }
}

/** Stems one after the other; between two of them, an undefined one stands for any word. */
function findPhrase(index: EditionIndex, stems: readonly (string | undefined)[]): Hits | undefined {
  const isStem = (stem: string | undefined) => stem !== undefined;
  const first = stems.findIndex(isStem);
  if (first === -1) return undefined;
  const ids = stems
    .slice(first, stems.findLastIndex(isStem) + 1)
    .map((stem) => (stem === undefined ? undefined : (index.stemIds.get(stem) ?? -1)));
  return findRow(index, ids, index.byStem, index.stems);
}

function findWords(index: EditionIndex, words: readonly string[]): Hits {
  const ids = words.map((word) => index.wordIds.get(word) ?? -1);
  return findRow(index, ids, index.byWord, index.words);
}

/** Looks at the places of the rarest, and whether the others stand around it. */
function findRow(
  index: EditionIndex,
  ids: readonly (number | undefined)[],
  postings: EditionIndex["byWord"],
  row: Int32Array,
): Hits {
  const hits = new Map<number, number>();
  if (ids.some((id) => id === -1)) return hits;
  const rarest = rarestOf(postings, ids);
  for (const position of positionsOf(postings, ids[rarest])) {
    const start = position - rarest;
    const act = index.acts[position] ?? -1;
    if (hits.has(act)) continue;
    const fits = ids.every((id, offset) => {
      const at = start + offset;
      if (id !== undefined) return row[at] === id;
      return index.acts[at] === act && (index.words[at] ?? -1) >= 0;
    });
    if (fits) hits.set(act, start);
  }
  return hits;
}

/** All the words close together, in whichever order: "Mora Solano Ana", "Ana Mora Solano". */
function findName(index: EditionIndex, words: readonly string[]): Hits {
  const hits = new Map<number, number>();
  const ids = words.map((word) => index.wordIds.get(word) ?? -1);
  if (ids.includes(-1)) return hits;
  const wanted = new Map<number, number>();
  for (const id of ids) wanted.set(id, (wanted.get(id) ?? 0) + 1);
  const width = ids.length + (ids.length > 1 ? NAME_SLACK : 0);
  const rarest = ids[rarestOf(index.byWord, ids)];
  for (const position of positionsOf(index.byWord, rarest)) {
    const act = index.acts[position] ?? -1;
    if (hits.has(act)) continue;
    for (let start = Math.max(0, position - width + 1); start <= position; start++) {
      if (!holdsAll(index.words, start, width, wanted)) continue;
      hits.set(act, position);
      break;
    }
  }
  return hits;
}

/** Within `width` words from `start`, with no gap among them before the last that is wanted. */
function holdsAll(
  row: Int32Array,
  start: number,
  width: number,
  wanted: ReadonlyMap<number, number>,
): boolean {
  const left = new Map(wanted);
  for (let at = start; at < start + width; at++) {
    const id = row[at];
    if (id === undefined || id < 0) return false;
    const missing = left.get(id);
    if (missing === undefined) continue;
    if (missing === 1) left.delete(id);
    else left.set(id, missing - 1);
    if (left.size === 0) return true;
  }
  return false;
}

/** Acts whose heading has all of the stems. */
function findHeading(
  index: EditionIndex,
  headings: readonly ReadonlySet<string>[],
  stems: readonly (string | undefined)[],
): Hits | undefined {
  const wanted = stems.filter((stem) => stem !== undefined);
  if (wanted.length === 0) return undefined;
  const hits = new Map<number, number>();
  headings.forEach((heading, act) => {
    if (wanted.every((stem) => heading.has(stem))) hits.set(act, index.actStarts[act] ?? 0);
  });
  return hits;
}

/** The place in `ids` of the one that is rarest in the edition. */
function rarestOf(postings: EditionIndex["byWord"], ids: readonly (number | undefined)[]): number {
  let best = -1;
  let fewest = Number.POSITIVE_INFINITY;
  ids.forEach((id, place) => {
    if (id === undefined) return;
    const count = positionsOf(postings, id).length;
    if (count >= fewest) return;
    fewest = count;
    best = place;
  });
  return Math.max(0, best);
}
