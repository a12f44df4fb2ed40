import type { CampaignAdmin } from "./campaigns/campaign-admin.ts";
import type { Config } from "./config.ts";
import type { BotRegistry } from "./core/bot-registry.ts";
import type { Channel, ChannelName } from "./core/channel.ts";
import type { Cipher } from "./core/cipher.ts";
import type { Clock } from "./core/clock.ts";
import type { FaultPoint } from "./core/fault-point.ts";
import type { Logger } from "./core/logger.ts";
import { createReachHost } from "./guarded-fetch/outward-host.ts";
import type { Installation } from "./installation.ts";
import { every } from "./line.ts";
import { createAdapterSet } from "./newsroom/publishing/adapter-set.ts";
import { createEmailTarget } from "./newsroom/publishing/email/email-target.ts";
import { createPublishedDigests } from "./newsroom/publishing/published-digests.ts";
import { createPublisher } from "./newsroom/publishing/publisher.ts";
import { createPublishingDesk } from "./newsroom/publishing/publishing-desk.ts";
import { createApprovedScheduler } from "./newsroom/publishing/schedule-approved.ts";
import {
  createEditionPageTarget,
  createWebhookTarget,
} from "./newsroom/publishing/shown-targets.ts";
import { createTelegramTarget } from "./newsroom/publishing/telegram-target.ts";
import {
  type CampaignOfPublication,
  createWhatsAppTarget,
} from "./newsroom/publishing/whatsapp-target.ts";
import { createXTarget } from "./newsroom/publishing/x/x-target.ts";
import type { SiteAddress } from "./site-address.ts";
import type { Database } from "./store/database.ts";
import { createApprovedTexts } from "./store/prompts/approved-texts.ts";
import { createPublicationLedger } from "./store/publishing/publication-ledger.ts";
import { createPublications } from "./store/publishing/publications.ts";
import { createPublishingTargets } from "./store/publishing/publishing-targets.ts";

/** What is due is posted at most this late. */
const POST_EVERY_MS = 1_000;
/** What is approved of a linked prompt is scheduled at most this late. */
const SCHEDULE_EVERY_MS = 5_000;
/** Where mail is handed over (RFC 8314), and 2525, which many providers offer besides. */
const MAIL_PORTS: ReadonlySet<number> = new Set([25, 465, 587, 2525]);

/** Targets and publications as people see them, and what posts. */
export function createPublishingFeatures(ports: {
  readonly config: Pick<Config, "xApiUrl" | "allowedPrivateAddresses">;
  readonly database: Database;
  readonly cipher: Cipher;
  readonly registry: BotRegistry;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly campaigns: CampaignAdmin;
  readonly site: SiteAddress;
  readonly clock: Clock;
  readonly logger: Logger;
}) {
  const { config, database, cipher, campaigns, site, clock, logger } = ports;
  const allowed = config.allowedPrivateAddresses;
  const store = {
    ...createPublishingTargets(database, cipher),
    ...createPublications(database, cipher),
  };
  const adapters = createAdapterSet({
    x: createXTarget({ apiUrl: config.xApiUrl, clock, logger }),
    "telegram-channel": createTelegramTarget(ports),
    "whatsapp-template": createWhatsAppTarget({
      startCampaign: (campaign, signal) => startCampaign(campaigns, campaign, signal),
      isStarted: async (tenantId, campaignId) => {
        const campaign = await campaigns.store.find(tenantId, campaignId);
        return campaign !== undefined && campaign.state !== "draft";
      },
    }),
    "edition-page": createEditionPageTarget(store),
    email: createEmailTarget({ reachHost: createReachHost({ allowed, ports: MAIL_PORTS }) }),
    webhook: createWebhookTarget(),
  });
  const texts = createApprovedTexts(database);
  const publicUrl = () => site.url;
  return {
    desk: createPublishingDesk({ store, texts, adapters, publicUrl, clock }),
    ledger: createPublicationLedger(database, cipher),
    digests: createPublishedDigests({ store, texts }),
    texts,
    adapters,
    publicUrl,
  };
}

const SYSTEM = { actor: "system", requestId: "publishing" };

/** As far as a process before this one did not come. */
async function startCampaign(
  campaigns: CampaignAdmin,
  { tenantId, campaignId, segmentId, botId, ...draft }: CampaignOfPublication,
  signal: AbortSignal,
): Promise<void> {
  const content = { ...draft, attachment: undefined, bots: [botId], pacePerMinute: undefined };
  await campaigns.store.create(tenantId, campaignId, content, SYSTEM);
  const made = await campaigns.find(tenantId, campaignId);
  if (made.state !== "draft") return;
  if (made.audience === undefined) {
    await campaigns.setSegment(tenantId, campaignId, segmentId, undefined, SYSTEM);
  }
  await campaigns.schedule(tenantId, campaignId, undefined, undefined, { by: SYSTEM, signal });
}

/** The scheduler's part: what is approved is scheduled, what is due is posted, until closed. Any number of processes may. */
export function startPublishing(
  { publishingFeatures, clock, logger, exporter }: Installation,
  faultPoint: FaultPoint,
): { close(): Promise<void> } {
  const stop = new AbortController();
  const { ledger, texts, adapters, publicUrl } = publishingFeatures;
  const { metrics } = exporter;
  const publish = createPublisher({
    ...{ ledger, texts, adapters, publicUrl, logger, metrics, faultPoint },
  });
  const schedule = createApprovedScheduler({ texts, ledger, clock });
  const guarded = (name: string, work: (signal: AbortSignal) => Promise<unknown>) => async () => {
    try {
      await work(stop.signal);
    } catch (error) {
      if (!stop.signal.aborted) logger.warn(name, { error });
    }
  };
  const rounds = [
    every(SCHEDULE_EVERY_MS, guarded("approved-not-scheduled", schedule)),
    every(
      POST_EVERY_MS,
      guarded("publications-not-posted", async (signal) => {
        while (!signal.aborted && (await publish(signal))) {
          // More may be due than one round takes.
        }
      }),
    ),
  ];
  return {
    async close() {
      stop.abort();
      await Promise.all(rounds.map((round) => round.close()));
    },
  };
}
