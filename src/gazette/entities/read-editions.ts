import type { ReadingLedger } from "../../core/entities.ts";
import type { EditionId } from "../../core/ids.ts";
import type { Logger } from "../../core/logger.ts";
import { READING_VERSION, readActs } from "./read-act.ts";

/**
 * Reads editions that rules of this version have not read: those that came in before, and documents of tenants.
 * Each is kept whole, so that a process that dies goes on with the next. Returns a function that reads one, and says
 * whether there was one; an edition that cannot be read, or stays unread whatever is done, is left to the next start.
 */
export function createEditionReader({
  ledger,
  logger,
}: {
  readonly ledger: ReadingLedger;
  readonly logger: Logger;
}): (signal: AbortSignal) => Promise<boolean> {
  const left: EditionId[] = [];
  let before: EditionId | undefined;
  return async (signal) => {
    signal.throwIfAborted();
    const edition = await ledger.findUnread(READING_VERSION, left);
    if (edition === undefined) return false;
    const { editionId } = edition;
    if (editionId === before) {
      left.push(editionId);
      logger.warn("edition-entities-not-kept", { editionId });
      return true;
    }
    before = editionId;
    try {
      const opened = await ledger.open(edition);
      if (opened === undefined) return true;
      const readings = await readActs(opened.acts, opened.context, signal);
      await ledger.keep(edition, READING_VERSION, readings);
      logger.info("edition-entities-read", { editionId, acts: readings.length });
    } catch (error) {
      signal.throwIfAborted();
      left.push(editionId);
      logger.warn("edition-entities-not-read", { editionId, error });
    }
    return true;
  };
}
