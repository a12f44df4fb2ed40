import type { TextLine } from "../reading/fragment.ts";

/** A page as the segmentation takes it: read, without running heads. */
export interface ReadPage {
  readonly page: number;
  readonly printedPage: string | undefined;
  readonly lines: readonly TextLine[];
}

/** A line that knows its page. */
export interface DocumentLine extends TextLine {
  readonly page: number;
  readonly printedPage: string | undefined;
}

/** The font and size that most of the document is set in: what differs stands out. */
export interface BodyType {
  readonly font: string;
  readonly size: number;
}

export function flatten(pages: readonly ReadPage[]): DocumentLine[] {
  return pages.flatMap((page) =>
    page.lines.map((line) => ({ ...line, page: page.page, printedPage: page.printedPage })),
  );
}

/** The text without the rows of dots that lead the eye from an entry to its page, or to be filled in. */
export function withoutLeaders(text: string): string {
  return text.replace(/\s?(?:\.\s?){5,}|…{2,}/g, " ").trim();
}

export function bodyType(lines: readonly TextLine[]): BodyType {
  const weights = new Map<string, number>();
  for (const line of lines) {
    const key = `${line.font} ${line.size.toFixed(1)}`;
    weights.set(key, (weights.get(key) ?? 0) + line.text.length);
  }
  const [key] = [...weights].sort((a, b) => b[1] - a[1])[0] ?? [" 10"];
  const cut = key.lastIndexOf(" ");
  return { font: key.slice(0, cut), size: Number(key.slice(cut + 1)) };
}

/** Share of the letters that are capitals; 0 without letters. */
export function capitalShare(text: string): number {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters === 0 ? 0 : (text.match(/\p{Lu}/gu)?.length ?? 0) / letters;
}

/** Whether the line stands in the middle of its column, with room on both sides. */
export function isCentred(line: TextLine): boolean {
  const before = line.x - line.columnLeft;
  const after = line.columnRight - (line.x + line.width);
  const width = Math.max(1, line.columnRight - line.columnLeft);
  return before > 0.04 * width && after > 0.04 * width && Math.abs(before - after) < 0.12 * width;
}

/** Share of its column's width that the line fills. */
export function fill(line: TextLine): number {
  return line.width / Math.max(1, line.columnRight - line.columnLeft);
}
