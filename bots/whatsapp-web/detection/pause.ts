import { setTimeout as sleep } from "node:timers/promises";

/** Resolves after `ms`; rejects with the signal's reason. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/**
 * Asks again and again until `look` finds something or the time is over. What is looked at changes within a few drawings
 * of the page; 60 ms is about four.
 */
export async function until<T>(
  look: () => Promise<T | undefined>,
  options: { readonly withinMs: number; readonly signal: AbortSignal | undefined },
): Promise<T | undefined> {
  const endsAt = performance.now() + options.withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined || performance.now() > endsAt) return found;
    await pause(60, options.signal);
  }
}
