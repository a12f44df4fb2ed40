import { randomBytes, randomUUID } from "node:crypto";
import { createTelegramChannel } from "../../bots/telegram/telegram-channel.ts";
import type { Channel, ChannelName } from "../../src/core/channel.ts";
import { systemClock } from "../../src/core/clock.ts";
import type { FaultPoint } from "../../src/core/fault-point.ts";
import {
  asId,
  type EditionId,
  type PromptId,
  type PromptRunId,
  type TenantId,
} from "../../src/core/ids.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { noMetrics } from "../../src/core/metrics.ts";
import type { TargetSettings } from "../../src/core/publishing.ts";
import { createBotRegistry } from "../../src/gateway/bot-registry.ts";
import { createReachHost } from "../../src/guarded-fetch/outward-host.ts";
import { createAdapterSet } from "../../src/newsroom/publishing/adapter-set.ts";
import { createEmailTarget } from "../../src/newsroom/publishing/email/email-target.ts";
import { createPublisher } from "../../src/newsroom/publishing/publisher.ts";
import { createPublishingDesk } from "../../src/newsroom/publishing/publishing-desk.ts";
import {
  createEditionPageTarget,
  createWebhookTarget,
} from "../../src/newsroom/publishing/shown-targets.ts";
import { createTelegramTarget } from "../../src/newsroom/publishing/telegram-target.ts";
import { createWhatsAppTarget } from "../../src/newsroom/publishing/whatsapp-target.ts";
import { createXTarget } from "../../src/newsroom/publishing/x/x-target.ts";
import type { Database } from "../../src/store/database.ts";
import { createApprovedTexts } from "../../src/store/prompts/approved-texts.ts";
import { createPublicationLedger } from "../../src/store/publishing/publication-ledger.ts";
import { createPublications } from "../../src/store/publishing/publications.ts";
import { createPublishingTargets } from "../../src/store/publishing/publishing-targets.ts";
import { addTenant, openLedgers } from "../line/tenant-line.ts";
import { startSmtpStandIn } from "../stand-ins/smtp/start-stand-in.ts";
import { startTelegramStandIn } from "../stand-ins/telegram/start-stand-in.ts";
import { startXStandIn } from "../stand-ins/x/start-stand-in.ts";

export const PUBLIC_URL = "https://gacetas.example.org";
export const CHANNEL_ID = -1_001_234_567_890;
export const READERS = ["ana@example.org", "luis@example.org"];
const MAIL_USER = { name: "pregonero", password: "of the mail server" };
/** One for all grounds: each reads the bots of all that share its database. */
const KEY = randomBytes(32);
const BY = { actor: "person:test" };

export type PublishingGround = Awaited<ReturnType<typeof openPublishingGround>>;

