import type { Clock } from "../core/clock.ts";
import type { PregoneroError } from "../core/errors.ts";

/** Consecutive failures after which a provider is left alone. */
const FAILURES_TO_OPEN = 3;
/** First pause, doubled with each failed probe up to the longest. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;

/**
 * Whether a provider may be called. `closed`: yes. `open`, after repeated failures, a `retry-after`, or an error
 * that only a person can mend (key, credit): not before `until`. Then `half-open`: one call at a time is let
 * through as a probe; its success closes the breaker, its failure opens it for twice as long.
 */
export interface Breaker {
  /** Undefined: do not call now. Else call, and report the outcome by exactly one of the pass's methods. */
  enter(): BreakerPass | undefined;
}

export interface BreakerPass {
  succeeded(): void;
  failed(error: PregoneroError): void;
  /** The call ended without telling anything of the provider's health (aborted by us, question too long). */
  abandoned(): void;
}

/** Our own rather than a library's: a `retry-after` must set how long it stays open, and time is the `Clock`'s. */
export function createBreaker(clock: Clock): Breaker {
  let failures = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let until: number | undefined;
  let isProbing = false;

  function open(forMs: number): void {
    until = Math.max(until ?? 0, clock.now().getTime() + Math.min(forMs, LONGEST_PAUSE_MS));
  }

  function fail(error: PregoneroError, isProbe: boolean): void {
    failures += 1;
    if (typeof error.retry === "object") {
      open(error.retry.afterMs);
    } else if (error.retry === "never") {
      open(LONGEST_PAUSE_MS);
    } else if (isProbe) {
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      open(pauseMs);
    } else if (failures >= FAILURES_TO_OPEN && until === undefined) {
      open(pauseMs);
    }
  }

  return {
    enter() {
      const isProbe = until !== undefined;
      if (isProbe && (isProbing || clock.now().getTime() < (until ?? 0))) return undefined;
      if (isProbe) isProbing = true;
      const leave = () => {
        if (isProbe) isProbing = false;
      };
      return {
        succeeded() {
          leave();
          failures = 0;
          // A call that began before the breaker opened says nothing against a retry-after given since.
          if (!isProbe) return;
          pauseMs = FIRST_PAUSE_MS;
          until = undefined;
        },
        failed(error) {
          leave();
          fail(error, isProbe);
        },
        abandoned: leave,
      };
    },
  };
}
