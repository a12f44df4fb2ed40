import type { Box } from "../../core/gazette.ts";

/**
 * A piece of text as the PDF (or the OCR) placed it: on one baseline, in one font. Points, origin
 * at the top left of the page, which is turned so that most of its text runs from left to right.
 */
export interface Fragment {
  readonly text: string;
  readonly x: number;
  /** Top of the ascenders. */
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Name of the font within its document: tells fonts apart, says nothing of their looks. */
  readonly font: string;
  /** Whether the source itself put white space before this piece. */
  readonly hasSpaceBefore: boolean;
}

/** All that is read of a page before its order is known. */
export interface RawPage {
  /** PDF page, from 1. */
  readonly page: number;
  /** As displayed. */
  readonly width: number;
  readonly height: number;
  readonly turn: Turn;
  readonly fragments: readonly Fragment[];
  /** 0 to 100: what the recogniser believes of its words, the longer counting for more. Absent: none were recognised. */
  readonly confidence?: number;
}

/** Quarter turns, clockwise, that the text of a page has from upright as displayed: 1 reads downwards. */
export type Turn = 0 | 1 | 2 | 3;

/** Height of the page when it is turned to be read. */
export function readingHeight(page: { width: number; height: number; turn: Turn }): number {
  return page.turn % 2 === 0 ? page.height : page.width;
}

/** A point of the page as displayed, where it stands when the page is turned to be read. */
export function toReading(
  x: number,
  y: number,
  page: { readonly width: number; readonly height: number; readonly turn: Turn },
): readonly [number, number] {
  if (page.turn === 1) return [y, page.width - x];
  if (page.turn === 2) return [page.width - x, page.height - y];
  return page.turn === 3 ? [page.height - y, x] : [x, y];
}

/** A box of the page as it is read, where it stands as displayed. */
export function toDisplay(
  box: Box,
  page: { readonly width: number; readonly height: number; readonly turn: Turn },
): Box {
  const { x, y, width, height } = box;
  if (page.turn === 1) return { x: page.width - y - height, y: x, width: height, height: width };
  if (page.turn === 2) return { ...box, x: page.width - x - width, y: page.height - y - height };
  if (page.turn === 3) return { x: y, y: page.height - x - width, width: height, height: width };
  return box;
}

/** One line in reading order, with what the segmentation looks at. */
export interface TextLine {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Font size in points of most of the line. */
  readonly size: number;
  /** Font of most of the line. */
  readonly font: string;
  /** Where the line stands as displayed, when the page had to be turned to be read. */
  readonly displayed?: Box;
  /** Left and right edge of the column that the line stands in. */
  readonly columnLeft: number;
  readonly columnRight: number;
  /** White space above the line within its column, as a multiple of its height; 9 at the head of a column. */
  readonly gapAbove: number;
}

export function right(box: { readonly x: number; readonly width: number }): number {
  return box.x + box.width;
}

export function bottom(box: { readonly y: number; readonly height: number }): number {
  return box.y + box.height;
}

/** Share of the lower of two boxes that the other covers vertically; 0 when they do not overlap. */
export function verticalOverlap(
  a: { readonly y: number; readonly height: number },
  b: { readonly y: number; readonly height: number },
): number {
  const shared = Math.min(bottom(a), bottom(b)) - Math.max(a.y, b.y);
  return shared <= 0 ? 0 : shared / Math.max(0.1, Math.min(a.height, b.height));
}
