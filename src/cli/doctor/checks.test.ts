import os from "node:os";
import { describe, expect, it } from "vitest";
import { readConfig } from "../../config.ts";
import { systemClock } from "../../core/clock.ts";
import type { SessionReport } from "../../core/session.ts";
import type { SwitchBoard } from "../../core/switches.ts";
import type { LineTroubles } from "../../store/line-troubles.ts";
import { describeChecks } from "../doctor.ts";
import { exitCodeOf, runCheck } from "./check.ts";
import { createDoctorPorts } from "./create-ports.ts";
import { CHECKS, examine } from "./examine.ts";
import { thisMachine } from "./machine.ts";
import type { DoctorPorts, MachineFacts } from "./ports.ts";

const GIB = 1024 ** 3;
const THRESHOLD = { waitSeconds: 60, waiting: 1_000 };
const NOTHING_SHED: SwitchBoard = {
  shedding: {
    isAutomatic: false,
    level: 0,
    pressure: 0,
    thresholds: [THRESHOLD, THRESHOLD, THRESHOLD],
    reason: "",
    actor: "migration",
    since: new Date(0),
    calmSince: undefined,
  },
  switches: [],
  breakerOrders: [],
};
const KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

function configOf(env: Record<string, string>) {
  const result = readConfig({ env, readFile: () => undefined });
  if (result.kind === "problems") throw new Error("configuration");
  return result.config;
}

const HEALTHY_MACHINE: MachineFacts = {
  nodeVersion: "20.20.2",
  neededNode: "20.19.0",
  freeBytes: async () => 20 * GIB,
  fileMode: async () => 0o100600,
  isWritable: async () => true,
  lockHolder: async () => undefined,
  portState: async () => "free",
  findChromium: async () => "/usr/bin/chromium",
};

const HEALTHY_DATABASE = {
  version: 150_004,
  roles: ["pregonero_app", "pregonero_curator", "pregonero_dispatcher", "pregonero_registrar"].map(
    (name) => ({
      name,
      bypassesRowSecurity: false,
    }),
  ),
  extensions: ["plpgsql", "unaccent", "vector"],
  appliedMigrations: ["0001_line"],
  unforcedTables: [],
};
const IDLE = {
  pendingMessages: 0,
  oldestPendingSeconds: 0,
  deadMessages: 0,
  queuedParts: 0,
  unknownParts: 0,
};
const NO_TROUBLES: LineTroubles = {
  refusedBots: [],
  pausedBots: [],
  deadLetters: [],
  unknownSends: [],
};
const BOT = { tenant: "muni", botId: "b-1", channel: "telegram", name: "Gaceta" };
const SINCE = new Date("2026-11-21T03:04:05Z");
const GIVEN_UP = { bot: BOT, reason: "poison", count: 1, since: SINCE, exampleId: "m-9" };
const SERVER = {
  DATABASE_URL: "postgres://u@localhost/db",
  SECRET_KEY: KEY,
  REDIS_URL: "redis://localhost",
  PUBLIC_URL: "https://gaceta.example.org",
  OPENAI_API_KEY: "sk-1",
  OPENAI_MODEL: "m",
  EMBEDDER_BASE_URL: "http://127.0.0.1:1/v1",
  EMBEDDER_MODEL: "e",
  EMBEDDER_DIMENSIONS: "768",
  TRANSCRIBER_BASE_URL: "http://127.0.0.1:2/v1",
  TRANSCRIBER_MODEL: "t",
};

const AT = SINCE.toISOString();
const session = (over: Partial<SessionReport>, isAttended = true) => ({
  botId: "w-1",
  name: "Municipalidad",
  isAttended,
  report: {
    state: "ready" as const,
    since: AT,
    checkedAt: AT,
    evidence: "the chats",
    engine: "dom" as const,
    restarts: 0,
    ...over,
  },
});
const inState = (state: SessionReport["state"]) =>
  healthy({ sessions: async () => [session({ state })] });

