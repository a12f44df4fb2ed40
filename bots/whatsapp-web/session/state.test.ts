import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ScreenReading } from "../detection/page-reader.ts";
import type { SessionEffect, SessionEvent, SessionModel } from "./session-model.ts";
import { initialModel, reduceSession } from "./state.ts";
import { CODE_ATTEMPTS, COLD_START_MS } from "./state-of-screen.ts";

const SECOND = 1_000;
const MINUTE = 60_000;
const main: ScreenReading = { kind: "main", pack: "d/1", evidence: "The chats are shown." };
const loading: ScreenReading = { kind: "loading", evidence: "It loads." };
const qr: ScreenReading = { kind: "qr", ref: "x", isExpired: false, evidence: "A code is shown." };
const conflict: ScreenReading = {
  kind: "conflict",
  popup: { kind: "conflict", dismissal: "button", evidence: "Use here" },
  evidence: "Another window has the account.",
};
const unknown: ScreenReading = { kind: "unknown", evidence: "Nothing known." };
const unreachable: ScreenReading = { kind: "unreachable", evidence: "No page came." };
const blank: ScreenReading = { kind: "unknown", isBlank: true, evidence: "Nothing drawn." };

/** Tells a session what happens, and keeps what it then is and does. */
function story(start: SessionModel = initialModel(undefined, 0)) {
  let model = start;
  let atMs = 0;
  const effects: SessionEffect[] = [];
  type Told = SessionEvent extends infer Event
    ? Event extends SessionEvent
      ? Omit<Event, "atMs">
      : never
    : never;
  function tell(event: Told) {
    const reduced = reduceSession(model, { ...event, atMs } as SessionEvent);
    model = reduced.model;
    effects.push(...reduced.effects);
    return reduced.effects;
  }
  return {
    tell,
    look: (screen: ScreenReading, more: object = {}) =>
      tell({
        kind: "looked",
        screen,
        isRestricted: false,
        unreadable: [],
        isNewCode: false,
        ...more,
      }),
    after(ms: number) {
      atMs += ms;
      return this;
    },
    get model() {
      return model;
    },
    effects,
  };
}

function ready() {
  const told = story();
  told.tell({ kind: "timer" });
  told.look(main);
  told.tell({ kind: "attached" });
  return told;
}

