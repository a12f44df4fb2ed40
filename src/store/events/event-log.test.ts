import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addTenant, openLedgers } from "../../../test/line/tenant-line.ts";
import { EVENTS_KEPT_DAYS, type EventLog } from "../../core/events.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Database } from "../database.ts";
import { migrate } from "../migrate.ts";
import { openEmbedded } from "../open-embedded.ts";
import { appendEvents } from "./append-events.ts";
import { createEventLog } from "./event-log.ts";

let database: Database;
let log: EventLog;
let mine: TenantId;
let theirs: TenantId;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  log = createEventLog(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  const line = openLedgers(database);
  ({ tenantId: mine } = await addTenant(line));
  ({ tenantId: theirs } = await addTenant(line));
  await database.asOwner((tx) => tx.query("delete from event"));
});

const made = (exportId: string) => ({ kind: "export-ready", detail: { exportId } }) as const;
const kindsAfter = async (position: number) =>
  (await log.readAfter(position, 100)).map(({ detail }) => detail);

describe("the event log", () => {
  it("tells of what was appended, in order, once past the last position", async () => {
    const { head } = await log.bounds();
    await log.append(mine, [made("one"), made("two")]);
    const [one, two] = await log.readAfter(head, 100);
    expect(one).toMatchObject({
      kind: "export-ready",
      tenantId: mine,
      detail: { exportId: "one" },
    });
    expect(two?.position).toBeGreaterThan(one?.position ?? 0);
    expect(await kindsAfter(one?.position ?? 0)).toEqual([{ exportId: "two" }]);
    expect(await kindsAfter(two?.position ?? 0)).toEqual([]);
  });

  it("forgets with the transaction that appended", async () => {
    const { head } = await log.bounds();
    const failing = database.asTenant(mine, async (tx) => {
      await appendEvents(tx, mine, [made("never")]);
      throw new Error("rolled back");
    });
    await expect(failing).rejects.toThrow();
    expect(await kindsAfter(head)).toEqual([]);
  });

  it("replays a tenant's own events and the installation's, no other tenant's", async () => {
    const { head } = await log.bounds();
    await log.append(mine, [made("mine")]);
    await log.append(theirs, [made("theirs")]);
    await log.append(undefined, [
      { kind: "announcement-changed", detail: { announcementId: "a", change: "published" } },
    ]);
    expect(await log.replay(mine, head, Number.MAX_SAFE_INTEGER, 100)).toEqual([]);
    await log.readAfter(head, 100);
    const told = await log.replay(mine, head, Number.MAX_SAFE_INTEGER, 100);
    expect(told.map(({ tenantId }) => tenantId)).toEqual([mine, undefined]);
    await expect(
      database.asTenant(mine, (tx) => appendEvents(tx, undefined, [made("for all")])),
    ).rejects.toThrow();
  });

  it("knows how far back a reader may begin, after what is old is gone", async () => {
    const { head } = await log.bounds();
    await log.append(mine, [made("old")]);
    await log.readAfter(head, 100);
    await database.asOwner((tx) =>
      tx.query("update event set happened_at = now() - interval '8 days'"),
    );
    await log.append(mine, [made("young")]);
    const [, young] = await log.readAfter(head, 100);
    expect(await log.prune(new Date(Date.now() - EVENTS_KEPT_DAYS * 86_400_000))).toBe(1);
    expect(await log.bounds()).toEqual({
      head: young?.position,
      floor: (young?.position ?? 0) - 1,
    });
    expect(await log.prune(new Date(Date.now() + 1000))).toBe(1);
    expect(await log.bounds()).toEqual({ head: young?.position, floor: young?.position });
  });
});
