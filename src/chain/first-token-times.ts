/** How soon a link began to write, of late. */
export interface FirstTokenTimes {
  /** Milliseconds to the first piece, or that were waited in vain for it. */
  add(ms: number): void;
  /** Milliseconds in which 95 % of the calls began to write; undefined while too few are known. */
  p95(): number | undefined;
}

/** Enough that one slow call is not the 95th percentile, few enough that an hour ago is forgotten. */
const REMEMBERED = 100;
const ENOUGH = 20;

/**
 * A rolling window of the last 100 calls. A call that was given up or overtaken counts as long as it was waited
 * for: left out, the window would hold quick calls only, and ever more would seem slow.
 */
export function createFirstTokenTimes(): FirstTokenTimes {
  const times: number[] = [];
  let next = 0;
  return {
    add(ms) {
      times[next] = ms;
      next = (next + 1) % REMEMBERED;
    },
    p95() {
      if (times.length < ENOUGH) return undefined;
      const ascending = times.toSorted((a, b) => a - b);
      return ascending[Math.ceil(0.95 * ascending.length) - 1];
    },
  };
}
