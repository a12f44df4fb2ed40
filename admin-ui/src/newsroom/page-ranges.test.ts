import { expect, it } from "vitest";
import { rangesOf } from "./page-ranges.ts";

it("pages that follow each other are told by the first and the last", () => {
  expect(rangesOf([1, 2, 3, 5, 7, 8])).toBe("1–3, 5, 7–8");
  expect(rangesOf([])).toBe("");
});
