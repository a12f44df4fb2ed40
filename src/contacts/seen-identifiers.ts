import { createHash, randomBytes } from "node:crypto";

const FIRST_CAPACITY = 4_096;

/**
 * On which line each identifier of a file stood first. Kept as 8 bytes of a salted hash and the line, 24 bytes at most
 * for each (10 MB for 400,000), where the identifiers themselves would take ten times that: two of them are taken for
 * one with a probability of n² / 2⁶⁵, and nobody can choose them so, since the salt is new each time.
 */
export function createSeenIdentifiers(): {
  /** The line on which it stood before; undefined, and noted, when this is the first. */
  firstLine(identifier: string, line: number): number | undefined;
} {
  const salt = randomBytes(16);
  let table = createTable(FIRST_CAPACITY);
  let count = 0;
  return {
    firstLine(identifier, line) {
      const hash = createHash("sha256").update(salt).update(identifier).digest().readBigUInt64LE(0);
      const slot = slotOf(table, hash);
      const before = table.lines[slot] ?? 0;
      if (before !== 0) return before;
      table.hashes[slot] = hash;
      table.lines[slot] = line;
      count += 1;
      // Half full at most, so that a look-up meets two places on average.
      if (count * 2 > table.lines.length) table = grown(table);
      return undefined;
    },
  };
}

/** Open addressing; a line of 0 is a free place. */
interface Table {
  readonly hashes: BigUint64Array;
  readonly lines: Uint32Array;
}

function createTable(capacity: number): Table {
  return { hashes: new BigUint64Array(capacity), lines: new Uint32Array(capacity) };
}

/** Where the hash is, or would be put. The capacity is a power of two. */
function slotOf({ hashes, lines }: Table, hash: bigint): number {
  const mask = lines.length - 1;
  let slot = Number(hash & BigInt(mask));
  while (lines[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) & mask;
  return slot;
}

function grown(table: Table): Table {
  const larger = createTable(table.lines.length * 2);
  for (const [index, line] of table.lines.entries()) {
    const hash = table.hashes[index];
    if (line === 0 || hash === undefined) continue;
    const slot = slotOf(larger, hash);
    larger.hashes[slot] = hash;
    larger.lines[slot] = line;
  }
  return larger;
}
