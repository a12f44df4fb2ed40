import { Router } from "express";
import type { Operations } from "./access/describe-operations.ts";
import type { LiveStreamPorts } from "./events/live-streams.ts";
import { EVENT_OPERATIONS } from "./events/openapi.ts";
import { type EventRoutePorts, eventRoutes } from "./events/routes.ts";

/** What the HTTP of events, of outgoing webhooks and of analytics is handed. */
export type NoticePorts = Pick<LiveStreamPorts, "hub" | "standing">;

export function noticeRoutes(ports: EventRoutePorts): Router {
  const router = Router();
  router.use(eventRoutes(ports));
  return router;
}

export const NOTICE_OPERATIONS: Operations = { ...EVENT_OPERATIONS };
