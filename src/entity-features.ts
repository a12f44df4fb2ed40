import { createEditionReader } from "./gazette/entities/read-editions.ts";
import type { Installation } from "./installation.ts";
import { every } from "./line.ts";
import type { Database } from "./store/database.ts";
import { createActChanges } from "./store/entities/act-changes.ts";
import { createEntityIndex } from "./store/entities/entity-index.ts";
import { createReadingLedger } from "./store/entities/reading-ledger.ts";

/** A document that a tenant sends is read at most this much later; editions are read when they come in. */
const READ_EVERY_MS = 5_000;

/** What acts speak of and change, as answers and pages ask for it. */
export function createEntityFeatures(database: Database) {
  return { actChanges: createActChanges(database), entityIndex: createEntityIndex(database) };
}

/** The scheduler's part, until closed: reads what no rules, or older ones, have read. Any number of processes may. */
export function startReadingEntities({
  database,
  logger,
}: Pick<Installation, "database" | "logger">): {
  close(): Promise<void>;
} {
  const stop = new AbortController();
  const readOne = createEditionReader({ ledger: createReadingLedger(database), logger });
  const rounds = every(READ_EVERY_MS, async () => {
    try {
      while (!stop.signal.aborted && (await readOne(stop.signal))) {
        // There may be another.
      }
    } catch (error) {
      if (!stop.signal.aborted) logger.warn("entities-not-read", { error });
    }
  });
  return {
    close() {
      stop.abort();
      return rounds.close();
    },
  };
}
