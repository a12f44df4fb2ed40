import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asId } from "../core/ids.ts";
import type { PlaceLimits } from "../core/ledgers.ts";
import { createWorkPool, type Holder } from "./work-pool.ts";

const holder = (tenant: number, bot = 0): Holder => ({
  tenantId: asId(`tenant ${tenant}`),
  botId: asId(`tenant ${tenant} bot ${bot}`),
});
const mayTake = (limits: PlaceLimits, { tenantId, botId }: Holder): number =>
  Math.min(
    limits.holders.get(tenantId) ?? limits.otherTenant,
    limits.holders.get(botId) ?? limits.otherBot,
  );

/** Work that ends when told, oldest first. */
function slowWork() {
  const ends: (() => void)[] = [];
  const work = () => new Promise<void>((resolve) => ends.push(resolve));
  return { work, endOne: () => ends.shift()?.() };
}

/** Starts as much for the holder as it may take. */
function fill(pool: ReturnType<typeof createWorkPool>, who: Holder, work: () => Promise<void>) {
  let taken = 0;
  for (let more = mayTake(pool.limits(), who); more > 0; more = mayTake(pool.limits(), who)) {
    for (let count = 0; count < more; count++) pool.start(work, who);
    taken += more;
  }
  return taken;
}

describe("the places of a process", () => {
  it("are half a tenant's at most, three quarters of these a bot's, and fewer the more tenants there are", () => {
    const pool = createWorkPool(128);
    const { work } = slowWork();
    expect(fill(pool, holder(1, 0), work)).toBe(48);
    expect(fill(pool, holder(1, 1), work)).toBe(16);
    expect(fill(pool, holder(1, 2), work)).toBe(0);
    expect(fill(pool, holder(2), work)).toBeGreaterThanOrEqual(20);
    expect(fill(pool, holder(3), work)).toBeGreaterThan(0);
  });

  it("are nearly gone for a bot that has taken its share, and not for another tenant", () => {
    const pool = createWorkPool(128);
    const { work } = slowWork();
    expect(pool.isBusyFor(holder(1))).toBe(false);
    for (let count = 0; count < 36; count++) pool.start(work, holder(1));
    expect(pool.isBusyFor(holder(1))).toBe(false);
    fill(pool, holder(1), work);
    expect([1, 2].map((tenant) => pool.isBusyFor(holder(tenant)))).toEqual([true, false]);
    for (const tenant of [2, 3, 4]) fill(pool, holder(tenant), work);
    expect(pool.isBusyFor(holder(5))).toBe(true);
  });

  it("all serve one who is alone in a pool of one place", () => {
    const pool = createWorkPool(1);
    expect(fill(pool, holder(1), slowWork().work)).toBe(1);
  });

  it("leave one for a tenant that holds none while any is free, whoever filled them", () => {
    const start = fc.record({ tenant: fc.nat(5), bot: fc.nat(2) });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.array(start), (capacity, starts) => {
        const pool = createWorkPool(capacity);
        const { work } = slowWork();
        for (const { tenant, bot } of starts) fill(pool, holder(tenant, bot), work);
        const newcomer = fill(pool, holder(99), work);
        expect(pool.room).toBeGreaterThanOrEqual(0);
        if (capacity >= 64) expect(newcomer).toBeGreaterThan(0);
      }),
    );
  });

  it("call for a look when one is free again that somebody was kept from, and not else", async () => {
    let calls = 0;
    const pool = createWorkPool(4, () => {
      calls += 1;
    });
    const { work, endOne } = slowWork();
    pool.start(work, holder(1));
    pool.limits();
    endOne();
    await pool.untilIdle();
    expect(calls).toBe(0);
    fill(pool, holder(1), work);
    endOne();
    endOne();
    await pool.untilIdle();
    expect(calls).toBe(1);
    expect(pool.limits().holders.size).toBe(0);
  });
});
