import type { Balances } from "../core/balance.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";

/** Tells the log and the metrics of balances that fell to a threshold. Never rejects: they are told the next time. */
export async function tellBalanceNotices(ports: {
  readonly balances: Pick<Balances, "takeNotices">;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): Promise<void> {
  try {
    for (const { tenantId, threshold, balance } of await ports.balances.takeNotices()) {
      const level = threshold === 0 ? "exhausted" : "low";
      ports.metrics.count("balance_notices_total", { level });
      ports.logger.warn(`balance-${level}`, {
        tenantId,
        thresholdMicroUsd: threshold,
        balanceMicroUsd: balance,
      });
    }
  } catch (error) {
    ports.logger.warn("balance-notices-not-told", { error });
  }
}
