import { describe, expect, it } from "vitest";
import { createPasswordHasher } from "./password-hasher.ts";

const CHEAP = { memoryKibibytes: 64, passes: 1 };

describe("passwords at rest", () => {
  it("are argon2id with the parameters that OWASP asks for", async () => {
    const phc = await createPasswordHasher().hash("tres gatos leen la gaceta");
    expect(phc).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
  });

  it("count whole, also beyond 72 bytes, and in one form however they were composed", async () => {
    const hasher = createPasswordHasher(CHEAP);
    const long = "x".repeat(100);
    const phc = await hasher.hash(`${long}a`);
    expect(await hasher.verify(phc, `${long}a`)).toBe(true);
    expect(await hasher.verify(phc, `${long}b`)).toBe(false);
    const composed = await hasher.hash("contraseña secreta".normalize("NFD"));
    expect(await hasher.verify(composed, "contraseña secreta".normalize("NFC"))).toBe(true);
  });

  it("are compared with something for nobody too, and never match", async () => {
    const hasher = createPasswordHasher(CHEAP);
    expect(await hasher.verify(undefined, "nobody's password")).toBe(false);
    const real = createPasswordHasher();
    const phc = await real.hash("x");
    await real.verify(undefined, "x");
    const fastest = async (against: string | undefined) => {
      const times = [];
      for (let round = 0; round < 5; round += 1) {
        const startedAt = performance.now();
        await real.verify(against, "wrong");
        times.push(performance.now() - startedAt);
      }
      return Math.min(...times);
    };
    // Some 13 ms each; without the decoy a thousandth of it.
    expect(await fastest(undefined)).toBeGreaterThan((await fastest(phc)) / 5);
  });

  it("are known to be outdated when the parameters rise", async () => {
    const weak = await createPasswordHasher(CHEAP).hash("tres gatos");
    expect(createPasswordHasher().isOutdated(weak)).toBe(true);
    expect(createPasswordHasher(CHEAP).isOutdated(weak)).toBe(false);
    expect(await createPasswordHasher().verify(weak, "tres gatos")).toBe(true);
  });

  it("refuse a flood rather than wait without end", async () => {
    const hasher = createPasswordHasher(CHEAP);
    const phc = await hasher.hash("x");
    const all = await Promise.allSettled(
      Array.from({ length: 200 }, () => hasher.verify(phc, "y")),
    );
    const refused = all.filter((each) => each.status === "rejected");
    expect(refused.length).toBe(200 - 2 - 64);
    expect(refused[0]).toMatchObject({ reason: { code: "too-busy", status: 503 } });
    expect(await hasher.verify(phc, "x")).toBe(true);
  });
});
