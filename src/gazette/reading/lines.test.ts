import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fragment } from "./fragment.ts";
import { readLines } from "./lines.ts";

function fragment(text: string, x: number, y: number, width: number, height = 10): Fragment {
  return { text, x, y, width, height, font: "f", hasSpaceBefore: true };
}

/** Set lines of one column, each as wide as the column. */
function column(name: string, x: number, from: number, count: number, width = 200): Fragment[] {
  return Array.from({ length: count }, (_, i) => fragment(`${name}${i}`, x, from + i * 12, width));
}

function read(fragments: readonly Fragment[]): string[] {
  return readLines(fragments).map((line) => line.text);
}
const names = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${name}${i}`);

describe("readLines", () => {
  it("reads the left column whole before the right one, also when their lines are level", () => {
    expect(read([...column("b", 260, 100, 8), ...column("a", 40, 100, 8)])).toEqual([
      ...names("a", 8),
      ...names("b", 8),
    ]);
    expect(read([...column("b", 260, 105, 8), ...column("a", 40, 100, 8)])).toEqual([
      ...names("a", 8),
      ...names("b", 8),
    ]);
  });

  it("reads three columns", () => {
    const three = [
      ...column("c", 440, 100, 9, 170),
      ...column("a", 40, 100, 9, 170),
      ...column("b", 240, 100, 9, 170),
    ];
    expect(read(three)).toEqual([...names("a", 9), ...names("b", 9), ...names("c", 9)]);
  });

  it("parts the columns at a heading across the page", () => {
    const page = [
      ...column("a", 40, 100, 6),
      ...column("b", 260, 100, 6),
      fragment("ACROSS", 100, 190, 300),
      ...column("c", 40, 220, 6),
      ...column("d", 260, 220, 6),
    ];
    expect(read(page)).toEqual([
      ...names("a", 6),
      ...names("b", 6),
      "ACROSS",
      ...names("c", 6),
      ...names("d", 6),
    ]);
  });

  it("reads a table row by row, also one with wide cells", () => {
    const rows = Array.from({ length: 12 }, (_, i) => [
      fragment(`month${i}`, 40, 100 + i * 12, 40 + ((i * 37) % 110)),
      fragment(`paid${i}`, 220, 100 + i * 12, 40 + ((i * 53) % 110)),
      fragment(`due${i}`, 400, 100 + i * 12, 40 + ((i * 71) % 110)),
    ]);
    const expected = Array.from({ length: 12 }, (_, i) => `month${i} paid${i} due${i}`);
    expect(read(rows.flat())).toEqual(expected);
  });

  it("reads a label and a value of another size as one line", () => {
    expect(
      read([fragment("BIOZYME", 363, 694, 45, 10), fragment("NOMBRE DEL SIGNO", 114, 698, 73, 7)]),
    ).toEqual(["NOMBRE DEL SIGNO BIOZYME"]);
  });

  it("reads the codes on a margin before the paragraphs that they stand beside", () => {
    const entry = (name: string, y: number, lines: number) =>
      Array.from({ length: lines }, (_, i) =>
        fragment(`${name}${i}`, 99, y + i * 11, i === lines - 1 && i > 0 ? 120 : 340, 9),
      );
    const code = (number: number, y: number) => fragment(`BOE-A-2024-${number}`, 459, y, 74, 9);
    const page = [
      ...entry("a", 100, 3),
      code(7293, 100),
      // Beside the second line.
      ...entry("b", 139, 3),
      code(7294, 150),
      fragment("ELX", 99, 178, 20, 9),
      code(7295, 178),
      ...entry("d", 194, 2),
      code(7296, 194),
    ];
    const lines = readLines(page);
    expect(lines.map((line) => line.text)).toEqual([
      ...["BOE-A-2024-7293", "a0", "a1", "a2"],
      ...["BOE-A-2024-7294", "b0", "b1", "b2"],
      "ELX BOE-A-2024-7295",
      ...["BOE-A-2024-7296", "d0", "d1"],
    ]);
    expect(lines[0]).toMatchObject({ x: 459, y: 100, width: 74 });
    expect(lines[1]).toMatchObject({ x: 99, y: 100, width: 340, gapAbove: 0, columnRight: 439 });
  });

  it("leaves the codes of a table in their rows", () => {
    const rows = Array.from({ length: 8 }, (_, i) => [
      fragment(`name${i}`, 40, 100 + i * 11, 60 + ((i * 37) % 110), 9),
      fragment(`1234567${i}Z`, 480, 100 + i * 11, 50, 9),
    ]);
    expect(read(rows.flat())).toEqual(Array.from({ length: 8 }, (_, i) => `name${i} 1234567${i}Z`));
  });

  it("keeps words that touch together, and sets a space where there is a gap", () => {
    const touching = { ...fragment("CARLOS", 40, 100, 30), hasSpaceBefore: false };
    const next = { ...fragment("ÁLVAREZ", 70.5, 100, 30), hasSpaceBefore: false };
    const apart = { ...fragment("RUIZ", 104, 100, 30), hasSpaceBefore: false };
    expect(read([touching, next, apart])).toEqual(["CARLOSÁLVAREZ RUIZ"]);
  });

  it("neither loses nor repeats a fragment, wherever they stand", () => {
    const anywhere = fc.record({
      x: fc.double({ min: 0, max: 600, noNaN: true }),
      y: fc.double({ min: 0, max: 800, noNaN: true }),
      width: fc.double({ min: 1, max: 500, noNaN: true }),
      height: fc.double({ min: 3, max: 40, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(anywhere, { maxLength: 80 }), (boxes) => {
        const fragments = boxes.map((box, i) =>
          fragment(i % 2 ? `w${i}` : `BOE-A-${i}`, box.x, box.y, box.width, box.height),
        );
        const words = readLines(fragments).flatMap((line) => line.text.split(" "));
        expect(words.sort()).toEqual(fragments.map((f) => f.text).sort());
      }),
    );
  });
});
