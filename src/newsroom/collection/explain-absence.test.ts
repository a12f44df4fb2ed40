import { expect, it } from "vitest";
import type { CollectionSettings, EditionState } from "../../core/newsroom.ts";
import { explainAbsence } from "./explain-absence.ts";

const settings: CollectionSettings = {
  locator: { kind: "upload" },
  hosts: [],
  weekdays: [1, 2, 3, 4, 5],
  expectedAt: "06:00",
  holidays: ["12-25", "easter-2"],
  lateAfterMinutes: 240,
  missingAfterMinutes: 2_160,
  lookEveryMinutes: 15,
  pauseSeconds: 2,
  recheckDays: 3,
  checksDate: true,
};

function why(now: string, daysAgo = 0, known: Readonly<Record<string, EditionState>> = {}) {
  const states = new Map(Object.entries(known));
  const published = new Set(
    Object.keys(known).filter((day) => known[day] === "collected" || known[day] === "corrected"),
  );
  const timeZone = "America/Costa_Rica";
  return explainAbsence({ timeZone, settings, states, published }, daysAgo, new Date(now));
}

it.each([
  // 2026-11-20 is a Friday; Costa Rica is six hours behind UTC.
  ["2026-11-20T13:00:00Z", 0, {}, "not-yet"],
  ["2026-11-20T17:00:00Z", 0, {}, "late"],
  ["2026-11-20T17:00:00Z", 0, { "2026-11-20": "collected" }, undefined],
  ["2026-11-20T17:00:00Z", 0, { "2026-11-20": "not-published" }, "not-published"],
  ["2026-11-20T17:00:00Z", 1, {}, "missing"],
  ["2026-11-21T17:00:00Z", 0, {}, "no-publication-day"],
  ["2026-12-25T17:00:00Z", 0, {}, "holiday"],
  ["2026-12-26T17:00:00Z", 1, {}, "holiday"],
  ["2026-04-04T17:00:00Z", 1, {}, "holiday"],
  // Still Friday there, when it is Saturday in London.
  ["2026-11-21T03:00:00Z", 0, {}, "late"],
] as const)("at %s, of %i days ago, with %o: %s", (now, daysAgo, known, expected) => {
  expect(why(now, daysAgo, known)).toBe(expected);
});
