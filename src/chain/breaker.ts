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
  /** By hand: nothing is let through until then, whatever else is learned; undefined: that is over. */
  hold(until: Date | undefined): void;
  /** By hand: what was learned is forgotten, and the next call is let through. */
  reset(): void;
  state(): BreakerState;
}

export interface BreakerState {
  readonly kind: "closed" | "half-open" | "open" | "held";
  /** Of the last opening or closing that this process knows of. */
  readonly since: Date;
  /** Until when nothing is let through. */
  readonly until: Date | undefined;
  /** In a row. */
  readonly failures: number;
  /** When a call last succeeded here. */
  readonly succeededAt: Date | undefined;
  /** Code of the last failure here. */
  readonly failedWith: string | undefined;
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
  let heldUntil = 0;
  let since = clock.now();
  let succeededAt: Date | undefined;
  let failedWith: string | undefined;
  const now = () => clock.now().getTime();

  function open(forMs: number): void {
    if (until === undefined) since = clock.now();
    until = Math.max(until ?? 0, now() + Math.min(forMs, LONGEST_PAUSE_MS));
    tell({ kind: "open", until });
  }

  function fail(error: PregoneroError, isProbe: boolean): void {
    failures += 1;
    failedWith = error.code;
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
    if (until !== undefined) since = clock.now();
    failures = 0;
    pauseMs = FIRST_PAUSE_MS;
    until = undefined;
    otherProbeUntil = 0;
  }

  return {
    enter() {
      if (now() < heldUntil) return undefined;
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
          succeededAt = clock.now();
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
      const end = Math.max(heldUntil, until === undefined ? 0 : Math.max(until, otherProbeUntil));
      return end > now() ? new Date(end) : undefined;
    },
    hear(news) {
      switch (news.kind) {
        case "open":
          if (until === undefined) since = clock.now();
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
    hold(end) {
      const before = heldUntil > now();
      heldUntil = end?.getTime() ?? 0;
      if (before !== heldUntil > now()) since = clock.now();
    },
    reset() {
      heldUntil = 0;
      isProbing = false;
      failedWith = undefined;
      close();
    },
    state() {
      const rests = this.restsUntil();
      const isHeld = heldUntil > now();
      const kind = until === undefined ? "closed" : rests === undefined ? "half-open" : "open";
      return {
        kind: isHeld ? "held" : kind,
        since,
        until: rests,
        failures,
        succeededAt,
        failedWith,
      };
    },
  };
}
