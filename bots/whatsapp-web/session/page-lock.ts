/** Answers may go first for so long, then somebody is heard: what is not read is never answered. */
const MOST_PATIENCE_MS = 5_000;

interface Place {
  readonly isUrgent: boolean;
  readonly sinceMs: number;
  readonly start: () => void;
}

/**
 * One use of the page at a time, in the order of asking; what is urgent goes before what is not, unless that has waited
 * for long. A use that was aborted before its turn never begins.
 */
export function createPageLock(now: () => number = Date.now) {
  const waiting: Place[] = [];
  let isHeld = false;

  function next(): void {
    const [oldest] = waiting;
    const isPatient = oldest === undefined || now() - oldest.sinceMs < MOST_PATIENCE_MS;
    const urgent = isPatient ? waiting.findIndex(({ isUrgent }) => isUrgent) : 0;
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
    /**
     * For the holder alone: who waits has the page first, and until `others` settles (it never rejects) it is anybody's.
     * The holder has it again also where this rejects.
     */
    async giveWay(signal: AbortSignal | undefined, others?: Promise<unknown>): Promise<void> {
      if (others === undefined) {
        if (waiting.length === 0) return;
        const turn = inLine(false, undefined);
        next();
        await turn;
      } else {
        next();
        await others;
        if (isHeld) await inLine(false, undefined);
        else isHeld = true;
      }
      signal?.throwIfAborted();
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

  function inLine(isUrgent: boolean, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const place: Place = { isUrgent, sinceMs: now(), start };
      function start(): void {
        signal?.removeEventListener("abort", leave);
        resolve();
      }
      function leave(): void {
        const at = waiting.indexOf(place);
        if (at !== -1) waiting.splice(at, 1);
        reject(signal?.reason);
      }
      waiting.push(place);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }
}
