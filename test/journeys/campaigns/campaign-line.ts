import { randomUUID } from "node:crypto";
import { createTelegramChannel } from "../../../bots/telegram/telegram-channel.ts";
import { createWhatsAppCloudChannel } from "../../../bots/whatsapp-cloud/whatsapp-cloud-channel.ts";
import { createCampaignAdmin } from "../../../src/campaigns/campaign-admin.ts";
import { createCampaignRunner } from "../../../src/campaigns/campaign-runner.ts";
import { createCompose } from "../../../src/campaigns/compose.ts";
import type { CampaignDraft, CampaignStep } from "../../../src/core/campaigns.ts";
import type { BotAccount, Channel, ChannelName, SendOutcome } from "../../../src/core/channel.ts";
import { systemClock } from "../../../src/core/clock.ts";
import type { ContactId } from "../../../src/core/ids.ts";
import type { DuePart } from "../../../src/core/ledgers.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import { noMetrics } from "../../../src/core/metrics.ts";
import { createCampaignRuns } from "../../../src/store/campaigns/campaign-runs.ts";
import { createCampaignStore } from "../../../src/store/campaigns/campaign-store.ts";
import { createContacts } from "../../../src/store/contacts/contacts.ts";
import { createSegments } from "../../../src/store/contacts/segments.ts";
import type { Database } from "../../../src/store/database.ts";
import { addChats, addTenant, type Ledgers, openLedgers } from "../../line/tenant-line.ts";

/** Pace at which all of a test's parts may go at once. */
const pace = { intervalMs: 1, burst: 1_000 };
export const PACES = new Map<ChannelName, Channel["pace"]>([
  ["telegram", { privateChat: pace, groupChat: pace, bulk: { ...pace, batch: 1 } }],
  ["whatsapp-cloud", { privateChat: pace, groupChat: pace, bulk: { ...pace, batch: 1 } }],
]);
export const CHANNELS = new Map<ChannelName, Channel>([
  [
    "telegram",
    createTelegramChannel({
      apiRoot: "http://127.0.0.1:1",
      logger: silentLogger,
      clock: systemClock,
    }),
  ],
  [
    "whatsapp-cloud",
    createWhatsAppCloudChannel({
      graphUrl: "http://127.0.0.1:1",
      logger: silentLogger,
      clock: systemClock,
    }),
  ],
]);
export const SENT: SendOutcome = { kind: "sent", networkMessageId: "1" };
export const BY = { actor: "person:ana", requestId: "r" };
export const ANOTHER = { actor: "person:berta", requestId: "r" };

export type CampaignLine = Awaited<ReturnType<typeof openCampaignLine>>;

/** Campaigns, contacts and the ledgers of the line on one database, with a tenant and a Telegram bot of its own. */
export async function openCampaignLine(
  database: Database,
  ledgers: Ledgers = openLedgers(database),
) {
  const { tenantId, bot } = await addTenant(ledgers);
  const { cipher } = ledgers;
  const store = createCampaignStore(database, cipher);
  const segments = createSegments(database, cipher);
  const contacts = createContacts(database, cipher);
  const compose = createCompose(CHANNELS);
  const shared = { store, segments, compose };
  const bots = new Map([[bot.botId, bot]]);
  const admin = createCampaignAdmin({
    ...shared,
    registry: { get: (_, botId) => bots.get(botId) },
    channels: CHANNELS,
    clock: systemClock,
  });
  const runOnce = createCampaignRunner({
    ...shared,
    runs: createCampaignRuns(database, cipher),
    contacts,
    clock: systemClock,
    wakeUps: { wake() {} },
    logger: silentLogger,
    metrics: noMetrics,
  });
  const inTenant = <Row extends object>(text: string, values: readonly unknown[] = []) =>
    database.asTenant(tenantId, (tx) => tx.query<Row>(text, values));
  const signal = new AbortController().signal;
  const draft = (change: Partial<CampaignDraft> = {}): CampaignDraft => ({
    name: "Corte de agua",
    text: "Hola {nombre}: *mañana* no hay agua.",
    template: undefined,
    attachment: undefined,
    bots: [bot.botId],
    pacePerMinute: undefined,
    ...change,
  });

  const line = {
    database,
    ledgers,
    tenantId,
    bot,
    bots,
    store,
    segments,
    contacts,
    admin,
    inTenant,
    draft,
    run: () => runOnce(signal),
    /** Contacts who wrote to the bot long ago, in the order of their chats. */
    async addPeople(count: number, to: BotAccount = bot): Promise<readonly ContactId[]> {
      const prefix = randomUUID().slice(0, 8);
      const keys = Array.from(
        { length: count },
        (_, n) => `${prefix}-${String(n).padStart(5, "0")}`,
      );
      const conversations = await addChats(ledgers, { tenantId, bot: to }, keys);
      const rows = await inTenant<{ id: string; contact_id: ContactId }>(
        "select id, contact_id from conversation where id = any($1::uuid[])",
        [conversations],
      );
      return rows.map((row) => row.contact_id);
    },
    async create(
      contactIds: readonly (ContactId | undefined)[],
      change: Partial<CampaignDraft> = {},
    ): Promise<string> {
      const campaignId = randomUUID();
      await store.create(tenantId, campaignId, draft(change), BY);
      const entries = contactIds.map((contactId) => ({
        contactId,
        line: undefined,
        variables: {},
      }));
      await store.setAudience(tenantId, campaignId, { kind: "contacts", entries }, undefined, BY);
      return campaignId;
    },
    /** Created, and begun by the next run. */
    async begin(
      contactIds: readonly (ContactId | undefined)[],
      change: Partial<CampaignDraft> = {},
    ): Promise<string> {
      const campaignId = await line.create(contactIds, change);
      await store.setApprovalAbove(tenantId, 1_000_000, BY);
      await admin.schedule(tenantId, campaignId, undefined, undefined, { by: BY, signal });
      return campaignId;
    },
    take: (campaignId: string, step: CampaignStep, by = BY) =>
      store.take(tenantId, campaignId, step, undefined, by),
    find: (campaignId: string) => admin.find(tenantId, campaignId),
    /** What may go now is claimed, as by a worker that is then gone or settles it. */
    async claim(): Promise<readonly DuePart[]> {
      await inTenant("update conversation set send_next_at = null");
      // Room for whatever other tests left in this database as well.
      const { parts } = await ledgers.outbox.claim("worker", 100_000, {
        room: 1_000_000,
        paces: PACES,
      });
      return parts.filter((part) => part.tenantId === tenantId);
    },
    settle: (parts: readonly DuePart[], outcome: SendOutcome = SENT) =>
      ledgers.outbox.settle(parts.map((due) => ({ due, outcome, retryAfterMs: undefined }))),
    /** Runs and sends until the campaign has nothing left; returns who got a part, in order. */
    async sendAll(
      outcomeOf: (part: DuePart, index: number) => SendOutcome = () => SENT,
    ): Promise<readonly DuePart[]> {
      const all: DuePart[] = [];
      for (;;) {
        await line.run();
        const parts = await line.claim();
        for (const part of parts) await line.settle([part], outcomeOf(part, all.push(part)));
        if (parts.length === 0) return all;
      }
    },
    recipients: async (campaignId: string) =>
      (await store.listRecipients(tenantId, campaignId, {}, { after: undefined, limit: 10_000 }))
        .entries,
  };
  return line;
}
