import type { FoundItem } from "./found.ts";

/** More than a page draws at once. */
const MAX_ROWS = 300;

/** What rows looked like when they were last described, so that an unchanged one is neither sent nor parsed again. */
export interface RowMemory {
  fingerprints(): Readonly<Record<string, string>>;
  /** The items, those that have not changed replaced by their description; a forgotten one is left out. */
  complete(items: readonly FoundItem[]): FoundItem[];
}

export function createRowMemory(): RowMemory {
  const rows = new Map<string, FoundItem>();
  return {
    fingerprints: () =>
      Object.fromEntries([...rows].map(([dataId, item]) => [dataId, item.fingerprint ?? ""])),
    complete: (items) =>
      items.flatMap((item) => {
        const dataId = item.attribute("data-id") ?? "";
        const known = rows.get(dataId);
        if (item.isSame) return known === undefined ? [] : [known];
        rows.delete(dataId);
        if (dataId !== "" && item.fingerprint !== undefined) rows.set(dataId, item);
        const [oldest] = rows.keys();
        if (rows.size > MAX_ROWS && oldest !== undefined) rows.delete(oldest);
        return [item];
      }),
  };
}
