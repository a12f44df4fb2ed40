import type { Clock } from "../core/clock.ts";
import type { PregoneroError } from "../core/errors.ts";

/** Consecutive failures after which a provider is left alone. */
const FAILURES_TO_OPEN = 3;
/** First pause, doubled with each failed probe up to the longest. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;

/** What a breaker tells those of other processes, and hears from them. Times are epoch milliseconds. */
export type BreakerNews =
  | { readonly kind: "open"; readonly until: number }
  | { readonly kind: "closed" }
  /** A probe is under way; whoever hears it waits for its outcome, but not past `until`. */
  | { readonly kind: "probing"; readonly until: number };

/** A probe whose process died is not waited for longer. */
const PROBE_MS = 30_000;

/**
 * Whether a provider may be called. `closed`: yes. `open`, after repeated failures, a `retry-after`, or an error
 * that only a person can mend (key, credit): not before `until`. Then `half-open`: one call at a time, over all
 * processes, is let through as a probe; its success closes the breaker, its failure opens it for twice as long.
 */
export interface Breaker {
  /** Undefined: do not call now. Else call, and report the outcome by exactly one of the pass's methods. */
  enter(): BreakerPass | undefined;
  /** Until when nothing is let through; undefined: it would let a call through now. */
  restsUntil(): Date | undefined;
  /** What the breaker of the same provider in another process told. */
  hear(news: BreakerNews): void;
}

export interface BreakerPass {
  succeeded(): void;
  failed(error: PregoneroError): void;
  /** The call ended without telling anything of the provider's health (aborted by us, question too long). */
  abandoned(): void;
}

/**
 * Our own rather than a library's: a `retry-after` must set how long it stays open, processes share what they
 * learn, and time is the `Clock`'s.
 */
export function createBreaker(clock: Clock, tell: (news: BreakerNews) => void = () => {}): Breaker {
  let failures = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let until: number | undefined;
  let isProbing = false;
  let otherProbeUntil = 0;
  const now = () => clock.now().getTime();

  function open(forMs: number): void {
    until = Math.max(until ?? 0, now() + Math.min(forMs, LONGEST_PAUSE_MS));
    tell({ kind: "open", until });
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

  function close(): void {
    failures = 0;
    pauseMs = FIRST_PAUSE_MS;
    until = undefined;
    otherProbeUntil = 0;
  }

  return {
    enter() {
      const isProbe = until !== undefined;
      if (isProbe && (isProbing || now() < Math.max(until ?? 0, otherProbeUntil))) return undefined;
      if (isProbe) {
        isProbing = true;
        tell({ kind: "probing", until: now() + PROBE_MS });
      }
      const leave = () => {
        if (isProbe) isProbing = false;
      };
      return {
        succeeded() {
          leave();
          failures = 0;
          // A call that began before the breaker opened says nothing against a retry-after given since.
          if (!isProbe) return;
          close();
          tell({ kind: "closed" });
        },
        failed(error) {
          leave();
          fail(error, isProbe);
        },
        abandoned: leave,
      };
    },
    restsUntil() {
      if (until === undefined) return undefined;
      const end = Math.max(until, otherProbeUntil);
      return end > now() ? new Date(end) : undefined;
    },
    hear(news) {
      switch (news.kind) {
        case "open":
          until = Math.max(until ?? 0, Math.min(news.until, now() + LONGEST_PAUSE_MS));
          otherProbeUntil = 0;
          return;
        case "probing":
          otherProbeUntil = Math.min(news.until, now() + PROBE_MS);
          return;
        case "closed":
          close();
          return;
        default:
          news satisfies never;
      }
    },
  };
}
