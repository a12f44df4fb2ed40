import { silentLogger } from "../core/logger.ts";
import { liveEventsConformance, wakeUpsConformance } from "./conformance.ts";
import { createEmbeddedLiveEvents } from "./embedded-live-events.ts";
import { createEmbeddedWakeUps } from "./embedded-wake-ups.ts";

wakeUpsConformance("embedded", async (options) =>
  createEmbeddedWakeUps({ ...options, logger: silentLogger }),
);
liveEventsConformance("embedded", async () => createEmbeddedLiveEvents());
