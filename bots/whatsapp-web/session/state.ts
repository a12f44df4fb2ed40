import type { SessionReport, SessionState } from "../../../src/core/session.ts";
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

export const CODE_ATTEMPTS = 5;
/** A cold profile with many chats took over 60 s (reference, 1.1). */
export const COLD_START_MS = 90_000;
/** Starts without ever getting ready, and starts at all within an hour, before a person has to look. */
const MOST_FRUITLESS_STARTS = 6;
const MOST_STARTS_PER_HOUR = 60;
const HOUR_MS = 3_600_000;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 60_000;
/** The other window belongs to a person: it is left alone for this long, and so often a day at most. */
const CONFLICT_PATIENCE_MS = 15 * 60_000;
const MOST_TAKE_OVERS_PER_DAY = 3;
/** A page between two screens shows nothing that we know for a moment. */
const STRANGE_FOR_MS = 20_000;
const RELOAD_EVERY_MS = 10 * 60_000;

/** In these a person leads on; a page that logs out by itself shows a code soon and waits for its scan. */
const LEFT_TO_PEOPLE: readonly SessionState[] = ["parked", "stopped", "logged-out"];

/** What the account was when its last process left it; `parked` and `stopped` are for a person to end. */
export function initialModel(last: SessionReport | undefined, atMs: number): SessionModel {
  const isLeft = last !== undefined && LEFT_TO_PEOPLE.includes(last.state);
  return {
    state: isLeft ? last.state : "starting",
    sinceMs: isLeft ? Date.parse(last.since) : atMs,
    evidence: isLeft ? last.evidence : "The session was taken up by this process.",
    ...(isLeft && last.action !== undefined && { action: last.action }),
    ...(!isLeft && { startAtMs: atMs }),
    hasBrowser: false,
    isAttached: false,
    loadedAtMs: atMs,
    codesShown: 0,
    starts: [],
    fruitlessStarts: 0,
    takeOvers: [],
    wasSignedIn: false,
  };
}

export function reduceSession(model: SessionModel, event: SessionEvent): Reduced {
  switch (event.kind) {
    case "timer":
      return onTimer(model, event.atMs);
    case "looked":
      return model.hasBrowser ? onLook(model, event) : { model, effects: [] };
    case "attached":
      return { model: { ...model, isAttached: model.hasBrowser }, effects: [] };
    case "broke":
      return model.hasBrowser ? restart(model, event.atMs, event.evidence) : { model, effects: [] };
    case "recycled":
      return model.hasBrowser
        ? leave({ ...model, startAtMs: event.atMs }, event.atMs, {
            state: "starting",
            evidence: event.evidence,
          })
        : { model, effects: [] };
    case "asked":
      return onRequest(model, event.request, event.atMs);
    default:
      return event satisfies never;
  }
}

type Said = Pick<SessionModel, "state" | "evidence"> & { readonly action?: string };

function say(model: SessionModel, atMs: number, said: Said): SessionModel {
  const { action: _action, ...rest } = model;
  return {
    ...rest,
    ...said,
    sinceMs: model.state === said.state ? model.sinceMs : atMs,
  };
}

function onTimer(model: SessionModel, atMs: number): Reduced {
  if (model.hasBrowser || model.startAtMs === undefined || atMs < model.startAtMs) {
    return { model, effects: [] };
  }
  const starts = [...model.starts.filter((at) => at > atMs - HOUR_MS), atMs];
  const isSpent =
    model.fruitlessStarts >= MOST_FRUITLESS_STARTS || starts.length > MOST_STARTS_PER_HOUR;
  const { startAtMs: _startAt, strangeSinceMs: _strange, ...rest } = model;
  if (isSpent) {
    const parked = say(rest, atMs, {
      state: "parked",
      evidence: `The browser was started ${Math.max(model.fruitlessStarts, starts.length - 1)} times in vain. Last: ${model.evidence}`,
      action: "Look at the evidence, then resume the session.",
    });
    return { model: parked, effects: ["withdraw-code"] };
  }
  const launched: SessionModel = {
    ...rest,
    hasBrowser: true,
    isAttached: false,
    loadedAtMs: atMs,
    starts,
    fruitlessStarts: model.fruitlessStarts + 1,
  };
  const model2 = say(launched, atMs, {
    state: "starting",
    evidence: "The browser is being started.",
  });
  return { model: model2, effects: ["launch"] };
}

/** Ends the browser and says why. */
function leave(model: SessionModel, atMs: number, said: Said): Reduced {
  const effects: SessionEffect[] = ["withdraw-code"];
  if (model.isAttached) effects.push("detach");
  if (model.hasBrowser) effects.push("kill");
  const { strangeSinceMs: _strange, ...rest } = model;
  return {
    model: { ...say(rest, atMs, said), hasBrowser: false, isAttached: false },
    effects,
  };
}

