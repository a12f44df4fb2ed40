import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BACKGROUNDS, contrastOf, READABLE, themeOf } from "./theme.ts";

const anyColour = fc
  .integer({ min: 0, max: 0xffffff })
  .map((number) => `#${number.toString(16).padStart(6, "0")}`);

describe("a tenant's colour", () => {
  it("can be read wherever the chat puts it, whichever colour it is", () => {
    fc.assert(
      fc.property(anyColour, (colour) => {
        const theme = themeOf(colour);
        for (const mode of ["light", "dark"] as const) {
          const { accent, onAccent, tint } = theme[mode];
          for (const other of [...BACKGROUNDS[mode], onAccent, tint]) {
            expect(contrastOf(accent, other)).toBeGreaterThanOrEqual(READABLE);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it("stays as it is given where it can be read", () => {
    expect(themeOf("#004488").light.accent).toBe("#004488");
    expect(themeOf("#9BD1FF").dark.accent).toBe("#9bd1ff");
    expect(themeOf("#ffee00").light.accent).not.toBe("#ffee00");
  });

  it("is compared as WCAG does", () => {
    expect(contrastOf("#000000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrastOf("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  });
});
