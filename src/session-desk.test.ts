import { randomBytes, randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BotAccount } from "./core/channel.ts";
import { asId, type BotId, type TenantId } from "./core/ids.ts";
import type { SessionReport } from "./core/session.ts";
import { createSessionDesk } from "./session-desk.ts";
import { createSessionLinks } from "./session-links.ts";
import { createAudit } from "./store/audit.ts";
import { createBotStore } from "./store/bots.ts";
import type { Database } from "./store/database.ts";
import { createCipher } from "./store/encryption.ts";
import { migrate } from "./store/migrate.ts";
import { openEmbedded } from "./store/open-embedded.ts";
import { createSessionStore } from "./store/sessions.ts";
import { createTenants } from "./store/tenants.ts";

const NOW = Date.parse("2026-11-21T19:20:00.000Z");
let nowMs = NOW;
const clock = { now: () => new Date(nowMs) };
const cipher = createCipher([randomBytes(32)]);
const links = createSessionLinks({ hash: cipher.hash, clock });

describe("the address of a session's page", () => {
  const tenantId = asId<TenantId>(randomUUID());
  const botId = asId<BotId>(randomUUID());

  it("names its bot until a quarter of an hour has gone by", () => {
    nowMs = NOW;
    const { token, expiresAt } = links.make(tenantId, botId);
    expect(links.read(token)).toEqual({ tenantId, botId, expiresAt });
    nowMs = NOW + 15 * 60_000 - 1;
    expect(links.read(token)?.botId).toBe(botId);
    nowMs = NOW + 15 * 60_000;
    expect(links.read(token)).toBeUndefined();
    nowMs = NOW;
  });

  it("is worth nothing for another bot, a later hour, or under another installation's key", () => {
    const { token } = links.make(tenantId, botId);
    const [tenant, bot, expiry, signature] = token.split(".");
    const other = createSessionLinks({ hash: createCipher([randomBytes(32)]).hash, clock });
    const forged = [
      [tenant, randomUUID(), expiry, signature],
      [randomUUID(), bot, expiry, signature],
      [tenant, bot, Number(expiry) + 1, signature],
      [tenant, bot, expiry, "A".repeat(43)],
      [tenant, bot, expiry, ""],
    ].map((parts) => parts.join("."));
    expect([...forged, other.make(tenantId, botId).token, "", "x"].map(links.read)).toEqual(
      Array<undefined>(8).fill(undefined),
    );
  });
});

describe("the desk", () => {
  let database: Database;
  let sessions: ReturnType<typeof createSessionStore>;
  let bot: BotAccount;
  const options = { actor: "command-line", signal: new AbortController().signal };

  beforeAll(async () => {
    database = await openEmbedded({ dataDirectory: undefined });
    await migrate(database, "migrations");
    sessions = createSessionStore(database, cipher);
    const tenantId = await createTenants(database).ensureSampleTenant();
    bot = await createBotStore(database, cipher).insert(
      tenantId,
      {
        channel: "whatsapp-web",
        name: "Municipalidad",
        botKey: randomUUID(),
        accountKey: randomUUID(),
        secrets: {},
        settings: {},
      },
      "test",
    );
  });
  afterAll(() => database?.close());

  const desk = (answerWithinMs = 10_000) =>
    createSessionDesk({ sessions, links, audit: createAudit(database), clock, answerWithinMs });
  const report = (over: Partial<SessionReport>): SessionReport => ({
    state: "ready",
    since: clock.now().toISOString(),
    checkedAt: clock.now().toISOString(),
    evidence: "The chat list is there.",
    engine: "dom",
    restarts: 0,
    ...over,
  });
  const auditTrail = () =>
    database.asTenant(bot.tenantId, (tx) =>
      tx.query("select actor, action, detail from audit where subject = $1 order by id", [
        bot.botId,
      ]),
    );

  it("resolves with what the process that holds the session did", async () => {
    const asking = desk().ask(bot, { kind: "screenshot", isRedacted: true }, options);
    let taken: Awaited<ReturnType<typeof sessions.takeRequests>> = [];
    while (taken.length === 0) {
      await nextTurn();
      taken = await sessions.takeRequests(bot.tenantId, bot.botId);
    }
    expect(taken).toMatchObject([{ request: { kind: "screenshot", isRedacted: true } }]);
    const png = new Uint8Array([1, 2, 3]);
    const [{ requestId = "" } = {}] = taken;
    await sessions.answer(bot.tenantId, bot.botId, {
      requestId,
      outcome: "Taken.",
      isDone: true,
      png,
    });
    expect(await asking).toMatchObject({ outcome: "Taken.", isDone: true, png });
  });

  it("says so when no process takes the request", async () => {
    await expect(desk(1).ask(bot, { kind: "stop" }, options)).rejects.toMatchObject({
      code: "session-unattended",
      retry: "backoff",
    });
  });

  it("leaves a trace of each request and each address, without a phone number", async () => {
    const request = { kind: "pairing-code", phone: "50688880000" } as const;
    await expect(desk(1).ask(bot, request, options)).rejects.toThrow();
    await desk().link(bot, "api");
    const trail = await auditTrail();
    expect(trail).toContainEqual({
      actor: "command-line",
      action: "session-screenshot-asked",
      detail: { isRedacted: true },
    });
    expect(trail).toContainEqual({ actor: "api", action: "session-link-made", detail: {} });
    expect(JSON.stringify(trail)).not.toContain("8888");
  });

  it("tells a session that is silent from one whose process is gone", async () => {
    expect(await desk().read(bot)).toEqual({ report: undefined, isAttended: false });
    await sessions.report(bot.tenantId, bot.botId, report({}));
    expect((await desk().read(bot)).isAttended).toBe(true);
    // Killed with its process, it never says so itself: three signs of life that did not come say it.
    nowMs += 46_000;
    expect((await desk().read(bot)).isAttended).toBe(false);
    const starting = report({ state: "starting", checkedAt: new Date(NOW).toISOString() });
    await sessions.report(bot.tenantId, bot.botId, starting);
    expect((await desk().read(bot)).isAttended).toBe(true);
    nowMs = NOW + 121_000;
    expect((await desk().read(bot)).isAttended).toBe(false);
    await sessions.report(
      bot.tenantId,
      bot.botId,
      report({ state: "parked", checkedAt: new Date(NOW).toISOString() }),
    );
    expect((await desk().read(bot)).isAttended).toBe(true);
    nowMs = NOW;
  });

  it("refuses bots that have no session", async () => {
    const telegram = { ...bot, channel: "telegram" } as const;
    await expect(desk().read(telegram)).rejects.toMatchObject({ code: "session-none" });
    await expect(desk().link(telegram, "api")).rejects.toMatchObject({ code: "session-none" });
  });
});