function restart(model: SessionModel, atMs: number, evidence: string): Reduced {
  const failures = Math.max(0, model.fruitlessStarts - 1);
  const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** failures);
  return leave({ ...model, startAtMs: atMs + backoffMs }, atMs, { state: "starting", evidence });
}

type Look = Extract<SessionEvent, { kind: "looked" }>;

function onLook(model: SessionModel, look: Look): Reduced {
  const { screen, atMs } = look;
  if (screen.kind === "main") return onMain(model, look);
  const isDetached = model.isAttached && screen.kind !== "unknown";
  const before: SessionEffect[] = isDetached ? ["detach"] : [];
  const seen = isDetached ? { ...model, isAttached: false } : model;
  const reduced = onOtherScreen(seen, look, atMs);
  return { model: reduced.model, effects: [...before, ...reduced.effects] };
}

function withoutStrangeness({ strangeSinceMs: _strange, ...model }: SessionModel): SessionModel {
  return model;
}

function onOtherScreen(model: SessionModel, look: Look, atMs: number): Reduced {
  const { screen } = look;
  switch (screen.kind) {
    case "main":
      return { model, effects: [] };
    case "loading":
      if (atMs - model.loadedAtMs > COLD_START_MS) {
        return restart(
          model,
          atMs,
          `The page was loading for more than ${COLD_START_MS / 1_000} s.`,
        );
      }
      return {
        model: say(withoutStrangeness(model), atMs, {
          state: "connecting",
          evidence: screen.evidence,
        }),
        effects: ["withdraw-code"],
      };
    case "qr":
    case "pairing-code":
      return onCode(withoutStrangeness(model), look);
    case "conflict":
      return onConflict(withoutStrangeness(model), look);
    case "logged-out":
      return {
        model: {
          ...say(withoutStrangeness(model), atMs, {
            state: "logged-out",
            evidence: screen.evidence,
            action: "Link the account again: scan the code that follows.",
          }),
          wasSignedIn: false,
          loadedAtMs: atMs,
        },
        effects: [],
      };
    case "update-needed":
      return onStrange(model, look, {
        state: "degraded",
        evidence: screen.evidence,
        action: "Update Chromium: WhatsApp Web refuses this one.",
      });
    case "database-error":
      return restart(model, atMs, screen.evidence);
    case "unknown":
      return onUnknown(model, look);
    default:
      return screen satisfies never;
  }
}

function onCode(model: SessionModel, look: Look): Reduced {
  const { screen, atMs } = look;
  const codesShown = model.codesShown + (look.isNewCode ? 1 : 0);
  if (codesShown > CODE_ATTEMPTS) {
    return leave({ ...model, codesShown: 0, wasSignedIn: false }, atMs, {
      state: "parked",
      evidence: `${CODE_ATTEMPTS} codes were shown and none was scanned.`,
      action: "Resume the session when somebody is there to scan.",
    });
  }
  // Codes take their time: only a page that never shows one is out of order.
  const said = say(model, atMs, {
    state: "waiting-for-scan",
    evidence: `${model.wasSignedIn ? "The account was logged out. " : ""}${screen.evidence}`,
    action: "Scan the code with the phone: WhatsApp, Linked devices.",
  });
  const isExpired = screen.kind === "qr" && screen.isExpired;
  const hasCode =
    screen.kind === "pairing-code" || (screen.kind === "qr" && screen.ref !== undefined);
  const next = { ...said, codesShown, loadedAtMs: atMs, fruitlessStarts: 0 };
  if (isExpired) return { model: next, effects: ["withdraw-code", "renew-code"] };
  return { model: next, effects: hasCode ? ["publish-code"] : ["withdraw-code"] };
}

function onConflict(model: SessionModel, look: Look): Reduced {
  const { atMs, screen } = look;
  const recent = model.takeOvers.filter((at) => at > atMs - 24 * HOUR_MS);
  const said = say(model, atMs, {
    state: "conflict",
    evidence: screen.evidence,
    action: "Close WhatsApp Web in the other browser, or take the account back here (use-here).",
  });
  const isDue = model.state === "conflict" && atMs - model.sinceMs >= CONFLICT_PATIENCE_MS;
  if (!isDue || recent.length >= MOST_TAKE_OVERS_PER_DAY) {
    return { model: { ...said, takeOvers: recent }, effects: [] };
  }
  return {
    model: { ...said, takeOvers: [...recent, atMs], sinceMs: atMs, loadedAtMs: atMs },
    effects: ["take-over"],
  };
}

