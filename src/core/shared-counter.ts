/** Counts that all processes of an installation share, for limits. */
export interface SharedCounter {
  /**
   * Counts one for the key in a window of `seconds` that begins with its first. Undefined: whoever counts is away, and
   * the caller counts by itself. Never throws.
   */
  count(
    key: string,
    seconds: number,
  ): Promise<{ readonly count: number; readonly resetMs: number } | undefined>;
  /** Takes back what was counted for the key. Never throws. */
  forget(key: string): Promise<void>;
  close(): Promise<void>;
}
