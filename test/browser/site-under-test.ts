import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { v7 as uuidv7 } from "uuid";
import { createWebChatChannel } from "../../bots/web-chat/web-chat-channel.ts";
import { createAccessFeatures } from "../../src/access-features.ts";
import { createAssistantAdmin } from "../../src/assistants/assistant-admin.ts";
import { createExperimentAdmin } from "../../src/assistants/experiment-admin.ts";
import { checkBaseUrl } from "../../src/assistants/public-host.ts";
import { createCampaigns } from "../../src/campaign-features.ts";
import { createSharedBreakers } from "../../src/chain/shared-breakers.ts";
import { createContactFeatures } from "../../src/contact-features.ts";
import type { Acceptor } from "../../src/core/acceptor.ts";
import type { Answer } from "../../src/core/answer.ts";
import type { BotAccount, Channel } from "../../src/core/channel.ts";
import { systemClock } from "../../src/core/clock.ts";
import { asId, type MessageId, type TenantId } from "../../src/core/ids.ts";
import { silentLogger } from "../../src/core/logger.ts";
import type { IncomingMessage, Reply } from "../../src/core/message.ts";
import { noMetrics } from "../../src/core/metrics.ts";
import { noSecurityEvents } from "../../src/core/security-events.ts";
import { allOn } from "../../src/core/switches.ts";
import { createOperations } from "../../src/create-operations.ts";
import { createDocumentFeatures } from "../../src/document-features.ts";
import { createAcceptor } from "../../src/gateway/accept.ts";
import { createBotAdmin } from "../../src/gateway/bot-admin.ts";
import { createBotRegistry } from "../../src/gateway/bot-registry.ts";
import { createExtractor } from "../../src/gazette/extract/extractor.ts";
import { DEFAULT_LIMITS } from "../../src/gazette/extract/limits.ts";
import { createIngest } from "../../src/gazette/ingest.ts";
import { createGuardedFetch } from "../../src/guarded-fetch/guarded-fetch.ts";
import { createPhoneReplies } from "../../src/hand-over/create-desk.ts";
import { createHttpServer, type HttpPorts } from "../../src/http/server.ts";
import { createSourceAdmin } from "../../src/newsroom/collection/source-admin.ts";
import { createNotices } from "../../src/notices.ts";
import { openDesk } from "../../src/open-desk.ts";
import { createPeople } from "../../src/people/create-people.ts";
import { createPasswordHasher } from "../../src/people/password-hasher.ts";
import { createPromptFeatures } from "../../src/prompt-features.ts";
import { createPublishingFeatures } from "../../src/publishing-features.ts";
import { createEmbeddedLiveEvents } from "../../src/queue/embedded-live-events.ts";
import { createEditionSearch } from "../../src/retrieval/search-editions.ts";
import { createSessionDesk } from "../../src/session-desk.ts";
import { createSessionLinks } from "../../src/session-links.ts";
import { createAssistantStore } from "../../src/store/assistants.ts";
import { createAudit } from "../../src/store/audit.ts";
import { createAuditSeals } from "../../src/store/audit-seals.ts";
import { createBotStore } from "../../src/store/bots.ts";
import { createDeskStore } from "../../src/store/desk/create-desk-store.ts";
import { createCipher } from "../../src/store/encryption.ts";
import { createEntityIndex } from "../../src/store/entities/entity-index.ts";
import { createExperimentStore } from "../../src/store/experiments/experiments.ts";
import { createFeedbackStore } from "../../src/store/feedback/feedback.ts";
import { createFileStore } from "../../src/store/file-store.ts";
import { createGazetteArchive } from "../../src/store/gazette-archive.ts";
import { createGazetteStore } from "../../src/store/gazette-store.ts";
import { createGettingStarted } from "../../src/store/getting-started.ts";
import { createIdempotencyStore } from "../../src/store/idempotency/idempotency-keys.ts";
import { createInbox } from "../../src/store/inbox.ts";
import { createMediaFiles } from "../../src/store/media-files.ts";
import { migrate } from "../../src/store/migrate.ts";
import { createSourceStore } from "../../src/store/newsroom/source-store.ts";
import { openEmbedded } from "../../src/store/open-embedded.ts";
import { createSecurityEventLog } from "../../src/store/operations/security-events.ts";
import { createPassports } from "../../src/store/passports.ts";
import { createPeopleStore } from "../../src/store/people.ts";
import { createQuestionLimits } from "../../src/store/plans/question-limits.ts";
import { createReceipts } from "../../src/store/receipts.ts";
import { createSessionStore } from "../../src/store/sessions.ts";
import { createSpending } from "../../src/store/spending.ts";
import { createStemmer } from "../../src/store/subscriptions/stemmer.ts";
import { createWebChatAvatars } from "../../src/store/web-chat-avatars.ts";
import { createWebChatLog } from "../../src/store/web-chat-log.ts";
import { createSubscriptionFeatures } from "../../src/subscription-features.ts";

