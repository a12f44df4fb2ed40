import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import express, { type Express, type RequestHandler } from "express";
import type { Acceptor } from "../core/acceptor.ts";
import type { ApiKeys } from "../core/api-keys.ts";
import type { AssistantAdmin } from "../core/assistant.ts";
import type { BotRegistry } from "../core/bot-registry.ts";
import type { Channel, ChannelName } from "../core/channel.ts";
import type { Cipher } from "../core/cipher.ts";
import type { Clock } from "../core/clock.ts";
import type { EntityIndex } from "../core/entities.ts";
import { PregoneroError } from "../core/errors.ts";
import type { FeedbackStore } from "../core/feedback.ts";
import type { EditionSearch, GazetteArchive } from "../core/gazette-archive.ts";
import type { FileStore, GazetteStore } from "../core/gazette-store.ts";
import type { PhoneReplies } from "../core/hand-over.ts";
import type { IdempotencyStore } from "../core/idempotency.ts";
import type { TenantId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";
import type { QuestionLimits } from "../core/plans.ts";
import type { PublishedDigests } from "../core/publishing.ts";
import type { QuestionAnswerer } from "../core/question.ts";
import type { Receipts } from "../core/receipt.ts";
import type { SecurityEvents } from "../core/security-events.ts";
import type { SharedCounter } from "../core/shared-counter.ts";
import type { Spending } from "../core/spending.ts";
import type { LiveEvents } from "../core/wake-up.ts";
import type { WebChatAvatars } from "../core/web-chat-avatars.ts";
import type { WebChatLog } from "../core/web-chat-log.ts";
import { findPackageRoot } from "../package-root.ts";
import { type AccessAdminPorts, accessAdminRoutes } from "./access/admin-routes.ts";
import { type AccessPorts, createAccess } from "./access/create-access.ts";
import { requireDeclared } from "./access/route-inventory.ts";
import { adminUiRoutes } from "./admin-ui/routes.ts";
import { type AskPorts, askRoutes } from "./ask.ts";
import { type ExperimentPorts, experimentRoutes } from "./assistant-experiments/routes.ts";
import { assistantTrialRoutes } from "./assistant-trial.ts";
import { assistantRoutes } from "./assistants.ts";
import { limitBodyTime } from "./body-time.ts";
import { type BotPorts, botRoutes } from "./bots.ts";
import { budgetRoutes } from "./budgets.ts";
import { createCallerLimits } from "./caller-limits.ts";
import { type CampaignPorts, campaignRoutes } from "./campaigns/routes.ts";
import { chatRoutes } from "./chat.ts";
import type { ContactRoutePorts } from "./contacts/ports.ts";
import { contactRoutes } from "./contacts/routes.ts";
import type { ConversationPorts } from "./conversations/desk-context.ts";
import { conversationRoutes } from "./conversations/routes.ts";
import { documentPageRoutes } from "./documents/page-routes.ts";
import { type DocumentRoutePorts, documentRoutes } from "./documents/routes.ts";
import { editionPageRoutes } from "./edition-pages/routes.ts";
import { editionRoutes } from "./editions/routes.ts";
import { createEventStreams, type EventStreams } from "./event-streams.ts";
import { createLiveStreams, type LiveStreams } from "./events/live-streams.ts";
import { feedbackRoutes } from "./feedback/routes.ts";
import { gazetteRoutes } from "./gazettes.ts";
import { type GettingStartedPorts, gettingStartedRoutes } from "./getting-started/routes.ts";
import { type HealthPorts, healthRoutes } from "./health.ts";
import { createAnswerOnce } from "./idempotency.ts";
import { landingRoutes } from "./landing.ts";
import { type NoticePorts, noticeRoutes } from "./notices.ts";
import { openApiRoutes } from "./openapi.ts";
import { noteRefusals } from "./operations/note-refusals.ts";
import { type Desk, operationsRoutes } from "./operations/routes.ts";
import { createPageImages, type RenderPage } from "./page-images.ts";
import { problemHandler, unknownRoute } from "./problem.ts";
import { type PromptRoutePorts, promptRoutes } from "./prompts/routes.ts";
import { type PublishingRoutePorts, publishingRoutes } from "./publishing/routes.ts";
import { shareCounts } from "./rate-limit.ts";
import { securityHeaders } from "./security-headers.ts";
import { type SessionPagePorts, sessionPageRoutes } from "./session-page.ts";
import { type SourcePorts, sourceRoutes } from "./sources/routes.ts";
import { type SubscriptionRoutePorts, subscriptionRoutes } from "./subscriptions/routes.ts";
import { createVisitorCookie } from "./visitor-cookie.ts";
import { type VoiceNotePorts, voiceNoteRoutes } from "./voice-notes/routes.ts";
import { createWebhookHandler, isWebhook } from "./webhooks.ts";
import { avatarRoutes } from "./widget/avatar-routes.ts";
import { publicWidgetRoutes } from "./widget/public-routes.ts";
import { webChatLooksRoutes } from "./widget/routes.ts";

export interface HttpPorts {
  readonly registry: BotRegistry;
  readonly acceptor: Acceptor;
  readonly receipts: Receipts;
  readonly phoneReplies: PhoneReplies;
  readonly feedback: FeedbackStore;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly answerer: QuestionAnswerer;
  readonly ask: Pick<AskPorts, "newMessageId" | "record">;
  readonly questionLimits: QuestionLimits;
  readonly findApiKey: ApiKeys["find"];
  readonly access: Omit<AccessAdminPorts, "authorise" | "people" | "site" | "clock" | "spending"> &
    Pick<AccessPorts, "sso">;
  readonly people: AccessPorts["people"];
  /** Owned by whoever sets the installation up. */
  readonly tenantId: TenantId;
  readonly contactFeatures: ContactRoutePorts["contactFeatures"];
  readonly subscriptionFeatures: SubscriptionRoutePorts["subscriptionFeatures"];
  readonly assistants: AssistantAdmin;
  readonly assistantExperiments: ExperimentPorts["assistantExperiments"];
  readonly campaigns: CampaignPorts["campaigns"];
  readonly documents: DocumentRoutePorts["documents"];
  readonly sources: SourcePorts["sources"];
  readonly promptFeatures: PromptRoutePorts["promptFeatures"];
  readonly knowledgeSets: DocumentRoutePorts["knowledgeSets"];
  readonly publishing: PublishingRoutePorts["publishing"];
  /** What is shown on the public pages of editions. */
  readonly publishedDigests: PublishedDigests;
  readonly gettingStarted: GettingStartedPorts["gettingStarted"];
  readonly idempotency: IdempotencyStore;
  /** Undefined: this process counts by itself. */
  readonly sharedCounter: SharedCounter | undefined;
  readonly spending: Pick<Spending, "listBudgets" | "setBudget" | "balance" | "costOf">;
  readonly desk: ConversationPorts["desk"];
  readonly canned: ConversationPorts["canned"];
  readonly passports: ConversationPorts["passports"];
  readonly botAdminFor: BotPorts["botAdminFor"];
  readonly sessionDesk: BotPorts["sessionDesk"];
  readonly sessionLinks: SessionPagePorts["sessionLinks"];
  readonly site: BotPorts["site"];
  readonly gazetteStore: GazetteStore;
  readonly gazetteArchive: GazetteArchive;
  readonly editionSearch: EditionSearch;
  readonly entityIndex: EntityIndex;
  readonly fileStore: Pick<FileStore, "get">;
  readonly renderPage: RenderPage;
  readonly webChatLog: WebChatLog;
  readonly webChatAvatars: WebChatAvatars;
  readonly voiceNotes: VoiceNotePorts["voiceNotes"];
  readonly notices: NoticePorts;
  readonly liveEvents: LiveEvents;
  /** Signs visitors' cookies. */
  readonly hash: Cipher["hash"];
  readonly securityEvents: SecurityEvents;
  readonly operations: Desk["operations"];
  readonly securityEventLog: Desk["securityEventLog"];
  readonly auditSeals: Desk["auditSeals"];
  readonly examineHealth: Desk["examineHealth"];
  readonly wake: Desk["wake"];
  readonly checkHealth: HealthPorts["checkHealth"];
  readonly metricsText: () => Promise<string>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly config: HttpConfig;
}

export interface HttpConfig {
  /** Shown in the API's description. */
  readonly version: string;
  /** Address that people reach us at, without a slash at the end; `https:` makes cookies `Secure`. */
  readonly publicUrl: string | undefined;
  /** Proxies in front of us, exactly; 0: X-Forwarded-For is not believed. */
  readonly trustedProxies: number;
  /** The tenant whose chat and `ask` are open to everybody (the sample tenant); undefined: none. */
  readonly openTenantId: TenantId | undefined;
}

export interface HttpServer {
  /** Resolves with the port when connections are taken. Throws `port-in-use` or `port-refused`, naming the port. */
  listen(port: number, host: string): Promise<number>;
  /**
   * `/readyz` fails at once, no connection is taken any more, live streams end, requests in flight have
   * `drainMs` to finish. Resolves when every connection is closed.
   */
  close(drainMs?: number): Promise<void>;
}

/** Slow senders hold a connection this long at most (slowloris): headers, then a file; any other body see `body-time.ts`. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15 * 60_000;
/** Longer than the 60 s of usual proxies, so that they end idle connections and not we under their hands. */
const KEEP_ALIVE_MS = 65_000;
const MAX_HEADERS = 100;
const DRAIN_MS = 20_000;

/** Everything that speaks HTTP. Webhooks go past Express; the rest is small routers in a row. */
export function createHttpServer(ports: HttpPorts): HttpServer {
  let isDraining = false;
  const streams = createEventStreams({
    log: ports.webChatLog,
    liveEvents: ports.liveEvents,
    logger: ports.logger,
  });
  const liveStreams = createLiveStreams({ ...ports, ...ports.notices });
  const app = createApp(ports, { streams, liveStreams }, () => isDraining);
  const webhook = createWebhookHandler(ports);
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: 2_000,
    },
    (request, response) => {
      if (isDraining) response.setHeader("Connection", "close");
      limitBodyTime(request, response);
      if (isWebhook(request)) void webhook(request, response);
      else app(request, response);
    },
  );
  server.maxHeadersCount = MAX_HEADERS;

  return {
    listen: (port, host) => listen(server, port, host),
    async close(drainMs = DRAIN_MS) {
      isDraining = true;
      streams.close();
      liveStreams.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), drainMs);
      // A connection that falls idle after its last answer is closed at the next look.
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      await closed;
      clearTimeout(cut);
      clearInterval(idle);
    },
  };
}

