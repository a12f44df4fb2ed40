import { tellBalanceNotices } from "./balance/tell-notices.ts";
import { startCampaigns } from "./campaign-features.ts";
import { createCommands } from "./cli/commands.ts";
import { openControlServer } from "./cli/control-server.ts";
import type { CheckResult } from "./cli/doctor/check.ts";
import { startImports } from "./contact-features.ts";
import { type ChannelName, holdsSessions } from "./core/channel.ts";
import { isPregoneroError } from "./core/errors.ts";
import type { FaultPoint } from "./core/fault-point.ts";
import type { WakeUps } from "./core/wake-up.ts";
import { startReadingEntities } from "./entity-features.ts";
import { checkDatabase, examineInstallationHealth } from "./examine-installation-health.ts";
import { createAcceptor } from "./gateway/accept.ts";
import { createBotConnections } from "./gateway/bot-connections.ts";
import { SOURCE_PRESETS } from "./gazette/sources.ts";
import { createHttpServer } from "./http/server.ts";
import type { Installation } from "./installation.ts";
import { every, startEmbedding, startHeldDelivery, startSweeper, startWorker } from "./line.ts";
import { openDesk, startDeskSweep } from "./open-desk.ts";
import { startPrompts } from "./prompt-features.ts";
import { startPublishing } from "./publishing-features.ts";
import { createEmbeddedWakeUps } from "./queue/embedded-wake-ups.ts";
import { startReadingPagesAgain } from "./second-reading-features.ts";
import { localUrl } from "./site-address.ts";
import { startNotices } from "./start-notices.ts";
import { createDeadLetters } from "./store/dead-letters.ts";
import { createInbox } from "./store/inbox.ts";
import { startNews } from "./subscription-features.ts";
import { runTenantChores } from "./tenants/run-chores.ts";
import { VERSION } from "./version.ts";

/** Due work is found at most this late when no wake-up told of it. */
const POLL_INTERVAL_MS = 500;
/** Bots added by another process are noticed within this time. */
const REGISTRY_REFRESH_MS = 3_000;

/** What is switched off in another process is off here within this time, also without live events. */
const READ_SWITCHES_EVERY_MS = 2_000;
const ADJUST_SHEDDING_EVERY_MS = 5_000;

/** What was written to the audit can be changed unseen for this long at most. */
const SEAL_AUDIT_EVERY_MS = 10_000;
/** Whoever asks for an archive waits at most so long for it to be begun. */
const TENANT_CHORES_EVERY_MS = 5_000;

/** A service that runs. */
export interface Running {
  /** Undefined without the role `api`. */
  readonly port: number | undefined;
  /** Where this machine's people reach it, without a trailing slash. */
  readonly url: string | undefined;
  /** Of the open web chat, for its address. */
  readonly webChatKey: string | undefined;
  /** Stops accepting, lets what is under way finish, then releases everything but the installation. */
  close(): Promise<void>;
}

/**
 * Starts the configured roles over an opened installation. Order matters: the port first, for a process that
 * cannot have it must not claim any work and its number is part of every link; then the workers, then the
 * bots. Closing ends what brings messages in before what answers them.
 */
