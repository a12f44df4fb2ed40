import { PregoneroError } from "./errors.ts";

/**
 * A vector of length 1. Throws `embedding-mismatch` (never retried) when there is none, when it has not
 * `dimensions` numbers, or when its length is none. `embedder` is for the message.
 */
export function toUnitVector(
  numbers: readonly number[] | undefined,
  dimensions: number,
  embedder: string,
): Float32Array {
  if (numbers?.length !== dimensions) {
    throw new PregoneroError(
      "embedding-mismatch",
      `${embedder} returned ${numbers === undefined ? "nothing" : `${numbers.length} numbers`} for a text: configure the dimensions that it has.`,
    );
  }
  const norm = Math.hypot(...numbers);
  if (!Number.isFinite(norm) || norm === 0) {
    throw new PregoneroError(
      "embedding-mismatch",
      `${embedder} returned a vector of length ${norm}.`,
    );
  }
  return Float32Array.from(numbers, (number) => number / norm);
}
