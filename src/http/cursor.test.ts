import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cursorOf, KeysetQuery, keysetOf } from "./cursor.ts";
import { parseInput } from "./parse-input.ts";

const read = (query: object) => keysetOf(parseInput(KeysetQuery, query));

describe("a cursor", () => {
  it("leads to the entry that it was made of, to the microsecond", () => {
    const at = "2026-11-21T09:30:00.123456Z";
    fc.assert(
      fc.property(fc.uuid({ version: [4, 7] }), (id) => {
        const cursor = cursorOf({ at, id });
        expect(cursor?.length).toBeLessThan(200);
        expect(read({ cursor })).toEqual({ after: { at, id }, limit: 50 });
      }),
    );
  });

  it("is null after the last page", () => {
    expect(cursorOf(undefined)).toBeNull();
    expect(read({})).toEqual({ after: undefined, limit: 50 });
  });

  it("is refused in one sentence when it is not one of ours, whatever it is", () => {
    const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.jsonValue().map(forged),
          fc.constantFrom(
            forged(["2026-11-21T09:30:00.123456Z", "' or 1=1 --"]),
            forged(["2026-99-99T09:30:00.123456Z", "00000000-0000-4000-8000-000000000000"]),
            forged(["2026-02-30T09:30:00.123456Z", "00000000-0000-4000-8000-000000000000"]),
            forged(["0000-01-01T09:30:00.123456Z", "00000000-0000-4000-8000-000000000000"]),
            forged(["now()", "00000000-0000-4000-8000-000000000000"]),
            forged({ at: "x", __proto__: {} }),
          ),
        ),
        (cursor) => {
          expect(() => read({ cursor })).toThrow(
            expect.objectContaining({ code: "invalid-input", status: 400 }),
          );
        },
      ),
    );
  });

  it.each(["0", "101", "1.5", "x", "-1", "1e9"])("goes with no limit such as %s", (limit) => {
    expect(() => read({ limit })).toThrow(/limit/);
  });
});
