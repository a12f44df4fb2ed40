import { bottom, type Fragment, type RawPage, readingHeight } from "./fragment.ts";
import { groupRows, type Row, rowText } from "./rows.ts";

/** A page without what is printed on every page, and the number that was printed there. */
export interface CleanPage extends RawPage {
  readonly printedPage: string | undefined;
  /** Texts of the running heads and feet that were dropped: they name the edition and its date. */
  readonly furniture: readonly string[];
}

/** Heads and feet stand in the outer seventh of the page, measured from its edge. */
const ZONE = 1 / 7;
/**
 * A first page has a larger masthead, and some gazettes one on every page: down to here a row counts
 * when it is a running head elsewhere, or stands at the same height on many pages.
 */
const WIDE_ZONE = 1 / 4;
/** Left and right pages differ, and so do chapters: a head need only be on so many pages. */
const MIN_SHARE = 0.25;

/** A row with more characters is text. */
const MAX_HEAD_LENGTH = 240;

/** Known heads and feet of gazettes, for documents too short to show a repetition. */
const KNOWN_HEAD =
  /^(bolet[ií]n oficial del estado|(bolet[ií]n oficial del estado )?a[ñn]o [ivxlcdm]+|cve: ?\S+|verificable en https?:\/\/\S+|https?:\/\/www\.boe\.es.*(issn|d\. ?l\.).*|bolet[ií]n oficial del estado .*|n[úu]m\. \d+ .*p[áa]g\. ?\d+|p[áa]g(ina|\.)? ?\d+ la gaceta n\W? ?\d+.*|la gaceta n\W? ?\d+.*p[áa]g(ina|\.)? ?\d+|p[áa]g(ina|\.)? ?\d+)$/i;

/**
 * Drops running heads and feet: rows at the edge of the page whose text, figures aside, is on many
 * pages at the edge and never in the middle (forms repeat in the middle, too). Page numbers are
 * kept apart: a lone number counts as one only if it grows with the pages.
 */
export function dropRunningHeads(pages: readonly RawPage[]): CleanPage[] {
  const rows = pages.map((page) => groupRows(page.fragments));
  const repeated = repeatedHeads(pages, rows);
  const offset = pageNumberOffset(pages, rows);
  const cleaned = pages.map((page, index) => {
    const dropped = new Set<Fragment>();
    const furniture: string[] = [];
    let printedPage: string | undefined;
    for (const row of rows[index] ?? []) {
      const edge = edgeOf(row, page, WIDE_ZONE);
      if (edge === undefined) continue;
      const text = rowText(row);
      const isKnown = KNOWN_HEAD.test(text);
      const isRepeated =
        repeated.has(`${edge} ${headKey(text)}`) ||
        repeated.has(`${heightOf(row)} ${headKey(text)}`);
      if (!isRepeated && !isKnown && edgeOf(row, page) === undefined) continue;
      const number = pageNumberIn(text);
      const isNumber = number?.isLone === true && Number(number.text) - page.page === offset;
      if (!isNumber && !isRepeated && !isKnown) continue;
      if (number !== undefined && (isNumber || number.isNamed)) printedPage ??= number.text;
      for (const fragment of row.fragments) dropped.add(fragment);
      furniture.push(text);
    }
    return {
      ...page,
      fragments: page.fragments.filter((f) => !dropped.has(f)),
      printedPage,
      furniture,
    };
  });
  return fillBetween(cleaned);
}