/** The real publisher over a database, before stand-ins of X, Telegram and a mail server. */
export async function openPublishingGround(database: Database) {
  const [x, telegram, smtp] = await Promise.all([
    startXStandIn(),
    startTelegramStandIn(),
    startSmtpStandIn(MAIL_USER),
  ]);
  const ledgers = openLedgers(database, KEY);
  const { tenantId } = await addTenant(ledgers);
  const telegramBot = telegram.addBot();
  telegram
    .group(CHANNEL_ID, { title: "La Gaceta", type: "supergroup" })
    .addBot(telegramBot, telegram.user(1));
  const bot = await ledgers.bots.insert(
    tenantId,
    {
      channel: "telegram",
      name: "pregonero",
      botKey: randomUUID(),
      accountKey: randomUUID(),
      secrets: { token: telegramBot.token },
      settings: {},
    },
    "test",
  );
  const account = x.addAccount("gaceta");
  const registry = createBotRegistry(ledgers.bots, silentLogger);
  const channels = new Map<ChannelName, Channel>([
    [
      "telegram",
      createTelegramChannel({
        apiRoot: telegram.apiRoot,
        logger: silentLogger,
        clock: systemClock,
      }),
    ],
  ]);
  const { cipher } = ledgers;
  const store = {
    ...createPublishingTargets(database, cipher),
    ...createPublications(database, cipher),
  };
  const allowed = [{ address: "127.0.0.1", port: smtp.port }];
  const adapters = createAdapterSet({
    x: createXTarget({ apiUrl: x.url, clock: systemClock, logger: silentLogger }),
    "telegram-channel": createTelegramTarget({ registry, channels }),
    "whatsapp-template": createWhatsAppTarget({
      startCampaign: async () => {},
      isStarted: async () => false,
    }),
    "edition-page": createEditionPageTarget(store),
    email: createEmailTarget({ reachHost: createReachHost({ allowed, ports: new Set() }) }),
    webhook: createWebhookTarget(),
  });
  const texts = createApprovedTexts(database);
  const ledger = createPublicationLedger(database, cipher);
  const publicUrl = () => PUBLIC_URL;
  const settings = {
    x: { kind: "x", credentials: { kind: "oauth1", ...account.oauth1 } },
    telegram: { kind: "telegram-channel", botId: bot.botId, chatKey: String(CHANNEL_ID) },
    email: {
      kind: "email",
      host: "127.0.0.1",
      port: smtp.port,
      security: "none",
      userName: MAIL_USER.name,
      password: MAIL_USER.password,
      from: "gaceta@example.org",
      recipients: READERS,
      unsubscribe: "mailto:baja@example.org",
    },
  } as const satisfies Record<string, TargetSettings>;

  return {
    ...{ x, telegram, smtp, tenantId, account, store, texts, ledger, settings, cipher },
    desk: createPublishingDesk({ store, texts, adapters, publicUrl, clock: systemClock }),
    /** A process that posts. */
    publisher: (faultPoint: FaultPoint, settlingMs = 0) =>
      createPublisher({
        ...{ ledger, texts, adapters, publicUrl, faultPoint, settlingMs },
        logger: silentLogger,
        metrics: noMetrics,
      }),
    async addTarget(given: TargetSettings, promptIds: readonly PromptId[] = []): Promise<string> {
      const targetId = randomUUID();
      const draft = { name: given.kind, settings: given, promptIds };
      await store.addTarget(tenantId, targetId, draft, BY);
      return targetId;
    },
    approve: (options: ApprovedRun) => addApproved(database, tenantId, options),
    /** Lets every lease and pause be over. */
    async expire(): Promise<void> {
      await database.asOwner(async (tx) => {
        await tx.query(
          "update publication set next_at = now() where state in ('scheduled', 'publishing')",
        );
        await tx.query("update publishing_target set busy_until = now()");
      });
    },
    async close(): Promise<void> {
      await Promise.all([x.close(), telegram.close(), smtp.close()]);
    },
  };
}

export interface ApprovedRun {
  readonly title: string;
  readonly statements: readonly string[];
  readonly promptId?: PromptId;
  /** That it sums up; default: one that is nowhere. */
  readonly editionId?: EditionId;
}

/** A run as it is after its review; returns its id, and its prompt's. */
export async function addApproved(
  database: Database,
  tenantId: TenantId,
  { title, statements, promptId = asId<PromptId>(randomUUID()), editionId }: ApprovedRun,
): Promise<{ readonly runId: PromptRunId; readonly promptId: PromptId }> {
  const runId = asId<PromptRunId>(randomUUID());
  const approved = statements.map((text, at) => ({
    text,
    citations: [
      {
        editionId: randomUUID(),
        sourceName: "La Gaceta",
        date: "2014-11-14",
        pdfPage: at + 1,
        printedPage: String(at + 12),
        quote: text,
        link: `/gazettes/la-gaceta/2014-11-14/pages/${at + 1}?document=a.pdf&hl=${at + 100}`,
      },
    ],
  }));
  await database.asTenant(tenantId, async (tx) => {
    await tx.query(
      `insert into prompt (tenant_id, id, name, is_scheduled) values ($1, $2, $3, false)
       on conflict do nothing`,
      [tenantId, promptId, `Resumen ${promptId}`],
    );
    await tx.query(
      `insert into prompt_version (tenant_id, prompt_id, version, settings, created_by)
       values ($1, $2, 1, '{"language":"es"}', 'test') on conflict do nothing`,
      [tenantId, promptId],
    );
    await tx.query(
      `insert into prompt_run (tenant_id, id, prompt_id, version, trigger, state, title, asked_by,
                               asked_at, changed_at, reviewed_by, reviewed_at, approved)
       values ($1, $2, $3, 1, 'person', 'approved', $4, 'test', now(), now(), 'person:test', now(), $5)`,
      [tenantId, runId, promptId, title, JSON.stringify(approved)],
    );
    if (editionId === undefined) return;
    await tx.query(
      `insert into prompt_run_edition (tenant_id, run_id, prompt_id, edition_id, position, is_triggered)
       values ($1, $2, $3, $4, 0, false)`,
      [tenantId, runId, promptId, editionId],
    );
  });
  return { runId, promptId };
}
