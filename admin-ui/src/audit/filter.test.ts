import { describe, expect, it } from "vitest";
import { readAuditFilter, toAuditQuery } from "./filter.ts";

const REQUEST = "0195f0a2-7a4b-4c1e-9d2f-1a2b3c4d5e6f";

describe("which entries of the audit are shown", () => {
  it("keeps what can be, and leaves out what is empty or no id or no day", () => {
    const given = { actor: " person:1 ", action: "", requestId: REQUEST, from: "2026-11-21" };
    expect(readAuditFilter(given)).toEqual({
      actor: "person:1",
      requestId: REQUEST,
      from: "2026-11-21",
    });
    expect(readAuditFilter({ requestId: "abc", from: "ayer", until: "2026-13-40" })).toEqual({});
  });

  it("includes the last day whole", () => {
    const { from, until } = toAuditQuery({ from: "2026-11-21", until: "2026-11-21" });
    expect(Date.parse(until ?? "") - Date.parse(from ?? "")).toBe(86_400_000);
  });
});
