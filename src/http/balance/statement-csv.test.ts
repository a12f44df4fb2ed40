import { describe, expect, it } from "vitest";
import type { Transaction } from "../../core/balance.ts";
import { toStatementLines } from "./statement-csv.ts";

const line = (note: string): string => {
  const transaction: Transaction = {
    id: "7",
    kind: "adjustment",
    amount: -1_500_000,
    balance: 3_500_000,
    reference: "fix-1",
    note,
    actor: "person:1",
    happenedAt: new Date("2026-11-21T00:00:00Z"),
  };
  return toStatementLines([transaction]);
};

describe("the statement", () => {
  it.each([
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@sum", "'@sum"],
    ["\t=1", "'\t=1"],
    ["＝1", "'＝1"],
    ['=a,"b"', '"\'=a,""b"""'],
    ["two\nlines", '"two\nlines"'],
    ["plain", "plain"],
  ])("keeps %j from being a formula", (note, cell) => {
    expect(line(note)).toBe(
      `7,2026-11-21T00:00:00.000Z,adjustment,-1.500000,3.500000,fix-1,${cell},person:1\r\n`,
    );
  });
});
