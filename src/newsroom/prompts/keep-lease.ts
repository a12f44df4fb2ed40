import type { Clock } from "../../core/clock.ts";
import type { Logger } from "../../core/logger.ts";
import type { PromptWork, RunLease } from "../../core/prompt-work.ts";

const KEEP_EVERY_MS = 30_000;

/** Says every half minute that this process is at the run, and learns when it is not the one any more. */
export function keepLease(
  {
    work,
    clock,
    logger,
  }: {
    readonly work: Pick<PromptWork, "keep">;
    readonly clock: Clock;
    readonly logger: Logger;
  },
  lease: RunLease,
  leaseMs: number,
): { readonly lost: AbortSignal; end(): Promise<void> } {
  const lost = new AbortController();
  let keeping: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    keeping = work
      .keep(lease, clock.now(), leaseMs)
      .then((isKept) => {
        if (!isKept) lost.abort(new Error("The lease of the run is lost."));
      })
      // A store that is away for a moment takes the lease from nobody.
      .catch((error: unknown) => logger.warn("prompt-lease-not-kept", { error }));
  }, KEEP_EVERY_MS);
  return {
    lost: lost.signal,
    async end() {
      clearInterval(timer);
      await keeping;
    },
  };
}
