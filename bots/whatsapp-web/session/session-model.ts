import type { SessionState } from "../../../src/core/session.ts";
import type { ScreenReading } from "../detection/page-reader.ts";

/**
 * The life of one session, told by what was seen and asked. Pure: times come with the events, and what is to be done
 * is returned as effects, in order.
 *
 * `starting` until the page shows something; `waiting-for-scan` while codes are shown; `connecting` while it loads;
 * then `ready`, or `degraded` when it works with less (the phone is offline), `restricted` when the network limits
 * the account, `needs-adapter` when no pack reads the page. `conflict` while another window has the account. From
 * `parked` and `stopped` only a person leads on; the browser is closed in both.
 */
export interface SessionModel {
  readonly state: SessionState;
  readonly sinceMs: number;
  readonly evidence: string;
  readonly action?: string;
  /** A browser was asked for and has not ended. */
  readonly hasBrowser: boolean;
  /** The engine reads and writes. */
  readonly isAttached: boolean;
  /** When the next browser is to start, while there is none. */
  readonly startAtMs?: number;
  /** Of the present page: when it was loaded. */
  readonly loadedAtMs: number;
  /** Codes shown since a person last asked for something. */
  readonly codesShown: number;
  /** Starts of the browser in the last hour. */
  readonly starts: readonly number[];
  /** Starts since the page last was ready. */
  readonly fruitlessStarts: number;
  /** When we took the account back from another window in the last day. */
  readonly takeOvers: readonly number[];
  readonly wasSignedIn: boolean;
  /** Since when the page shows nothing that we know, or nothing that we can read. */
  readonly strangeSinceMs?: number;
  /** Since when nothing is drawn on it. */
  readonly blankSinceMs?: number;
  /** When the page was last loaded anew because of what it showed. */
  readonly reloadedAtMs?: number;
}

export type SessionEvent = { readonly atMs: number } & (
  | {
      readonly kind: "looked";
      readonly screen: ScreenReading;
      readonly isRestricted: boolean;
      /** What the canary misses; empty: the page can be read. */
      readonly unreadable: readonly string[];
      /** The QR is not the one that was shown before. */
      readonly isNewCode: boolean;
    }
  /** The browser is gone or of no use any more. `evidence`: one English sentence. */
  | { readonly kind: "broke"; readonly evidence: string }
  /** Closed on purpose while idle, to be opened again. */
  | { readonly kind: "recycled"; readonly evidence: string }
  | { readonly kind: "attached" }
  | { readonly kind: "timer" }
  | {
      readonly kind: "asked";
      readonly request: "restart" | "resume" | "stop" | "use-here" | "logged-out";
    }
);

export type SessionEffect =
  | "launch"
  | "kill"
  | "reload"
  | "attach"
  | "detach"
  | "publish-code"
  | "withdraw-code"
  | "renew-code"
  | "take-over"
  | "dismiss";

export interface Reduced {
  readonly model: SessionModel;
  readonly effects: readonly SessionEffect[];
}

/** An hour, by which starts and take-overs are counted. */
export const HOUR_MS = 3_600_000;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 60_000;

export type Said = Pick<SessionModel, "state" | "evidence"> & { readonly action?: string };

export function say(model: SessionModel, atMs: number, said: Said): SessionModel {
  const { action: _action, ...rest } = model;
  return {
    ...rest,
    ...said,
    sinceMs: model.state === said.state ? model.sinceMs : atMs,
  };
}

/** Ends the browser and says why. */
export function leave(model: SessionModel, atMs: number, said: Said): Reduced {
  const effects: SessionEffect[] = ["withdraw-code"];
  if (model.isAttached) effects.push("detach");
  if (model.hasBrowser) effects.push("kill");
  const { strangeSinceMs: _strange, blankSinceMs: _blank, ...rest } = model;
  return {
    model: { ...say(rest, atMs, said), hasBrowser: false, isAttached: false },
    effects,
  };
}

export function restart(model: SessionModel, atMs: number, evidence: string): Reduced {
  const failures = Math.max(0, model.fruitlessStarts - 1);
  const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** failures);
  return leave({ ...model, startAtMs: atMs + backoffMs }, atMs, { state: "starting", evidence });
}