function healthy(over: Partial<DoctorPorts> = {}): DoctorPorts {
  return {
    config: configOf(SERVER),
    clock: systemClock,
    machine: HEALTHY_MACHINE,
    database: async () => ({ ...HEALTHY_DATABASE, now: new Date() }),
    backlog: async () => IDLE,
    troubles: async () => NO_TROUBLES,
    pauses: async () => [],
    disabledWebhooks: async () => [],
    switchBoard: async () => NOTHING_SHED,
    editionCount: async () => 3,
    knownMigrations: async () => ["0001_line"],
    redis: async () => ({ version: "7.0", isAppendOnly: true, evictionPolicy: "noeviction" }),
    bots: async () => [
      { name: "b", channel: "telegram", health: { isHealthy: true, evidence: "webhook set" } },
    ],
    sessions: async () => [session({})],
    fetchStatus: async () => 200,
    ...over,
  };
}

const machine = (over: Partial<MachineFacts>) =>
  healthy({ machine: { ...HEALTHY_MACHINE, ...over } });
const database = (over: Partial<typeof HEALTHY_DATABASE> & { now?: Date }) =>
  healthy({ database: async () => ({ ...HEALTHY_DATABASE, now: new Date(), ...over }) as never });
const backlog = (over: Partial<typeof IDLE>) =>
  healthy({ backlog: async () => ({ ...IDLE, ...over }) });
const troubles = (over: Partial<LineTroubles>) =>
  healthy({ troubles: async () => ({ ...NO_TROUBLES, ...over }) });
const redis = (over: object) =>
  healthy({
    redis: async () => ({
      version: "7.0",
      isAppendOnly: true,
      evictionPolicy: "noeviction",
      ...over,
    }),
  });
const down = () => Promise.reject(new Error("ECONNREFUSED"));

