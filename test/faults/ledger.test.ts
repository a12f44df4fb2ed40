import { describe, expect, it } from "vitest";
import { type ArrivedPart, type Evidence, judge } from "./ledger.ts";

const EXPECTED: Evidence["expected"] = [
  { chatId: 1, text: "a", parts: ["a / 1", "a / 2"] },
  { chatId: 1, text: "b", parts: ["b / 1", "b / 2"] },
];

function verdictOn(...arrived: readonly (string | ArrivedPart)[]) {
  return judge({
    expected: EXPECTED,
    arrived: arrived.map((part) =>
      typeof part === "string" ? { chatId: 1, text: part, wasUnknown: false } : part,
    ),
    inboxAnswered: 2,
    inboxRows: 2,
    outboxRows: 4,
    outboxSent: 4,
    outboxUnknown: 0,
  });
}

describe("the verdict on a crash", () => {
  it("finds nothing wrong when all arrived in order", () => {
    expect(verdictOn("a / 1", "a / 2", "b / 1", "b / 2")).toEqual({
      lost: 0,
      doubled: 0,
      unknown: 0,
      disordered: 0,
      late: 0,
    });
  });

  it("counts a chat in which a part overtook another", () => {
    expect(verdictOn("a / 1", "b / 1", "a / 2", "b / 2")).toMatchObject({ disordered: 1, late: 0 });
  });

  it("calls late what the ledger had given up and a frozen process still sent", () => {
    const late = { chatId: 1, text: "a / 2", wasUnknown: true };
    expect(verdictOn("a / 1", "b / 1", late, "b / 2")).toMatchObject({ disordered: 0, late: 1 });
  });

  it("does not excuse a part that arrived twice", () => {
    const late = { chatId: 1, text: "a / 2", wasUnknown: true };
    expect(verdictOn("a / 1", "a / 2", "b / 1", "b / 2", late)).toMatchObject({ doubled: 1 });
  });
});