/** Keeps what was known for a while; then says it, and loads the page anew now and then. */
function onStrange(model: SessionModel, look: Look, said: Said): Reduced {
  const { atMs } = look;
  const strangeSinceMs = model.strangeSinceMs ?? atMs;
  const strange = { ...model, strangeSinceMs };
  if (atMs - strangeSinceMs < STRANGE_FOR_MS) return { model: strange, effects: [] };
  const told = say(strange, atMs, said);
  if (atMs - (model.reloadedAtMs ?? strangeSinceMs) < RELOAD_EVERY_MS) {
    return { model: told, effects: [] };
  }
  return { model: { ...told, reloadedAtMs: atMs, loadedAtMs: atMs }, effects: ["reload"] };
}

function onUnknown(model: SessionModel, look: Look): Reduced {
  const isYoung = look.atMs - model.loadedAtMs < COLD_START_MS;
  if (isYoung && !model.isAttached) return { model, effects: [] };
  return onStrange(model, look, {
    state: "needs-adapter",
    evidence: look.screen.evidence,
    action: "WhatsApp Web has changed: load a newer selector pack, or take the Cloud API.",
  });
}

function onMain(model: SessionModel, look: Look): Reduced {
  const { screen, atMs } = look;
  if (screen.kind !== "main") return { model, effects: [] };
  const signedIn = { ...model, wasSignedIn: true, codesShown: 0 };
  if (look.unreadable.length > 0) {
    return onStrange({ ...signedIn, ...strangeSince(model, atMs) }, look, {
      state: "needs-adapter",
      evidence: `The page is signed in and cannot be read: ${look.unreadable.join("; ")}.`,
      action: "WhatsApp Web has changed: load a newer selector pack, or take the Cloud API.",
    });
  }
  const said = say(withoutStrangeness(signedIn), atMs, stateOfMain(screen, look.isRestricted));
  const effects: SessionEffect[] = model.state === "waiting-for-scan" ? ["withdraw-code"] : [];
  if (screen.popup !== undefined && screen.popup.dismissal !== "none") effects.push("dismiss");
  if (!model.isAttached) effects.push("attach");
  return { model: { ...said, fruitlessStarts: 0 }, effects };
}

function strangeSince(model: SessionModel, atMs: number): { readonly strangeSinceMs: number } {
  return { strangeSinceMs: model.strangeSinceMs ?? atMs };
}

function stateOfMain(
  screen: Extract<ScreenReading, { kind: "main" }>,
  isRestricted: boolean,
): Said {
  if (isRestricted) {
    return {
      state: "restricted",
      evidence: "WhatsApp says that this account is restricted.",
      action: "Wait until WhatsApp lifts it; what is queued is kept. Consider the Cloud API.",
    };
  }
  if (screen.banner === "phone-offline") {
    return {
      state: "degraded",
      evidence: screen.evidence,
      action: "Bring the phone online: WhatsApp logs linked devices out when it stays away.",
    };
  }
  if (screen.banner === "computer-offline") {
    return {
      state: "degraded",
      evidence: screen.evidence,
      action: "Check this machine's connection to the internet.",
    };
  }
  if (screen.popup?.dismissal === "none") {
    return {
      state: "degraded",
      evidence: screen.evidence,
      action: "A window lies over the page that the session cannot close: look at a screenshot.",
    };
  }
  return { state: "ready", evidence: screen.evidence };
}

function onRequest(
  model: SessionModel,
  request: Extract<SessionEvent, { kind: "asked" }>["request"],
  atMs: number,
): Reduced {
  switch (request) {
    case "stop": {
      const { startAtMs: _startAt, ...rest } = model;
      return leave(rest, atMs, {
        state: "stopped",
        evidence: "A person stopped the session.",
        action: "Resume it when it is to work again.",
      });
    }
    case "restart":
    case "resume": {
      if (request === "resume" && model.hasBrowser) return { model, effects: [] };
      const fresh = { ...model, startAtMs: atMs, fruitlessStarts: 0, starts: [], codesShown: 0 };
      return leave(fresh, atMs, {
        state: "starting",
        evidence: `A person asked for a ${request === "restart" ? "restart" : "new start"}.`,
      });
    }
    case "use-here":
      return { model, effects: model.state === "conflict" ? ["take-over"] : [] };
    case "logged-out": {
      const { startAtMs: _startAt, ...rest } = model;
      return leave({ ...rest, wasSignedIn: false }, atMs, {
        state: "logged-out",
        evidence: "A person logged the account out here.",
        action: "Resume the session to link the account again.",
      });
    }
    default:
      return request satisfies never;
  }
}
