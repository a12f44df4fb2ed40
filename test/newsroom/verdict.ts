/** A line that sums up: what was promised, what was seen. */
export interface Promised {
  readonly what: string;
  readonly promised: string;
  readonly seen: string;
  readonly holds: boolean;
}

/** One table of `npm run verify:newsroom`, and whether all of it was kept. */
export interface VerifiedTable {
  /** Markdown. */
  readonly text: string;
  readonly shortfalls: readonly string[];
}
