import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "./config.ts";
import type { Clock } from "./core/clock.ts";
import type { FaultPoint } from "./core/fault-point.ts";
import type { FileStore, GazetteStore } from "./core/gazette-store.ts";
import type { GuardedFetch } from "./core/guarded-fetch.ts";
import type { TenantId } from "./core/ids.ts";
import type { Logger } from "./core/logger.ts";
import type { Metrics } from "./core/metrics.ts";
import { EDITION_STATES } from "./core/newsroom.ts";
import { findChromium } from "./find-chromium.ts";
import type { Ingest } from "./gazette/ingest.ts";
import { parseOutwardUrl } from "./guarded-fetch/outward-url.ts";
import { every } from "./line.ts";
import { createListingBrowser } from "./newsroom/browser/open-listings.ts";
import { createCollector } from "./newsroom/collection/collector.ts";
import { followReading } from "./newsroom/collection/follow-reading.ts";
import { createPoliteFetch } from "./newsroom/collection/polite-fetch.ts";
import { createSourceAdmin } from "./newsroom/collection/source-admin.ts";
import { createWatchedFolders } from "./newsroom/collection/watched-folders.ts";
import type { Database } from "./store/database.ts";
import {
  createCollectionLedger,
  readCollectionFigures,
} from "./store/newsroom/collection-ledger.ts";
import { noteReadingProgress } from "./store/newsroom/reading-progress.ts";
import { createSourceStore } from "./store/newsroom/source-store.ts";

/** What is due is begun at most this late. */
const LOOK_EVERY_MS = 2_000;
const COUNT_EVERY_MS = 30_000;

/** Sources and their editions, put together: what people do with them, and the collecting itself. */
export function createCollectionFeatures(ports: {
  readonly config: Pick<
    Config,
    "allowedPrivateAddresses" | "chromiumPath" | "searchPath" | "sourcesDirectory"
  >;
  readonly database: Database;
  readonly gazetteStore: GazetteStore;
  readonly fileStore: FileStore;
  readonly ingest: Ingest;
  readonly guardedFetch: GuardedFetch;
  /** Reads public editions. */
  readonly tenantId: TenantId;
  /** Names this process in leases and attempts. */
  readonly owner: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}) {
  const { config, database, gazetteStore, clock, logger, metrics } = ports;
  const sources = createSourceAdmin({
    store: createSourceStore(database),
    fileStore: ports.fileStore,
    checkUrl: (url) => void parseOutwardUrl(url, { allowed: config.allowedPrivateAddresses }),
    clock,
  });

  /** The scheduler's part, until closed. Any number of processes may: each source is collected by one at a time. */
  function startCollecting(faultPoint: FaultPoint): { close(): Promise<void> } {
    const stop = new AbortController();
    const wait = async (ms: number, signal: AbortSignal) =>
      void (await sleep(ms, undefined, { signal }));
    const politeFetch = createPoliteFetch({ ...ports, wait });
    const chromiumPath = findChromium(config);
    const collect = createCollector({
      ...ports,
      ingest: followReading(ports.ingest, {
        note: (owner, edition, progress) => noteReadingProgress(database, owner, edition, progress),
        clock,
        logger,
      }),
      ledger: createCollectionLedger(database),
      politeFetch,
      listingBrowser: createListingBrowser({ chromiumPath, politeFetch, logger }),
      watchedFolders: createWatchedFolders({ root: config.sourcesDirectory, wait }),
      dateOf: async (owner, editionId) =>
        (await gazetteStore.getEdition(owner ?? ports.tenantId, editionId))?.publishedOn,
      chance: Math.random,
      faultPoint,
    });
    const looking = every(LOOK_EVERY_MS, async () => {
      try {
        while (!stop.signal.aborted && (await collect(stop.signal))) {
          // Others may be due.
        }
      } catch (error) {
        if (!stop.signal.aborted) logger.warn("sources-not-collected", { error });
      }
    });
    const counting = every(COUNT_EVERY_MS, () =>
      showFigures({ database, clock, metrics }).catch((error: unknown) =>
        logger.warn("editions-not-counted", { error }),
      ),
    );
    return {
      async close() {
        stop.abort();
        await counting.close();
        await looking.close();
      },
    };
  }

  return { sources, startCollecting };
}

async function showFigures({
  database,
  clock,
  metrics,
}: {
  readonly database: Database;
  readonly clock: Clock;
  readonly metrics: Metrics;
}): Promise<void> {
  const { byState, newestBySlug } = await readCollectionFigures(database);
  for (const state of EDITION_STATES) {
    metrics.gauge("newsroom_editions", byState[state] ?? 0, { state });
  }
  for (const { slug, expectedAt } of newestBySlug) {
    const seconds = Math.max(0, (clock.now().getTime() - expectedAt.getTime()) / 1_000);
    metrics.gauge("newsroom_last_edition_age_seconds", seconds, { source: slug });
  }
}
