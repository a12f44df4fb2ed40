import { bottom, right } from "./fragment.ts";
import { makeRow, type Row, rowText } from "./rows.ts";

/** Letters and figures in one word, as long as the shortest reference of a document that a gazette prints. */
const CODE = /^(?=.*\p{L})(?=.*\d)[\p{L}\d./-]{6,40}$/u;
/** Between the text and its margin, in line heights: more than a word space of a justified line. */
const MIN_GUTTER = 1;
/** One word at the end of a line is no column. */
const MIN_CODES = 2;
/** Points by which the right edges of a column of codes may differ. */
const EDGE_TOLERANCE = 3;
/** Lines of one paragraph are closer than this, in line heights. */
const MAX_LEADING = 0.5;
/** Code and text begin at most so many lines apart: beside the second line at the latest. */
const MAX_LINES_ABOVE = 1;

/**
 * Takes the codes out of a narrow column on the right margin (the BOE's summary prints each document's
 * beside the first line of its entry) and puts them before the paragraph that they stand beside, where
 * they do not part its sentences. Only beside full lines that run on below: a code at the end of a
 * short line, or of a table's row, is read there. Rows are from top to bottom. `textEnd` is the right
 * edge of the text without its margin, when there is one.
 */
export function liftMarginalCodes(rows: readonly Row[]): {
  readonly rows: readonly Row[];
  readonly textEnd: number | undefined;
} {
  const splits = rows.map(splitCode);
  const edge = commonEdge(splits);
  if (edge === undefined) return { rows, textEnd: undefined };
  const parts = splits.map((split) =>
    split !== undefined && Math.abs(right(split.code) - edge) <= EDGE_TOLERANCE ? split : undefined,
  );
  const textEnd = Math.max(...rows.map((row, index) => right(parts[index]?.text ?? row)));
  const lifted = new Map<number, Row>();
  parts.forEach((part, index) => {
    if (part === undefined) return;
    const isFull = textEnd - right(part.text) < 0.15 * part.text.width;
    const runsOn = parts[index + 1] === undefined && isClose(rows[index], rows[index + 1]);
    if (isFull && runsOn) lifted.set(index, part.code);
  });
  if (lifted.size === 0) return { rows, textEnd: undefined };
  const ordered = rows.flatMap((row, index) => {
    const codes: Row[] = [];
    for (let below = index; below <= index + MAX_LINES_ABOVE; below++) {
      const code = lifted.get(below);
      if (code !== undefined && firstLine(rows, parts, below) === index) codes.push(code);
    }
    return [...codes, lifted.has(index) ? (parts[index]?.text ?? row) : row];
  });
  return { rows: ordered, textEnd };
}

interface Split {
  readonly text: Row;
  readonly code: Row;
}

/** The code that ends a row, when a gutter parts it from the text. */
function splitCode(row: Row): Split | undefined {
  const { fragments } = row;
  let start = fragments.length;
  while (start > 0) {
    const fragment = fragments[start - 1];
    const before = fragments[start - 2];
    if (fragment === undefined) return undefined;
    start -= 1;
    if (before === undefined) return undefined;
    if (fragment.x - right(before) >= MIN_GUTTER * fragment.height) break;
  }
  const code = makeRow(fragments.slice(start));
  return CODE.test(rowText(code)) ? { text: makeRow(fragments.slice(0, start)), code } : undefined;
}

/** The right edge that the codes share, as far as there is a column of them. */
function commonEdge(splits: readonly (Split | undefined)[]): number | undefined {
  const edges = splits.flatMap((split) => (split === undefined ? [] : [right(split.code)]));
  const edge = Math.max(...edges);
  const shared = edges.filter((other) => edge - other <= EDGE_TOLERANCE);
  return shared.length >= MIN_CODES ? edge : undefined;
}

/** Where the paragraph begins that the code on line `index` stands beside. */
function firstLine(
  rows: readonly Row[],
  parts: readonly (Split | undefined)[],
  index: number,
): number {
  let first = index;
  while (
    first > 0 &&
    index - first < MAX_LINES_ABOVE &&
    parts[first - 1] === undefined &&
    isClose(rows[first - 1], rows[first])
  ) {
    first -= 1;
  }
  return first;
}

function isClose(above: Row | undefined, below: Row | undefined): boolean {
  if (above === undefined || below === undefined) return false;
  return below.y - bottom(above) <= MAX_LEADING * Math.min(above.height, below.height);
}
