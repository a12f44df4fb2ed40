import { lookThroughQuestions } from "./analytics/look-through-questions.ts";
import { EVENTS_KEPT_DAYS } from "./core/events.ts";
import type { Installation } from "./installation.ts";
import { every } from "./line.ts";

const PRUNE_EVERY_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
/** Deliveries of webhooks, with their attempts. */
const DELIVERIES_KEPT_DAYS = 30;
/** Events are posted at most this late. */
const WEBHOOKS_EVERY_MS = 500;
const COUNT_EVERY_MS = 5_000;
/** How often it is asked whose questions are due; each tenant's are every six hours, or when somebody was erased. */
const GROUP_QUESTIONS_EVERY_MS = 60_000;
/** Whose events one round counts. */
const TENANTS_AT_ONCE = 100;

/** Posts webhooks in workers, and deletes in the scheduler what was kept long enough, until closed. */
export function startNotices(installation: Installation): { close(): Promise<void> } {
  const { roles } = installation.config;
  const running = [
    ...(roles.includes("worker") ? [startWebhooks(installation)] : []),
    ...(roles.includes("scheduler")
      ? [
          startPruning(installation),
          startCounting(installation),
          startGroupingQuestions(installation),
        ]
      : []),
  ];
  return {
    async close() {
      for (const each of running) await each.close();
    },
  };
}

function startPruning({ notices, securityEventLog, clock, logger, config }: Installation) {
  const daysAgo = (days: number) => new Date(clock.now().getTime() - days * DAY_MS);
  return every(PRUNE_EVERY_MS, async () => {
    try {
      await notices.log.prune(daysAgo(EVENTS_KEPT_DAYS));
      await notices.webhookQueue.prune(daysAgo(DELIVERIES_KEPT_DAYS));
      await securityEventLog.forgetBefore(daysAgo(config.securityEventDays));
    } catch (error) {
      logger.warn("events-not-pruned", { error });
    }
  });
}

function startCounting({ notices, logger }: Installation) {
  return every(COUNT_EVERY_MS, async () => {
    try {
      // Gives what was appended its position; the reading itself is of nothing.
      await notices.log.readAfter(Number.MAX_SAFE_INTEGER, 1);
      while ((await notices.analytics.countNext(TENANTS_AT_ONCE)) > 0) {
        // More may have happened than one round counts.
      }
    } catch (error) {
      logger.warn("analytics-not-counted", { error });
    }
  });
}

/** Ends a look that is under way: what it found is not written, and another one begins anew. */
function startGroupingQuestions({ notices, logger }: Installation): { close(): Promise<void> } {
  const stop = new AbortController();
  const ports = { runs: notices.questionRuns, logger };
  const rounds = every(GROUP_QUESTIONS_EVERY_MS, async () => {
    try {
      while (!stop.signal.aborted && (await lookThroughQuestions(ports, stop.signal))) {
        // Others may be due.
      }
    } catch (error) {
      if (!stop.signal.aborted) logger.warn("questions-not-grouped", { error });
    }
  });
  return {
    close() {
      stop.abort();
      return rounds.close();
    },
  };
}

function startWebhooks({ notices, logger }: Installation): { close(): Promise<void> } {
  const deliverer = notices.openDeliverer();
  const looks = every(WEBHOOKS_EVERY_MS, async () => {
    try {
      while (await deliverer.look()) {
        // More may be due than one claim takes.
      }
    } catch (error) {
      logger.warn("webhooks-not-looked-at", { error });
    }
  });
  return {
    async close() {
      await looks.close();
      await deliverer.close();
    },
  };
}
