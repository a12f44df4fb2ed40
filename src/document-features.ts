import { randomUUID } from "node:crypto";
import { answersOf } from "./chain/cached-model.ts";
import type { Config } from "./config.ts";
import type { Cache } from "./core/cache.ts";
import type { Cipher } from "./core/cipher.ts";
import type { Clock } from "./core/clock.ts";
import type { FaultPoint } from "./core/fault-point.ts";
import type { GuardedFetch } from "./core/guarded-fetch.ts";
import type { Logger } from "./core/logger.ts";
import type { Metrics } from "./core/metrics.ts";
import { createConverter } from "./documents/convert/converter.ts";
import { createDocuments } from "./documents/create-documents.ts";
import { doDueWork } from "./documents/document-work.ts";
import type { Extractor } from "./gazette/extract/extractor.ts";
import { parseOutwardUrl } from "./guarded-fetch/outward-url.ts";
import type { Database } from "./store/database.ts";
import { createDocumentFiles } from "./store/documents/document-files.ts";
import { createDocumentStore } from "./store/documents/document-store.ts";
import { createKnowledgeSets } from "./store/documents/knowledge-sets.ts";

/** What another process took in is found at most this late. */
const LOOK_EVERY_MS = 1_000;

export type DocumentFeatures = ReturnType<typeof createDocumentFeatures>;

/** Tenants' own documents, put together: what people do with them, and the work that follows. */
export function createDocumentFeatures(ports: {
  readonly config: Pick<
    Config,
    "mode" | "filesDirectory" | "allowedPrivateAddresses" | "documentQuota"
  >;
  readonly database: Database;
  readonly cipher: Cipher;
  readonly extractor: Extractor;
  readonly guardedFetch: GuardedFetch;
  readonly answers: Cache | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}) {
  const { config, database, cipher, clock, logger, answers } = ports;
  const store = createDocumentStore(database, cipher);
  const files = createDocumentFiles(config.filesDirectory);
  const owner = `${process.pid}-${randomUUID().slice(0, 8)}`;
  const quota = config.documentQuota;
  let wake = () => {};
  const documents = createDocuments({
    store,
    files,
    quota,
    checkUrl: (url) => void parseOutwardUrl(url, { allowed: config.allowedPrivateAddresses }),
    wake: () => wake(),
    forgetAnswers: async (tenantId) => answers?.forget(answersOf(tenantId)),
    owner,
    clock,
    logger,
  });

  /** Works on what is due, now and whenever there is something, until closed: the role `worker`. */
  function startWork(faultPoint: FaultPoint): { close(): Promise<void> } {
    const stop = new AbortController();
    const work = { ...ports, store, files, quota, owner, faultPoint, convert: createConverter() };
    async function run(): Promise<void> {
      // Nobody else has an embedded database open: whoever held something is gone.
      if (config.mode === "embedded") await store.freeLeases();
      while (!stop.signal.aborted) {
        const called = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await doDueWork(work, stop.signal).catch((error: unknown) => {
          if (!stop.signal.aborted) logger.warn("documents-not-worked-on", { error });
        });
        await untilCalled(called, stop.signal);
      }
    }
    const running = run().catch((error: unknown) => logger.error("document-work-ended", { error }));
    return {
      close() {
        stop.abort();
        return running;
      },
    };
  }

  return {
    documents,
    knowledgeSets: createKnowledgeSets(database, clock),
    startWork,
    /** Whose passages want vectors. */
    listOwners: () => store.listOwners(),
  };
}

async function untilCalled(called: Promise<void>, stop: AbortSignal): Promise<void> {
  if (stop.aborted) return;
  let onEnd = () => {};
  const ended = new Promise<void>((resolve) => {
    onEnd = resolve;
  });
  const timer = setTimeout(onEnd, LOOK_EVERY_MS);
  stop.addEventListener("abort", onEnd, { once: true });
  await Promise.race([called, ended]);
  clearTimeout(timer);
  stop.removeEventListener("abort", onEnd);
}
