import { randomFillSync } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { asId, type ModelCallId } from "../core/ids.ts";

/** Of one id. */
const RANDOM_BYTES = 16;
const pool = Buffer.alloc(256 * RANDOM_BYTES);
let used = pool.length;

/** In order of time. Randomness is taken for 256 ids at once: asking the system for one costs 50 µs. */
export function nextCallId(): ModelCallId {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  // Each takes its own bytes: they are not cleared, and not used again.
  const random = pool.subarray(used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  return asId<ModelCallId>(uuidv7({ random }));
}
