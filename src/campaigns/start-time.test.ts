import { describe, expect, it } from "vitest";
import { toInstant } from "./start-time.ts";

const at = (startsAt: string, timeZone?: string, whenTwice?: "earlier" | "later") =>
  toInstant({ startsAt, timeZone, whenTwice });

describe("a start", () => {
  it("is an instant as it stands, or a wall clock's time in its zone", () => {
    expect(at("2026-12-01T15:00:00Z").toISOString()).toBe("2026-12-01T15:00:00.000Z");
    expect(at("2026-12-01T09:00", "America/Costa_Rica").toISOString()).toBe(
      "2026-12-01T15:00:00.000Z",
    );
    expect(at("2026-07-01T09:00", "Europe/Madrid").toISOString()).toBe("2026-07-01T07:00:00.000Z");
    expect(at("2026-12-01T09:00", "Europe/Madrid").toISOString()).toBe("2026-12-01T08:00:00.000Z");
  });

  // Europe/Madrid, 2026: forward on 29 March at 02:00, back on 25 October at 03:00 (IANA time zone database).
  it("is refused where the clocks never show it, with one that they do", () => {
    expect(() => at("2026-03-29T02:30", "Europe/Madrid")).toThrow(/never show.*03:30/);
  });

  it("is asked for once more where the clocks show it twice", () => {
    expect(() => at("2026-10-25T02:30", "Europe/Madrid")).toThrow(/twice.*whenTwice/);
    expect(at("2026-10-25T02:30", "Europe/Madrid", "earlier").toISOString()).toBe(
      "2026-10-25T00:30:00.000Z",
    );
    expect(at("2026-10-25T02:30", "Europe/Madrid", "later").toISOString()).toBe(
      "2026-10-25T01:30:00.000Z",
    );
  });

  it.each([
    ["2026-12-01T09:00", undefined, /no time zone/],
    ["2026-12-01T09:00", "America/Nowhere", /no time zone of the IANA list/],
    ["2026-12-01T09:00", "'; drop table campaign", /no time zone of the IANA list/],
    ["2026-02-30T09:00", "Europe/Madrid", /no time such as/],
    ["mañana", "Europe/Madrid", /no time such as/],
    ["2026-13-01T15:00:00Z", undefined, /no time such as/],
  ])("is refused in one sentence as %s in %s", (startsAt, timeZone, why) => {
    expect(() => at(startsAt, timeZone)).toThrow(why);
    expect(() => at(startsAt, timeZone)).toThrow(
      expect.objectContaining({ code: "start-time", status: 400 }),
    );
  });
});
