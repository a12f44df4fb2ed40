import { createCampaignAdmin } from "./campaigns/campaign-admin.ts";
import { createCampaignRunner } from "./campaigns/campaign-runner.ts";
import { createCompose } from "./campaigns/compose.ts";
import type { BotRegistry } from "./core/bot-registry.ts";
import type { Channel, ChannelName } from "./core/channel.ts";
import type { Cipher } from "./core/cipher.ts";
import type { Clock } from "./core/clock.ts";
import type { WakeUps } from "./core/wake-up.ts";
import type { Installation } from "./installation.ts";
import { every } from "./line.ts";
import { createCampaignRuns } from "./store/campaigns/campaign-runs.ts";
import { createCampaignStore } from "./store/campaigns/campaign-store.ts";
import { createContacts } from "./store/contacts/contacts.ts";
import { createSegments } from "./store/contacts/segments.ts";
import type { Database } from "./store/database.ts";

/** What waits at most between two looks at what campaigns have to do. */
const RUN_EVERY_MS = 500;

/** Campaigns as people see them. */
export function createCampaigns(ports: {
  readonly database: Database;
  readonly cipher: Cipher;
  readonly registry: BotRegistry;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly clock: Clock;
}) {
  const { database, cipher, channels } = ports;
  return createCampaignAdmin({
    ...ports,
    store: createCampaignStore(database, cipher),
    segments: createSegments(database, cipher),
    compose: createCompose(channels),
  });
}

/** The scheduler's part: campaigns begin, and are fed to the outbox, until closed. Any number of processes may. */
export function startCampaigns(
  { database, cipher, channels, campaigns, clock, logger, exporter }: Installation,
  wakeUps: WakeUps,
): { close(): Promise<void> } {
  const stop = new AbortController();
  const runOnce = createCampaignRunner({
    store: campaigns.store,
    runs: createCampaignRuns(database, cipher),
    segments: createSegments(database, cipher),
    contacts: createContacts(database, cipher),
    clock,
    compose: createCompose(channels),
    wakeUps,
    logger,
    metrics: exporter.metrics,
  });
  const rounds = every(RUN_EVERY_MS, async () => {
    try {
      await runOnce(stop.signal);
    } catch (error) {
      if (!stop.signal.aborted) logger.warn("campaigns-not-run", { error });
    }
  });
  return {
    close() {
      stop.abort();
      return rounds.close();
    },
  };
}
