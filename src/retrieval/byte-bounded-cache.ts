/** Keeps what was used last, up to a number of bytes as estimated by whoever puts it in. */
export interface ByteBoundedCache {
  get(key: string): unknown;
  set(key: string, value: unknown, bytes: number): void;
}

/** What an entry costs beside its value and the letters of its key: map slot and record. */
const ENTRY_BYTES = 100;

export function createByteBoundedCache(maxBytes: number): ByteBoundedCache {
  // A Map iterates in order of insertion: the first entry is the one unused for longest.
  const entries = new Map<string, { readonly value: unknown; readonly bytes: number }>();
  let usedBytes = 0;
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, bytes) {
      const cost = bytes + key.length + ENTRY_BYTES;
      if (cost > maxBytes) return;
      const old = entries.get(key);
      if (old !== undefined) {
        usedBytes -= old.bytes;
        entries.delete(key);
      }
      entries.set(key, { value, bytes: cost });
      usedBytes += cost;
      for (const [oldest, entry] of entries) {
        if (usedBytes <= maxBytes) break;
        entries.delete(oldest);
        usedBytes -= entry.bytes;
      }
    },
  };
}
