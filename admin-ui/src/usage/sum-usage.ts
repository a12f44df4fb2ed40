import type { Schema } from "../../../client/index.ts";

export type UsageRow = Schema<"Usage">["usage"][number];

export interface UsageSum {
  readonly key: string;
  readonly calls: number;
  readonly tokens: number;
  readonly costMicroUsd: number;
  /** Calls whose price is not known: not in the cost. */
  readonly unpricedCalls: number;
}

/** By what `keyOf` says, the dearest first. */
export function sumUsage(
  rows: readonly UsageRow[],
  keyOf: (row: UsageRow) => string,
): readonly UsageSum[] {
  const sums = new Map<string, UsageSum>();
  for (const row of rows) {
    const key = keyOf(row);
    const before = sums.get(key);
    sums.set(key, {
      key,
      calls: (before?.calls ?? 0) + row.calls,
      tokens: (before?.tokens ?? 0) + row.inputTokens + row.outputTokens,
      costMicroUsd: (before?.costMicroUsd ?? 0) + row.costMicroUsd,
      unpricedCalls: (before?.unpricedCalls ?? 0) + row.unpricedCalls,
    });
  }
  return [...sums.values()].sort(
    (one, other) => other.costMicroUsd - one.costMicroUsd || other.calls - one.calls,
  );
}

/** Each of the last `count` days up to today, in UTC, as the ledger counts them. */
export function lastUtcDays(count: number, now: number): readonly string[] {
  return Array.from({ length: count }, (_, at) =>
    new Date(now - (count - 1 - at) * 86_400_000).toISOString().slice(0, 10),
  );
}
