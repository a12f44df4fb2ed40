import { describe, expect, it } from "vitest";
import { afterQuietHours, isTimeZone, nextDigestAt } from "./news-times.ts";

const at = (iso: string) => new Date(iso);
const QUIET = { from: 21 * 60, until: 7 * 60 };

describe("quiet hours", () => {
  it("over midnight end in the morning of the person's own zone", () => {
    const zone = "America/Costa_Rica";
    const end = (iso: string) => afterQuietHours(at(iso), zone, QUIET).toISOString();
    expect(end("2026-11-22T04:00:00Z")).toBe("2026-11-22T13:00:00.000Z");
    expect(end("2026-11-22T08:00:00Z")).toBe("2026-11-22T13:00:00.000Z");
    expect(end("2026-11-22T13:00:00Z")).toBe("2026-11-22T13:00:00.000Z");
    expect(end("2026-11-22T20:00:00Z")).toBe("2026-11-22T20:00:00.000Z");
  });

  it("within a day end on that day, and none are none", () => {
    const siesta = { from: 13 * 60, until: 16 * 60 };
    const now = at("2026-07-01T12:30:00Z");
    expect(afterQuietHours(now, "Europe/Madrid", siesta).toISOString()).toBe(
      "2026-07-01T14:00:00.000Z",
    );
    expect(afterQuietHours(now, "Europe/Madrid", undefined)).toBe(now);
  });
});

describe("a digest", () => {
  it("is due at the same hour of the wall clock when the clocks are set back", () => {
    const daily = { kind: "daily", timeZone: "Europe/Madrid", minute: 18 * 60 } as const;
    const first = nextDigestAt(at("2026-10-24T10:00:00Z"), daily);
    expect(first.toISOString()).toBe("2026-10-24T16:00:00.000Z");
    expect(nextDigestAt(first, daily).toISOString()).toBe("2026-10-25T17:00:00.000Z");
  });

  it("of a week is due on its day, the next one when the hour is past", () => {
    const friday = {
      kind: "weekly",
      timeZone: "America/Costa_Rica",
      minute: 18 * 60,
      weekday: 5,
    } as const;
    const first = nextDigestAt(at("2026-11-22T12:00:00Z"), friday);
    expect(first.toISOString()).toBe("2026-11-28T00:00:00.000Z");
    expect(nextDigestAt(first, friday).toISOString()).toBe("2026-12-05T00:00:00.000Z");
  });
});

it("knows time zones from what is none", () => {
  expect(["America/Lima", "UTC", "America/Atlantis", "../etc"].map(isTimeZone)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
