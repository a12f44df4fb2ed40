import type { SessionReport, SessionState } from "../../../src/core/session.ts";
import {
  HOUR_MS,
  leave,
  type Reduced,
  restart,
  type SessionEvent,
  type SessionModel,
  say,
} from "./session-model.ts";
import { onLook } from "./state-of-screen.ts";

/** Starts without ever getting ready, and starts at all within an hour, before a person has to look. */
const MOST_FRUITLESS_STARTS = 6;
const MOST_STARTS_PER_HOUR = 60;

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
