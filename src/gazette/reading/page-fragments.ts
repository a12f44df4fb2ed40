import type { Fragment } from "./fragment.ts";

/** What we use of a pdfjs `TextItem`. Transform: PDF user space, as in the text rendering matrix. */
export interface PlacedItem {
  readonly str: string;
  readonly transform: readonly number[];
  readonly width: number;
  readonly fontName: string;
}

/**
 * Turns pdfjs text items into fragments of the page as displayed. Text that does not run from left
 * to right as displayed (the signature strip on the margin of the BOE) is left out.
 */
export function toFragments(
  items: readonly PlacedItem[],
  ascents: Readonly<Record<string, { readonly ascent?: number }>>,
  viewportTransform: readonly number[],
): Fragment[] {
  const fragments: Fragment[] = [];
  let hasSpaceBefore = false;
  for (const item of items) {
    const text = clean(item.str);
    if (text.trim() === "") {
      hasSpaceBefore ||= text !== "";
      continue;
    }
    const [a, b, c, d, e, f] = multiply(viewportTransform, item.transform);
    const size = Math.hypot(c, d);
    // y grows downwards here, so upright text from left to right has a > 0 and d < 0.
    const isUpright = a > 0 && d < 0 && Math.abs(b) < 0.2 * Math.abs(a);
    if (!isUpright || size < 1 || size > 400) {
      hasSpaceBefore = false;
      continue;
    }
    const ascent = plausibleAscent(ascents[item.fontName]?.ascent);
    const lead = text.length - text.trimStart().length;
    const perCharacter = item.width / Math.max(1, text.length);
    const visible = text.trim();
    fragments.push({
      text: visible,
      x: e + lead * perCharacter,
      y: f - ascent * size,
      width: Math.max(0.5, perCharacter * visible.length),
      height: size,
      font: item.fontName,
      hasSpaceBefore: hasSpaceBefore || lead > 0,
    });
    hasSpaceBefore = text !== text.trimEnd();
  }
  return fragments;
}

/** Ascent as a share of the size; fonts of scanned text layers say NaN or 0. */
function plausibleAscent(ascent: number | undefined): number {
  return ascent !== undefined && ascent >= 0.6 ? Math.min(0.95, ascent) : 0.8;
}

/** Control, zero-width and direction characters have no place in a gazette, and hide text in one. Soft hyphens stay. */
function clean(text: string): string {
  return text.replace(/[\u00a0\t]/g, " ").replace(/(?!\u00ad)[\p{Cc}\p{Cf}]/gu, "");
}

type Matrix = readonly [number, number, number, number, number, number];

function multiply(m: readonly number[], n: readonly number[]): Matrix {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = m;
  const [g = 1, h = 0, i = 0, j = 1, k = 0, l = 0] = n;
  return [
    a * g + c * h,
    b * g + d * h,
    a * i + c * j,
    b * i + d * j,
    a * k + c * l + e,
    b * k + d * l + f,
  ];
}
