import type { BotId, TenantId } from "./ids.ts";

/** Upper bounds in milliseconds of the classes of answer times; what took longer is in one more class. */
export const ANSWER_TIME_BOUNDS_MS: readonly number[] = [
  100, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 7_500, 10_000, 15_000, 20_000,
  30_000, 45_000, 60_000, 120_000, 300_000, 900_000, 3_600_000,
];

/** What was counted of one bot on one day of the tenant's time zone, or of several summed. */
export interface AnalyticsFigures {
  /** That citizens wrote. */
  readonly messages: number;
  readonly answered: number;
  /** Of the answered: the gazette does not say. */
  readonly abstained: number;
  /** Of the answered: a person was asked for. */
  readonly handedOver: number;
  /** Given up after every attempt. */
  readonly failed: number;
  readonly costMicroUsd: number;
  /** Answers by class of `ANSWER_TIME_BOUNDS_MS`, one more than it has bounds. */
  readonly answerTimes: readonly number[];
}

export interface AnalyticsDay extends AnalyticsFigures {
  readonly botId: BotId;
  /** `2026-11-21`. */
  readonly day: string;
}

export interface AnalyticsStore {
  /** By day, then bot. Days without anything are left out. */
  read(
    tenantId: TenantId,
    range: { readonly from: string; readonly to: string; readonly botId: string | undefined },
  ): Promise<readonly AnalyticsDay[]>;
  /**
   * Counts events that were not counted yet, of at most `tenants` tenants: each once, whenever they come. Returns how
   * many; any number of processes may, and one that dies leaves nothing half counted.
   */
  countNext(tenants: number): Promise<number>;
}

/** Upper bound of the class in which the share `p` (0 to 1) of all lies; undefined: there was none. */
export function percentileMs(answerTimes: readonly number[], p: number): number | undefined {
  const total = answerTimes.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let seen = 0;
  for (const [index, count] of answerTimes.entries()) {
    seen += count;
    if (seen >= total * p) return ANSWER_TIME_BOUNDS_MS[index] ?? Number.POSITIVE_INFINITY;
  }
  return Number.POSITIVE_INFINITY;
}