function createApp(
  ports: HttpPorts,
  { streams, liveStreams }: { readonly streams: EventStreams; readonly liveStreams: LiveStreams },
  isDraining: () => boolean,
): Express {
  const { config } = ports;
  const isSecure = config.publicUrl?.startsWith("https:") ?? false;
  const access = createAccess({ ...ports, ...ports.access });
  const limits = createCallerLimits(ports.sharedCounter);
  const authorise = limits.limit(access.authorise);
  const images = createPageImages(ports);
  const answerOnce = createAnswerOnce(ports);
  const visitors = createVisitorCookie(ports.hash, isSecure);
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", config.trustedProxies);
  app.set("query parser", "simple");
  app.use(observed(ports), ...securityHeaders({ isSecure }), shareCounts(ports.sharedCounter));
  app.use(healthRoutes({ ...ports, isDraining }));
  app.use("/api/v1", limits.perAddress);
  app.use(
    askRoutes({ ...ports, ...ports.ask, openTenantId: config.openTenantId }),
    chatRoutes({ ...ports, streams, visitors, publicUrl: config.publicUrl }),
    voiceNoteRoutes({ ...ports, visitors, publicUrl: config.publicUrl }),
    publicWidgetRoutes({ ...ports, ...config }),
    webChatLooksRoutes({ ...ports, ...config, authorise }),
    avatarRoutes({ ...ports, authorise }),
    access.routes,
    accessAdminRoutes({ ...ports, ...ports.access, authorise }),
    assistantRoutes({ ...ports, authorise }),
    assistantTrialRoutes({ ...ports, ...ports.ask, authorise }),
    experimentRoutes({ ...ports, authorise }),
    budgetRoutes({ ...ports, authorise }),
    botRoutes({ ...ports, authorise, answerOnce }),
    campaignRoutes({ ...ports, authorise, answerOnce }),
    documentRoutes({ ...ports, authorise }),
    sourceRoutes({ ...ports, authorise }),
    publishingRoutes({ ...ports, authorise, answerOnce }),
    gettingStartedRoutes({ ...ports, authorise }),
    editionPageRoutes({ ...ports, images, authorise }),
    promptRoutes({ ...ports, authorise, answerOnce }),
    noticeRoutes({
      ...ports,
      ...ports.notices,
      ...config,
      authorise,
      answerOnce,
      streams: liveStreams,
    }),
    conversationRoutes({ ...ports, authorise, answerOnce }),
    feedbackRoutes({ ...ports, authorise }),
    contactRoutes({ ...ports, authorise, answerOnce }),
    subscriptionRoutes({ ...ports, authorise }),
    operationsRoutes({ ...ports, authorise }),
    sessionPageRoutes(ports),
    openApiRoutes(config),
    editionRoutes({ ...ports, ...config }),
    gazetteRoutes({ ...ports, ...config, images }),
    documentPageRoutes({ ...ports, images }),
    landingRoutes({ ...ports, openTenantId: config.openTenantId }),
    adminUiRoutes({
      adminUiFolder: path.join(findPackageRoot(), "dist", "admin-ui"),
      hasSso: ports.access.sso.ownProvider !== undefined,
      keepsSession: access.keepsSession,
    }),
  );
  app.use("/assets/site", staticFiles("./assets/"));
  app.use("/assets/chat", staticFiles("../../bots/web-chat/page/"));
  requireDeclared(app);
  app.use(unknownRoute, noteRefusals(ports.securityEvents), problemHandler(ports.logger));
  return app;
}

