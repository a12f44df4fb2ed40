import type { KeysetPage } from "../core/page.ts";

/** Rows of a list carry their place in it: `atOf("created_at")` selected as `at`, and `id`. */
export interface PlacedRow {
  readonly at: string;
  readonly id: string;
}

/** SQL of a `Position.at`: the column in UTC, to the microsecond. */
export function atOf(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/** One page of rows that were read with `limit ${limit + 1}`: the one too many tells that there is a next page. */
export function toKeysetPage<Row extends PlacedRow, Entry>(
  rows: readonly Row[],
  limit: number,
  toEntry: (row: Row) => Entry,
): KeysetPage<Entry> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return {
    entries: shown.map(toEntry),
    next: hasMore ? { at: last.at, id: last.id } : undefined,
  };
}
