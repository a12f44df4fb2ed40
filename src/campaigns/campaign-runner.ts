import type {
  Campaign,
  CampaignRuns,
  CampaignStore,
  Compose,
  RunningCampaign,
} from "../core/campaigns.ts";
import type { Clock } from "../core/clock.ts";
import type { Contacts } from "../core/contacts.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";
import type { Segments } from "../core/segments.ts";
import type { WakeUps } from "../core/wake-up.ts";
import { listSegment } from "./campaign-admin.ts";

/** Steps of one campaign before the others have their turn. */
const STEPS_PER_TURN = 4;
/** How often whoever follows a campaign is told its counts. */
const TELL_EVERY_MS = 1_000;

export interface CampaignRunnerPorts {
  readonly store: Pick<CampaignStore, "find">;
  readonly runs: CampaignRuns;
  readonly segments: Pick<Segments, "resolve">;
  readonly contacts: Pick<Contacts, "openChats">;
  readonly compose: Compose;
  readonly wakeUps: Pick<WakeUps, "wake">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Lists, begins and feeds campaigns: recipients go to the outbox a few seconds ahead of what the bots may send. Every
 * step is one transaction; a process that dies between two leaves nothing to clean up, and several take turns.
 */
export function createCampaignRunner(ports: CampaignRunnerPorts) {
  const { store, runs, logger, metrics } = ports;
  /** Campaign → the counts that were told last. */
  const told = new Map<string, { readonly counts: string; readonly atMs: number }>();

  async function tellNowAndThen(campaign: Campaign): Promise<void> {
    const counts = JSON.stringify(campaign.counts);
    const before = told.get(campaign.campaignId);
    const now = ports.clock.now().getTime();
    if (before?.counts === counts || now - (before?.atMs ?? 0) < TELL_EVERY_MS) return;
    told.set(campaign.campaignId, { counts, atMs: now });
    await runs.tell(campaign);
  }

  async function run(
    { tenantId, campaignId }: RunningCampaign,
    signal: AbortSignal,
  ): Promise<void> {
    const campaign = await store.find(tenantId, campaignId);
    if (campaign?.state === "scheduled") {
      const { audience } = campaign;
      if (audience?.kind === "segment" && !audience.isListed) {
        const segmentId = audience.segmentId ?? "";
        for await (const contactIds of listSegment(ports.segments, campaign, segmentId, signal)) {
          await runs.addListed(campaign, contactIds);
        }
      }
      if (!(await runs.begin(campaign))) return;
      logger.info("campaign-begun", { campaignId });
    }
    if (campaign?.state === "cancelled") {
      for (let step = 0; step < STEPS_PER_TURN && (await runs.withdraw(campaign)) > 0; step++);
      return;
    }
    if (campaign === undefined) return;
    await tellNowAndThen(campaign);
    for (let step = 0; step < STEPS_PER_TURN && !signal.aborted; step++) {
      for (const [botId, contactIds] of await runs.listUnopened(campaign)) {
        await ports.contacts.openChats(tenantId, botId, contactIds);
      }
      const released = await runs.release(campaign, ports.compose);
      if (released === undefined || released === 0) break;
      metrics.count("campaign_recipients_total", {}, released);
      ports.wakeUps.wake("deliver");
    }
  }

  /** Does what there is to do now. One campaign's trouble is not another's. */
  return async function runOnce(signal: AbortSignal): Promise<void> {
    const all = await runs.listDue();
    for (const id of told.keys()) {
      if (!all.some(({ campaignId }) => campaignId === id)) told.delete(id);
    }
    for (const due of all) {
      if (signal.aborted) return;
      try {
        await run(due, signal);
      } catch (error) {
        if (signal.aborted) return;
        logger.warn("campaign-step-failed", { campaignId: due.campaignId, error });
      }
    }
  };
}
