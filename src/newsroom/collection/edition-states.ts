import type { BegunAttempt, Settlement } from "../../core/collection.ts";
import type {
  AttemptOutcome,
  CollectionSettings,
  EditionState,
  Expectation,
  Reason,
} from "../../core/newsroom.ts";

/**
 * Which state may follow which. Collecting begins from every state (a person may always ask); all else happens to an
 * edition that is collected at that moment, by time, or by a person's word.
 */
export const NEXT_STATES: Readonly<Record<EditionState, readonly EditionState[]>> = {
  expected: ["collecting", "late", "missing", "not-published"],
  collecting: [
    "expected",
    "collected",
    "corrected",
    "late",
    "missing",
    "failed",
    "held-for-review",
    "needs-attention",
    "not-published",
  ],
  collected: ["collecting"],
  corrected: ["collecting"],
  late: ["collecting", "missing", "not-published"],
  missing: ["collecting", "not-published"],
  failed: ["collecting", "not-published"],
  "held-for-review": ["collecting", "not-published"],
  "needs-attention": ["collecting", "not-published"],
  "not-published": ["collecting"],
};

/** Nothing is tried by itself any more, or nothing but a look for corrections. */
const GOOD: ReadonlySet<EditionState> = new Set(["collected", "corrected"]);

/** What became of one attempt. */
export type Found =
  | { readonly kind: "found"; readonly isCorrection: boolean }
  /** The same bytes again, or a 304. */
  | { readonly kind: "unchanged" }
  /** 404, or a listing without it. */
  | { readonly kind: "absent"; readonly reason: Reason }
  | { readonly kind: "failed"; readonly reason: Reason; readonly retryAfterMs?: number }
  | { readonly kind: "held"; readonly reason: Reason }
  | { readonly kind: "layout-changed"; readonly reason: Reason }
  /** This process stops: whoever comes next begins at once. */
  | { readonly kind: "interrupted" };

/** What stands in the way of an edition. */
export type Trouble = Exclude<Found, { kind: "found" | "unchanged" | "interrupted" }>;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const FIRST_PAUSE_MS = 2 * MINUTE_MS;
const LONGEST_PAUSE_MS = 60 * MINUTE_MS;
/** After the hour at which it would be missing, a passing failure is tried again so many times, and then let be. */
const FAILURES_AFTER_CLOSING = 5;

/**
 * How an attempt leaves its edition: the one place where states follow from what was seen. `chance` in [0, 1) spreads
 * looks, so that all sources of an installation, and all installations, do not ask in the same second.
 */
export function settle(
  begun: Pick<BegunAttempt, "expectation" | "before">,
  found: Found,
  settings: Pick<CollectionSettings, "lookEveryMinutes" | "recheckDays" | "locator">,
  { now, chance }: { readonly now: Date; readonly chance: number },
): Omit<Settlement, "step" | "byteCount" | "documentCount" | "evidence"> {
  const { expectation, before } = begun;
  const wasGood = GOOD.has(before);
  const after = (ms: number) => new Date(now.getTime() + ms);
  const recheck = (left: number) =>
    left > 0 ? after(DAY_MS + chance * 30 * MINUTE_MS) : undefined;
  const as = (
    state: EditionState,
    outcome: AttemptOutcome,
    rest: Partial<Settlement> = {},
  ): ReturnType<typeof settle> => ({
    state,
    outcome,
    reason: undefined,
    failures: 0,
    nextAttemptAt: undefined,
    rechecksLeft: expectation.rechecksLeft,
    ...rest,
  });
  /** An edition that is there stays, whatever a look for corrections comes to. */
  const stays = (outcome: AttemptOutcome, reason: Reason | undefined) => {
    const rechecksLeft = Math.max(0, expectation.rechecksLeft - 1);
    return as(before, outcome, { reason, rechecksLeft, nextAttemptAt: recheck(rechecksLeft) });
  };
  const firstTime = (outcome: AttemptOutcome) => {
    const rechecksLeft = settings.recheckDays;
    return as("collected", outcome, { rechecksLeft, nextAttemptAt: recheck(rechecksLeft) });
  };
  switch (found.kind) {
    case "found": {
      if (!wasGood) return firstTime("collected");
      const rechecksLeft = Math.max(0, expectation.rechecksLeft - 1);
      const nextAttemptAt = recheck(rechecksLeft);
      return found.isCorrection
        ? as("corrected", "corrected", { rechecksLeft, nextAttemptAt })
        : as(before, "collected", { rechecksLeft, nextAttemptAt });
    }
    case "unchanged":
      return wasGood ? stays("unchanged", undefined) : firstTime("unchanged");
    case "interrupted": {
      if (wasGood) return as(before, "interrupted", { nextAttemptAt: now });
      // It is looked for at once by whoever comes next: nothing is given up for a stop of ours.
      const state = now >= expectation.lateAt ? "late" : "expected";
      const { failures } = expectation;
      return as(state, "interrupted", { nextAttemptAt: now, failures });
    }
    case "held":
      return wasGood
        ? stays("held", found.reason)
        : as("held-for-review", "held", { reason: found.reason });
    case "layout-changed":
      return wasGood
        ? stays("layout-changed", found.reason)
        : as("needs-attention", "layout-changed", { reason: found.reason });
    case "absent": {
      if (wasGood) return stays("absent", found.reason);
      const state = isOnSomeDays(settings)
        ? stateOfSomeDays(expectation, now)
        : stateByTime(expectation, now);
      const pause = settings.lookEveryMinutes * MINUTE_MS * (1 + chance / 5);
      const isOver = state === "missing" || state === "not-published";
      const next = isOver ? undefined : after(pause);
      return as(state, "absent", {
        reason: found.reason,
        ...(next && { nextAttemptAt: notBefore(next, expectation.expectedAt) }),
      });
    }
    case "failed": {
      if (wasGood) return stays("failed", found.reason);
      const failures = expectation.failures + 1;
      const goesOn = now < expectation.closesAt || failures < FAILURES_AFTER_CLOSING;
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
      const wait = Math.max(found.retryAfterMs ?? 0, pause * (1 + chance / 5));
      return as("failed", "failed", {
        reason: found.reason,
        failures,
        ...(goesOn && { nextAttemptAt: after(wait) }),
      });
    }
  }
  found satisfies never;
}

/** Whether a day without an edition is as good as one with it. */
function isOnSomeDays({ locator }: Pick<CollectionSettings, "locator">): boolean {
  return locator.kind === "numbered";
}

function stateOfSomeDays(
  { closesAt }: Pick<Expectation, "closesAt">,
  now: Date,
): "expected" | "not-published" {
  return now >= closesAt ? "not-published" : "expected";
}

/** What an edition is that is not there. */
export function stateByTime(
  { lateAt, closesAt }: Pick<Expectation, "lateAt" | "closesAt">,
  now: Date,
): "expected" | "late" | "missing" {
  if (now >= closesAt) return "missing";
  return now >= lateAt ? "late" : "expected";
}

function notBefore(time: Date, earliest: Date): Date {
  return time < earliest ? earliest : time;
}
