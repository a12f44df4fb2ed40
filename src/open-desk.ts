import type { WakeUps } from "./core/wake-up.ts";
import { createDesk } from "./hand-over/create-desk.ts";
import type { Installation } from "./installation.ts";
import { every } from "./line.ts";
import { createCannedReplies } from "./store/desk/canned-replies.ts";
import { createDeskStore } from "./store/desk/create-desk-store.ts";

/** The bot is back at most so long after the time of a hand-over was over. */
const SWEEP_EVERY_MS = 5_000;

/** Where people see conversations and answer in them. */
export function openDesk(
  installation: Pick<
    Installation,
    "database" | "cipher" | "registry" | "channels" | "clock" | "logger" | "assistantOf"
  >,
  wakeUps: Pick<WakeUps, "wake">,
) {
  const { database, cipher, registry, channels, clock, logger } = installation;
  const canned = createCannedReplies(database);
  const desk = createDesk({
    store: createDeskStore(database, cipher),
    canned,
    registry,
    channels,
    conductOf: async (tenantId, botId) => (await installation.assistantOf(tenantId, botId)).conduct,
    wakeUps,
    clock,
    logger,
  });
  return { desk, canned };
}

/** Ends hand-overs whose time is over; any number of processes may do so at once. */
export function startDeskSweep(
  installation: Installation,
  wakeUps: WakeUps,
): { close(): Promise<void> } {
  const { desk } = openDesk(installation, wakeUps);
  const { logger } = installation;
  return every(SWEEP_EVERY_MS, () =>
    desk.sweepOnce().catch((error: unknown) => logger.warn("desk-sweep-failed", { error })),
  );
}
