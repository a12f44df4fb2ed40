import type { TenantId } from "../../core/ids.ts";
import type { Logger } from "../../core/logger.ts";
import type { Metrics } from "../../core/metrics.ts";
import type { ComposeNews, NewsRelease, ReleaseStep } from "../../core/subscriptions.ts";
import type { WakeUps } from "../../core/wake-up.ts";

/** Steps of one tenant before the others have their turn. */
const STEPS_PER_TURN = 4;

export interface ReleasePorts {
  readonly release: NewsRelease;
  readonly compose: ComposeNews;
  readonly wakeUps: Pick<WakeUps, "wake">;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Feeds alerts and digests to the outbox, a few seconds ahead of what the bots may send: the one scheduler sends them,
 * behind every reply. Every step is one transaction, and several processes take turns.
 */
export function createNewsReleaser(ports: ReleasePorts) {
  const { release, compose, wakeUps, logger, metrics } = ports;

  async function run(
    tenantId: TenantId,
    kind: "alert" | "digest",
    step: (tenantId: TenantId, compose: ComposeNews) => Promise<ReleaseStep>,
    signal: AbortSignal,
  ): Promise<void> {
    for (let count = 0; count < STEPS_PER_TURN && !signal.aborted; count++) {
      const { queued, isMore } = await step(tenantId, compose);
      if (queued > 0) {
        metrics.count("news_messages_total", { kind }, queued);
        wakeUps.wake("deliver");
      }
      if (!isMore) return;
    }
  }

  /** Does what there is to do now. One tenant's trouble is not another's. */
  return async function releaseOnce(signal: AbortSignal): Promise<void> {
    for (const tenantId of await release.listTenants()) {
      if (signal.aborted) return;
      try {
        await run(tenantId, "alert", release.releaseAlerts, signal);
        await run(tenantId, "digest", release.releaseDigests, signal);
      } catch (error) {
        if (signal.aborted) return;
        logger.warn("news-not-released", { tenantId, error });
      }
    }
  };
}
