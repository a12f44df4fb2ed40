import { bottom, right, verticalOverlap } from "./fragment.ts";
import type { Row } from "./rows.ts";

/** A part of a page that is read row by row: a column, or lines across the page. */
export interface Region {
  readonly runs: readonly Row[];
  readonly left: number;
  readonly right: number;
}

/** Fewer lines than this beside a gutter are not a column. */
const MIN_COLUMN_LINES = 5;
/** Narrower than this, in line heights, a gap is a wide word space of justified lines. */
const MIN_GUTTER = 0.7;
/** No gazette sets more than four columns: two halvings, and one more for bands within. */
const MAX_DEPTH = 5;

/**
 * Orders the runs of a page by columns: finds a gutter, reads what stands across it as its own
 * bands, and between two such bands the left side whole before the right side; then looks into each
 * part again. A table is not columns: its cells do not fill their width as set lines do.
 */
export function orderByColumns(runs: readonly Row[], depth = 0): Region[] {
  if (runs.length === 0) return [];
  const gutter = depth < MAX_DEPTH ? findGutter(runs) : undefined;
  if (gutter === undefined) return [regionOf(runs)];
  const { across, beside } = splitByGutter(runs, gutter);
  const regions: Region[] = [];
  for (const band of bands(across, beside)) {
    if (band.isAcross) {
      regions.push(...orderByColumns(band.runs, depth + 1));
      continue;
    }
    regions.push(
      ...orderByColumns(
        band.runs.filter((run) => centre(run) < gutter),
        depth + 1,
      ),
    );
    regions.push(
      ...orderByColumns(
        band.runs.filter((run) => centre(run) >= gutter),
        depth + 1,
      ),
    );
  }
  return regions;
}

/** The x of the gutter between two columns of set text, when there is one. */
export function findGutter(runs: readonly Row[]): number | undefined {
  const left = Math.min(...runs.map((run) => run.x));
  const end = Math.max(...runs.map(right));
  const width = Math.ceil(end - left);
  if (runs.length < 2 * MIN_COLUMN_LINES || width < 120) return undefined;
  const ink = new Float64Array(width + 1);
  for (const run of runs) {
    const from = Math.max(0, Math.floor(run.x - left));
    const to = Math.min(width, Math.ceil(right(run) - left));
    for (let x = from; x < to; x++) ink[x] = (ink[x] ?? 0) + run.height;
  }
  const minWidth =
    MIN_GUTTER *
    percentile(
      runs.map((run) => run.height),
      0.5,
    );
  const candidates = valleys(ink, Math.round(width * 0.2), Math.round(width * 0.8), minWidth);
  for (const valley of candidates) {
    const gutter = left + valley;
    if (areColumns(runs, gutter)) return gutter;
  }
  return undefined;
}

/** Middles of the lowest stretches of `ink` between two positions, the emptiest and widest first; at most 6. */
function valleys(ink: Float64Array, from: number, to: number, minWidth: number): number[] {
  const found: { middle: number; depth: number; width: number }[] = [];
  let start = from;
  for (let x = from + 1; x <= to; x++) {
    const isSame = x < to && Math.abs((ink[x] ?? 0) - (ink[start] ?? 0)) < 0.5;
    if (isSame) continue;
    const before = ink[start - 1] ?? Number.POSITIVE_INFINITY;
    const after = ink[x] ?? Number.POSITIVE_INFINITY;
    const depth = ink[start] ?? 0;
    if (x - start >= minWidth && depth < before && depth < after) {
      found.push({ middle: (start + x) / 2, depth, width: x - start });
    }
    start = x;
  }
  return found
    .sort((a, b) => a.depth - b.depth || b.width - a.width)
    .slice(0, 6)
    .map((valley) => valley.middle);
}

