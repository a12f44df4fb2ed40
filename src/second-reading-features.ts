import { RETRY_MINUTES } from "./gazette/page-draft.ts";
import { createPagesReader } from "./gazette/read-pages-again.ts";
import type { Installation } from "./installation.ts";
import { every } from "./line.ts";
import { createGivenUpPages } from "./store/newsroom/given-up-pages.ts";

/** Pages that are due are noticed at most this much later. */
const READ_EVERY_MS = 60_000;

/**
 * The scheduler's part, until closed: pages that were given up are read again while nothing is shed, so that they do
 * not take from citizens what was too little the first time. Any number of processes may.
 */
export function startReadingPagesAgain(
  installation: Pick<
    Installation,
    "database" | "fileStore" | "extractor" | "switches" | "clock" | "logger" | "exporter"
  >,
): { close(): Promise<void> } {
  const { database, fileStore, extractor, switches, clock, logger, exporter } = installation;
  const stop = new AbortController();
  const readSome = createPagesReader({
    givenUpPages: createGivenUpPages(database, RETRY_MINUTES),
    fileStore,
    extractor,
    clock,
    logger,
    metrics: exporter.metrics,
  });
  const isQuiet = () => switches.level === 0 && !switches.offFor(undefined).has("ocr");
  const rounds = every(READ_EVERY_MS, async () => {
    try {
      while (isQuiet() && !stop.signal.aborted && (await readSome(stop.signal))) {
        // There may be others.
      }
    } catch (error) {
      if (!stop.signal.aborted) logger.warn("pages-not-read-again", { error });
    }
  });
  return {
    close() {
      stop.abort();
      return rounds.close();
    },
  };
}