export async function startRoles(
  installation: Installation,
  options: {
    readonly faultPoint: FaultPoint;
    readonly examine: (signal: AbortSignal) => Promise<readonly CheckResult[]>;
  },
): Promise<Running> {
  const { config, logger, registry, owner } = installation;
  const has = (role: (typeof config.roles)[number]) => config.roles.includes(role);
  const closers: (() => Promise<void>)[] = [];
  const wakeUps = await createWakeUps(installation);
  const workers: { close(): Promise<void> }[] = [];
  closers.push(async () => {
    await wakeUps.close();
    await closeAll(workers.map((worker) => worker.close));
  });
  const { metrics } = installation.exporter;
  const inbox = createInbox(installation.database, installation.cipher);
  const { channels } = installation;
  const acceptor = createAcceptor({ inbox, channels, wakeUps, logger, metrics });
  let port: number | undefined;
  try {
    const http = has("api")
      ? createHttp(installation, acceptor, wakeUps, options.examine)
      : undefined;
    port = await http?.listen(config.port, config.host);
    if (port !== undefined) installation.site.setPort(port);
    if (has("worker")) {
      workers.push(startWorker(installation, wakeUps, options.faultPoint));
      workers.push(installation.documentWork.startWork(options.faultPoint));
    }
    if (has("whatsapp")) workers.push(startHeldDelivery(installation, wakeUps, options.faultPoint));
    closers.push(...startBackground(installation, wakeUps, options.faultPoint));
    if (http !== undefined) {
      closers.push(() => http.close());
      await ensureOwnBots(installation);
    }
    if (has("api") || has("whatsapp")) closers.push(startConnections(installation, acceptor));
    if (config.mode === "embedded") {
      const control = await openControlServer({
        dataDirectory: config.dataDirectory,
        ports: createCommands(toCommandInstallation(installation, options.examine)),
        logger,
      });
      closers.push(() => control.close());
    }
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
  logger.info("roles-started", { roles: config.roles.join(","), port, mode: config.mode, owner });
  return {
    port,
    url: port === undefined ? undefined : localUrl(config.host, port),
    webChatKey: registry
      .list()
      .find((bot) => bot.channel === "web-chat" && bot.tenantId === installation.tenantId)?.botKey,
    close: () => closeAll(closers),
  };
}

/** Starts what runs at intervals; returns what ends it, to be called last to first. */
function startBackground(
  installation: Installation,
  wakeUps: WakeUps,
  faultPoint: FaultPoint,
): (() => Promise<void>)[] {
  const { config, logger, registry } = installation;
  const refresh = every(REGISTRY_REFRESH_MS, () =>
    registry.refresh().catch((error: unknown) => logger.warn("registry-refresh-failed", { error })),
  );
  const { switches, adjustShedding } = installation.operations;
  const switching = every(READ_SWITCHES_EVERY_MS, () => switches.refresh());
  const closers = [() => refresh.close(), () => switching.close()];
  const notices = startNotices(installation);
  closers.push(() => notices.close());
  if (config.roles.includes("scheduler")) {
    const sweeper = startSweeper(installation, wakeUps);
    closers.push(() => sweeper.close());
    const campaigns = startCampaigns(installation, wakeUps);
    closers.push(() => campaigns.close());
    const imports = startImports(installation);
    closers.push(() => imports.close());
    const reading = startReadingEntities(installation);
    closers.push(() => reading.close());
    const secondReadings = startReadingPagesAgain(installation);
    closers.push(() => secondReadings.close());
    const news = startNews(installation, wakeUps);
    closers.push(() => news.close());
    const collecting = installation.collection.startCollecting(faultPoint);
    closers.push(() => collecting.close());
    const publishing = startPublishing(installation, faultPoint);
    closers.push(() => publishing.close());
    const prompts = startPrompts(installation, faultPoint);
    closers.push(() => prompts.close());
    const shedding = every(ADJUST_SHEDDING_EVERY_MS, () => adjustShedding());
    closers.push(() => shedding.close());
    const deskSweep = startDeskSweep(installation, wakeUps);
    closers.push(() => deskSweep.close());
    const sealing = every(SEAL_AUDIT_EVERY_MS, () => sealAudit(installation));
    closers.push(() => sealing.close());
    const chores = startTenantChores(installation);
    closers.push(() => chores.close());
    const embedding = startEmbedding(installation);
    if (embedding !== undefined) closers.push(() => embedding.close());
  }
  return closers;
}

/** Archives, retention and deletions of tenants; a round under way ends with its batch. */
function startTenantChores({ access, exporter, logger }: Installation): { close(): Promise<void> } {
  const stop = new AbortController();
  const { balances } = access;
  const rounds = every(TENANT_CHORES_EVERY_MS, async () => {
    await tellBalanceNotices({ balances, logger, metrics: exporter.metrics });
    await runTenantChores(access.chores, logger, stop.signal);
  });
  return {
    close() {
      stop.abort();
      return rounds.close();
    },
  };
}

/** The head goes to the log, which is kept elsewhere: whoever cuts the chain off cannot cut that line. */
async function sealAudit({ auditSeals, logger }: Installation): Promise<void> {
  try {
    const head = await auditSeals.seal();
    if (head !== undefined) logger.info("audit-sealed", { ...head });
  } catch (error) {
    logger.warn("audit-not-sealed", { error });
  }
}

/** Makes the networks deliver to us, bot by bot, as bots come and go; returns what ends it. */
function startConnections(
  installation: Installation,
  acceptor: ReturnType<typeof createAcceptor>,
): () => Promise<void> {
  const { config, owner, registry, botStore, channels, logger } = installation;
  const { publicUrl } = config;
  const connections = createBotConnections({
    owner,
    registry,
    store: botStore,
    channels,
    serves: (channel) => config.roles.includes(holdsSessions(channel) ? "whatsapp" : "api"),
    acceptor,
    feedback: installation.feedback,
    publicUrl,
    logger,
  });
  connections.start();
  return () => connections.close();
}

/** What the commands need of an installation. */
export function toCommandInstallation(
  installation: Installation,
  examine: (signal: AbortSignal) => Promise<readonly CheckResult[]>,
): Parameters<typeof createCommands>[0] {
  return {
    ...installation,
    record: (tenantId, messageId, events) =>
      installation.passports.record(tenantId, messageId, events),
    sourceSlugs: SOURCE_PRESETS.map((preset) => preset.slug),
    bots: installation.registry,
    deadLetters: createDeadLetters(installation.database),
    examine,
  };
}

async function createWakeUps({ config, logger }: Installation): Promise<WakeUps> {
  if (config.redisUrl === undefined) {
    return createEmbeddedWakeUps({ pollIntervalMs: POLL_INTERVAL_MS, logger });
  }
  const { createBullMqWakeUps } = await import("./queue/bullmq-wake-ups.ts");
  const redisUrl = config.redisUrl.reveal();
  return createBullMqWakeUps({ redisUrl, pollIntervalMs: POLL_INTERVAL_MS, logger });
}

function createHttp(
  installation: Installation,
  acceptor: ReturnType<typeof createAcceptor>,
  wakeUps: WakeUps,
  examine: (signal: AbortSignal) => Promise<readonly CheckResult[]>,
) {
  const { config, passports, extractor, database, exporter } = installation;
  return createHttpServer({
    ...installation,
    ...openDesk(installation, wakeUps),
    acceptor,
    access: installation.access,
    ask: {
      newMessageId: installation.newMessageId,
      record: (tenantId, messageId, told) => passports.record(tenantId, messageId, told),
    },
    findApiKey: (key, origin) => installation.access.apiKeys.find(key, origin),
    renderPage: (pdf, page, options) => extractor.renderPage(pdf, page, options),
    hash: installation.cipher.hash,
    examineHealth: examineInstallationHealth(installation, examine),
    wake() {
      for (const hop of ["answer", "deliver", "deliver-held"] as const) wakeUps.wake(hop);
    },
    metrics: exporter.metrics,
    metricsText: () => exporter.scrape(),
    checkHealth: async () => [await checkDatabase(database)],
    config: {
      version: VERSION,
      publicUrl: config.publicUrl,
      trustedProxies: config.trustedProxyHops,
      openTenantId: config.mode === "embedded" ? installation.tenantId : undefined,
    },
  });
}

/**
 * The web chat of the embedded default, and the Telegram bot whose token is in the environment. A token
 * that cannot be checked now (no network) does not keep the rest from starting.
 */
async function ensureOwnBots({
  config,
  registry,
  botAdmin,
  tenantId,
  logger,
}: Installation): Promise<void> {
  const own = registry.list().filter((bot) => bot.tenantId === tenantId);
  const add = async (channel: ChannelName, name: string, secrets: Record<string, string>) => {
    try {
      await botAdmin.add(tenantId, { channel, name, secrets }, AbortSignal.timeout(15_000));
    } catch (error) {
      // Another process of this installation added it at the same moment.
      if (isPregoneroError(error, "bot-exists")) await registry.refresh();
      else logger.error("own-bot-not-added", { channel, action: actionFor(error), error });
    }
  };
  if (!own.some((bot) => bot.channel === "web-chat")) await add("web-chat", "Pregonero", {});
  const token = config.telegramBotToken?.reveal();
  if (token !== undefined && !own.some((bot) => bot.secrets.token === token)) {
    await add("telegram", "", { token });
  }
}

/** What a person must do about a bot of the environment that could not be added. */
function actionFor(error: unknown): string {
  return isPregoneroError(error, "bad-credentials")
    ? "Correct TELEGRAM_BOT_TOKEN and start again."
    : "Start again when the network answers, or run `pregonero bot add`: it is not tried again by itself.";
}

async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  for (const close of [...closers].reverse()) await close();
}
