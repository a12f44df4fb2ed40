import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { asId, type TenantId } from "../core/ids.ts";
import { silentLogger } from "../core/logger.ts";
import { FEATURES, type Shedding, type SwitchStore } from "../core/switches.ts";
import { createEmbeddedLiveEvents } from "../queue/embedded-live-events.ts";
import type { Database } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { openEmbedded } from "../store/open-embedded.ts";
import { createSwitchStore } from "../store/operations/switches.ts";
import { adjustShedding } from "./adjust-shedding.ts";
import { loadSwitches, shedAt } from "./switches.ts";

const BY = { actor: "person:op" };
const ANA = asId<TenantId>("11111111-1111-4111-8111-111111111111");
const BEA = asId<TenantId>("22222222-2222-4222-8222-222222222222");

let database: Database;
let store: SwitchStore;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  store = createSwitchStore(database);
  await database.asDispatcher((tx) =>
    tx.query("insert into tenant (id, slug, name) values ($1, 'a', 'A'), ($2, 'b', 'B')", [
      ANA,
      BEA,
    ]),
  );
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.asOwner((tx) => tx.query("truncate feature_switch, breaker_order, audit cascade"));
  await store.shed({ isAutomatic: false, level: 0, reason: "test" }, BY);
});

const liveEvents = createEmbeddedLiveEvents();
const load = () => loadSwitches({ store, liveEvents, logger: silentLogger, onRead() {} });

describe("switches", () => {
  it("are all on as installed", async () => {
    const switches = load();
    await switches.refresh();
    expect([switches.level, switches.offFor(ANA).size]).toEqual([0, 0]);
  });

  it("are off for one tenant, for all, or by level, and on against a level where the platform says so", async () => {
    await store.set("models", ANA, { isOn: false, reason: "cost" }, BY);
    await store.set("planner", undefined, { isOn: true, reason: "needed" }, BY);
    await store.set("media", undefined, { isOn: false, reason: "abuse" }, BY);
    await store.shed({ isAutomatic: false, level: 1, reason: "busy" }, BY);
    const switches = load();
    await switches.refresh();
    expect([...switches.offFor(ANA)].sort()).toEqual(["media", "models", "ocr"]);
    expect([...switches.offFor(BEA)].sort()).toEqual(["media", "ocr"]);
    expect(switches.tenantsWithout("models")).toEqual([ANA]);
    await store.set("models", ANA, { isOn: undefined, reason: "over" }, BY);
    await switches.refresh();
    expect(switches.offFor(ANA).has("models")).toBe(false);
  });

  it("reach another process at once, and say so in the audit", async () => {
    const [here, there] = [load(), load()];
    const told = new Promise<void>((resolve) => {
      liveEvents.subscribe("switches", () => resolve());
    });
    await store.set("models", undefined, { isOn: false, reason: "provider down" }, BY);
    await here.announce();
    await told;
    await there.refresh();
    expect(there.offFor(BEA).has("models")).toBe(true);
    const rows = await database.asRegistrar((tx) =>
      tx.query("select actor, action, subject from audit where action = 'switched-off'"),
    );
    expect(rows).toEqual([{ actor: "person:op", action: "switched-off", subject: "models" }]);
  });

  it("hold as last known while the database is away", async () => {
    let isAway = false;
    const switches = loadSwitches({
      store: { read: () => (isAway ? Promise.reject(new Error("away")) : store.read()) },
      liveEvents,
      logger: silentLogger,
      onRead() {},
    });
    await store.set("ocr", undefined, { isOn: false, reason: "cpu" }, BY);
    await switches.refresh();
    isAway = true;
    await switches.refresh();
    expect(switches.offFor(undefined).has("ocr")).toBe(true);
  });

  it("shed more with every level, and everything at the last", () => {
    expect(shedAt(0)).toEqual([]);
    for (const level of [1, 2, 3] as const) {
      const below = shedAt((level - 1) as 0 | 1 | 2);
      expect(shedAt(level)).toEqual(expect.arrayContaining([...below]));
      expect(shedAt(level).length).toBeGreaterThan(below.length);
    }
    expect([...shedAt(3)].sort()).toEqual([...FEATURES].sort());
  });
});

