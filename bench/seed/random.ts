/** Numbers that look random and are the same in every run (mulberry32). */
export interface Random {
  /** From 0 up to and without 1. */
  next(): number;
  /** From 0 up to and without `limit`. */
  below(limit: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** UUIDv7 of this moment: in the order of time, as the product's own. */
  uuid(atMs: number): string;
}

export function createRandom(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => below(16).toString(16)).join("");
  return {
    next,
    below,
    pick: (items) => items[below(items.length)] ?? items[0],
    uuid(atMs) {
      const time = Math.floor(atMs).toString(16).padStart(12, "0");
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-8${hex(3)}-${hex(12)}`;
    },
  };
}
