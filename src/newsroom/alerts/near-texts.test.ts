import { describe, expect, it } from "vitest";
import type { PassageMeaning } from "../../core/alert-meanings.ts";
import { asId, type PassageId } from "../../core/ids.ts";
import type { EditionText } from "../../core/subscriptions.ts";
import { blockOf, cutOf, findNear } from "./near-texts.ts";

const signal = new AbortController().signal;
const DIMENSIONS = 256;

/** Numbers that look drawn, and are the same each time (a linear congruential generator, Numerical Recipes). */
function createNumbers(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

function unit(numbers: readonly number[]): Float32Array {
  const norm = Math.hypot(...numbers);
  return Float32Array.from(numbers, (number) => number / norm);
}

/** A passage as embedders place them: all of them share a direction, `common` strong. */
function passages(count: number, common: number, next = createNumbers(1)): Float32Array[] {
  return Array.from({ length: count }, () =>
    unit(Array.from({ length: DIMENSIONS }, (_, at) => next() + (at === 0 ? common : 0))),
  );
}

/** Between two vectors, `share` of the first. */
function between(one: Float32Array, other: Float32Array, share: number): Float32Array {
  return unit(Array.from(one, (number, at) => share * number + (1 - share) * (other[at] ?? 0)));
}

function editionOf(count: number): { readonly text: EditionText; readonly ids: PassageId[] } {
  const ids = Array.from({ length: count }, (_, at) => asId<PassageId>(String(at + 1)));
  const acts = ids.map((passageId) => ({
    title: "Decreto",
    issuingBody: "",
    section: "",
    page: 1,
    passages: [{ passageId, page: 1, printedPage: undefined, text: "Texto." }],
  }));
  return { ids, text: { acts } as unknown as EditionText };
}

const meaningsOf = (ids: readonly PassageId[], vectors: readonly Float32Array[]) =>
  ids.flatMap((passageId, at): PassageMeaning[] => {
    const vector = vectors[at];
    return vector === undefined ? [] : [{ passageId, vector }];
  });

describe("the measure of what is near", () => {
  // What two texts about nothing in common have, of embedders as they are: 0.05, 0.5 and 0.85.
  it.each([1, 4.6, 11])(
    "finds the one passage, however alike an embedder calls all (%d)",
    async (common) => {
      const next = createNumbers(7);
      const archive = passages(1_000, common, next);
      const edition = passages(400, common, next);
      const [text] = passages(1, common, next);
      if (text === undefined) throw new Error("No text.");
      const stranger = edition[17] as Float32Array;
      edition[17] = between(text, stranger, 0.6);
      const { ids, text: acts } = editionOf(edition.length);
      const meaning = { text: "sueldos", vector: text, cut: cutOf(text, archive) };
      const near = await findNear(
        blockOf({ text: acts }, meaningsOf(ids, edition)),
        [meaning],
        signal,
      );
      expect([...(near.get("sueldos")?.keys() ?? [])]).toEqual([17]);
    },
  );

  it("finds nothing in four hundred passages about other things, for all of a hundred texts", async () => {
    const next = createNumbers(3);
    const archive = passages(1_000, 4.6, next);
    const edition = passages(400, 4.6, next);
    const texts = passages(100, 4.6, next).map((vector, at) => ({
      text: `tema ${at}`,
      vector,
      cut: cutOf(vector, archive),
    }));
    const { ids, text } = editionOf(edition.length);
    const near = await findNear(blockOf({ text }, meaningsOf(ids, edition)), texts, signal);
    // One in 30,000 of 40,000 comparisons.
    expect(near.size).toBeLessThanOrEqual(3);
  });

  it("tells of the ten nearest acts at most", async () => {
    const text = unit([1, ...Array.from({ length: 31 }, () => 0)]);
    const { ids, text: acts } = editionOf(30);
    const others = ids.map((_, at) => {
      const similarity = 0.2 + at / 60;
      const rest = Array.from({ length: 31 }, (_, place) => (place === at ? 1 : 0));
      return unit([similarity, ...rest.map((one) => one * Math.sqrt(1 - similarity ** 2))]);
    });
    const near = await findNear(
      blockOf({ text: acts }, meaningsOf(ids, others)),
      [{ text: "sueldos", vector: text, cut: 0.3 }],
      signal,
    );
    expect([...(near.get("sueldos")?.keys() ?? [])].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 10 }, (_, at) => at + 20),
    );
  });
});
