import type { SharedBreakers } from "./chain/shared-breakers.ts";
import type { Channel, ChannelName } from "./core/channel.ts";
import type { Cipher } from "./core/cipher.ts";
import type { Clock } from "./core/clock.ts";
import type { Logger } from "./core/logger.ts";
import { textReply } from "./core/message.ts";
import type { Metrics } from "./core/metrics.ts";
import type { LiveEvents } from "./core/wake-up.ts";
import { adjustShedding } from "./operations/adjust-shedding.ts";
import { loadSwitches } from "./operations/switches.ts";
import type { Database } from "./store/database.ts";
import { createAnnouncements } from "./store/operations/announcements.ts";
import { createAuditLog } from "./store/operations/audit-log.ts";
import { createLetters } from "./store/operations/letters.ts";
import { createPauses } from "./store/operations/pauses.ts";
import { createProviderFigures } from "./store/operations/provider-figures.ts";
import { createQueues } from "./store/operations/queues.ts";
import { createSwitchStore } from "./store/operations/switches.ts";

/** Everything that operators see and do, over one database. */
export function createOperations(ports: {
  readonly database: Database;
  readonly cipher: Cipher;
  /** Looked at when something is rendered: it may be filled later. */
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly liveEvents: LiveEvents;
  readonly breakers: SharedBreakers;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}) {
  const { database, cipher, channels, liveEvents, breakers, clock, logger, metrics } = ports;
  const switchStore = createSwitchStore(database);
  const queues = createQueues(database);
  const switches = loadSwitches({
    store: switchStore,
    liveEvents,
    logger,
    onRead({ breakerOrders, shedding }) {
      breakers.obey(breakerOrders);
      metrics.gauge("shed_level", shedding.level);
      metrics.gauge("line_pressure", shedding.pressure);
    },
  });
  return {
    pauses: createPauses(database),
    queues,
    letters: createLetters(
      database,
      cipher,
      (channel, text) => channels.get(channel)?.render(textReply(text)) ?? [],
    ),
    switchStore,
    switches,
    breakers,
    auditLog: createAuditLog(database),
    announcements: createAnnouncements(database),
    providerFigures: createProviderFigures(database),
    /** Looks how far the line is behind, and lets the level follow when it is automatic. */
    async adjustShedding(): Promise<void> {
      try {
        const pressure = await queues.pressure();
        const changed = await switchStore.adjust(
          (shedding) => adjustShedding(shedding, pressure, clock.now()),
          pressure,
        );
        if (changed === undefined) return;
        const before = switches.board()?.shedding;
        if (before?.level === changed.level && before.pressure === changed.pressure) return;
        const { level, pressure: said, reason } = changed;
        logger.warn("line-pressure-changed", { level, pressure: said, reason, ...pressure });
        await switches.announce();
      } catch (error) {
        logger.warn("shedding-not-adjusted", { error });
      }
    },
  };
}
