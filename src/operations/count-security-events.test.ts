import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { asId, type TenantId } from "../core/ids.ts";
import { silentLogger } from "../core/logger.ts";
import { noMetrics } from "../core/metrics.ts";
import type { SecurityEvent, SecurityEventLog } from "../core/security-events.ts";
import type { Database } from "../store/database.ts";
import { createCipher } from "../store/encryption.ts";
import { migrate } from "../store/migrate.ts";
import { openEmbedded } from "../store/open-embedded.ts";
import { createSecurityEventLog } from "../store/operations/security-events.ts";
import { countSecurityEvents, MANY_SOURCES } from "./count-security-events.ts";

const ANA = asId<TenantId>("11111111-1111-4111-8111-111111111111");
const BEA = asId<TenantId>("22222222-2222-4222-8222-222222222222");

let database: Database;
let log: SecurityEventLog;
let now: Date;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  log = createSecurityEventLog(database, createCipher([randomBytes(32)]));
});
afterAll(() => database.close());
beforeEach(async () => {
  now = new Date("2026-11-21T03:00:10.000Z");
  await log.forgetBefore(new Date("2100-01-01"));
});

const counter = (to: Pick<SecurityEventLog, "add"> = log) =>
  countSecurityEvents({
    log: to,
    clock: { now: () => now },
    logger: silentLogger,
    metrics: noMetrics,
  });
const forged = (over: Partial<SecurityEvent> = {}): SecurityEvent => ({
  kind: "webhook-forged",
  tenantId: ANA,
  source: "203.0.113.9",
  subject: "bot:7",
  ...over,
});
const list = async (tenantId?: TenantId, filter = {}) =>
  (await log.list(tenantId, filter, { after: undefined, limit: 100 })).entries;

describe("counting security events", () => {
  it("makes one row of a flood from one source, minute by minute, and loses none", async () => {
    const events = counter();
    for (let at = 0; at < 30_000; at += 1) {
      if (at === 20_000) now = new Date("2026-11-21T03:01:00.000Z");
      events.note(forged());
    }
    await events.close();
    expect((await list()).map(({ count }) => count)).toEqual([10_000, 20_000]);
  });

  it("bounds the rows of a flood from ever new sources, and still counts every one", async () => {
    const events = counter();
    for (let at = 0; at < 20_000; at += 1) events.note(forged({ source: `198.51.100.${at}` }));
    await events.close();
    const [row] = await database.asRegistrar((tx) =>
      tx.query<{ rows: number; events: number }>(
        "select count(*)::int as rows, sum(count)::int as events from security_event",
      ),
    );
    expect(row).toEqual({ rows: 501, events: 20_000 });
    const [many] = await list(undefined, { source: MANY_SOURCES });
    expect(many).toMatchObject({ count: 19_500, tenantId: undefined });
  });

  it("adds up what several processes count", async () => {
    const processes = [counter(), counter(), counter()];
    for (const one of processes) one.note(forged());
    await Promise.all(processes.map((one) => one.close()));
    expect(await list()).toMatchObject([{ count: 3, source: "203.0.113.9" }]);
  });

  it("keeps what could not be written until the database is back", async () => {
    let isAway = true;
    const events = counter({
      add: (rows) => (isAway ? Promise.reject(new Error("away")) : log.add(rows)),
    });
    events.note(forged());
    await events.close();
    expect(await list()).toEqual([]);
    isAway = false;
    events.note(forged());
    await events.close();
    expect(await list()).toMatchObject([{ count: 2 }]);
  });

  it("shows a tenant its own, and finds by kind, source and time", async () => {
    const events = counter();
    events.note(forged());
    events.note(forged({ tenantId: BEA, source: "203.0.113.10" }));
    events.note(forged({ tenantId: undefined, kind: "sign-in-refused" }));
    await events.close();
    expect(await list(ANA)).toMatchObject([{ tenantId: ANA }]);
    expect(await list(undefined, { source: "203.0.113.10" })).toMatchObject([{ tenantId: BEA }]);
    expect(await list(undefined, { kind: "sign-in-refused" })).toHaveLength(1);
    expect(await list(undefined, { until: now })).toHaveLength(3);
    expect(await list(undefined, { from: new Date(now.getTime() + 60_000) })).toEqual([]);
  });

  it("writes no source in the clear", async () => {
    const events = counter();
    events.note(forged({ source: "203.0.113.77" }));
    await events.close();
    const rows = await database.asRegistrar((tx) => tx.query("select * from security_event"));
    expect(JSON.stringify(rows)).not.toContain("203.0.113.77");
    expect(JSON.stringify(rows)).not.toContain(Buffer.from("203.0.113.77").toString("hex"));
  });

  it("pages through rows of one minute, each once", async () => {
    const events = counter();
    for (let at = 0; at < 25; at += 1) events.note(forged({ subject: `bot:${at}` }));
    await events.close();
    const seen: string[] = [];
    let after: Parameters<SecurityEventLog["list"]>[2]["after"];
    do {
      const page = await log.list(ANA, {}, { after, limit: 4 });
      seen.push(...page.entries.map(({ subject }) => subject));
      after = page.next;
    } while (after !== undefined);
    expect(new Set(seen).size).toBe(25);
    expect(seen).toHaveLength(25);
  });

  it("counts exactly, whatever comes in whatever order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            source: fc.constantFrom("a", "b", "c"),
            tenantId: fc.constantFrom(ANA, BEA, undefined),
            kind: fc.constantFrom("webhook-forged" as const, "injection-seen" as const),
          }),
          { maxLength: 60 },
        ),
        async (told) => {
          await log.forgetBefore(new Date("2100-01-01"));
          const events = counter();
          for (const one of told) events.note({ ...one, subject: "x" });
          await events.close();
          const sum = (await list()).reduce((all, { count }) => all + count, 0);
          expect(sum).toBe(told.length);
        },
      ),
      { numRuns: 15 },
    );
  });
});
