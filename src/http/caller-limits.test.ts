import type { Request, Response } from "express";
import { describe, expect, it } from "vitest";
import type { SharedCounter } from "../core/shared-counter.ts";
import { CALLER_LIMITS, createCallerLimits } from "./caller-limits.ts";

/** The header fields of the last answer; rejects as the route would. */
async function call(
  { perAddress }: ReturnType<typeof createCallerLimits>,
  ip: string,
): Promise<ReadonlyMap<string, string>> {
  const headers = new Map<string, string>();
  const response = { setHeader: (name: string, value: string) => headers.set(name, value) };
  await perAddress({ ip } as Request, response as unknown as Response, () => {});
  return headers;
}

describe("how often somebody may call", () => {
  it("is counted by the network of a subscriber, and told with each answer", async () => {
    const limits = createCallerLimits(undefined);
    const limit = CALLER_LIMITS.address;
    const headers = await call(limits, "2001:db8:1:2::1");
    expect(headers.get("RateLimit-Policy")).toBe(`"address";q=${limit};w=60`);
    expect(headers.get("RateLimit")).toMatch(new RegExp(`^"address";r=${limit - 1};t=\\d+$`));
    for (let number = 1; number < limit; number += 1)
      await call(limits, `2001:db8:1:2::${number % 999}`);
    await expect(call(limits, "2001:db8:1:2:ffff::9")).rejects.toMatchObject({
      code: "too-many-requests",
      status: 429,
      retry: { afterMs: expect.any(Number) },
    });
    await call(limits, "2001:db8:1:3::1");
  });

  it("is counted by all processes together, without anybody's address", async () => {
    const counts = new Map<string, number>();
    const shared: SharedCounter = {
      async count(key) {
        counts.set(key, (counts.get(key) ?? 0) + CALLER_LIMITS.address / 2);
        return { count: counts.get(key) ?? 0, resetMs: 1_000 };
      },
      async forget() {},
      async close() {},
    };
    const [one, other] = [createCallerLimits(shared), createCallerLimits(shared)];
    await call(one, "192.0.2.7");
    await call(other, "192.0.2.7");
    await expect(call(one, "192.0.2.7")).rejects.toMatchObject({ status: 429 });
    expect([...counts.keys()].join()).not.toContain("192.0.2");
  });

  it("is counted by the process itself while the others cannot be asked", async () => {
    const away: SharedCounter = {
      count: async () => undefined,
      async forget() {},
      async close() {},
    };
    const limits = createCallerLimits(away);
    for (let number = 0; number < CALLER_LIMITS.address; number += 1)
      await call(limits, "192.0.2.8");
    await expect(call(limits, "192.0.2.8")).rejects.toMatchObject({ status: 429 });
  });
});
