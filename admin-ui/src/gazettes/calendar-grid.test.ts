import { describe, expect, it } from "vitest";
import {
  type CalendarDay,
  countStates,
  dayByKey,
  recentMonths,
  sameDayIn,
  stateOf,
  todayIn,
  troubledDays,
  weeksOf,
} from "./calendar-grid.ts";

const TODAY = "2026-11-20";
const EDITION = {
  state: "collected",
  reason: null,
  attempts: 1,
  expectedAt: "2026-11-20T12:00:00Z",
  lateAt: "2026-11-20T16:00:00Z",
  closesAt: "2026-11-22T00:00:00Z",
  nextAttemptAt: null,
  alertedAt: null,
  changedAt: "2026-11-20T12:01:00Z",
} as const;

function day(date: string, state?: NonNullable<CalendarDay["edition"]>["state"]): CalendarDay {
  return { date, isExpected: true, edition: state === undefined ? null : { ...EDITION, state } };
}

describe("weeksOf", () => {
  it("has every day of every month of ten years once, each in the column of its weekday", () => {
    for (let year = 2020; year < 2030; year++) {
      for (let number = 1; number <= 12; number++) {
        const month = `${year}-${String(number).padStart(2, "0")}`;
        const weeks = weeksOf(month);
        const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
        const wanted = Array.from(
          { length: count },
          (_, at) => `${month}-${String(at + 1).padStart(2, "0")}`,
        );
        expect(weeks.flat().filter((date) => date !== undefined)).toEqual(wanted);
        for (const week of weeks) {
          expect(week).toHaveLength(7);
          expect(week.some((date) => date !== undefined)).toBe(true);
          week.forEach((date, at) => {
            if (date !== undefined) {
              expect(new Date(`${date}T00:00:00Z`).getUTCDay()).toBe((at + 1) % 7);
            }
          });
        }
      }
    }
  });
});

describe("keys of the calendar", () => {
  it("lead over the ends of weeks, months and years", () => {
    expect(dayByKey("2026-12-31", "ArrowRight")).toBe("2027-01-01");
    expect(dayByKey("2024-03-01", "ArrowLeft")).toBe("2024-02-29");
    expect(dayByKey("2026-11-03", "ArrowUp")).toBe("2026-10-27");
    expect(dayByKey("2026-11-22", "Home")).toBe("2026-11-16");
    expect(dayByKey("2026-11-16", "End")).toBe("2026-11-22");
    expect(dayByKey("2026-01-31", "PageDown")).toBe("2026-02-28");
    expect(dayByKey("2026-01-15", "PageUp")).toBe("2025-12-15");
    expect(dayByKey("2026-01-15", "Enter")).toBeUndefined();
  });

  it("end in the last day of a shorter month", () => {
    expect(sameDayIn("2024-02", "2024-01-30")).toBe("2024-02-29");
    expect(sameDayIn("2026-04", "2026-03-31")).toBe("2026-04-30");
  });
});

describe("today", () => {
  it("is that of the gazette's clock, not of the reader's", () => {
    const justAfterMidnight = Date.parse("2026-11-20T03:30:00Z");
    expect(todayIn("America/Costa_Rica", justAfterMidnight)).toBe("2026-11-19");
    expect(todayIn("Europe/Madrid", justAfterMidnight)).toBe("2026-11-20");
    expect(todayIn("Pacific/Kiritimati", Date.parse("2026-12-31T10:00:00Z"))).toBe("2027-01-01");
  });
});

describe("how days stand", () => {
  it("tells what comes from what was never looked for", () => {
    expect(stateOf(day("2026-11-23"), TODAY)).toBe("ahead");
    expect(stateOf(day(TODAY), TODAY)).toBe("expected");
    expect(stateOf(day("2026-11-02"), TODAY)).toBe("unasked");
    expect(stateOf({ ...day("2026-11-02"), isExpected: false }, TODAY)).toBe("none");
    expect(stateOf({ ...day("2026-11-01", "corrected"), isExpected: false }, TODAY)).toBe(
      "corrected",
    );
  });

  it("is counted by state, days without an edition left out", () => {
    const days = [
      day("2026-11-18", "missing"),
      day("2026-11-19", "collected"),
      day(TODAY, "collected"),
      { ...day("2026-11-21"), isExpected: false },
      day("2026-11-23"),
    ];
    expect(countStates(days, TODAY)).toEqual([
      ["collected", 2],
      ["missing", 1],
      ["ahead", 1],
    ]);
  });

  it("asks for attention of late alone, newest first, over the end of a month", () => {
    const today = "2026-12-03";
    expect(recentMonths(today)).toEqual(["2026-11", "2026-12"]);
    expect(recentMonths(TODAY)).toEqual(["2026-11"]);
    const days = [
      day("2026-11-10", "missing"),
      day("2026-11-27", "held-for-review"),
      day("2026-12-01", "collected"),
      day("2026-12-02", "late"),
    ];
    expect(troubledDays(days, today).map(({ date }) => date)).toEqual(["2026-12-02", "2026-11-27"]);
  });
});
