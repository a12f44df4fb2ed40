import type { PageDraft, PlacedPassage } from "../core/gazette-store.ts";
import { type Html, html } from "./html.ts";

/** A run of text, and whether it is of the cited lines. */
export interface TextRun {
  readonly text: string;
  readonly isCited: boolean;
}

/**
 * The page's text as paragraphs that flow, the cited lines marked. Lines end where the paper's column
 * ends; a paragraph ends after a line that is clearly shorter than most and closes a sentence or is a title.
 */
export function pageText(page: PageDraft, cited: PlacedPassage | undefined): readonly Html[] {
  return pageParagraphs(page, cited).map(
    (runs) =>
      html`<p>${runs.map(({ text, isCited }) => (isCited ? html`<mark>${text}</mark>` : text))}</p>`,
  );
}

/** As `pageText`, for whoever builds elements of it. */
export function pageParagraphs(
  page: PageDraft,
  cited: PlacedPassage | undefined,
): readonly (readonly TextRun[])[] {
  const paragraphs = toParagraphs(page.text);
  const isCited = findCitedLines(paragraphs.flat(), citedLines(page, cited));
  let position = 0;
  return paragraphs.map((lines) =>
    lines.map((line, index) => ({
      text: joined(line, lines[index + 1]),
      isCited: isCited.has(position++),
    })),
  );
}

/** Shares of the usual line's length: below, a line that closes a sentence is a paragraph's last one. */
const LAST_LINE_SHARE = 0.9;
/** Below, it ends its paragraph however it closes: a title, an item of a table. */
const TITLE_SHARE = 0.6;

function toParagraphs(text: string): readonly (readonly string[])[] {
  const lines = text.split("\n").map((line) => line.trim());
  const usual = usualLength(lines);
  const paragraphs: string[][] = [[]];
  for (const line of lines) {
    if (line === "") {
      paragraphs.push([]);
      continue;
    }
    paragraphs.at(-1)?.push(line);
    const share = line.length / usual;
    const closes = /[.:;)\u00bb]$/.test(line);
    if (share < TITLE_SHARE || (closes && share < LAST_LINE_SHARE)) paragraphs.push([]);
  }
  return paragraphs.filter((paragraph) => paragraph.length > 0);
}

/** Upper quartile, so that titles and last lines don't count as usual. */
function usualLength(lines: readonly string[]): number {
  const lengths = lines.map((line) => line.length).sort((one, other) => one - other);
  return lengths[Math.floor(lengths.length * 0.75)] || 1;
}

/** The line with what joins it to the next: nothing where a word was divided, else a space. */
function joined(line: string, next: string | undefined): string {
  if (next === undefined) return line;
  if (/\p{L}-$/u.test(line) && /^\p{Ll}/u.test(next)) return line.slice(0, -1);
  return /-$/.test(line) ? line : `${line} `;
}

/** The cited passage's lines on this page, in order. */
function citedLines(page: PageDraft, cited: PlacedPassage | undefined): readonly string[] {
  const lines = cited?.lines ?? [];
  return lines.flatMap((line, index) => {
    if (line.page !== page.page) return [];
    const end = lines[index + 1]?.textStart ?? cited?.passage.text.length;
    return [cited?.passage.text.slice(line.textStart, end) ?? ""];
  });
}

/**
 * Positions of the cited lines among the page's. Gazettes repeat whole lines in act after act, so the
 * passage is laid against the page where most of its lines agree, and only there.
 */
function findCitedLines(page: readonly string[], cited: readonly string[]): ReadonlySet<number> {
  const pageLines = page.map(normalise);
  const wanted = cited.map(normalise);
  let best: readonly number[] = [];
  for (let start = 1 - wanted.length; start < pageLines.length; start++) {
    const agreeing = wanted.flatMap((line, index) =>
      line !== "" && pageLines[start + index] === line ? [start + index] : [],
    );
    if (agreeing.length > best.length) best = agreeing;
  }
  return new Set(best);
}

/** Passages have their words put together again; spaces and hyphens say nothing. */
function normalise(text: string): string {
  return text.replaceAll(/[\s\u00ad-]+/g, "");
}
