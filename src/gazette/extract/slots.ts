/** Lets a bounded number of tasks run at the same time; the others wait their turn, in order. */
export interface Slots {
  use<Result>(signal: AbortSignal, task: () => Promise<Result>): Promise<Result>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];

  function acquire(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      function onAbort(): void {
        waiting.splice(waiting.indexOf(take), 1);
        reject(signal.reason);
      }
      function take(): void {
        signal.removeEventListener("abort", onAbort);
        resolve();
      }
      waiting.push(take);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  return {
    async use(signal, task) {
      await acquire(signal);
      try {
        return await task();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}
