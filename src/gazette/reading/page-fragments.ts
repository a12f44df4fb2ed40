import type { Box } from "../../core/gazette.ts";
import { type Fragment, type Turn, toReading } from "./fragment.ts";

/** What we use of a pdfjs `TextItem`. Transform: PDF user space, as in the text rendering matrix. */
export interface PlacedItem {
  readonly str: string;
  readonly transform: readonly number[];
  readonly width: number;
  readonly fontName: string;
}

export interface DisplayedPage {
  readonly width: number;
  readonly height: number;
  /** From PDF user space to the page as displayed. */
  readonly transform: readonly number[];
}

/** A line of a gazette has a few hundred characters; what is far longer was made to be slow to read. */
const MAX_ITEM_LENGTH = 2_000;
/** Points. Nobody reads smaller print: it is there for machines. The least that 15 gazettes print is 2.5. */
const LEAST_SIZE = 2;

/**
 * Turns pdfjs text items into fragments of the page, turned so that most of its text runs from left to
 * right. Text that runs another way (the signature strip on the margin of the BOE) is left out, and so is what nobody
 * sees: off the page, or too small.
 */
export function toFragments(
  items: readonly PlacedItem[],
  ascents: Readonly<Record<string, { readonly ascent?: number }>>,
  page: DisplayedPage,
): { readonly fragments: readonly Fragment[]; readonly turn: Turn } {
  const placed = items.map((item) => ({ item, matrix: multiply(page.transform, item.transform) }));
  const turn = mainTurn(placed);
  const fragments: Fragment[] = [];
  let hasSpaceBefore = false;
  for (const { item, matrix } of placed) {
    const text = clean(item.str.slice(0, MAX_ITEM_LENGTH));
    if (text.trim() === "") {
      hasSpaceBefore ||= text !== "";
      continue;
    }
    const size = Math.hypot(matrix[2], matrix[3]);
    if (turnOf(matrix) !== turn || size < LEAST_SIZE || size > 400) {
      hasSpaceBefore = false;
      continue;
    }
    const [x, baseline] = toReading(matrix[4], matrix[5], { ...page, turn });
    const lead = text.length - text.trimStart().length;
    const perCharacter = item.width / Math.max(1, text.length);
    const visible = text.trim();
    const box = {
      x: x + lead * perCharacter,
      y: baseline - plausibleAscent(ascents[item.fontName]?.ascent) * size,
      width: Math.max(0.5, perCharacter * visible.length),
      height: size,
    };
    if (isOffPage(box, turn % 2 === 0 ? page : { width: page.height, height: page.width })) {
      hasSpaceBefore = false;
      continue;
    }
    fragments.push({
      text: visible,
      ...box,
      font: item.fontName,
      hasSpaceBefore: hasSpaceBefore || lead > 0,
    });
    hasSpaceBefore = text !== text.trimEnd();
  }
  return { fragments, turn };
}

function isOffPage(
  { x, y, width, height }: Box,
  page: { readonly width: number; readonly height: number },
): boolean {
  return x + width <= 0 || y + height <= 0 || x >= page.width || y >= page.height;
}

/** The turn of most characters; upright when none is the turn of most. */
function mainTurn(placed: readonly { readonly item: PlacedItem; readonly matrix: Matrix }[]): Turn {
  const counts: [number, number, number, number] = [0, 0, 0, 0];
  let total = 0;
  for (const { item, matrix } of placed) {
    const turn = turnOf(matrix);
    if (turn !== undefined) counts[turn] += item.str.length;
    total += item.str.length;
  }
  for (const turn of [1, 2, 3] as const) if (counts[turn] > 0.6 * total) return turn;
  return 0;
}

/** Undefined for slanted and mirrored text: watermarks, stamps. y grows downwards. */
function turnOf([a, b, c, d]: Matrix): Turn | undefined {
  const isAlong = (p: number, q: number) => p > 0 && Math.abs(q) < 0.2 * p;
  if (isAlong(a, b) && d < 0) return 0;
  if (isAlong(b, a) && c > 0) return 1;
  if (isAlong(-a, b) && d > 0) return 2;
  return isAlong(-b, a) && c < 0 ? 3 : undefined;
}

/** Ascent as a share of the size; fonts of scanned text layers say NaN or 0. */
function plausibleAscent(ascent: number | undefined): number {
  return ascent !== undefined && ascent >= 0.6 ? Math.min(0.95, ascent) : 0.8;
}

/** Control, zero-width and direction characters have no place in a gazette, and hide text in one. Soft hyphens stay. */
function clean(text: string): string {
  if (!/[^ -~\u00a1-\u02ff]/.test(text)) return text;
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