function areColumns(runs: readonly Row[], gutter: number): boolean {
  const { beside } = splitByGutter(runs, gutter);
  const leftSide = beside.filter((run) => centre(run) < gutter);
  const rightSide = beside.filter((run) => centre(run) >= gutter);
  return isSetText(leftSide) && isSetText(rightSide);
}

/**
 * Whether most lines run from one edge of their column to the other, as set paragraphs do. The edges
 * are those that a tenth of the lines exceed, so that one overlong line does not widen the column.
 */
function isSetText(side: readonly Row[]): boolean {
  const lines = mergeLines(side);
  if (lines.length < MIN_COLUMN_LINES) return false;
  const left = percentile(
    lines.map((line) => line.x),
    0.1,
  );
  const end = percentile(
    lines.map((line) => line.end),
    0.9,
  );
  const width = end - left;
  const height = percentile(
    lines.map((line) => line.height),
    0.5,
  );
  // Narrower than ten ems is a column of a table.
  if (width < 10 * height) return false;
  const full = lines.filter(
    (line) =>
      line.x - left < 0.12 * width &&
      end - line.end < 0.12 * width &&
      line.ink > 0.7 * (line.end - line.x),
  );
  return full.length >= 0.4 * lines.length;
}

/** Runs of one side that stand on the same line, taken together. */
function mergeLines(
  side: readonly Row[],
): { x: number; end: number; y: number; height: number; ink: number }[] {
  const lines: { x: number; end: number; y: number; height: number; ink: number }[] = [];
  for (const run of [...side].sort((a, b) => a.y - b.y)) {
    let line: (typeof lines)[number] | undefined;
    // From the last one upwards: what begins 40 points higher is another line.
    for (let i = lines.length - 1; i >= 0; i--) {
      const known = lines[i];
      if (known === undefined || known.y + 40 < run.y) break;
      if (verticalOverlap(known, run) < 0.6) continue;
      line = known;
      break;
    }
    if (line === undefined) {
      lines.push({ x: run.x, end: right(run), y: run.y, height: run.height, ink: run.width });
      continue;
    }
    line.x = Math.min(line.x, run.x);
    line.end = Math.max(line.end, right(run));
    line.ink += run.width;
  }
  return lines;
}

/** What stands across the gutter, with everything on the same lines; and what stands beside it. */
function splitByGutter(runs: readonly Row[], gutter: number): { across: Row[]; beside: Row[] } {
  const isCrossing = (run: Row) => run.x < gutter - 1 && right(run) > gutter + 1;
  const crossing = runs.filter(isCrossing);
  const across: Row[] = [];
  const beside: Row[] = [];
  for (const run of runs) {
    const isAcross =
      isCrossing(run) || crossing.some((other) => verticalOverlap(other, run) >= 0.6);
    (isAcross ? across : beside).push(run);
  }
  return { across, beside };
}

/** Runs in bands from top to bottom; a band stands across the gutter or beside it. */
function bands(
  across: readonly Row[],
  beside: readonly Row[],
): { isAcross: boolean; runs: Row[] }[] {
  const all = [
    ...across.map((run) => ({ run, isAcross: true })),
    ...beside.map((run) => ({ run, isAcross: false })),
  ].sort((a, b) => a.run.y + a.run.height / 2 - (b.run.y + b.run.height / 2));
  const result: { isAcross: boolean; runs: Row[] }[] = [];
  for (const { run, isAcross } of all) {
    const last = result.at(-1);
    if (last !== undefined && last.isAcross === isAcross) last.runs.push(run);
    else result.push({ isAcross, runs: [run] });
  }
  return result;
}

function regionOf(runs: readonly Row[]): Region {
  const ordered = [...runs].sort((a, b) => a.y - b.y || bottom(a) - bottom(b) || a.x - b.x);
  return {
    runs: ordered,
    left: Math.min(...runs.map((run) => run.x)),
    right: Math.max(...runs.map(right)),
  };
}

function centre(run: Row): number {
  return run.x + run.width / 2;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
