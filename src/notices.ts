import type { Cipher } from "./core/cipher.ts";
import type { Clock } from "./core/clock.ts";
import type { GuardedFetch } from "./core/guarded-fetch.ts";
import type { Logger } from "./core/logger.ts";
import type { Metrics } from "./core/metrics.ts";
import type { LiveEvents } from "./core/wake-up.ts";
import { createEventHub } from "./events/event-hub.ts";
import type { Allowed } from "./guarded-fetch/outward-url.ts";
import { checkWebhookUrl } from "./outgoing-webhooks/check-webhook-url.ts";
import { createWebhookDeliverer } from "./outgoing-webhooks/deliver-webhooks.ts";
import { createWebhookAdmin } from "./outgoing-webhooks/webhook-admin.ts";
import { createAnalytics } from "./store/analytics/analytics.ts";
import { createQuestionRuns } from "./store/analytics/question-runs.ts";
import type { Database } from "./store/database.ts";
import { createEventLog } from "./store/events/event-log.ts";
import { createStreamStanding } from "./store/events/stream-standing.ts";
import { createWebhookDeliveries } from "./store/outgoing-webhooks/webhook-deliveries.ts";
import { createWebhookEndpoints } from "./store/outgoing-webhooks/webhook-endpoints.ts";
import { createWebhookQueue } from "./store/outgoing-webhooks/webhook-queue.ts";

export interface NoticeSettings {
  readonly database: Database;
  readonly cipher: Cipher;
  readonly liveEvents: LiveEvents;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly guardedFetch: GuardedFetch;
  readonly allowedAddresses: Allowed;
}

/** What an installation tells of itself: events, to pages and to tenants' own programs. */
export function createNotices(settings: NoticeSettings) {
  const { database, cipher, clock, guardedFetch: fetch, allowedAddresses } = settings;
  const log = createEventLog(database);
  const queue = createWebhookQueue(database, cipher);
  return {
    log,
    hub: createEventHub({ ...settings, log }),
    standing: createStreamStanding(database),
    webhookQueue: queue,
    analytics: createAnalytics(database, cipher),
    questionRuns: createQuestionRuns(database, cipher),
    webhooks: createWebhookAdmin({
      store: {
        ...createWebhookEndpoints(database, cipher),
        ...createWebhookDeliveries(database, cipher),
      },
      checkUrl: (url) => checkWebhookUrl(url, allowedAddresses),
      clock,
    }),
    /** For the processes that post. */
    openDeliverer: () =>
      createWebhookDeliverer({ ...settings, queue, log, fetch, chance: Math.random }),
  };
}
