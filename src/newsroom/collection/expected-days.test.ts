import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Weekday } from "../../core/newsroom.ts";
import {
  countDays,
  dayAfter,
  daysOfMonth,
  expectedDays,
  isHoliday,
  planEdition,
  todayIn,
} from "./expected-days.ts";

const workdays = { weekdays: [1, 2, 3, 4, 5] as readonly Weekday[], holidays: [] };
const at = { expectedAt: "02:30", lateAfterMinutes: 60, missingAfterMinutes: 600 };

describe("expectedDays", () => {
  it("leaves out week-ends and holidays, fixed, of one year and of Easter", () => {
    const holidays = ["04-11", "2026-04-01", "easter-3", "easter-2"];
    const days = expectedDays({ ...workdays, holidays }, "2026-03-30", "2026-04-13");
    // Easter Sunday of 2026 was 5 April; 4, 5, 11 and 12 April were of week-ends.
    expect(days.map((day) => day.slice(5))).toEqual([
      "03-30",
      "03-31",
      "04-06",
      "04-07",
      "04-08",
      "04-09",
      "04-10",
      "04-13",
    ]);
  });

  it("knows Easter", () => {
    const sundays = { weekdays: [7] as readonly Weekday[], holidays: ["easter"] };
    for (const easter of [
      "1961-04-02",
      "2000-04-23",
      "2024-03-31",
      "2025-04-20",
      "2027-03-28",
      "2038-04-25",
    ]) {
      expect(expectedDays(sundays, easter, easter), easter).toEqual([]);
      expect(expectedDays(sundays, dayAfter(easter, 7), dayAfter(easter, 7)), easter).toHaveLength(
        1,
      );
    }
  });

  it("never names a day twice, out of the range or out of order", () => {
    const date = fc
      .date({ min: new Date("2000-01-01"), max: new Date("2060-01-01"), noInvalidDate: true })
      .map((day) => day.toISOString().slice(0, 10));
    fc.assert(
      fc.property(date, fc.nat(400), (from, length) => {
        const until = dayAfter(from, length);
        const days = expectedDays({ weekdays: [1, 2, 3, 4, 5, 6, 7], holidays: [] }, from, until);
        expect(days).toEqual([...new Set(days)].sort());
        expect(days).toHaveLength(Math.min(366, countDays(from, until)));
      }),
      { numRuns: 50 },
    );
  });
});

describe("planEdition", () => {
  it("takes a time of the source's own clock, also where that is set forward or back over it", () => {
    const inMadrid = (date: string) =>
      planEdition(at, "Europe/Madrid", date).expectedAt.toISOString();
    expect(inMadrid("2026-03-28")).toBe("2026-03-28T01:30:00.000Z");
    // 02:30 does not exist on that day, and exists twice on the other.
    expect(inMadrid("2026-03-29")).toBe("2026-03-29T01:30:00.000Z");
    expect(inMadrid("2026-10-25")).toBe("2026-10-25T00:30:00.000Z");
    expect(inMadrid("2026-10-26")).toBe("2026-10-26T01:30:00.000Z");
    const { expectedAt, lateAt, closesAt } = planEdition(at, "America/Costa_Rica", "2026-11-20");
    expect(expectedAt.toISOString()).toBe("2026-11-20T08:30:00.000Z");
    expect(lateAt.getTime() - expectedAt.getTime()).toBe(3_600_000);
    expect(closesAt.getTime() - expectedAt.getTime()).toBe(36_000_000);
  });
});

describe("isHoliday", () => {
  it("takes days that exist, in the three ways to say them", () => {
    for (const day of ["12-25", "02-29", "2026-12-24", "easter", "easter-2", "easter+60"])
      expect(isHoliday(day), day).toBe(true);
    for (const day of ["13-01", "02-30", "2026-02-29", "25-12", "easter2", "pascua", ""])
      expect(isHoliday(day), day).toBe(false);
  });
});

it("todayIn is of the gazette, not of the machine", () => {
  const now = new Date("2026-11-21T03:00:00Z");
  expect(todayIn("America/Costa_Rica", now)).toBe("2026-11-20");
  expect(todayIn("Europe/Madrid", now)).toBe("2026-11-21");
  expect(daysOfMonth("2028-02")).toEqual({ from: "2028-02-01", until: "2028-02-29" });
});
