import type { EditionId, TenantId } from "../../src/core/ids.ts";
import { type Logger, silentLogger } from "../../src/core/logger.ts";
import { noMetrics } from "../../src/core/metrics.ts";
import type { AlertMessage, DigestMessage } from "../../src/core/subscriptions.ts";
import { createExtractor } from "../../src/gazette/extract/extractor.ts";
import { DEFAULT_LIMITS } from "../../src/gazette/extract/limits.ts";
import { createIngest } from "../../src/gazette/ingest.ts";
import { createGuardedFetch } from "../../src/guarded-fetch/guarded-fetch.ts";
import { createEditionMatching } from "../../src/newsroom/alerts/match-editions.ts";
import { createNewsReleaser } from "../../src/newsroom/alerts/release-news.ts";
import { createCollector } from "../../src/newsroom/collection/collector.ts";
import { createPoliteFetch } from "../../src/newsroom/collection/polite-fetch.ts";
import { createWatchedFolders } from "../../src/newsroom/collection/watched-folders.ts";
import type { Database } from "../../src/store/database.ts";
import { createCipher } from "../../src/store/encryption.ts";
import { createFileStore } from "../../src/store/file-store.ts";
import { createGazetteStore } from "../../src/store/gazette-store.ts";
import { createCollectionLedger } from "../../src/store/newsroom/collection-ledger.ts";
import { openServer } from "../../src/store/open-server.ts";
import { createAlertLedger } from "../../src/store/subscriptions/alert-ledger.ts";
import { createEditionTexts } from "../../src/store/subscriptions/edition-texts.ts";
import { createNewsRelease } from "../../src/store/subscriptions/news-release.ts";
import { createStemmer } from "../../src/store/subscriptions/stemmer.ts";
import { type Hit, watchCalls, watchStatements } from "../faults/watch-calls.ts";
import type { Crash } from "./month-plan.ts";
import { NO_BROWSER } from "./no-browser.ts";

/** Argument of this program, as JSON: one process with the role `scheduler`, which looks when it is told to. */
export interface NewsroomProcessOptions {
  readonly databaseUrl: string;
  readonly folder: string;
  readonly ports: readonly number[];
  readonly tenantId: string;
  readonly owner: string;
  /** Hex. */
  readonly key: string;
}

export interface Order {
  readonly phase: "collect" | "news";
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly crash?: Crash;
}

/** What a part of a message to a citizen holds here, instead of words: which editions it tells of. */
export interface ToldNews {
  readonly kind: "alert" | "daily" | "weekly";
  readonly editions: readonly string[];
}

const NEWS_DAYS = 45;
/** A request of a site that answers at once or not at all. */
const TIMEOUT_MS = 1_000;
/** The product looks every second: what one round leaves, the next takes. */
const ROUNDS = 3;

const options = JSON.parse(process.argv[2] ?? "{}") as NewsroomProcessOptions;
let now = new Date(0);
let crash: Crash | undefined;
let visits = 0;
const clock = { now: () => now };
const signal = new AbortController().signal;

const hit: Hit = (point) => {
  if (crash === undefined || point !== crash.point) return;
  visits += 1;
  if (visits !== crash.visit) return;
  process.stdout.write(`reached ${point}\n`);
  process.kill(process.pid, crash.deed === "kill" ? "SIGKILL" : "SIGSTOP");
};

/** What should not happen at all is said; that an edition is late is the matter of the table. */
const logger: Logger = {
  ...silentLogger,
  warn(event, { error } = {}) {
    if (event === "edition-overdue") return;
    process.stderr.write(
      `${options.owner}: ${event} ${error instanceof Error ? error.stack : ""}\n`,
    );
  },
};

function createCollecting(database: Database): () => Promise<void> {
  const gazetteStore = watchCalls("gazetteStore", createGazetteStore(database), hit);
  const fileStore = watchCalls("fileStore", createFileStore(options.folder), hit);
  const extractor = createExtractor(DEFAULT_LIMITS);
  const allowed = options.ports.map((port) => ({ address: "127.0.0.1", port }));
  const collect = createCollector({
    ledger: watchCalls("ledger", createCollectionLedger(database), hit),
    politeFetch: createPoliteFetch({
      guardedFetch: createGuardedFetch({ allowed }),
      clock,
      wait: async () => {},
      timeoutMs: TIMEOUT_MS,
    }),
    ingest: createIngest({ gazetteStore, fileStore, extractor, clock, logger: silentLogger }),
    fileStore,
    listingBrowser: NO_BROWSER,
    watchedFolders: createWatchedFolders({ root: undefined, wait: async () => {} }),
    dateOf: async (_owner: TenantId | undefined, editionId: EditionId) =>
      (await gazetteStore.getEdition(options.tenantId as TenantId, editionId))?.publishedOn,
    owner: options.owner,
    chance: () => 0,
    clock,
    logger,
    metrics: noMetrics,
    faultPoint: hit,
  });
  return async () => {
    while (await collect(signal)) {
      // Others may be due.
    }
  };
}

function createTelling(database: Database): () => Promise<void> {
  const cipher = createCipher([Buffer.from(options.key, "hex")]);
  const shared = { logger, metrics: noMetrics };
  const match = createEditionMatching({
    ...shared,
    ledger: watchCalls("alerts", createAlertLedger(database, cipher), hit),
    texts: createEditionTexts(database),
    stemmer: createStemmer(database),
    clock,
    newerThanDays: NEWS_DAYS,
  });
  const watched = watchStatements("release", database, hit);
  const release = createNewsReleaser({
    ...shared,
    release: watchCalls("release", createNewsRelease(watched, cipher, NEWS_DAYS), hit),
    compose: (message) => [{ text: JSON.stringify(toldOf(message)) }],
    wakeUps: { wake() {} },
  });
  return async () => {
    await match(signal);
    for (let round = 0; round < ROUNDS; round++) await release(signal);
  };
}

function toldOf(message: AlertMessage | DigestMessage): ToldNews {
  const editions = message.kind === "alert" ? [message.edition] : message.editions;
  return { kind: message.kind, editions: editions.map(({ editionId }) => editionId) };
}

const database = openServer({ url: options.databaseUrl, maxConnections: 4, faultPoint: hit });
const phases = { collect: createCollecting(database), news: createTelling(database) };

process.on("message", (order: Order) => {
  now = new Date(order.now);
  crash = order.crash;
  visits = 0;
  phases[order.phase]()
    .catch((error: unknown) => logger.warn("failed", { error }))
    .finally(() => process.send?.({ done: order.now }));
});
process.on("disconnect", () => process.exit(0));
process.send?.({ ready: true });