/** Every check, broken once: what is then its status, and what stands in its evidence. */
const BROKEN: readonly [string, "failed" | "warning", RegExp, DoctorPorts][] = [
  ["node-version", "failed", /18\.0\.0/, machine({ nodeVersion: "18.0.0" })],
  ["secret-key", "warning", /mode 644/, machine({ fileMode: async () => 0o100644 })],
  ["data-directory", "failed", /cannot be written/, machine({ isWritable: async () => false })],
  ["disk-space", "failed", /0\.1 GiB/, machine({ freeBytes: async () => 0.1 * GIB })],
  ["disk-space", "warning", /0\.5 GiB/, machine({ freeBytes: async () => 0.5 * GIB })],
  [
    "port",
    "failed",
    /EADDRINUSE/,
    healthy({
      machine: { ...HEALTHY_MACHINE, portState: async () => "EADDRINUSE" },
      fetchStatus: down,
    }),
  ],
  [
    "chromium",
    "warning",
    /\/nowhere/,
    healthy({
      sessions: async () => [],
      config: configOf({ CHROMIUM_PATH: "/nowhere" }),
      machine: { ...HEALTHY_MACHINE, findChromium: async () => undefined },
    }),
  ],
  [
    "chromium",
    "failed",
    /1 bots of WhatsApp Web/,
    machine({ findChromium: async () => undefined }),
  ],
  [
    "whatsapp-profiles",
    "failed",
    /whatsapp-web cannot be written/,
    machine({ isWritable: async (folder) => !folder.endsWith("whatsapp-web") }),
  ],
  ["whatsapp-sessions", "failed", /Municipalidad: parked/, inState("parked")],
  ["whatsapp-sessions", "failed", /restricted/, inState("restricted")],
  ["whatsapp-sessions", "warning", /stopped/, inState("stopped")],
  [
    "whatsapp-sessions",
    "failed",
    /no process tells of it/,
    healthy({ sessions: async () => [session({}, false)] }),
  ],
  ["database", "failed", /ECONNREFUSED/, healthy({ database: down })],
  ["database", "failed", /14\.9/, database({ version: 140_009 })],
  ["database-roles", "failed", /missing: .*pregonero_app/, database({ roles: [] })],
  [
    "database-roles",
    "failed",
    /does not bind pregonero_app/,
    database({
      roles: HEALTHY_DATABASE.roles.map((role) => ({
        ...role,
        bypassesRowSecurity: role.name === "pregonero_app",
      })),
    }),
  ],
  ["database-extensions", "failed", /missing: vector/, database({ extensions: ["unaccent"] })],
  ["migrations", "failed", /not applied: 0001_line/, database({ appliedMigrations: [] })],
  ["migrations", "failed", /newer/, database({ appliedMigrations: ["0001_line", "0099_next"] })],
  ["row-security", "failed", /inbox/, database({ unforcedTables: ["inbox"] as never })],
  [
    "clock",
    "warning",
    /differ by 360\d\.\d s/,
    database({ now: new Date(Date.now() - 3_600_000) }),
  ],
  ["editions", "warning", /no gazette/, healthy({ editionCount: async () => 0 })],
  [
    "oldest-message",
    "failed",
    /oldest for 300 s/,
    backlog({ pendingMessages: 2, oldestPendingSeconds: 300 }),
  ],
  [
    "bot-credentials",
    "failed",
    /muni\/Gaceta \(telegram, b-1\) since 2026-11-21 03:04Z/,
    troubles({ refusedBots: [{ bot: BOT, since: SINCE }] }),
  ],
  [
    "bot-pauses",
    "warning",
    /muni\/Gaceta \(telegram, b-1\) until 2099-01-01 00:00Z/,
    troubles({ pausedBots: [{ bot: BOT, until: new Date("2099-01-01T00:00:00Z") }] }),
  ],
  [
    "dead-letters",
    "warning",
    /^1 message given up: muni\/Gaceta \(telegram, b-1\) 1 \(poison\) since 2026-11-21 03:04Z, the latest m-9$/,
    troubles({ deadLetters: [GIVEN_UP] }),
  ],
  [
    "unknown-sends",
    "warning",
    /^2 parts .*process-died.* since 2026-11-21 03:04Z/,
    troubles({ unknownSends: [{ ...GIVEN_UP, count: 2, reason: "process-died" }] }),
  ],
  [
    "pauses",
    "warning",
    /paused by hand: telegram since 2026-11-21 03:04Z \(maintenance; p-1\)/,
    healthy({
      pauses: async () => [
        {
          id: "p-1",
          channel: "telegram",
          stopsAnswers: true,
          stopsSending: true,
          isPlatforms: true,
          reason: "maintenance",
          actor: "person:op",
          since: SINCE,
        },
      ],
    }),
  ],
  [
    "webhooks",
    "warning",
    /^switched off by themselves: e-1 of tenant t-1, failing since 2026-11-21 03:04Z$/,
    healthy({
      disabledWebhooks: async () => [{ tenantId: "t-1", endpointId: "e-1", failingSince: SINCE }],
    }),
  ],
  [
    "switches",
    "warning",
    /^shed level 2, automatic$/,
    healthy({
      switchBoard: async () => ({
        ...NOTHING_SHED,
        shedding: { ...NOTHING_SHED.shedding, level: 2, isAutomatic: true },
      }),
    }),
  ],
  ["redis", "failed", /ECONNREFUSED/, healthy({ redis: down })],
  ["redis-persistence", "warning", /appendonly no/, redis({ isAppendOnly: false })],
  ["redis-eviction", "failed", /allkeys-lru/, redis({ evictionPolicy: "allkeys-lru" })],
  [
    "bots",
    "failed",
    /wrong token/,
    healthy({
      bots: async () => [
        {
          name: "b",
          channel: "telegram",
          health: { isHealthy: false, evidence: "wrong token", action: "new token" },
        },
      ],
    }),
  ],
  ["public-url", "warning", /answered 502/, healthy({ fetchStatus: async () => 502 })],
  ["models", "warning", /openai:m answered 401/, healthy({ fetchStatus: async () => 401 })],
  ["embedder", "failed", /ECONNREFUSED/, healthy({ fetchStatus: down })],
  ["transcriber", "warning", /t at .* answered 401/, healthy({ fetchStatus: async () => 401 })],
];

describe("each check by itself", () => {
  it.each(BROKEN)(
    "%s: %s when broken, with evidence %s and a remedy",
    async (name, status, evidence, ports) => {
      const check = CHECKS.find((candidate) => candidate.name === name);
      if (check === undefined) throw new Error(`no check ${name}`);
      const result = await runCheck(check, ports, new AbortController().signal);
      expect(result).toMatchObject({ name, status });
      expect(result?.evidence).toMatch(evidence);
      expect(result?.remedy?.length).toBeGreaterThan(10);
    },
  );

  it("none but the informative ones lacks a way to break it", () => {
    const broken = new Set(BROKEN.map(([name]) => name));
    const informative = ["directory-holder", "durability"];
    const untested = CHECKS.filter(({ name }) => !broken.has(name) && !informative.includes(name));
    expect(untested.map(({ name }) => name)).toEqual([]);
    expect(CHECKS.length).toBeGreaterThanOrEqual(15);
    expect(new Set(CHECKS.map(({ name }) => name)).size).toBe(CHECKS.length);
  });
});

