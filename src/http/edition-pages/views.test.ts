import { describe, expect, it } from "vitest";
import type { PlacedPassage } from "../../core/gazette-store.ts";
import { asId } from "../../core/ids.ts";
import { PageReadingShape } from "./contract.ts";
import { viewPage } from "./views.ts";

const TEXT = "La Municipalidad comunica el corte del agua.";
const line = (page: number, textStart: number, y: number) => ({
  page,
  textStart,
  x: 60,
  y,
  width: 200,
  height: 10,
});

/** Two lines at the foot of page 3, and the last on page 4. */
const ACROSS: PlacedPassage = {
  passage: {
    passageId: asId("7"),
    editionId: asId("00000000-0000-4000-8000-000000000001"),
    position: 4,
    actPosition: 2,
    heading: "AVISOS",
    text: TEXT,
    page: 3,
    lastPage: 4,
    printedPage: "12",
  },
  lines: [line(3, 0, 780), line(3, 17, 794), line(4, 29, 60)],
};
const page = (number: number) => ({
  page: number,
  printedPage: undefined,
  width: 595,
  height: 842,
  origin: "text-layer" as const,
  text: "",
});

describe("a page as it was read", () => {
  it("has of a passage the lines that stand on it, which together are the passage", () => {
    const [before, after] = [3, 4].map((number) => viewPage(page(number), [ACROSS]));
    const linesOf = (view: typeof before) => view?.passages[0]?.lines.map(({ text }) => text);
    expect(linesOf(before)).toEqual(["La Municipalidad ", "comunica el "]);
    expect(linesOf(after)).toEqual(["corte del agua."]);
    expect([...(linesOf(before) ?? []), ...(linesOf(after) ?? [])].join("")).toBe(TEXT);
  });

  it("is as its description says, whether its text was recognised or not", () => {
    const read = viewPage(page(3), [ACROSS]);
    expect(PageReadingShape.parse(read)).toEqual(read);
    expect(read.confidence).toBeNull();
    const recognised = viewPage({ ...page(3), origin: "ocr", confidence: 87.5 }, []);
    expect(recognised).toMatchObject({ origin: "ocr", confidence: 87.5, passages: [] });
  });
});
