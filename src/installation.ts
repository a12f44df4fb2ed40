import { randomUUID } from "node:crypto";
import path from "node:path";
import { v7 as uuidv7 } from "uuid";
import { createTelegramChannel } from "../bots/telegram/telegram-channel.ts";
import { createWebChatChannel } from "../bots/web-chat/web-chat-channel.ts";
import { createWhatsAppCloudChannel } from "../bots/whatsapp-cloud/whatsapp-cloud-channel.ts";
import { createWhatsAppWebChannel } from "../bots/whatsapp-web/whatsapp-web-channel.ts";
import { createAccessFeatures } from "./access-features.ts";
import { createAssistantAdmin } from "./assistants/assistant-admin.ts";
import { createExperimentAdmin } from "./assistants/experiment-admin.ts";
import { checkBaseUrl, createPublicLookup } from "./assistants/public-host.ts";
import { createAssistantOf } from "./assistants/resolve-assistants.ts";
import { createCampaigns } from "./campaign-features.ts";
import { createSharedBreakers } from "./chain/shared-breakers.ts";
import { createCollectionFeatures } from "./collection-features.ts";
import type { Config } from "./config.ts";
import { createContactFeatures } from "./contact-features.ts";
import { createQuestionAnswerer } from "./conversation/answer-question.ts";
import type { Cache } from "./core/cache.ts";
import type { Channel, ChannelName } from "./core/channel.ts";
import { systemClock } from "./core/clock.ts";
import { PregoneroError } from "./core/errors.ts";
import type { FaultPoint } from "./core/fault-point.ts";
import { asId, type MessageId } from "./core/ids.ts";
import type { Logger } from "./core/logger.ts";
import type { LiveEvents } from "./core/wake-up.ts";
import { createOperations } from "./create-operations.ts";
import { createDocumentFeatures } from "./document-features.ts";
import { createEntityFeatures } from "./entity-features.ts";
import { createBreakerTeller } from "./events/tell-breakers.ts";
import { countFeedback } from "./feedback/count-feedback.ts";
import { findChromium } from "./find-chromium.ts";
import { createBotAdmin } from "./gateway/bot-admin.ts";
import { createBotRegistry } from "./gateway/bot-registry.ts";
import { createReceiptNoter } from "./gateway/note-receipts.ts";
import { createExtractor } from "./gazette/extract/extractor.ts";
import { DEFAULT_LIMITS } from "./gazette/extract/limits.ts";
import { createIngest } from "./gazette/ingest.ts";
import { createGuardedFetch } from "./guarded-fetch/guarded-fetch.ts";
import { createPhoneReplies } from "./hand-over/create-desk.ts";
import { createNotices } from "./notices.ts";
import { openEmbedder, openModels, openRoutes, openTranscriber } from "./open-models.ts";
import { openSharedCounter } from "./open-shared-counter.ts";
import { countSecurityEvents } from "./operations/count-security-events.ts";
import { findPackageRoot } from "./package-root.ts";
import { createPeople } from "./people/create-people.ts";
import { createPasswordHasher } from "./people/password-hasher.ts";
import { createPromptFeatures } from "./prompt-features.ts";
import { createPublishedNews } from "./published-news.ts";
import { createPublishingFeatures } from "./publishing-features.ts";
import { createEmbeddedLiveEvents } from "./queue/embedded-live-events.ts";
import { createRetriever } from "./retrieval/create-retriever.ts";
import { planByRules } from "./retrieval/plan-by-rules.ts";
import { createEditionSearch } from "./retrieval/search-editions.ts";
import { selectQuote, selectStretches } from "./retrieval/select-quote.ts";
import { createSessionDesk } from "./session-desk.ts";
import { createSessionLinks } from "./session-links.ts";
import { createSiteAddress } from "./site-address.ts";
import { createAssistantStore } from "./store/assistants.ts";
import { createAudit } from "./store/audit.ts";
import { createAuditSeals } from "./store/audit-seals.ts";
import { createBotStore } from "./store/bots.ts";
import { createChatMarks } from "./store/chat-marks.ts";
import { createCitizenData } from "./store/citizen-data.ts";
import type { Database } from "./store/database.ts";
import { createDeskStore } from "./store/desk/create-desk-store.ts";
import { readLedgerBacklog } from "./store/diagnostics.ts";
import { createEventLog } from "./store/events/event-log.ts";
import { createExperimentStore } from "./store/experiments/experiments.ts";
import { createFeedbackStore } from "./store/feedback/feedback.ts";
import { createFileStore } from "./store/file-store.ts";
import { createGazetteArchive } from "./store/gazette-archive.ts";
import { createGazetteStore } from "./store/gazette-store.ts";
import { createGettingStarted } from "./store/getting-started.ts";
import { createIdempotencyStore } from "./store/idempotency/idempotency-keys.ts";
import { openCipher } from "./store/key-rotation/open-cipher.ts";
import { createKeyRotation } from "./store/key-rotation/rotate-keys.ts";
import { createMediaFiles } from "./store/media-files.ts";
import { migrate } from "./store/migrate.ts";
import { openEmbedded } from "./store/open-embedded.ts";
import { openServer } from "./store/open-server.ts";
import { createSecurityEventLog } from "./store/operations/security-events.ts";
import { createPassports } from "./store/passports.ts";
import { createPeopleStore } from "./store/people.ts";
import { createQuestionLimits } from "./store/plans/question-limits.ts";
import { createReceipts } from "./store/receipts.ts";
import { createSessionStore } from "./store/sessions.ts";
import { createSpending } from "./store/spending.ts";
import { createPublishedDays } from "./store/subscriptions/published-days.ts";
import { createWebChatAvatars } from "./store/web-chat-avatars.ts";
import { createWebChatLog } from "./store/web-chat-log.ts";
import { createSubscriptionFeatures } from "./subscription-features.ts";
import { createMetrics } from "./telemetry/metrics.ts";