/** Gives each request an id, and counts it by route rather than by address, so that series stay few. */
function observed({ logger, metrics }: HttpPorts): RequestHandler {
  return (request, response, next) => {
    const requestId = randomUUID();
    const startedAt = performance.now();
    response.locals.requestId = requestId;
    response.setHeader("X-Request-Id", requestId);
    response.once("close", () => {
      const seconds = (performance.now() - startedAt) / 1000;
      const route: unknown = request.route?.path;
      const labels = {
        route: typeof route === "string" ? route : "none",
        status: String(response.statusCode),
      };
      metrics.observe("http_request_seconds", seconds, labels);
      logger.debug("http-request-completed", {
        requestId,
        method: request.method,
        ...labels,
        seconds,
      });
    });
    next();
  };
}

function staticFiles(folder: string): RequestHandler {
  return express.static(fileURLToPath(new URL(folder, import.meta.url)), {
    index: false,
    redirect: false,
    dotfiles: "ignore",
    cacheControl: false,
    setHeaders: (response) => {
      // Asked for again each time, answered by 304: a page never runs with the script of another version.
      response.setHeader("Cache-Control", "no-cache");
    },
  });
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => reject(mapListenError(error, port, host));
    server.once("error", refuse);
    server.listen(port, host, () => {
      server.off("error", refuse);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function mapListenError(error: NodeJS.ErrnoException, port: number, host: string): PregoneroError {
  if (error.code === "EADDRINUSE") {
    return new PregoneroError(
      "port-in-use",
      `Port ${port} on ${host} is in use by another program. Stop it, or give this one another PORT.`,
      { cause: error },
    );
  }
  return new PregoneroError(
    "port-refused",
    `Port ${port} on ${host} cannot be opened (${error.code}). Check PORT and HOST.`,
    { cause: error },
  );
}
