import type { ActText, EditionText, Stemmer } from "../../core/subscriptions.ts";
import { foldWords } from "../../retrieval/words.ts";

/** Between texts that do not follow each other: no phrase goes over it. */
export const GAP = -1;

/** Where each of a list of things stands: `positions[offsets[id]]` to `positions[offsets[id + 1] - 1]`, ascending. */
interface Postings {
  readonly offsets: Int32Array;
  readonly positions: Int32Array;
}

/** All words of an edition in one row, act after act, with the places of each word and stem. */
export interface EditionIndex {
  readonly text: EditionText;
  readonly wordIds: ReadonlyMap<string, number>;
  readonly stemIds: ReadonlyMap<string, number>;
  /** Word at each position, or `GAP`. */
  readonly words: Int32Array;
  /** Stem at each position; -1: a stop word, or a gap. */
  readonly stems: Int32Array;
  /** Act at each position. */
  readonly acts: Int32Array;
  readonly byWord: Postings;
  readonly byStem: Postings;
  /** First position of each act. */
  readonly actStarts: Int32Array;
  /** Stems of each act's issuing body, and of its section. */
  readonly bodies: readonly ReadonlySet<string>[];
  readonly sections: readonly ReadonlySet<string>[];
  /** Index into the act's passages, of what stands at a position. */
  passageAt(act: number, position: number): number;
  /** The first position of one of an act's passages. */
  startOf(act: number, passage: number): number;
}

interface Row {
  readonly words: number[];
  readonly acts: number[];
  readonly actStarts: number[];
  /** For each act, the first position of each of its passages. */
  readonly passageStarts: number[][];
}

/** Reads each act once: titles and passages in order. */
export async function indexEdition(text: EditionText, stemmer: Stemmer): Promise<EditionIndex> {
  const wordIds = new Map<string, number>();
  const row: Row = { words: [], acts: [], actStarts: [], passageStarts: [] };
  text.acts.forEach((act, number) => {
    addAct(row, wordIds, act, number);
  });
  const headings = text.acts.flatMap(({ issuingBody, section }) => [
    ...foldedOf(issuingBody),
    ...foldedOf(section),
  ]);
  const stemOf = await stemmer.stemsOf(text.language, new Set([...wordIds.keys(), ...headings]));
  const stemIds = new Map<string, number>();
  const stemOfWord = new Int32Array(wordIds.size);
  for (const [word, id] of wordIds) {
    const stem = stemOf.get(word);
    stemOfWord[id] = stem === undefined ? -1 : idOf(stemIds, stem);
  }
  const words = Int32Array.from(row.words);
  const stems = words.map((word) => (word === GAP ? -1 : (stemOfWord[word] ?? -1)));
  const stemsOf = (heading: string) =>
    new Set(foldedOf(heading).flatMap((word) => stemOf.get(word) ?? []));
  return {
    text,
    wordIds,
    stemIds,
    words,
    stems,
    acts: Int32Array.from(row.acts),
    byWord: postingsOf(words, wordIds.size),
    byStem: postingsOf(stems, stemIds.size),
    actStarts: Int32Array.from(row.actStarts),
    bodies: text.acts.map(({ issuingBody }) => stemsOf(issuingBody)),
    sections: text.acts.map(({ section }) => stemsOf(section)),
    passageAt(act, position) {
      const starts = row.passageStarts[act] ?? [];
      return Math.max(
        0,
        starts.findLastIndex((start) => start <= position),
      );
    },
    startOf: (act, passage) => row.passageStarts[act]?.[passage] ?? row.actStarts[act] ?? 0,
  };
}

/** By which subscriptions may be found: as `chooseKeys` has them. */
export function keysOfIndex(index: EditionIndex): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const stem of index.stemIds.keys()) keys.add(`w:${stem}`);
  for (const word of index.wordIds.keys()) keys.add(`n:${word}`);
  for (const body of index.bodies) for (const stem of body) keys.add(`b:${stem}`);
  for (const section of index.sections) for (const stem of section) keys.add(`s:${stem}`);
  return keys;
}

/** Positions of one word or stem; empty when there is none of that id. */
export function positionsOf({ offsets, positions }: Postings, id: number | undefined): Int32Array {
  if (id === undefined) return positions.subarray(0, 0);
  return positions.subarray(offsets[id] ?? 0, offsets[id + 1] ?? 0);
}

function addAct(row: Row, wordIds: Map<string, number>, act: ActText, number: number): void {
  const add = (text: string) => {
    for (const { word } of foldWords(text)) {
      row.words.push(idOf(wordIds, word));
      row.acts.push(number);
    }
  };
  const addGap = () => {
    row.words.push(GAP);
    row.acts.push(number);
  };
  row.actStarts.push(row.words.length);
  add(act.title);
  addGap();
  // A sentence goes on from one passage to the next.
  row.passageStarts.push(
    act.passages.map(({ text }) => {
      const start = row.words.length;
      add(text);
      return start;
    }),
  );
  addGap();
}

function foldedOf(text: string): readonly string[] {
  return foldWords(text).map(({ word }) => word);
}

function idOf(ids: Map<string, number>, value: string): number {
  const known = ids.get(value);
  if (known !== undefined) return known;
  ids.set(value, ids.size);
  return ids.size - 1;
}

/** By counting: two passes over the row, no lists of lists. */
function postingsOf(row: Int32Array, count: number): Postings {
  const offsets = new Int32Array(count + 1);
  for (const id of row) if (id >= 0) offsets[id + 1] = (offsets[id + 1] ?? 0) + 1;
  for (let id = 0; id < count; id++) offsets[id + 1] = (offsets[id + 1] ?? 0) + (offsets[id] ?? 0);
  const next = offsets.slice(0, count);
  const positions = new Int32Array(offsets[count] ?? 0);
  row.forEach((id, position) => {
    if (id < 0) return;
    const place = next[id] ?? 0;
    positions[place] = position;
    next[id] = place + 1;
  });
  return { offsets, positions };
}
