/** Runs work when there is a place for it; rejects with the signal's reason when that aborts while waiting. */
export type InPlace = <Result>(signal: AbortSignal, work: () => Promise<Result>) => Promise<Result>;

/** At most `count` works at once; the others wait in the order in which they came. */
export function createPlaces(count: number): InPlace {
  let free = count;
  const waiting = new Set<() => void>();

  function untilFree(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const take = () => {
        waiting.delete(take);
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        waiting.delete(take);
        reject(signal.reason);
      };
      waiting.add(take);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  return async (signal, work) => {
    signal.throwIfAborted();
    if (free > 0) free -= 1;
    else await untilFree(signal);
    try {
      return await work();
    } finally {
      const [next] = waiting;
      if (next === undefined) free += 1;
      else next();
    }
  };
}
