import { describe, expect, it } from "vitest";
import { createDrawnTimes } from "./drawn-times.ts";
import type { MessageRow } from "./page-reader.ts";

const page = {
  url: "https://web.whatsapp.com/",
  language: "en",
  browserLanguage: "en",
  timeZone: "America/Costa_Rica",
  isVisible: true,
  isRightToLeft: false,
};
const at = (instant: string) => ({ clock: { now: () => new Date(instant) } });

function row(canonicalId: string, rawTime: string): MessageRow {
  return {
    rawId: canonicalId,
    canonicalId,
    direction: "in",
    kind: "text",
    rawTime,
    isEdited: false,
    mentionsUs: false,
    isComplete: true,
    votes: {},
  };
}
const sentAt = (rows: readonly MessageRow[]) => rows.map((each) => each.sentAt);

describe("when a message was written", () => {
  it("is not said while day and month could be either", () => {
    const times = createDrawnTimes(at("2026-11-21T20:30:00Z"));
    expect(sentAt(times.date([row("A", "9:05 AM, 4/5/2026")], page))).toEqual([undefined]);
  });

  it("is said from the message on that arrives while we look", () => {
    const times = createDrawnTimes(at("2026-05-04T20:30:00Z"));
    times.date([row("A", "9:05 AM, 4/5/2026")], page);
    const rows = times.date([row("A", "9:05 AM, 4/5/2026"), row("B", "2:30 PM, 5/4/2026")], page);
    expect(sentAt(rows)).toEqual(["2026-04-05T15:05:00.000Z", "2026-05-04T20:30:00.000Z"]);
  });

  it("is not learnt from one that came late", () => {
    const times = createDrawnTimes(at("2026-05-04T20:30:00Z"));
    times.date([row("A", "9:05 AM, 4/4/2026")], page);
    const rows = times.date([row("A", "9:05 AM, 4/4/2026"), row("B", "9:06 AM, 5/4/2026")], page);
    expect(sentAt(rows)).toEqual(["2026-04-04T15:05:00.000Z", undefined]);
  });

  it("is not learnt from one that comes into sight as the page scrolls", async () => {
    const times = createDrawnTimes(at("2026-12-05T18:00:00Z"));
    const old = [row("A", "9:05 AM, 4/4/2026"), row("B", "12:00 PM, 12/5/2026")];
    times.date(old.slice(0, 1), page);
    await times.whileScrolling(async () => void times.date(old, page));
    expect(sentAt(times.date(old, page))).toEqual(["2026-04-04T15:05:00.000Z", undefined]);
  });

  it("of a row with a clock alone is the day of the rows around it, when it is one", () => {
    const times = createDrawnTimes(at("2026-11-21T20:30:00Z"));
    const rows = [
      row("A", "9:05 AM, 11/20/2026"),
      row("B", "9:06 AM"),
      row("C", "9:07 AM, 11/20/2026"),
      row("D", "9:08 AM"),
      row("E", "9:09 AM, 11/21/2026"),
      row("F", "9:10 AM"),
    ];
    expect(sentAt(times.date(rows, page)).map((each) => each?.slice(8, 10))).toEqual([
      "20",
      "20",
      "20",
      undefined,
      "21",
      "21",
    ]);
  });

  it("is not said in a zone that does not exist", () => {
    const times = createDrawnTimes(at("2026-11-21T20:30:00Z"));
    const rows = times.date([row("A", "9:05 AM, 11/20/2026")], { ...page, timeZone: "Moon/Base" });
    expect(sentAt(rows)).toEqual([undefined]);
  });
});
