import { orderByColumns, type Region } from "./columns.ts";
import { bottom, type Fragment, right, type TextLine } from "./fragment.ts";
import { liftMarginalCodes } from "./marginal-codes.ts";
import { groupRows, joinRuns, type Row, rowText } from "./rows.ts";

/**
 * Half an em: a word space is at most about a third of one, and the narrowest gutter seen in a
 * gazette is more than a whole one. Wider gaps of justified lines only split a run, which is harmless.
 */
const MAX_WORD_GAP_EM = 0.5;

/** The lines of a page in the order in which a person reads them. */
export function readLines(fragments: readonly Fragment[]): TextLine[] {
  const runs = joinRuns(fragments, MAX_WORD_GAP_EM);
  return orderByColumns(runs).flatMap(linesOf);
}

function linesOf(region: Region): TextLine[] {
  const { rows, textEnd = region.right } = liftMarginalCodes(
    groupRows(region.runs.flatMap((run) => run.fragments)),
  );
  let previous: Row | undefined;
  const lines: TextLine[] = [];
  for (const row of rows) {
    const text = rowText(row);
    if (text === "") continue;
    const main = mainFragment(row);
    const gap = previous === undefined ? undefined : row.y - bottom(previous);
    lines.push({
      text,
      x: row.x,
      y: row.y,
      width: row.width,
      height: row.height,
      size: main.height,
      font: main.font,
      columnLeft: region.left,
      columnRight: right(row) > textEnd ? region.right : textEnd,
      gapAbove: gap === undefined ? 9 : Math.max(0, gap) / Math.max(1, main.height),
    });
    previous = row;
  }
  return lines;
}

/** The fragment whose font speaks for the row: that of the most text. */
function mainFragment(row: Row): Fragment {
  const widths = new Map<string, number>();
  let best = row.fragments[0];
  let bestWidth = -1;
  for (const fragment of row.fragments) {
    const width = (widths.get(fragment.font) ?? 0) + fragment.width;
    widths.set(fragment.font, width);
    if (width > bestWidth) {
      best = fragment;
      bestWidth = width;
    }
  }
  return (
    best ?? {
      text: "",
      x: row.x,
      y: row.y,
      width: 0,
      height: row.height,
      font: "",
      hasSpaceBefore: false,
    }
  );
}