const NOTHING = { baseUrl: undefined, apiKey: undefined, modelsThatSee: [] };
const NO_ACCESS = {
  openai: NOTHING,
  anthropic: NOTHING,
  gemini: NOTHING,
  xai: NOTHING,
  local: NOTHING,
};

/**
 * The HTTP server over the real embedded store, gazette and channel. Only hop 2 is played here: `reply`
 * says what is answered, and it is sent through the web chat's channel as a worker would.
 */
export async function startSite(
  options: {
    readonly reply?: (message: IncomingMessage) => readonly Reply[];
    readonly answer?: (question: string) => Partial<Answer>;
    readonly botName?: string;
  } = {},
) {
  const folder = await mkdtemp(path.join(tmpdir(), "pregonero-site-"));
  const database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  const cipher = createCipher([randomBytes(32)]);
  const access = createAccessFeatures({
    database,
    cipher,
    clock: systemClock,
    profilesDirectory: "",
    filesDirectory: "",
    readFile: async () => undefined,
    paymentSecret: undefined,
    oidc: undefined,
    allowedPrivateAddresses: [],
    exportDays: 3,
  });
  const tenantId = await access.tenants.ensureSampleTenant();
  const botStore = createBotStore(database, cipher);
  const insertBot = (channel: BotAccount["channel"], name: string, secrets = {}) =>
    botStore.insert(
      tenantId,
      { channel, name, botKey: randomUUID(), accountKey: randomUUID(), secrets, settings: {} },
      "test",
    );
  const bot = await insertBot("web-chat", options.botName ?? "Asistente de la gaceta");
  const otherBot = await insertBot("web-chat", "Otro asistente");
  const telegramBot = await insertBot("telegram", "Telegram", {
    token: "1:abc",
    webhookSecret: "s3cret",
  });
  const registry = createBotRegistry(botStore, silentLogger);
  await registry.refresh();

  const liveEvents = createEmbeddedLiveEvents();
  const webChatLog = createWebChatLog(database, cipher);
  const mediaFiles = createMediaFiles(database, cipher);
  const webChat = createWebChatChannel({ log: webChatLog, liveEvents, files: mediaFiles });
  const inbox = createInbox(database, cipher);
  const wakeUps = { wake() {}, listen() {}, async close() {} };
  const acceptor = createAcceptor({
    inbox,
    channels: new Map([["web-chat", webChat]]),
    wakeUps,
    logger: silentLogger,
    metrics: noMetrics,
  });
  const replying: Promise<unknown>[] = [];

  async function sendReply(visitorId: string, reply: Reply): Promise<void> {
    for (const part of webChat.render(reply)) {
      const outboxId = asId<Parameters<Channel["send"]>[3]["outboxId"]>(uuidv7());
      const signal = AbortSignal.timeout(30_000);
      await webChat.send(bot, visitorId, part, { signal, outboxId });
    }
  }
  const answering: Acceptor = {
    async accept(account, messages) {
      const accepted = await acceptor.accept(account, messages);
      messages.forEach((message, index) => {
        if (accepted[index]?.isDuplicate || account.channel !== "web-chat") return;
        for (const reply of options.reply?.(message) ?? []) {
          replying.push(sendReply(message.chat.key, reply));
        }
      });
      return accepted;
    },
  };

  const gazetteStore = createGazetteStore(database);
  const fileStore = createFileStore(folder);
  const extractor = createExtractor(DEFAULT_LIMITS);
  const { apiKeys } = access;
  const passports = createPassports(database);
  const spending = createSpending(database, silentLogger);
  const sessions = createSessionStore(database, cipher);
  const sessionLinks = createSessionLinks({ hash: cipher.hash, clock: systemClock });
  const campaigns = createCampaigns({
    database,
    cipher,
    registry,
    channels: new Map(),
    clock: systemClock,
  });
  const publishingFeatures = createPublishingFeatures({
    config: { xApiUrl: "http://127.0.0.1:9", allowedPrivateAddresses: [] },
    ...{ database, cipher, registry, campaigns, clock: systemClock, logger: silentLogger },
    channels: new Map(),
    site: { url: undefined, setPort() {} },
  });
  const base: HttpPorts = {
    registry,
    acceptor: answering,
    receipts: createReceipts(database),
    phoneReplies: createPhoneReplies(createDeskStore(database, cipher)),
    feedback: createFeedbackStore(database, cipher),
    channels: new Map<BotAccount["channel"], Channel>([["web-chat", webChat]]),
    answerer: {
      async answer(question) {
        const answer: Answer = {
          text: `Respuesta a: ${question.text}`,
          language: "es",
          abstained: false,
          citations: [],
          model: "extractive",
          passport: question.messageId,
          ...options.answer?.(question.text),
        };
        return { answer };
      },
    },
    people: createPeople({
      store: createPeopleStore(database, cipher),
      hasher: createPasswordHasher(),
      hash: cipher.hash,
      clock: systemClock,
      logger: silentLogger,
    }),
    tenantId,
    ...createDocumentFeatures({
      config: {
        mode: "embedded",
        filesDirectory: folder,
        allowedPrivateAddresses: [],
        documentQuota: { documents: 100, bytes: 100_000_000 },
      },
      database,
      cipher,
      extractor: createExtractor(DEFAULT_LIMITS),
      guardedFetch: createGuardedFetch(),
      answers: undefined,
      clock: systemClock,
      logger: silentLogger,
      metrics: noMetrics,
    }),
    contactFeatures: createContactFeatures({ database, cipher, clock: systemClock }),
    subscriptionFeatures: createSubscriptionFeatures({
      database,
      cipher,
      embedder: undefined,
      clock: systemClock,
      logger: silentLogger,
    }),
    campaigns,
    publishing: publishingFeatures.desk,
    publishedDigests: publishingFeatures.digests,
    ...openDesk(
      {
        database,
        cipher,
        registry,
        channels: new Map<BotAccount["channel"], Channel>([["web-chat", webChat]]),
        clock: systemClock,
        logger: silentLogger,
        assistantOf: () => Promise.reject(new Error("Nobody asks for an assistant here.")),
      },
      { wake() {} },
    ),
    passports,
    notices: createNotices({
      ...{ database, cipher, liveEvents, clock: systemClock, logger: silentLogger },
      metrics: noMetrics,
      guardedFetch: createGuardedFetch(),
      allowedAddresses: [],
    }),
    ask: {
      newMessageId: () => asId<MessageId>(uuidv7()),
      record: passports.record,
    },
    findApiKey: apiKeys.find,
    access,
    idempotency: createIdempotencyStore(database, cipher),
    sharedCounter: undefined,
    spending,
    assistants: createAssistantAdmin({
      store: createAssistantStore(database, cipher),
      spending,
      liveEvents,
      breakerOf: createSharedBreakers(systemClock, liveEvents),
      installed: { usual: [], large: [] },
      access: NO_ACCESS,
      lookup: undefined,
      model: undefined,
      openModels: async () => undefined,
      checksGrounding: false,
      priceList: () => import("../../src/chain/price.ts"),
      checkBaseUrl: (given) => checkBaseUrl(given, { allowsPrivateHosts: false }),
    }),
    assistantExperiments: createExperimentAdmin({
      store: createAssistantStore(database, cipher),
      experiments: createExperimentStore(database, cipher),
      liveEvents,
      access: NO_ACCESS,
      priceList: () => import("../../src/chain/price.ts"),
      checkBaseUrl: (given) => checkBaseUrl(given, { allowsPrivateHosts: false }),
    }),
    botAdminFor: (actor) =>
      createBotAdmin({
        store: botStore,
        channels: new Map<BotAccount["channel"], Channel>([["web-chat", webChat]]),
        refresh: () => registry.refresh(),
        actor,
      }),
    sessionDesk: createSessionDesk({
      sessions,
      links: sessionLinks,
      audit: createAudit(database),
      clock: systemClock,
    }),
    sessionLinks,
    promptFeatures: createPromptFeatures({
      database,
      gazetteStore,
      assistants: {
        list: async () => [],
        listModels: async () => [],
        open: () => Promise.reject(new Error("Nobody asks for an assistant here.")),
      },
      assistantOf: () => Promise.reject(new Error("Nobody asks for an assistant here.")),
      switches: allOn,
      stemmer: createStemmer(database),
      clock: systemClock,
    }),
    sources: createSourceAdmin({
      store: createSourceStore(database),
      fileStore,
      checkUrl() {},
      clock: systemClock,
    }),
    questionLimits: createQuestionLimits(database, cipher, noMetrics),
    site: { url: undefined },
    gazetteStore,
    gazetteArchive: createGazetteArchive(database),
    editionSearch: createEditionSearch(database),
    entityIndex: createEntityIndex(database),
    fileStore,
    renderPage: extractor.renderPage,
    webChatLog,
    voiceNotes: mediaFiles,
    gettingStarted: createGettingStarted(database),
    webChatAvatars: createWebChatAvatars(database, { changed: () => registry.refresh() }),
    liveEvents,
    hash: cipher.hash,
    async checkHealth() {
      await database.asDispatcher((tx) => tx.query("select 1"));
      return [{ name: "database", isHealthy: true, isRequired: true, evidence: "it answers" }];
    },
    securityEvents: noSecurityEvents,
    operations: createOperations({
      database,
      cipher,
      channels: new Map<BotAccount["channel"], Channel>([["web-chat", webChat]]),
      liveEvents,
      breakers: createSharedBreakers(systemClock, liveEvents),
      clock: systemClock,
      logger: silentLogger,
      metrics: noMetrics,
    }),
    securityEventLog: createSecurityEventLog(database, cipher),
    auditSeals: createAuditSeals(database, cipher),
    examineHealth: async () => [],
    wake() {},
    metricsText: async () => "# no metrics\n",
    logger: silentLogger,
    metrics: noMetrics,
    clock: systemClock,
    config: { version: "0.0.0", publicUrl: undefined, trustedProxies: 0, openTenantId: tenantId },
  };
  const server = createHttpServer(base);
  const port = await server.listen(0, "127.0.0.1");
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    server,
    database,
    tenantId: tenantId as TenantId,
    bot,
    otherBot,
    telegramBot,
    /** As an operator does while the server runs. */
    async addBot(channel: BotAccount["channel"], name: string): Promise<BotAccount> {
      const added = await insertBot(channel, name);
      await registry.refresh();
      return added;
    },
    webChat,
    webChatLog,
    liveEvents,
    gazetteStore,
    apiKeys,
    sessions,
    sessionLinks,
    passports,
    sendReply,
    ports: base,
    /** A second server over the same store, with some ports exchanged. Close it before the site. */
    async variant(ports: Partial<HttpPorts>) {
      const other = createHttpServer({ ...base, ...ports });
      const otherPort = await other.listen(0, "127.0.0.1");
      return { url: `http://127.0.0.1:${otherPort}`, close: other.close };
    },
    /** Ingests real pages as the command line does. */
    async ingest(filePath: string, source: string, publishedOn: string) {
      const ports = {
        gazetteStore,
        fileStore,
        extractor,
        clock: systemClock,
        logger: silentLogger,
      };
      const signal = AbortSignal.timeout(60_000);
      return createIngest(ports)({ document: { filePath }, source, publishedOn }, { signal });
    },
    async close() {
      await Promise.allSettled(replying);
      await server.close(1_000);
      await liveEvents.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type SiteUnderTest = Awaited<ReturnType<typeof startSite>>;
