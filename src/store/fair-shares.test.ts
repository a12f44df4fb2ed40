import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  addBacklog,
  addBot,
  addTenant,
  answer,
  type Ledgers,
  message,
  NO_BROADCASTS,
  openLedgers,
} from "../../test/line/tenant-line.ts";
import type { BotAccount } from "../core/channel.ts";
import type { TenantId } from "../core/ids.ts";
import type { PlaceLimits } from "../core/ledgers.ts";
import type { Database } from "./database.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";

const PLACES = 50;
const LEASE_MS = 60_000;
type Tenant = { readonly tenantId: TenantId; readonly bot: BotAccount };

let database: Database;
let line: Ledgers;
let busy: Tenant;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.asOwner(async (tx) => {
    await tx.query("truncate outbox, inbox, conversation cascade");
  });
  busy = await addTenant(line);
  await addBacklog(line, busy, 10_000);
});

const claimConversations = async (places = PLACES) => [
  ...(await line.conversations.claim("a", places, LEASE_MS)),
];

/** Bots of the parts that a claim marked; their content is not looked at. */
async function claimParts(places = PLACES): Promise<readonly string[]> {
  const marked = () =>
    database.asDispatcher((tx) =>
      tx.query<{ id: string; bot_id: string }>(
        "select id, bot_id from outbox where attempted_at is not null",
      ),
    );
  const before = new Set((await marked()).map(({ id }) => id));
  await line.outbox.claim("a", places, NO_BROADCASTS);
  return (await marked()).filter(({ id }) => !before.has(id)).map(({ bot_id }) => bot_id);
}

async function writeTo({ tenantId, bot }: Tenant): Promise<void> {
  await line.inbox.accept(tenantId, [{ bot, message: message("1") }]);
}

describe("ten thousand conversations of one tenant", () => {
  it("fill every place when nobody else waits", async () => {
    expect(await claimConversations()).toHaveLength(PLACES);
    expect(await claimParts()).toHaveLength(PLACES);
  });

  it("do not keep another tenant's one message out of the next claim, nor its answer", async () => {
    const quiet = await addTenant(line);
    await writeTo(quiet);
    const leases = await claimConversations();
    const own = leases.filter(({ tenantId }) => tenantId === quiet.tenantId);
    expect(own).toHaveLength(1);
    expect(leases.length).toBeGreaterThanOrEqual(PLACES / 2);
    const { due } = await line.conversations.readDue(own);
    await line.conversations.commitAnswers(due.map((one) => answer(one)));
    const bots = await claimParts();
    expect(bots.filter((id) => id === quiet.bot.botId)).toHaveLength(1);
    expect(bots.length).toBeGreaterThanOrEqual(PLACES / 2);
  });

  it("leave another bot of the tenant its share", async () => {
    const bot = await addBot(line, busy.tenantId);
    await addBacklog(line, { ...busy, bot }, 1);
    const leases = await claimConversations();
    expect(leases.filter(({ botId }) => botId === bot.botId)).toHaveLength(1);
    expect((await claimParts()).filter((id) => id === bot.botId)).toHaveLength(1);
  });

  it("wait behind a paused bot without holding up a tenant, and cost it no place", async () => {
    const quiet = await addTenant(line);
    await addBacklog(line, quiet, 3);
    await database.asTenant(busy.tenantId, (tx) =>
      tx.query("update bot set paused_until = now() + interval '1 hour'"),
    );
    for (let part = 0; part < 3; part++) expect(await claimParts(1)).toEqual([quiet.bot.botId]);
    expect(await claimParts()).toEqual([]);
  });
});

describe("limits of tenants and bots", () => {
  const NO_LIMITS = { holders: new Map(), otherTenant: PLACES, otherBot: PLACES };
  const claim = async (limits: PlaceLimits) => {
    const leases = await line.conversations.claim("a", PLACES, LEASE_MS, limits);
    return leases.filter(({ tenantId }) => tenantId === busy.tenantId);
  };

  it("bound what a claim gives each of them", async () => {
    expect(await claim({ ...NO_LIMITS, otherTenant: 7 })).toHaveLength(7);
    expect(await claim({ ...NO_LIMITS, otherBot: 6 })).toHaveLength(6);
    expect(await claim({ ...NO_LIMITS, holders: new Map([[busy.bot.botId, 5]]) })).toHaveLength(5);
    const own = new Map([[busy.tenantId, 3]]);
    expect(await claim({ ...NO_LIMITS, holders: own })).toHaveLength(3);
  });

  it("pass over a tenant and a bot at their limit, in favour of the others", async () => {
    const [bot, quiet] = [await addBot(line, busy.tenantId), await addTenant(line)];
    await addBacklog(line, { ...busy, bot }, 3);
    await addBacklog(line, quiet, 3);
    const holders = new Map([[busy.bot.botId, 0]]);
    const leases = await line.conversations.claim("a", PLACES, LEASE_MS, { ...NO_LIMITS, holders });
    expect(leases.map(({ botId }) => botId).sort()).toEqual(
      [bot.botId, bot.botId, bot.botId, ...Array(3).fill(quiet.bot.botId)].sort(),
    );
    expect(await claim({ ...NO_LIMITS, holders: new Map([[busy.tenantId, 0]]) })).toEqual([]);
    const { tenantId } = busy;
    await line.outbox.claim("a", PLACES, NO_BROADCASTS, {
      ...NO_LIMITS,
      holders: new Map([[tenantId, 0]]),
    });
    const attempting = await database.asDispatcher((tx) =>
      tx.query<{ tenant_id: string }>("select distinct tenant_id from outbox where attempts > 0"),
    );
    expect(attempting).toEqual([{ tenant_id: quiet.tenantId }]);
  });
});

describe("more tenants than places", () => {
  it("all get their turn within a few claims, and no claim takes more than its places", async () => {
    const tenants = [];
    for (let count = 0; count < 12; count++) tenants.push(await addTenant(line));
    for (const tenant of tenants) await addBacklog(line, tenant, 3);
    const served = new Set<TenantId>();
    let claims = 0;
    while (served.size < tenants.length + 1) {
      const leases = await claimConversations(5);
      expect(leases.length).toBeLessThanOrEqual(5);
      expect(leases.length).toBeGreaterThan(0);
      for (const { tenantId } of leases) served.add(tenantId);
      claims += 1;
    }
    // 36 conversations of theirs and as many turns of the busy tenant, five at a time, at most.
    expect(claims).toBeLessThanOrEqual(40);
  });
});
