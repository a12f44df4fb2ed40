import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  addTenant,
  answer,
  type Ledgers,
  message,
  openLedgers,
} from "../../../test/line/tenant-line.ts";
import { percentileMs } from "../../core/analytics.ts";
import type { BotAccount } from "../../core/channel.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Database } from "../database.ts";
import { createEventLog } from "../events/event-log.ts";
import { migrate } from "../migrate.ts";
import { openEmbedded } from "../open-embedded.ts";
import { createAnalytics } from "./analytics.ts";

let database: Database;
let line: Ledgers;
let tenantId: TenantId;
let bot: BotAccount;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  ({ tenantId, bot } = await addTenant(line));
});

const ALL = { from: "2000-01-01", to: "2999-12-31", botId: undefined };

async function answerAll(isAbstained: boolean): Promise<void> {
  const leases = await line.conversations.claim("w", 9, 60_000);
  const { due } = await line.conversations.readDue(leases);
  const events = isAbstained
    ? [
        { kind: "planned" as const, at: new Date(), detail: { abstained: true } },
        { kind: "planned" as const, at: new Date(), detail: { person: "asked" } },
      ]
    : [];
  await line.conversations.commitAnswers(due.map((each) => answer(each, 1, { events })));
}
async function count(): Promise<void> {
  await createEventLog(database).readAfter(Number.MAX_SAFE_INTEGER, 1);
  while ((await createAnalytics(database, line.cipher).countNext(100)) > 0) {
    // One batch of each tenant at a time.
  }
}

describe("the figures of a day", () => {
  it("count each event once, however often and late they are counted", async () => {
    await line.inbox.accept(tenantId, [{ bot, message: message("u1", "a") }]);
    await line.inbox.accept(tenantId, [{ bot, message: message("u2", "b") }]);
    await answerAll(false);
    await count();
    await line.inbox.accept(tenantId, [{ bot, message: message("u3", "c") }]);
    await answerAll(true);
    await count();
    await count();
    const days = await createAnalytics(database, line.cipher).read(tenantId, ALL);
    expect(days).toHaveLength(1);
    const [day] = days;
    expect(day).toMatchObject({
      messages: 3,
      answered: 3,
      abstained: 1,
      handedOver: 1,
      failed: 0,
      costMicroUsd: 0,
    });
    expect(day?.answerTimes.reduce((sum, each) => sum + each, 0)).toBe(3);
  });

  it("lie in the tenant's time zone", async () => {
    await database.asOwner(async (tx) => {
      await tx.query("update tenant set time_zone = 'Pacific/Kiritimati' where id = $1", [
        tenantId,
      ]);
    });
    await line.inbox.accept(tenantId, [{ bot, message: message("u1") }]);
    await database.asOwner(async (tx) => {
      await tx.query("update inbox set received_at = '2026-11-20T11:00:00Z' where tenant_id = $1", [
        tenantId,
      ]);
    });
    await count();
    const days = await createAnalytics(database, line.cipher).read(tenantId, ALL);
    expect(days.map(({ day }) => day)).toEqual(["2026-11-21"]);
  });

  it("are of nobody else", async () => {
    await line.inbox.accept(tenantId, [{ bot, message: message("u1") }]);
    await count();
    const other = await addTenant(line);
    expect(await createAnalytics(database, line.cipher).read(other.tenantId, ALL)).toEqual([]);
  });
});

describe("a percentile", () => {
  it("is the upper bound of the class that it lies in", () => {
    expect(percentileMs([], 0.5)).toBeUndefined();
    expect(percentileMs([1, 0, 1], 0.5)).toBe(100);
    expect(percentileMs([1, 0, 1], 0.95)).toBe(300);
  });
});