const T0 = new Date("2026-11-21T03:00:00Z");
const at = (seconds: number) => new Date(T0.getTime() + seconds * 1000);
const AUTOMATIC: Shedding = {
  isAutomatic: true,
  level: 0,
  pressure: 0,
  thresholds: [
    { waitSeconds: 15, waiting: 500 },
    { waitSeconds: 45, waiting: 2000 },
    { waitSeconds: 120, waiting: 10_000 },
  ],
  reason: "",
  actor: "test",
  since: T0,
  calmSince: undefined,
};

describe("the automatic level", () => {
  it("rises at once to what depth or age asks for, and names what it saw", () => {
    expect(adjustShedding(AUTOMATIC, { waiting: 10, waitSeconds: 50 }, T0)).toMatchObject({
      level: 2,
      actor: "automatic",
      reason: "10 conversations wait, the first for 50 s",
    });
    expect(adjustShedding(AUTOMATIC, { waiting: 10_000, waitSeconds: 0 }, T0)?.level).toBe(3);
  });

  it("falls one level a minute, once the line is below half of the threshold for a minute", () => {
    const calm = { waiting: 0, waitSeconds: 0 };
    let now: Shedding = { ...AUTOMATIC, level: 2, pressure: 2 };
    const levels: number[] = [];
    for (let second = 0; second <= 130; second += 5) {
      now = adjustShedding(now, calm, at(second)) ?? now;
      levels.push(now.level);
    }
    expect(levels.indexOf(1)).toBe(12);
    expect(levels.indexOf(0)).toBe(24);
  });

  it("stays where it is between half of the threshold and the threshold", () => {
    const level1: Shedding = { ...AUTOMATIC, level: 1, pressure: 1, calmSince: T0 };
    const after = adjustShedding(level1, { waiting: 0, waitSeconds: 8 }, at(300));
    expect(after).toMatchObject({ level: 1, pressure: 0, calmSince: undefined });
  });

  it("is a person's when they chose it, and still tells the pressure", () => {
    const manual: Shedding = { ...AUTOMATIC, isAutomatic: false };
    expect(adjustShedding(manual, { waiting: 0, waitSeconds: 500 }, T0)).toMatchObject({
      level: 0,
      pressure: 3,
    });
  });

  it("never rises above the pressure, and changes by one only when it falls", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ waiting: fc.nat(20_000), waitSeconds: fc.nat(300) }), {
          maxLength: 80,
        }),
        (course) => {
          let now = AUTOMATIC;
          course.forEach((pressure, index) => {
            const next = adjustShedding(now, pressure, at(index * 20)) ?? now;
            if (next.level > now.level) expect(next.level).toBe(next.pressure);
            else expect(now.level - next.level).toBeLessThanOrEqual(1);
            now = next;
          });
        },
      ),
    );
  });

  it("is decided by one process at a time, and audited when it changes", async () => {
    await store.shed({ isAutomatic: true, level: 0, reason: "from now on" }, BY);
    const pressure = { waiting: 0, waitSeconds: 20 };
    const decide = (shedding: Shedding) => adjustShedding(shedding, pressure, T0);
    expect(await store.adjust(decide, pressure)).toMatchObject({ level: 1 });
    expect(await store.adjust(decide, pressure)).toBeUndefined();
    const rows = await database.asRegistrar((tx) =>
      tx.query(
        "select actor, detail from audit where action = 'shedding-changed' and actor = 'automatic'",
      ),
    );
    expect(rows).toMatchObject([{ detail: { from: 0, level: 1, waitSeconds: 20 } }]);
  });
});
