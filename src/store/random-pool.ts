import { randomFillSync } from "node:crypto";

const POOL_BYTES = 8_192;

let pool = Buffer.alloc(0);
let used = 0;

/**
 * Bytes of the system's generator that nobody else has had, at most 64 of them. They are drawn from it some thousands
 * at a time: a call for each dozen costs more than the encryption that needs them.
 */
export function randomFromPool(length: number): Buffer {
  if (used + length > pool.length) {
    // A new one each time: who holds a part of the old one keeps it.
    pool = randomFillSync(Buffer.alloc(POOL_BYTES));
    used = 0;
  }
  used += length;
  return pool.subarray(used - length, used);
}
