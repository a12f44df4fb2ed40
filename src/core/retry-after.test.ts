import { describe, expect, it } from "vitest";
import { readRetryAfter } from "./retry-after.ts";

describe("readRetryAfter", () => {
  it.each([
    [{ "retry-after": "2" }, 2000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after": "9", "retry-after-ms": "250" }, 250],
    [{ "retry-after": "9", "retry-after-ms": "soon" }, 9000],
    [{ "retry-after": "-1" }, 0],
    [
      { "retry-after": "Fri, 14 Nov 2025 12:00:30 GMT", date: "Fri, 14 Nov 2025 12:00:00 GMT" },
      30_000,
    ],
    [{ "retry-after": "Fri, 14 Nov 2025 11:00:00 GMT", date: "Fri, 14 Nov 2025 12:00:00 GMT" }, 0],
  ])("reads %j as %d ms", (headers, afterMs) => {
    expect(readRetryAfter(new Headers(headers as Record<string, string>))).toEqual({ afterMs });
  });

  it.each([{}, { "retry-after": "" }, { "retry-after": "later" }])(
    "reads nothing from %j",
    (headers) => {
      expect(readRetryAfter(new Headers(headers as Record<string, string>))).toBeUndefined();
    },
  );

  it("does not go by its own clock when the server does not tell the time", () => {
    const headers = new Headers({ "retry-after": "Fri, 14 Nov 2025 12:00:30 GMT" });
    expect(readRetryAfter(headers)).toBeUndefined();
    expect(readRetryAfter(undefined)).toBeUndefined();
  });
});
