/**
 * A piece of text as the PDF (or the OCR) placed it: on one baseline, in one font. Points, origin
 * at the top left of the page as displayed.
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
  readonly width: number;
  readonly height: number;
  readonly fragments: readonly Fragment[];
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