describe("the state of a session", () => {
  it("asks for a page that did not come every 10 s, in the same browser, and says what to check", () => {
    const told = story();
    told.tell({ kind: "timer" });
    for (let look = 0; look < 6; look++) told.after(5 * SECOND).look(unreachable);
    expect(told.effects.filter((effect) => effect === "reload")).toHaveLength(3);
    expect(told.effects.filter((effect) => effect === "launch" || effect === "kill")).toEqual([
      "launch",
    ]);
    expect(told.model).toMatchObject({ state: "degraded", evidence: "No page came." });
    expect(told.model.action).toContain("connection");
    told.after(SECOND).look(main);
    expect(told.model.state).toBe("ready");
    expect(told.model.action).toBeUndefined();
  });

  it("goes from the first code to ready", () => {
    const told = story();
    expect(told.tell({ kind: "timer" })).toEqual(["launch"]);
    told.look(loading);
    expect(told.model.state).toBe("connecting");
    expect(told.look(qr, { isNewCode: true })).toEqual(["publish-code"]);
    expect(told.model).toMatchObject({ state: "waiting-for-scan", action: expect.any(String) });
    told.after(30 * SECOND).look(loading);
    expect(told.look(main)).toEqual(["attach"]);
    expect(told.model.state).toBe("ready");
    expect(told.model.action).toBeUndefined();
  });

  it("parks after five codes, closes the browser, and starts when asked to resume", () => {
    const told = story();
    told.tell({ kind: "timer" });
    for (let code = 0; code < CODE_ATTEMPTS; code += 1) told.look(qr, { isNewCode: true });
    expect(told.model.state).toBe("waiting-for-scan");
    expect(told.look(qr, { isNewCode: true })).toEqual(["withdraw-code", "kill"]);
    expect(told.model.state).toBe("parked");
    expect(told.after(10 * MINUTE).tell({ kind: "timer" })).toEqual([]);
    told.tell({ kind: "asked", request: "resume" });
    expect(told.tell({ kind: "timer" })).toEqual(["launch"]);
  });

  it("renews a code that expired on the page", () => {
    const told = story();
    told.tell({ kind: "timer" });
    expect(told.look({ ...qr, isExpired: true })).toEqual(["withdraw-code", "renew-code"]);
  });

  it("lets a cold start take its time, and starts anew after it", () => {
    const told = story();
    told.tell({ kind: "timer" });
    told.after(COLD_START_MS).look(loading);
    expect(told.model.state).toBe("connecting");
    expect(told.after(SECOND).look(loading)).toContain("kill");
    expect(told.model.state).toBe("starting");
  });

  it("starts within a second when the browser of a ready session ended", () => {
    const told = ready();
    const evidence = "The browser ended by itself.";
    expect(told.after(MINUTE).tell({ kind: "broke", evidence })).toEqual([
      "withdraw-code",
      "detach",
      "kill",
    ]);
    expect(told.model).toMatchObject({ state: "starting", evidence });
    expect(told.after(SECOND).tell({ kind: "timer" })).toEqual(["launch"]);
  });

  it("waits longer after each start in vain, and parks in the end", () => {
    const told = story();
    const waits: number[] = [];
    let waited = 0;
    while (told.model.state !== "parked" && waited < 3_600) {
      if (told.tell({ kind: "timer" }).includes("launch")) {
        waits.push(waited);
        waited = 0;
        told.tell({ kind: "broke", evidence: "It ended." });
      }
      told.after(500);
      waited += 1;
    }
    expect(waits).toEqual([0, 1, 2, 4, 8, 16]);
    expect(told.model).toMatchObject({ state: "parked", action: expect.any(String) });
  });

  it("survives thirty crashes in a row when each start gets ready", () => {
    const told = ready();
    for (let crash = 0; crash < 30; crash += 1) {
      told.after(10 * SECOND).tell({ kind: "broke", evidence: "killed" });
      expect(told.after(SECOND).tell({ kind: "timer" })).toContain("launch");
      told.after(5 * SECOND).look(main);
      expect(told.model.state).toBe("ready");
    }
  });

  it("leaves the account to another window for a quarter of an hour, three times a day at most", () => {
    const told = ready();
    expect(told.look(conflict)).toEqual(["detach"]);
    let takeOvers = 0;
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      if (told.after(MINUTE).look(conflict).includes("take-over")) {
        takeOvers += 1;
        if (takeOvers === 1) expect(minute).toBe(14);
      }
    }
    expect(takeOvers).toBe(3);
    expect(told.model.state).toBe("conflict");
    expect(told.tell({ kind: "asked", request: "use-here" })).toEqual(["take-over"]);
  });

  it("calls a page that it cannot read by its name, and not before it stays so", () => {
    const told = ready();
    told.look(main, { unreadable: ["rows without a title"] });
    expect(told.model.state).toBe("ready");
    told.after(25 * SECOND).look(main, { unreadable: ["rows without a title"] });
    expect(told.model.state).toBe("needs-adapter");
    told.after(SECOND).look(main);
    expect(told.model.state).toBe("ready");
  });

  it("does not take a moment of nothing for a change, nor nothing for a logout", () => {
    const told = ready();
    told.after(5 * MINUTE).look(unknown);
    expect(told.model.state).toBe("ready");
    told.after(30 * SECOND).look(unknown);
    expect(told.model.state).toBe("needs-adapter");
    expect(told.after(11 * MINUTE).look(unknown)).toEqual(["reload"]);
  });

  it("loads a page that went blank anew after 20 s, then starts another browser", () => {
    const told = ready();
    expect(told.after(5 * MINUTE).look(blank)).toEqual([]);
    expect(told.after(19 * SECOND).look(blank)).toEqual([]);
    expect(told.model.state).toBe("ready");
    expect(told.after(SECOND).look(blank)).toEqual(["detach", "reload"]);
    expect(told.model).toMatchObject({ state: "connecting", isAttached: false });
    expect(told.after(SECOND).look(blank)).toEqual([]);
    expect(told.after(20 * SECOND).look(blank)).toEqual(["withdraw-code", "kill"]);
    expect(told.model.state).toBe("starting");
    expect(told.after(SECOND).tell({ kind: "timer" })).toEqual(["launch"]);
  });

  it("goes on with the page that was loaded anew, as after any start", () => {
    const told = ready();
    told.after(MINUTE).look(blank);
    expect(told.after(20 * SECOND).look(blank)).toContain("reload");
    told.after(SECOND).look(loading);
    expect(told.after(SECOND).look(main)).toEqual(["attach"]);
    expect(told.model.state).toBe("ready");
  });

  it("lets a page that was just opened be blank for as long as a cold start takes", () => {
    const told = story();
    told.tell({ kind: "timer" });
    for (let second = 0; second < COLD_START_MS / SECOND; second += 1) {
      expect(told.look(blank)).toEqual([]);
      told.after(SECOND);
    }
    told.look(blank);
    expect(told.after(20 * SECOND).look(blank)).toEqual(["reload"]);
  });

  it("takes the moment between two screens for nothing, whatever was before", () => {
    const told = ready();
    told.after(MINUTE).look(unknown);
    told.after(MINUTE).look(unknown);
    expect(told.model.state).toBe("needs-adapter");
    expect(told.after(11 * MINUTE).look(unknown)).toEqual(["reload"]);
    expect(told.after(SECOND).look(blank)).toEqual([]);
    for (let minute = 0; minute < 8; minute += 1) {
      expect(told.after(MINUTE).look(unknown)).toEqual([]);
    }
    expect(told.model).toMatchObject({ state: "needs-adapter", hasBrowser: true });
  });

  it("parks in the end when every browser shows nothing", () => {
    const told = story();
    let starts = 0;
    for (let second = 0; second < 3_600 && told.model.state !== "parked"; second += 1) {
      if (told.tell({ kind: "timer" }).includes("launch")) starts += 1;
      told.look(blank);
      told.after(SECOND);
    }
    expect(starts).toBe(6);
    expect(told.model.state).toBe("parked");
  });

  it("tells a restriction, a phone that is away, and their end", () => {
    const told = ready();
    told.look(main, { isRestricted: true });
    expect(told.model).toMatchObject({ state: "restricted", isAttached: true });
    told.look({ ...main, banner: "phone-offline" });
    expect(told.model.state).toBe("degraded");
    told.look(main);
    expect(told.model.state).toBe("ready");
  });

  it("closes pop-ups, and says when one cannot be closed", () => {
    const told = ready();
    const popup = { kind: "whats-new", dismissal: "button", evidence: "Continue" } as const;
    expect(told.look({ ...main, popup })).toEqual(["dismiss"]);
    expect(told.look({ ...main, popup: { ...popup, dismissal: "none" } })).toEqual([]);
    expect(told.model.state).toBe("degraded");
  });

  it("stays stopped over a restart of the process, until resumed", () => {
    const told = ready();
    expect(told.tell({ kind: "asked", request: "stop" })).toContain("kill");
    const report = {
      state: told.model.state,
      since: new Date(0).toISOString(),
      checkedAt: new Date(0).toISOString(),
      evidence: told.model.evidence,
      engine: "dom",
      restarts: 0,
    } as const;
    const next = story(initialModel(report, MINUTE));
    expect(next.after(2 * MINUTE).tell({ kind: "timer" })).toEqual([]);
    next.tell({ kind: "asked", request: "resume" });
    expect(next.tell({ kind: "timer" })).toEqual(["launch"]);
  });

  it("holds what it promises whatever happens", () => {
    const screens = [
      main,
      loading,
      qr,
      { ...qr, isExpired: true },
      conflict,
      unknown,
      blank,
      { kind: "logged-out", evidence: "Gone." },
      { kind: "update-needed", evidence: "Old." },
      { kind: "database-error", evidence: "Broken." },
      { kind: "pairing-code", code: "ABCD1234", evidence: "A code." },
    ] as const;
    const events = fc.oneof(
      fc.record({
        kind: fc.constant("looked" as const),
        screen: fc.constantFrom<ScreenReading>(...screens),
        isRestricted: fc.boolean(),
        unreadable: fc.constantFrom<readonly string[]>([], ["rows"]),
        isNewCode: fc.boolean(),
      }),
      fc.record({ kind: fc.constantFrom("timer" as const, "attached" as const) }),
      fc.record({
        kind: fc.constantFrom("broke" as const, "recycled" as const),
        evidence: fc.constant("Something."),
      }),
      fc.record({
        kind: fc.constant("asked" as const),
        request: fc.constantFrom("restart", "resume", "stop", "use-here", "logged-out" as const),
      }),
    );
    const steps = fc.array(fc.tuple(events, fc.integer({ min: 0, max: 5 * MINUTE })), {
      maxLength: 120,
    });
    fc.assert(
      fc.property(steps, (told) => {
        let model = initialModel(undefined, 0);
        let atMs = 0;
        let isRunning = false;
        for (const [event, waitMs] of told) {
          atMs += waitMs;
          const { model: next, effects } = reduceSession(model, { ...event, atMs } as SessionEvent);
          for (const effect of effects) {
            // A browser is started when there is none, and ended when there is one: never two on a profile.
            if (effect === "launch") expect(isRunning).toBe(false);
            if (effect === "kill") expect(isRunning).toBe(true);
            if (effect === "launch") isRunning = true;
            if (effect === "kill") isRunning = false;
          }
          expect(next.hasBrowser).toBe(isRunning);
          if (next.isAttached) expect(isRunning).toBe(true);
          if (effects.includes("attach")) expect(model.isAttached).toBe(false);
          const isLeft = ["parked", "stopped"].includes(next.state);
          if (isLeft) expect([isRunning, next.startAtMs]).toEqual([false, undefined]);
          else if (next.state !== "logged-out")
            expect(isRunning || next.startAtMs !== undefined).toBe(true);
          const isWell = ["ready", "starting", "connecting"].includes(next.state);
          expect(next.action === undefined).toBe(isWell);
          expect(next.evidence).not.toBe("");
          expect(next.sinceMs).toBeLessThanOrEqual(atMs);
          model = next;
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