function repeatedHeads(pages: readonly RawPage[], rows: readonly (readonly Row[])[]): Set<string> {
  const atEdge = new Map<string, number>();
  const inMiddle: Row[] = [];
  pages.forEach((page, index) => {
    const seen = new Set<string>();
    for (const row of rows[index] ?? []) {
      if (edgeOf(row, page, WIDE_ZONE) === undefined) {
        inMiddle.push(row);
        continue;
      }
      const text = rowText(row);
      if (text.length <= MAX_HEAD_LENGTH)
        seen.add(`${edgeOf(row, page) ?? heightOf(row)} ${headKey(text)}`);
    }
    for (const key of seen) atEdge.set(key, (atEdge.get(key) ?? 0) + 1);
  });
  const least = Math.max(2, Math.ceil(pages.length * MIN_SHARE));
  const candidates = [...atEdge].flatMap(([key, count]) => {
    const text = key.slice(key.indexOf(" ") + 1);
    return count < least || text === "#" || text === "" ? [] : [{ key, text, count }];
  });
  const middleCounts = countKeys(inMiddle, new Set(candidates.map(({ text }) => text)));
  const isRare = ({ text, count }: { text: string; count: number }) =>
    (middleCounts.get(text) ?? 0) <= count * 0.1;
  return new Set(candidates.filter(isRare).map(({ key }) => key));
}

/** How many rows have each of the keys. Nearly all rows of a document go through here, so most are told by their beginning. */
function countKeys(rows: readonly Row[], keys: ReadonlySet<string>): ReadonlyMap<string, number> {
  const beginnings = new Set([...keys].map((key) => key[0]));
  const counts = new Map<string, number>();
  for (const row of rows) {
    if (!beginnings.has(headKey(row.fragments[0]?.text ?? "")[0])) continue;
    const text = rowText(row);
    if (text.length > MAX_HEAD_LENGTH) continue;
    const key = headKey(text);
    if (keys.has(key)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function edgeOf(row: Row, page: RawPage, zone = ZONE): "top" | "bottom" | undefined {
  const height = readingHeight(page);
  if (bottom(row) < height * zone) return "top";
  if (row.y > height * (1 - zone)) return "bottom";
  return undefined;
}

/** Height on the page in steps of 4 points. */
function heightOf(row: Row): string {
  return String(Math.round(row.y / 4));
}

function headKey(text: string): string {
  return text.toLowerCase().replace(/\d+/g, "#").replace(/\s+/g, " ").trim();
}

/** The page number that a head or foot shows: named (`Pág. 12`), or a row that is nothing but a number. */
function pageNumberIn(
  text: string,
): { text: string; isLone: boolean; isNamed: boolean } | undefined {
  const named =
    /(?:^|[^\p{L}])(?:p[áa]g(?:ina)?s?|page)\.?\s*(?:n[º°o.]\s*)?(\d{1,6})(?!\d)/iu.exec(text)?.[1];
  if (named !== undefined) return { text: named, isLone: false, isNamed: true };
  const lone = /^[-–—\s]*(\d{1,6})[-–—\s]*$/.exec(text)?.[1];
  return lone === undefined ? undefined : { text: lone, isLone: true, isNamed: false };
}

/** Printed number minus PDF page, where most pages with a lone number at the edge agree. */
function pageNumberOffset(
  pages: readonly RawPage[],
  rows: readonly (readonly Row[])[],
): number | undefined {
  const counts = new Map<number, number>();
  pages.forEach((page, index) => {
    const offsets = new Set<number>();
    for (const row of rows[index] ?? []) {
      if (edgeOf(row, page) === undefined) continue;
      const number = pageNumberIn(rowText(row));
      if (number?.isLone) offsets.add(Number(number.text) - page.page);
    }
    for (const offset of offsets) counts.set(offset, (counts.get(offset) ?? 0) + 1);
  });
  const best = [...counts].sort((a, b) => b[1] - a[1])[0];
  return best !== undefined && best[1] >= Math.max(2, pages.length * 0.4) ? best[0] : undefined;
}

/** A page without a number takes it from its neighbours, when those before and after agree on it. */
function fillBetween(pages: readonly CleanPage[]): CleanPage[] {
  return pages.map((page, index) => {
    if (page.printedPage !== undefined) return page;
    const before = numbered(pages.slice(Math.max(0, index - 3), index).reverse());
    const after = numbered(pages.slice(index + 1, index + 4));
    if (before === undefined || before !== after) return page;
    return { ...page, printedPage: String(page.page + before) };
  });
}

function numbered(pages: readonly CleanPage[]): number | undefined {
  const page = pages.find((candidate) => candidate.printedPage !== undefined);
  return page === undefined ? undefined : Number(page.printedPage) - page.page;
}
