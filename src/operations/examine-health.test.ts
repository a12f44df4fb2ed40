import { describe, expect, it } from "vitest";
import { PregoneroError } from "../core/errors.ts";
import { asId } from "../core/ids.ts";
import type { BotQueue } from "../core/operations.ts";
import { SESSION_STATES, type SessionReport } from "../core/session.ts";
import { allOn } from "../core/switches.ts";
import { createHealthExaminer, type ExaminedBot, type HealthPorts } from "./examine-health.ts";

const T0 = new Date("2026-11-21T03:00:00Z");
const bot: ExaminedBot = {
  tenantId: asId("11111111-1111-4111-8111-111111111111"),
  botId: asId("22222222-2222-4222-8222-222222222222"),
  name: "Municipalidad",
  health: undefined,
  session: undefined,
};
const report: SessionReport = {
  state: "ready",
  since: "2026-11-21T01:00:00.000Z",
  checkedAt: "2026-11-21T02:59:55.000Z",
  evidence: "The list of chats is shown.",
  engine: "dom",
  restarts: 0,
};
const nothing = { count: 0, oldestAt: undefined };
const queue: BotQueue = {
  tenantId: bot.tenantId,
  botId: bot.botId,
  channel: "telegram",
  inbox: nothing,
  answering: 0,
  outbox: { person: nothing, reply: nothing, broadcast: nothing },
  sending: 0,
  unknown: 0,
  deadLetters: 0,
  perMinute: { received: 0, answered: 0, sent: 0 },
  held: [],
};

async function examine(ports: Partial<HealthPorts>, kind: string) {
  const reports = await createHealthExaminer({
    bots: async () => [],
    queues: async () => [],
    pauses: async () => [],
    providers: async () => [],
    breakers: () => [],
    switches: allOn,
    checks: async () => [],
    clock: { now: () => T0 },
    ...ports,
  })(undefined, AbortSignal.timeout(5_000));
  return reports.filter((each) => each.kind === kind);
}
const ofSession = (session: ExaminedBot["session"]) =>
  examine({ bots: async () => [{ ...bot, session }] }, "session");

