import type { Clock } from "../core/clock.ts";
import type { TenantId } from "../core/ids.ts";
import type { Language } from "../core/language.ts";
import type { Database, Transaction } from "../store/database.ts";
import { type CorpusStatistic, readCorpus } from "../store/passage-search.ts";

/** What a tenant may search, and under which keys what was read of it is kept. */
export interface TenantCorpora {
  readonly statistics: readonly CorpusStatistic[];
  readonly languages: readonly Language[];
  /** Of the owner and of every corpus's generation. */
  readonly prefix: string;
}

/** An edition that another process ingested is found at most this late. */
export const KNOWN_FOR_MS = 1_000;
/** Tenants that are remembered; beyond, the one remembered for longest is forgotten. */
const MAX_TENANTS = 10_000;

interface Known {
  readonly corpora: Promise<TenantCorpora>;
  readonly readAt: number;
  readonly indexChanges: number;
}

/**
 * The corpora of each tenant, read again when this process changed the index and at least every
 * `KNOWN_FOR_MS`, by one of those who ask at that time for all of them. Ask before anything else is read
 * in the transaction: who waits must not hold the connection that the reading one needs.
 */
export function createKnownCorpora(
  database: Database,
  clock: Clock,
): (tx: Transaction, tenantId: TenantId) => Promise<TenantCorpora> {
  const known = new Map<TenantId, Known>();
  return (tx, tenantId) => {
    const now = clock.now().getTime();
    const indexChanges = database.indexChanges();
    const held = known.get(tenantId);
    const isCurrent =
      held !== undefined &&
      held.indexChanges === indexChanges &&
      // A clock that was set back says nothing.
      Math.abs(now - held.readAt) < KNOWN_FOR_MS;
    if (isCurrent) return held.corpora;
    const corpora = readCorpora(tx, tenantId);
    const entry = { corpora, readAt: now, indexChanges };
    known.delete(tenantId);
    known.set(tenantId, entry);
    for (const oldest of known.keys()) {
      if (known.size <= MAX_TENANTS) break;
      known.delete(oldest);
    }
    corpora.catch(() => {
      if (known.get(tenantId) === entry) known.delete(tenantId);
    });
    return corpora;
  };
}

async function readCorpora(tx: Transaction, tenantId: TenantId): Promise<TenantCorpora> {
  const statistics = await readCorpus(tx);
  const owner = statistics.some((corpus) => !corpus.isPublic) ? tenantId : "public";
  const generation = statistics
    .map((corpus) => `${corpus.isPublic ? "" : "own-"}${corpus.language}${corpus.generation}`)
    .sort()
    .join(".");
  return {
    statistics,
    languages: [...new Set(statistics.map((corpus) => corpus.language))],
    prefix: `${owner}:${generation}`,
  };
}
