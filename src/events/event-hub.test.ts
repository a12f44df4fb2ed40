import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addTenant, openLedgers } from "../../test/line/tenant-line.ts";
import type { EventLog } from "../core/events.ts";
import type { TenantId } from "../core/ids.ts";
import { silentLogger } from "../core/logger.ts";
import type { LiveEvents } from "../core/wake-up.ts";
import { createEmbeddedLiveEvents } from "../queue/embedded-live-events.ts";
import type { Database } from "../store/database.ts";
import { createEventLog } from "../store/events/event-log.ts";
import { migrate } from "../store/migrate.ts";
import { openEmbedded } from "../store/open-embedded.ts";
import { createEventHub, type EventFollower } from "./event-hub.ts";

let database: Database;
let log: EventLog;
let liveEvents: LiveEvents;
let mine: TenantId;
let theirs: TenantId;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  log = createEventLog(database);
  liveEvents = createEmbeddedLiveEvents();
  const line = openLedgers(database);
  ({ tenantId: mine } = await addTenant(line));
  ({ tenantId: theirs } = await addTenant(line));
  // What made them is past.
  await log.readAfter(0, 1_000);
});
afterAll(() => database.close());

const newHub = (of: EventLog = log) =>
  createEventHub({ log: of, liveEvents, logger: silentLogger });
const note = (...changes: readonly (string | number)[]) =>
  changes.map((change) => ({ kind: "export-ready", detail: { exportId: `${change}` } }) as const);

function newFollower(tenantId = mine): EventFollower & { readonly told: string[] } {
  const told: string[] = [];
  return { tenantId, told, tell: ({ event }) => void told.push(changeOf(event.detail)) };
}
const changeOf = (detail: object) => ("exportId" in detail ? String(detail.exportId) : "");
const open = { isOpen: () => true, drained: async () => {} };

describe("whoever follows", () => {
  it("is told of the past and of what comes, each once, while others append", async () => {
    const { head } = await log.bounds();
    const wanted = Array.from({ length: 60 }, (_, index) => `${index}`);
    await log.append(mine, note(...wanted.slice(0, 20)));
    const hub = newHub();
    const follower = newFollower();
    const appending = (async () => {
      for (const each of wanted.slice(20)) await log.append(mine, note(each));
    })();
    await hub.follow(follower, { ...open, after: head });
    await appending;
    await expect.poll(() => follower.told.length).toBe(60);
    expect(follower.told).toEqual(wanted);
    hub.leave(follower);
  });

  it("hears of its own tenant alone, and of what concerns all", async () => {
    const hub = newHub();
    const [one, other] = [newFollower(mine), newFollower(theirs)];
    await hub.follow(one, { ...open, after: undefined });
    await hub.follow(other, { ...open, after: undefined });
    await log.append(theirs, note("canary"));
    await log.append(mine, note("own"));
    await log.append(undefined, note("for all"));
    await expect.poll(() => one.told).toEqual(["own", "for all"]);
    expect(other.told).toEqual(["canary", "for all"]);
    hub.leave(one);
    hub.leave(other);
  });

  it("comes back to a process that has it at hand without asking the database", async () => {
    let asked = 0;
    const counted: EventLog = {
      ...log,
      replay: (...given) => {
        asked += 1;
        return log.replay(...given);
      },
    };
    const hub = newHub(counted);
    const [stays, comesBack] = [newFollower(), newFollower()];
    const { position } = await hub.follow(stays, { ...open, after: undefined });
    await log.append(mine, note("missed"));
    await expect.poll(() => stays.told).toEqual(["missed"]);
    await hub.follow(comesBack, { ...open, after: position });
    expect(comesBack.told).toEqual(["missed"]);
    expect(asked).toBe(0);
    hub.leave(stays);
    hub.leave(comesBack);
  });

  it("is told to begin anew when what it missed is gone, or was never of this log", async () => {
    const hub = newHub();
    const { floor, head } = await log.bounds();
    await log.prune(new Date(Date.now() + 1_000));
    for (const after of [floor, head + 1_000_000]) {
      const follower = newFollower();
      const { kind, position } = await hub.follow(follower, { ...open, after });
      expect({ kind, position }).toEqual({ kind: "reset", position: head });
      expect(follower.told).toEqual([]);
      hub.leave(follower);
    }
  });

  it("begins anew after a time in which nobody did", async () => {
    const hub = newHub();
    const first = newFollower();
    await hub.follow(first, { ...open, after: undefined });
    hub.leave(first);
    await log.append(mine, note("unheard"));
    await log.readAfter(0, 1_000);
    const second = newFollower();
    await hub.follow(second, { ...open, after: undefined });
    await log.append(mine, note("heard"));
    await expect.poll(() => second.told).toEqual(["heard"]);
    hub.leave(second);
  });
});
