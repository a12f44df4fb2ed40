import type { StrategyName } from "./page-reader.ts";

/** Of so many rows the last are remembered. */
const WINDOW = 20;
/** Below that nothing is concluded. */
const ENOUGH = 10;
/** A strategy that is wrong in so many of them has lost its footing in this page, for this field. */
const TOO_OFTEN = 0.6;

/**
 * How often each strategy is outvoted by two others that agree. One that is outvoted most of the time (the page was
 * redesigned, its words changed) is suspended for that field until it agrees again, so that it contradicts no more rows
 * into "unknown". Repeated looks at one row count once.
 */
export interface Trust {
  isTrusted(strategy: StrategyName, field: string): boolean;
  /** True when this suspended the strategy. */
  note(strategy: StrategyName, field: string, rowId: string, isOutvoted: boolean): boolean;
}

export function createTrust(): Trust {
  const records = new Map<string, { readonly seen: Map<string, boolean>; isSuspended: boolean }>();
  return {
    isTrusted: (strategy, field) => records.get(`${strategy} ${field}`)?.isSuspended !== true,
    note(strategy, field, rowId, isOutvoted) {
      const key = `${strategy} ${field}`;
      const record = records.get(key) ?? { seen: new Map<string, boolean>(), isSuspended: false };
      records.set(key, record);
      record.seen.set(rowId, isOutvoted);
      const [oldest] = record.seen.keys();
      if (record.seen.size > WINDOW && oldest !== undefined) record.seen.delete(oldest);
      const wrong = [...record.seen.values()].filter(Boolean).length;
      const was = record.isSuspended;
      record.isSuspended = record.seen.size >= ENOUGH && wrong / record.seen.size >= TOO_OFTEN;
      return record.isSuspended && !was;
    },
  };
}
