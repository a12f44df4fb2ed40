/**
 * One use of the page at a time, in the order of asking; what is urgent goes before what is not. A use that was
 * aborted before its turn never begins.
 */
export function createPageLock() {
  const waiting: { readonly isUrgent: boolean; readonly start: () => void }[] = [];
  let isHeld = false;

  function next(): void {
    const urgent = waiting.findIndex(({ isUrgent }) => isUrgent);
    const [first] = waiting.splice(Math.max(0, urgent), 1);
    isHeld = first !== undefined;
    first?.start();
  }

  return {
    /** How many wait. */
    get length() {
      return waiting.length;
    },
    get isHeld() {
      return isHeld;
    },
    async run<Result>(
      work: () => Promise<Result>,
      options: { readonly signal: AbortSignal; readonly isUrgent?: boolean },
    ): Promise<Result> {
      const { signal, isUrgent = false } = options;
      signal.throwIfAborted();
      if (isHeld) await inLine(isUrgent, signal);
      else isHeld = true;
      try {
        signal.throwIfAborted();
        return await work();
      } finally {
        next();
      }
    },
  };

  function inLine(isUrgent: boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const place = { isUrgent, start };
      function start(): void {
        signal.removeEventListener("abort", leave);
        resolve();
      }
      function leave(): void {
        const at = waiting.indexOf(place);
        if (at !== -1) waiting.splice(at, 1);
        reject(signal.reason);
      }
      waiting.push(place);
      signal.addEventListener("abort", leave, { once: true });
    });
  }
}
