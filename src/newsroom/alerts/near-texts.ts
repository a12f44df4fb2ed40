import type { PassageMeaning, TextMeaning } from "../../core/alert-meanings.ts";
import type { EditionIndex } from "./edition-index.ts";

/** Text of a topic → the acts that are about the same, each with the passage of it that is nearest. */
export type NearActs = ReadonlyMap<string, ReadonlyMap<number, NearPassage>>;

interface NearPassage {
  /** Index into the act's passages. */
  readonly passage: number;
  readonly similarity: number;
}

/**
 * How many times as far above the middle as passages usually are apart from it: of normally distributed similarities
 * one in 30,000 is. Embedders differ in what they call similar (two sentences about nothing in common: 0.05 or 0.8), so
 * the measure is each text's own distance to the archive.
 */
const DEVIATIONS = 4;
/** The median of absolute deviations, as the standard deviation of a normal distribution (Rousseeuw & Croux 1993). */
const MAD_TO_DEVIATION = 1.4826;
/** Where hardly any passage has to do with a text at all, the middle says nothing: so much above it at least. */
const LEAST_ABOVE = 0.1;
/** Acts of one edition that one text finds: more of them is a subject of the edition, which its words find. */
const MAX_ACTS = 10;
/** Products between two looks at the clock, and milliseconds before others have their turn. */
const PRODUCTS = 20_000;
const TURN_MS = 20;

/** From which cosine on a passage is about the same as a text, by its similarity to passages drawn from the archive. */
export function cutOf(vector: Float32Array, drawn: readonly Float32Array[]): number {
  const similarities = drawn.map((passage) => dot(vector, 0, passage)).sort((a, b) => a - b);
  const middle = medianOf(similarities);
  const apart = similarities.map((each) => Math.abs(each - middle)).sort((a, b) => a - b);
  const deviation = MAD_TO_DEVIATION * medianOf(apart);
  return middle + Math.max(LEAST_ABOVE, DEVIATIONS * deviation);
}

/** An edition's passages as one block of numbers, to be compared with many texts. */
interface PassageBlock {
  readonly vectors: Float32Array;
  readonly acts: Int32Array;
  readonly passages: Int32Array;
}

export function blockOf(
  { text }: Pick<EditionIndex, "text">,
  found: readonly PassageMeaning[],
): PassageBlock {
  const places = new Map<string, readonly [number, number]>();
  text.acts.forEach((act, number) => {
    act.passages.forEach(({ passageId }, passage) => {
      places.set(passageId, [number, passage]);
    });
  });
  const known = found.flatMap(({ passageId, vector }) => {
    const place = places.get(passageId);
    return place === undefined ? [] : [{ place, vector }];
  });
  const length = known[0]?.vector.length ?? 0;
  const vectors = new Float32Array(known.length * length);
  known.forEach(({ vector }, index) => {
    vectors.set(vector, index * length);
  });
  return {
    vectors,
    acts: Int32Array.from(known, ({ place }) => place[0]),
    passages: Int32Array.from(known, ({ place }) => place[1]),
  };
}

/** Compares texts with a block, letting others have their turn meanwhile; rejects with the signal's reason. */
export async function findNear(
  block: PassageBlock,
  texts: readonly TextMeaning[],
  signal: AbortSignal,
): Promise<NearActs> {
  const near = new Map<string, ReadonlyMap<number, NearPassage>>();
  const { acts, passages, vectors } = block;
  let began = performance.now();
  let products = 0;
  for (const { text, vector, cut } of texts) {
    const hits = new Map<number, NearPassage>();
    for (let at = 0; at < acts.length; at++) {
      const similarity = dot(vector, at * vector.length, vectors);
      if (similarity < cut) continue;
      const act = acts[at] ?? -1;
      if ((hits.get(act)?.similarity ?? -1) < similarity) {
        hits.set(act, { passage: passages[at] ?? 0, similarity });
      }
    }
    if (hits.size > 0) near.set(text, nearest(hits));
    products += acts.length;
    if (products < PRODUCTS) continue;
    products = 0;
    if (performance.now() - began < TURN_MS) continue;
    await new Promise<void>((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    began = performance.now();
  }
  return near;
}

function nearest(hits: ReadonlyMap<number, NearPassage>): ReadonlyMap<number, NearPassage> {
  if (hits.size <= MAX_ACTS) return hits;
  return new Map([...hits].sort(([, a], [, b]) => b.similarity - a.similarity).slice(0, MAX_ACTS));
}

/** Four sums at a time: a single one waits for itself at each step. */
function dot(vector: Float32Array, from: number, block: Float32Array): number {
  const { length } = vector;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let at = 0;
  for (; at + 3 < length; at += 4) {
    a += (vector[at] as number) * (block[from + at] as number);
    b += (vector[at + 1] as number) * (block[from + at + 1] as number);
    c += (vector[at + 2] as number) * (block[from + at + 2] as number);
    d += (vector[at + 3] as number) * (block[from + at + 3] as number);
  }
  for (; at < length; at++) a += (vector[at] as number) * (block[from + at] as number);
  return a + b + c + d;
}

function medianOf(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  return (
    ((sorted[middle] ?? 0) + (sorted[Math.ceil(sorted.length / 2) - 1] ?? sorted[middle] ?? 0)) / 2
  );
}
