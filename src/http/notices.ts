import { Router } from "express";
import type { Operations } from "./access/describe-operations.ts";
import { ANALYTICS_OPERATIONS } from "./analytics/openapi.ts";
import { type AnalyticsRoutePorts, analyticsRoutes } from "./analytics/routes.ts";
import type { LiveStreamPorts } from "./events/live-streams.ts";
import { EVENT_OPERATIONS } from "./events/openapi.ts";
import { type EventRoutePorts, eventRoutes } from "./events/routes.ts";
import { WEBHOOK_OPERATIONS } from "./outgoing-webhooks/openapi.ts";
import { outgoingWebhookRoutes, type WebhookRoutePorts } from "./outgoing-webhooks/routes.ts";

/** What the HTTP of events, of outgoing webhooks and of analytics is handed. */
export type NoticePorts = Pick<LiveStreamPorts, "hub" | "standing"> &
  Pick<WebhookRoutePorts, "webhooks"> &
  Pick<AnalyticsRoutePorts, "analytics">;

export function noticeRoutes(
  ports: EventRoutePorts & WebhookRoutePorts & AnalyticsRoutePorts,
): Router {
  const router = Router();
  router.use(eventRoutes(ports), outgoingWebhookRoutes(ports), analyticsRoutes(ports));
  return router;
}

export const NOTICE_OPERATIONS: Operations = {
  ...EVENT_OPERATIONS,
  ...WEBHOOK_OPERATIONS,
  ...ANALYTICS_OPERATIONS,
};