describe("health", () => {
  it.each(SESSION_STATES.filter((state) => state !== "ready"))(
    "never calls a session that is %s healthy",
    async (state) => {
      const [seen] = await ofSession({ report: { ...report, state }, isAttended: true });
      expect(seen?.state).not.toBe("ok");
      expect(seen?.since).toEqual(new Date(report.since));
    },
  );

  it("calls a session healthy that says so, and dead when nobody tells of it any more", async () => {
    expect(await ofSession({ report, isAttended: true })).toMatchObject([{ state: "ok" }]);
    for (const dead of [
      { report, isAttended: false },
      { report: undefined, isAttended: false },
    ]) {
      const [seen] = await ofSession(dead);
      expect(seen).toMatchObject({ state: "down", action: expect.stringContaining("whatsapp") });
    }
  });

  it("says of a queue what holds it and since when it is late", async () => {
    const late = new Date(T0.getTime() - 300_000);
    const [seen] = await examine(
      {
        queues: async () => [
          { ...queue, inbox: { count: 7, oldestAt: late }, held: [{ kind: "session-not-ready" }] },
        ],
      },
      "queue",
    );
    expect(seen).toMatchObject({
      state: "down",
      since: late,
      code: "queue-late",
      values: { messages: 7, seconds: 300, held: "session-not-ready" },
    });
    expect(seen?.evidence).toBe(
      "7 messages and 0 parts wait, the oldest for 300 s; 0 dead letters, 0 unknown. Held: session-not-ready.",
    );
  });

  it("knows nothing of a provider that nobody called, and names what fails", async () => {
    const breaker = {
      model: "openai:m",
      kind: "closed",
      since: T0,
      until: undefined,
      failedWith: undefined,
    };
    expect(await examine({ breakers: () => [breaker] }, "provider")).toMatchObject([
      { id: "openai", state: "unknown" },
    ]);
    const figures = {
      provider: "openai",
      calls: 10,
      failures: 6,
      mostlyFailedWith: "model-overloaded",
      lastSuccessAt: T0,
      lastFailureAt: T0,
      firstTokenMsP95: 900,
    };
    const [failing] = await examine({ providers: async () => [figures] }, "provider");
    expect(failing).toMatchObject({
      state: "down",
      evidence: expect.stringContaining(
        "6 of 10 calls failed in 15 minutes, mostly model-overloaded",
      ),
    });
    const held = { ...breaker, kind: "held", until: new Date(T0.getTime() + 60_000) };
    expect(await examine({ breakers: () => [held] }, "provider")).toMatchObject([
      { state: "down" },
    ]);
  });

  it("names a paused bot, and tells by codes what its sentences say", async () => {
    const [pause] = await examine(
      {
        bots: async () => [{ ...bot, health: { isHealthy: true, code: "polling", evidence: "x" } }],
        pauses: async () => [
          {
            id: "33333333-3333-4333-8333-333333333333",
            tenantId: bot.tenantId,
            botId: bot.botId,
            stopsAnswers: true,
            stopsSending: true,
            reason: "Mantenimiento",
            isPlatforms: false,
            actor: "person:x",
            since: T0,
          },
        ],
      },
      "switch",
    );
    expect(pause).toMatchObject({
      code: "paused",
      values: { bot: bot.name, stops: "both", reason: "Mantenimiento" },
      evidence: "Paused by hand: answers and sending (Mantenimiento).",
    });
  });

  it("does not call ok what could not be looked at", async () => {
    const check = {
      name: "redis",
      status: "note" as const,
      evidence: "not looked at: the database cannot be opened",
    };
    expect(await examine({ checks: async () => [check] }, "machine")).toMatchObject([
      { state: "unknown" },
    ]);
    expect(await examine({ bots: async () => [bot] }, "bot")).toMatchObject([{ state: "unknown" }]);
  });

  it("names a bot whose network refused its credentials, and the queue that stands for it", async () => {
    const stuck = { bots: async () => [{ ...bot, isRefused: true }], queues: async () => [queue] };
    expect(await examine(stuck, "bot")).toMatchObject([
      { state: "down", code: "bot-credentials-refused", name: "Municipalidad" },
    ]);
    expect(await examine(stuck, "queue")).toMatchObject([{ name: "Municipalidad" }]);
  });

  it("tells of the rest when the database is away, and what could not be read", async () => {
    const away = () =>
      Promise.reject(
        new PregoneroError("store-unavailable", "The database does not answer (08006)."),
      );
    const reports = await createHealthExaminer({
      bots: async () => [
        { ...bot, health: { isHealthy: false, evidence: "Telegram is silent." } },
        { ...bot, name: "WhatsApp", unread: "The database does not answer (08006)." },
      ],
      queues: away,
      pauses: away,
      providers: away,
      breakers: () => [],
      switches: allOn,
      checks: async () => [
        { name: "database", status: "failed", evidence: "gone", remedy: "start it" },
      ],
      clock: { now: () => T0 },
    })(undefined, AbortSignal.timeout(5_000));
    expect(reports.map(({ id, state, evidence }) => [id, state, evidence])).toEqual([
      [bot.botId, "down", "Telegram is silent."],
      [bot.botId, "unknown", "The database does not answer (08006)."],
      ["switches", "ok", "Nothing is switched off."],
      ["database", "down", "gone"],
      ...["queues", "pauses", "providers"].map((name) => [
        name,
        "unknown",
        "The database does not answer (08006).",
      ]),
    ]);
  });

  it("calls a provider that answers again degraded, not down", async () => {
    const failed = {
      provider: "openai",
      calls: 10,
      failures: 9,
      mostlyFailedWith: "model-overloaded",
      lastSuccessAt: new Date(T0.getTime() - 1_000),
      lastFailureAt: new Date(T0.getTime() - 2_000),
      firstTokenMsP95: 900,
    };
    expect(await examine({ providers: async () => [failed] }, "provider")).toMatchObject([
      { state: "degraded", code: "provider-failing" },
    ]);
  });

  it("remembers since when something is so", async () => {
    let now = T0;
    let isHealthy = true;
    const health = createHealthExaminer({
      bots: async () => [{ ...bot, health: { isHealthy, evidence: "x" } }],
      queues: async () => [],
      pauses: async () => [],
      providers: async () => [],
      breakers: () => [],
      switches: allOn,
      checks: async () => [],
      clock: { now: () => now },
    });
    const sinceOf = async () => (await health(undefined, AbortSignal.timeout(5_000)))[0]?.since;
    await sinceOf();
    now = new Date(T0.getTime() + 60_000);
    expect(await sinceOf()).toEqual(T0);
    isHealthy = false;
    expect(await sinceOf()).toEqual(now);
  });
});