/** Everything that an installation consists of, opened and migrated, with nothing running yet. */
export type Installation = Awaited<ReturnType<typeof openInstallation>>;

/**
 * Opens the database (taking the embedded directory's lock), migrates it, and puts the parts together.
 * Throws `data-directory-busy`, `data-directory-not-writable`, `schema-newer`, `migration-failed` or `store-unavailable`.
 */
export async function openInstallation(
  config: Config,
  options: {
    readonly logger: Logger;
    readonly faultPoint: FaultPoint;
    /** Who makes changes, for the audit log: `command-line` or `server`. */
    readonly actor: string;
    /** Told of each step that takes a while. */
    readonly onStep: (step: "open" | "migrate") => void;
  },
) {
  const { logger } = options;
  const clock = systemClock;
  const packageRoot = findPackageRoot();
  options.onStep("open");
  const database = await openDatabase(config, options.faultPoint);
  try {
    options.onStep("migrate");
    await migrate(database, path.join(packageRoot, "migrations"));
    const oldKeys = config.oldSecretKeys.map((key) => key.reveal());
    const secretKeys = [config.secretKey.reveal(), ...oldKeys] as const;
    const { cipher, keyring } = await openCipher(database, secretKeys, clock.now());
    const exporter = createMetrics({ readBacklog: () => readLedgerBacklog(database) });
    const liveEvents = await createLiveEvents(config, logger);
    const sharedCounter = await openSharedCounter(config, logger);
    const { metrics } = exporter;
    const securityEventLog = createSecurityEventLog(database, cipher);
    const securityEvents = countSecurityEvents({ log: securityEventLog, clock, logger, metrics });
    const tellBreaker = createBreakerTeller({ log: createEventLog(database), logger });
    const breakerOf = createSharedBreakers(clock, liveEvents, metrics, tellBreaker);
    const webChatLog = createWebChatLog(database, cipher);
    const mediaFiles = createMediaFiles(database, cipher);
    const sessions = createSessionStore(database, cipher);
    const receipts = createReceiptNoter(createReceipts(database));
    const phoneReplies = createPhoneReplies(createDeskStore(database, cipher));
    const channels = new Map<ChannelName, Channel>([
      ["telegram", createTelegramChannel({ apiRoot: config.telegramApiRoot, logger, clock })],
      ["web-chat", createWebChatChannel({ log: webChatLog, liveEvents, files: mediaFiles })],
      [
        "whatsapp-cloud",
        createWhatsAppCloudChannel({ graphUrl: config.whatsappGraphUrl, logger, clock }),
      ],
      [
        "whatsapp-web",
        createWhatsAppWebChannel({
          url: config.whatsappWebUrl,
          chromiumPath: findChromium(config),
          packsDirectory: config.whatsappPacksDirectory,
          profilesDirectory: path.join(config.dataDirectory, "whatsapp-web"),
          sessions,
          marks: createChatMarks(database, cipher),
          receipts,
          phoneReplies,
          files: mediaFiles,
          logger,
          clock,
          metrics: exporter.metrics,
        }),
      ],
    ]);
    const operations = createOperations({
      database,
      cipher,
      channels,
      liveEvents,
      breakers: breakerOf,
      clock,
      logger,
      metrics,
    });
    const { switches } = operations;
    const botStore = createBotStore(database, cipher);
    const registry = createBotRegistry(botStore, logger);
    const fileStore = createFileStore(config.filesDirectory);
    const access = createAccessFeatures({
      database,
      cipher,
      clock,
      profilesDirectory: path.join(config.dataDirectory, "whatsapp-web"),
      filesDirectory: config.filesDirectory,
      readFile: fileStore.get,
      paymentSecret: config.paymentSecret?.reveal(),
      oidc: config.oidc,
      allowedPrivateAddresses: config.allowedPrivateAddresses,
      exportDays: config.exportDays,
    });
    const tenantId = await access.tenants.ensureSampleTenant();
    await registry.refresh();
    const gazetteStore = createGazetteStore(database);
    const extractor = createExtractor(DEFAULT_LIMITS, () => switches.offFor(undefined).has("ocr"));
    const guardedFetch = createGuardedFetch({ allowed: config.allowedPrivateAddresses });
    const spending = createSpending(database, logger);
    const embedder = await openEmbedder(config.embedder, { spending, logger });
    const retriever = createRetriever({
      database,
      clock,
      logger,
      ...(embedder === undefined ? {} : { embedder }),
    });
    const { actChanges, entityIndex } = createEntityFeatures(database);
    const editionSearch = createEditionSearch(database);
    const news = createPublishedNews({ days: createPublishedDays(database), editionSearch });
    const answers = await openAnswerCache(config, logger);
    const documents = createDocumentFeatures({
      config,
      database,
      cipher,
      extractor,
      guardedFetch,
      answers: answers?.cache,
      clock,
      logger,
      metrics: exporter.metrics,
    });
    const modelPorts = {
      spending,
      breakerOf,
      cache: answers?.cache,
      cipher,
      clock,
      logger,
      metrics: exporter.metrics,
      hedges: config.hedgesModels,
    };
    const routes = { usual: config.models, large: config.largeModels };
    const model = await openRoutes(routes, modelPorts);
    const assistants = createAssistants(config, {
      store: createAssistantStore(database, cipher),
      experiments: createExperimentStore(database, cipher),
      spending,
      liveEvents,
      breakerOf,
      model,
      openModels: (models) => openModels(models, modelPorts),
    });
    const transcriber = await openTranscriber(config.transcriber, { spending, logger });
    const site = createSiteAddress(config);
    const passports = createPassports(database);
    const sessionLinks = createSessionLinks({ hash: cipher.hash, clock });
    const audit = createAudit(database);
    const owner = `${process.pid}-${randomUUID().slice(0, 8)}`;
    const ingest = createIngest({ gazetteStore, fileStore, extractor, clock, logger });
    const collection = createCollectionFeatures({
      ...{ config, database, gazetteStore, fileStore, ingest, guardedFetch, tenantId, owner },
      ...{ clock, logger, metrics },
    });
    const subscriptionFeatures = createSubscriptionFeatures({
      ...{ database, cipher, embedder, clock, logger },
    });
    const campaigns = createCampaigns({ database, cipher, registry, channels, clock });
    const publishingFeatures = createPublishingFeatures({
      ...{ config, database, cipher, registry, channels, campaigns, site, clock, logger },
    });
    const botAdminFor = (actor: string) =>
      createBotAdmin({ store: botStore, channels, refresh: () => registry.refresh(), actor });
    return {
      config,
      packageRoot,
      clock,
      logger,
      /** Names this process in leases and attempts. */
      owner,
      tenantId,
      database,
      cipher,
      exporter,
      liveEvents,
      notices: createNotices({
        ...{ database, cipher, liveEvents, clock, logger, metrics, guardedFetch },
        allowedAddresses: config.allowedPrivateAddresses,
      }),
      webChatLog,
      webChatAvatars: createWebChatAvatars(database, { changed: () => registry.refresh() }),
      channels,
      botStore,
      registry,
      botAdmin: botAdminFor(options.actor),
      botAdminFor,
      documents: documents.documents,
      knowledgeSets: documents.knowledgeSets,
      /** Reading and indexing of documents. */
      documentWork: documents,
      campaigns,
      /** What posts approved texts; the posting itself is the scheduler's. */
      publishingFeatures,
      publishing: publishingFeatures.desk,
      publishedDigests: publishingFeatures.digests,
      contactFeatures: createContactFeatures({ database, cipher, clock }),
      /** How many questions are answered in a day. */
      questionLimits: createQuestionLimits(database, cipher, metrics),
      /** What citizens are told of without asking each time. */
      subscriptionFeatures,
      /** Digests of editions: what is written, and its review. */
      promptFeatures: createPromptFeatures({
        ...{ database, gazetteStore, switches, clock },
        assistants: assistants.admin,
        assistantOf: assistants.assistantOf,
        stemmer: subscriptionFeatures.stemmer,
      }),
      gazetteStore,
      /** Editions by date, and what is looked for in them. */
      gazetteArchive: createGazetteArchive(database),
      editionSearch,
      /** What editions speak of. */
      entityIndex,
      /** Questions of days and weeks. */
      news,
      fileStore,
      gettingStarted: createGettingStarted(database),
      extractor,
      /** The only way to addresses that tenants give. */
      guardedFetch,
      embedder,
      retriever,
      /** Undefined: voice notes are not heard. */
      transcriber,
      /** Where the web chat keeps them; undefined: it takes none. */
      voiceNotes: transcriber === undefined ? undefined : mediaFiles,
      passports,
      securityEvents,
      securityEventLog,
      /** What operators see and do. */
      operations,
      switches,
      receipts,
      access,
      apiKeys: access.apiKeys,
      auditSeals: createAuditSeals(database, cipher),
      idempotency: createIdempotencyStore(database, cipher),
      sharedCounter,
      keyRotation: createKeyRotation(database, cipher, keyring),
      people: createPeople({
        store: createPeopleStore(database, cipher),
        hasher: createPasswordHasher(),
        hash: cipher.hash,
        clock,
        logger,
      }),
      /** For channels that see what is written from the account by others than us. */
      phoneReplies,
      /** What citizens think of answers. */
      feedback: countFeedback({ store: createFeedbackStore(database, cipher), metrics }),
      sessions,
      sessionLinks,
      /** What people see of sessions and ask of them. */
      sessionDesk: createSessionDesk({ sessions, links: sessionLinks, audit, clock }),
      spending,
      assistants: assistants.admin,
      assistantExperiments: assistants.experiments,
      assistantOf: assistants.assistantOf,
      /** Who makes changes, for the audit log. */
      actor: options.actor,
      citizenData: createCitizenData(database, cipher),
      ingest,
      /** Sources and their editions; the collecting itself is the scheduler's. */
      sources: collection.sources,
      collection,
      selectQuote,
      answerer: createQuestionAnswerer({
        retriever,
        gazetteStore,
        planByRules,
        selectQuote,
        selectStretches,
        actChanges,
        news,
        model,
        assistantOf: assistants.assistantOf,
        securityEvents,
        switches,
        get publicUrl() {
          return site.url;
        },
        clock,
        logger,
      }),
      site,
      newMessageId: () => asId<MessageId>(uuidv7()),
      async close(): Promise<void> {
        await securityEvents.close();
        await answers?.close();
        await sharedCounter?.close();
        await liveEvents.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openDatabase(config: Config, faultPoint: FaultPoint): Promise<Database> {
  if (config.databaseUrl !== undefined) {
    return openServer({
      url: config.databaseUrl.reveal(),
      maxConnections: config.databaseConnections,
      faultPoint,
    });
  }
  try {
    return await openEmbedded({ dataDirectory: config.dataDirectory, faultPoint });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "";
    if (!["EACCES", "EPERM", "EROFS", "ENOSPC"].includes(code)) throw cause;
    throw new PregoneroError(
      "data-directory-not-writable",
      `The data directory ${config.dataDirectory} cannot be written (${code}). ${
        code === "ENOSPC"
          ? "Free space on its disk, or move it to another one and set DATA_DIR."
          : "Give the user that runs Pregonero the right to write there, or set DATA_DIR."
      }`,
      { cause },
    );
  }
}

// Redis and the vendors' SDKs are loaded when they are configured: 30 MB and half a second otherwise spared.

async function createLiveEvents(config: Config, logger: Logger): Promise<LiveEvents> {
  if (config.redisUrl === undefined) return createEmbeddedLiveEvents();
  const { createRedisLiveEvents } = await import("./queue/redis-live-events.ts");
  return createRedisLiveEvents({ redisUrl: config.redisUrl.reveal(), logger });
}

/** How tenants' bots answer: read by every question, changed over HTTP and on the command line. */
function createAssistants(
  config: Config,
  ports: Omit<Parameters<typeof createAssistantOf>[0], "access" | "lookup" | "checksGrounding"> &
    Pick<
      Parameters<typeof createAssistantAdmin>[0],
      "store" | "spending" | "liveEvents" | "breakerOf"
    > &
    Pick<Parameters<typeof createExperimentAdmin>[0], "experiments">,
) {
  const access = config.modelAccess;
  const allowsPrivateHosts = config.allowsPrivateModelHosts;
  const shared = {
    ...ports,
    access,
    checksGrounding: config.checksGrounding,
    lookup: allowsPrivateHosts ? undefined : createPublicLookup(),
  };
  const checked = {
    ...shared,
    priceList: () => import("./chain/price.ts"),
    checkBaseUrl: (given: string) => checkBaseUrl(given, { allowsPrivateHosts }),
  };
  const installed = { usual: config.models, large: config.largeModels };
  return {
    admin: createAssistantAdmin({ ...checked, installed }),
    experiments: createExperimentAdmin(checked),
    assistantOf: createAssistantOf(shared),
  };
}

/** Some ten thousand answers. */
const ANSWER_CACHE_BYTES = 16_000_000;

/** Undefined when there is no model, or ANSWER_CACHE is off. */
async function openAnswerCache(
  config: Config,
  logger: Logger,
): Promise<{ readonly cache: Cache; close(): Promise<void> } | undefined> {
  const hasModel = config.models.length > 0 || config.largeModels.length > 0;
  if (!config.cachesAnswers || !hasModel) return undefined;
  const { createProcessCache } = await import("./queue/process-cache.ts");
  const maxBytes = ANSWER_CACHE_BYTES;
  if (config.redisUrl === undefined) {
    return { cache: createProcessCache({ maxBytes }), close: async () => {} };
  }
  const { createRedisCache } = await import("./queue/redis-cache.ts");
  const next = createRedisCache({ redisUrl: config.redisUrl.reveal(), logger });
  return { cache: createProcessCache({ maxBytes, next }), close: () => next.close() };
}
