import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "./read-body.ts";

describe("parsing a body", () => {
  it("reads whatever JSON.stringify writes, up to 64 levels deep", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text));
      }),
    );
    expect(parseJson(Buffer.from("[".repeat(64) + "]".repeat(64)))).toBeDefined();
    expect(() => parseJson(Buffer.from("[".repeat(65) + "]".repeat(65)))).toThrow(/64 levels/);
  });

  it("does not count brackets in strings", () => {
    const text = JSON.stringify({ text: `\\"${"[{".repeat(500)}` });
    expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text));
  });

  it("throws nothing but bad-json, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          parseJson(Buffer.from(bytes));
        } catch (error) {
          expect(error).toMatchObject({ code: "bad-json", status: 400 });
        }
      }),
    );
  });
});
