import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instantOf, wallClock } from "./local-time.ts";

const zones = [
  "America/Costa_Rica",
  "Europe/Madrid",
  "America/Sao_Paulo",
  "Asia/Kolkata",
  "Pacific/Apia",
  "UTC",
];

describe("an instant by a wall clock", () => {
  it("is the one at which the clock shows it, or none", () => {
    const minute = fc.integer({ min: Date.UTC(2015, 0) / 60_000, max: Date.UTC(2030, 0) / 60_000 });
    fc.assert(
      fc.property(minute, fc.constantFrom(...zones), (number, zone) => {
        const instant = new Date(number * 60_000);
        const shown = wallClock(instant, zone);
        if (shown === undefined) throw new Error("no such zone");
        const read = instantOf(shown, shown.hour, shown.minute, zone);
        if (read !== undefined) expect(read).toEqual(instant);
        if (zone === "America/Costa_Rica") expect(read).toEqual(instant);
      }),
    );
  });

  it("is not guessed in the hour that comes twice, nor in the one that is left out", () => {
    const back = { year: 2026, month: 10, day: 25 };
    const forth = { year: 2026, month: 3, day: 29 };
    expect(instantOf(back, 2, 30, "Europe/Madrid")).toBeUndefined();
    expect(instantOf(forth, 2, 30, "Europe/Madrid")).toBeUndefined();
    expect(instantOf(back, 4, 30, "Europe/Madrid")?.toISOString()).toBe("2026-10-25T03:30:00.000Z");
  });

  it("is none in a zone that does not exist", () => {
    expect(instantOf({ year: 2026, month: 1, day: 1 }, 1, 1, "Mars/Olympus")).toBeUndefined();
  });
});
