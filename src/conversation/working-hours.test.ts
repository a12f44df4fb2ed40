import { describe, expect, it } from "vitest";
import type { WorkingHours } from "../core/hand-over.ts";
import { isOpen, nextOpening } from "./working-hours.ts";

const HOURS: WorkingHours = {
  timeZone: "America/Costa_Rica",
  days: {
    mon: [
      ["08:00", "12:00"],
      ["13:00", "16:00"],
    ],
    fri: [["08:00", "24:00"]],
  },
  holidays: ["2026-12-25"],
};
/** Costa Rica is six hours behind UTC, all year. */
const at = (local: string) => new Date(`${local}-06:00`);

describe("working hours", () => {
  it.each([
    ["2026-11-23T07:59:59", false],
    ["2026-11-23T08:00:00", true],
    ["2026-11-23T12:00:00", false],
    ["2026-11-23T15:59:59", true],
    ["2026-11-24T10:00:00", false],
    ["2026-11-27T23:59:59", true],
    ["2026-12-25T10:00:00", false],
  ])("at %s are open: %s", (local, expected) => {
    expect(isOpen(HOURS, at(local))).toBe(expected);
  });

  it.each([
    ["2026-11-23T06:00:00", { date: "2026-11-23", time: "08:00", inDays: 0 }],
    ["2026-11-23T12:30:00", { date: "2026-11-23", time: "13:00", inDays: 0 }],
    ["2026-11-23T16:00:00", { date: "2026-11-27", time: "08:00", inDays: 4 }],
    // The Friday is a holiday.
    ["2026-12-22T10:00:00", { date: "2026-12-28", time: "08:00", inDays: 6 }],
  ])("after %s begin again at %o", (local, expected) => {
    expect(nextOpening(HOURS, at(local))).toEqual(expected);
  });

  it("that never come are told so", () => {
    expect(nextOpening({ ...HOURS, days: {} }, at("2026-11-23T06:00:00"))).toBeUndefined();
  });

  it("follow the clock of a zone that changes it", () => {
    const madrid: WorkingHours = {
      timeZone: "Europe/Madrid",
      days: { mon: [["09:00", "10:00"]] },
      holidays: [],
    };
    expect(isOpen(madrid, new Date("2026-07-06T07:30:00Z"))).toBe(true);
    expect(isOpen(madrid, new Date("2026-11-23T08:30:00Z"))).toBe(true);
    expect(isOpen(madrid, new Date("2026-11-23T07:30:00Z"))).toBe(false);
  });
});
