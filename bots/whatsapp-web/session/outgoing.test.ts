import { randomUUID } from "node:crypto";
import { beforeEach, expect, it } from "vitest";
import { asId, type BotId, type OutboxId, type TenantId } from "../../../src/core/ids.ts";
import type { SessionState } from "../../../src/core/session.ts";
import { createChatBook } from "./chat-book.ts";
import type { Engine, EngineOutcome } from "./engine.ts";
import { createOutgoing } from "./outgoing.ts";

const NOON = Date.parse("2026-11-21T12:00:00Z");
let passedMs = 0;
const CLOCK = { now: () => new Date(NOON + passedMs) };
beforeEach(() => {
  passedMs = 0;
});

/** Ana wrote at noon; `said` is what the engine comes back with from her chat, and how often it went there. */
function open() {
  const book = createChatBook([]);
  const chatKey = book.locate({ title: "Ana", kind: "private" })?.chatKey ?? "";
  book.noteFirst(chatKey, "wrote", CLOCK.now());
  const said: {
    outcome: EngineOutcome;
    found: EngineOutcome;
    state: SessionState;
    attachedAtMs: number;
    visits: number;
  } = {
    found: { kind: "not-sent", reason: "not-there" },
    attachedAtMs: NOON,
    outcome: { kind: "not-sent", reason: "restricted" },
    state: "ready",
    visits: 0,
  };
  const engine: Engine = {
    name: "dom",
    start: async () => undefined,
    stop: async () => undefined,
    reconcile: async () => undefined,
    showTyping: async () => undefined,
    findSent: async () => said.found,
    download: async () => new Uint8Array(),
    canary: async () => ({ isReadable: true, failures: [] }),
    async send() {
      said.visits += 1;
      return said.outcome;
    },
  };
  const outgoing = createOutgoing({
    bot: {
      tenantId: asId<TenantId>(randomUUID()),
      botId: asId<BotId>(randomUUID()),
      botKey: "b",
      channel: "whatsapp-web",
      name: "Pregonero",
      secrets: {},
      settings: { quietHours: "none", partsPerChatMinute: "1000" },
    },
    book,
    clock: CLOCK,
    engine: () => engine,
    standing: () => ({
      state: said.state,
      canSend: said.state === "ready",
      attachedAtMs: said.attachedAtMs,
    }),
  });
  const send = () =>
    outgoing.send(
      chatKey,
      { kind: "text", text: "hola" },
      {
        signal: new AbortController().signal,
        outboxId: asId<OutboxId>(randomUUID()),
        lastInboundAt: CLOCK.now(),
      },
    );
  const outboxId = asId<OutboxId>(randomUUID());
  const lookUp = () =>
    outgoing.reconcile(
      chatKey,
      { kind: "text", text: "hola" },
      { signal: new AbortController().signal, outboxId, lastInboundAt: CLOCK.now() },
    );
  const pauseMs = async () => {
    const outcome = await send();
    return outcome.kind === "refused" && typeof outcome.retry === "object"
      ? outcome.retry.afterMs
      : undefined;
  };
  return { said, send, pauseMs, lookUp };
}

it("asks nothing of the page while the session is restricted, and goes on within seconds of its end", async () => {
  const { said, send } = open();
  said.state = "restricted";
  for (let count = 0; count < 5; count += 1) {
    expect(await send()).toMatchObject({
      kind: "refused",
      reason: "restricted",
      scope: "bot",
      isOwnPace: true,
      retry: { afterMs: 15_000 },
    });
  }
  expect(said.visits).toBe(0);
});

it("visits a chat that stays restricted less and less, until something was sent", async () => {
  const { said, pauseMs, send } = open();
  const pauses: unknown[] = [];
  for (let count = 0; count < 8; count += 1) pauses.push(await pauseMs());
  expect(pauses).toEqual([15, 30, 60, 120, 240, 480, 600, 600].map((seconds) => seconds * 1_000));
  said.outcome = { kind: "sent", canonicalId: "3EB0" };
  expect(await send()).toMatchObject({ kind: "sent" });
  said.outcome = { kind: "not-sent", reason: "restricted" };
  expect(await pauseMs()).toBe(15_000);
});

it("gives nothing up while the page is offline, looks at it less and less, and soon again after the next loss", async () => {
  const { said, send, pauseMs } = open();
  said.state = "degraded";
  expect(await send()).toMatchObject({ reason: "offline", scope: "bot", isOwnPace: true });
  const pauses: unknown[] = [];
  for (let count = 0; count < 50; count += 1) pauses.push(await pauseMs());
  expect(pauses.slice(0, 6)).toEqual([6, 12, 24, 48, 60, 60].map((seconds) => seconds * 1_000));
  expect(pauses.at(-1)).toBe(60_000);
  expect(said.visits).toBe(0);
  said.state = "ready";
  await send();
  said.state = "degraded";
  expect(await pauseMs()).toBe(3_000);
});

it("waits longer and longer for a session that is not there, and begins anew with the next", async () => {
  const { said, send, pauseMs } = open();
  said.state = "logged-out";
  expect(await send()).toMatchObject({ reason: "session-logged-out", scope: "bot" });
  expect([await pauseMs(), await pauseMs(), await pauseMs()]).toEqual([20_000, 40_000, 60_000]);
  said.state = "ready";
  await send();
  said.state = "starting";
  expect(await pauseMs()).toBe(10_000);
});

it("takes a part for missing only when two looks at one page agree, and never while the page is young", async () => {
  const { said, lookUp } = open();
  expect(await lookUp()).toEqual({ kind: "unknown", reason: "page-not-ready" });
  passedMs = 6_000;
  expect(await lookUp()).toEqual({ kind: "unknown", reason: "not-there-yet" });
  passedMs = 9_000;
  expect(await lookUp()).toEqual({ kind: "unknown", reason: "not-there-yet" });
  // The page was loaded anew, and brings its rows anew.
  said.attachedAtMs = NOON + 10_000;
  passedMs = 16_000;
  expect(await lookUp()).toEqual({ kind: "unknown", reason: "not-there-yet" });
  passedMs = 21_000;
  expect(await lookUp()).toMatchObject({ kind: "refused", reason: "not-there" });
});

it("takes a part for sent as soon as it is seen", async () => {
  const { said, lookUp } = open();
  passedMs = 6_000;
  await lookUp();
  said.found = { kind: "sent", canonicalId: "3EB0" };
  expect(await lookUp()).toMatchObject({ kind: "sent", networkMessageId: "3EB0" });
});
