/** A place in a list that is ordered by time, then id: no two entries share it. */
export interface Position {
  /** UTC with microseconds, as the database keeps it (`2026-11-21T09:30:00.123456Z`): a `Date` would round it. */
  readonly at: string;
  /** UUID. */
  readonly id: string;
}

export interface KeysetRequest {
  /** Undefined: from the beginning. */
  readonly after: Position | undefined;
  readonly limit: number;
}

/** `next` is where the following page goes on; undefined: this is the last. */
export interface KeysetPage<Entry> {
  readonly entries: readonly Entry[];
  readonly next: Position | undefined;
}