describe("what waits for a person", () => {
  const find = async (name: string, ports: DoctorPorts) =>
    (await examine(ports, new AbortController().signal)).find((result) => result.name === name);

  it("a pause that is over within a minute is worth knowing, not a warning", async () => {
    const until = new Date(systemClock.now().getTime() + 5_000);
    const result = await find("bot-pauses", troubles({ pausedBots: [{ bot: BOT, until }] }));
    expect(result).toMatchObject({ status: "note", evidence: expect.stringContaining("Gaceta") });
  });

  it("a session that needs a scan is told with the very command", async () => {
    const result = await find("whatsapp-sessions", inState("waiting-for-scan"));
    expect(result?.remedy).toBe("Municipalidad: pregonero bot link w-1");
    expect(await find("whatsapp-sessions", inState("connecting"))).toMatchObject({ status: "ok" });
    const none = healthy({ sessions: async () => [] });
    expect(await find("whatsapp-sessions", none)).toBeUndefined();
  });

  it("an installation of sessions alone is not told that it has no bot", async () => {
    const bots = async () => [];
    expect(await find("bots", healthy({ bots }))).toBeUndefined();
    const none = healthy({ bots, sessions: async () => [] });
    expect(await find("bots", none)).toMatchObject({ status: "note" });
  });

  it("names twenty bots and counts the rest", async () => {
    const refusedBots = Array.from({ length: 23 }, () => ({ bot: BOT, since: SINCE }));
    const result = await find("bot-credentials", troubles({ refusedBots }));
    expect(result?.evidence).toMatch(/; and 3 more$/);
    expect(result?.evidence.match(/b-1/g)).toHaveLength(20);
  });
});

describe("all checks together", () => {
  const signal = new AbortController().signal;

  it("a healthy server passes all and exits 0", async () => {
    const results = await examine(healthy(), signal);
    expect(results.filter(({ status }) => status !== "ok")).toEqual([]);
    expect(exitCodeOf(results)).toBe(0);
  });

  it("a healthy embedded installation is told of durability, and exits 0", async () => {
    const results = await examine(healthy({ config: configOf({}) }), signal);
    expect(results.find(({ name }) => name === "durability")).toMatchObject({ status: "note" });
    expect(exitCodeOf(results)).toBe(0);
  });

  it("a database that cannot be opened is one failure; what needs it is not looked at", async () => {
    const { database, backlog, troubles, editionCount, bots, sessions } = createDoctorPorts({
      config: configOf({}),
      opened: { error: new Error("EACCES: permission denied") },
    });
    const ports = healthy({ database, backlog, troubles, editionCount, bots, sessions });
    const results = await examine(ports, signal);
    const failing = results.filter(({ status }) => status === "failed");
    expect(failing).toMatchObject([{ name: "database", evidence: "EACCES: permission denied" }]);
    expect(results.find(({ name }) => name === "row-security")).toEqual({
      name: "row-security",
      status: "note",
      evidence: "not looked at: the database cannot be opened",
    });
    expect(exitCodeOf(results)).toBe(2);
  });

  it("a warning exits 1, a failure 2", async () => {
    expect(exitCodeOf(await examine(troubles({ deadLetters: [GIVEN_UP] }), signal))).toBe(1);
    expect(exitCodeOf(await examine(healthy({ database: down }), signal))).toBe(2);
  });

  it("shows each with its remedy below", async () => {
    const text = describeChecks(await examine(troubles({ deadLetters: [GIVEN_UP] }), signal));
    expect(text).toMatch(/WARNING {2}dead-letters +1 message given up: .*\n +→ See what happened/);
    expect(text).toMatch(/\d+ checks: 0 failed, 1 warnings$/);
  });
});

describe("this machine", () => {
  it("tells free space, writability and a port in use of a real one", async () => {
    const facts = thisMachine({ neededNode: "20.19.0", searchPath: "" });
    expect(await facts.freeBytes(os.tmpdir())).toBeGreaterThan(0);
    expect(await facts.isWritable(os.tmpdir())).toBe(true);
    expect(await facts.isWritable("/proc/nowhere")).toBe(false);
    expect(await facts.findChromium("/nowhere/chromium")).toBeUndefined();
    expect(await facts.portState("127.0.0.1", 0)).toBe("free");
  });
});
