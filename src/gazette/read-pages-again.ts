import type { Clock } from "../core/clock.ts";
import type { FileStore } from "../core/gazette-store.ts";
import type { GivenUpPages, TakenPages } from "../core/given-up-pages.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";
import type { ExtractedPage } from "./extract/child-protocol.ts";
import type { Extractor } from "./extract/extractor.ts";
import { toPageDraft } from "./page-draft.ts";
import { segment } from "./segment/segment.ts";

export interface ReadAgainPorts {
  readonly givenUpPages: GivenUpPages;
  readonly fileStore: Pick<FileStore, "get">;
  readonly extractor: Pick<Extractor, "readAgain">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Reads pages that were given up when their edition came in. Returns a function that reads some of one edition, and
 * says whether there were any; what goes wrong costs a try, of which there are few.
 */
export function createPagesReader(
  ports: ReadAgainPorts,
): (signal: AbortSignal) => Promise<boolean> {
  const { givenUpPages, clock, logger, metrics } = ports;
  return async (signal) => {
    signal.throwIfAborted();
    const taken = await givenUpPages.take();
    if (taken === undefined) return false;
    const { editionId } = taken;
    try {
      const pages = await read(ports, taken, signal);
      const isRead = ({ givenUp }: ExtractedPage) => givenUp === undefined;
      // A text layer that turned out to be the better one is in the edition's acts already.
      const isNew = (page: ExtractedPage) => isRead(page) && page.origin === "ocr";
      const triesOf = new Map(taken.pages.map(({ page, tries }) => [page, tries]));
      const now = clock.now();
      const isKept = await givenUpPages.keep(taken, {
        pages: pages.map((page) => toPageDraft(page, { tries: triesOf.get(page.page) ?? 1, now })),
        acts: runsOf(pages.filter(isNew)).flatMap((run) => segment(run, taken.language)),
      });
      const readPages = isKept ? pages.filter(isRead).length : 0;
      metrics.count("pages_read_again_total", { outcome: "read" }, readPages);
      metrics.count("pages_read_again_total", { outcome: "given-up" }, pages.length - readPages);
      logger.info("pages-read-again", { editionId, tried: pages.length, read: readPages });
    } catch (error) {
      signal.throwIfAborted();
      metrics.count("pages_read_again_total", { outcome: "given-up" }, taken.pages.length);
      logger.warn("pages-not-read-again", { editionId, error });
    }
    return true;
  };
}

async function read(
  { fileStore, extractor }: ReadAgainPorts,
  { fileKey, language, pages }: TakenPages,
  signal: AbortSignal,
): Promise<readonly ExtractedPage[]> {
  const bytes = await fileStore.get(fileKey);
  if (bytes === undefined) throw new Error(`the file ${fileKey} is gone`);
  return extractor.readAgain(
    bytes,
    pages.map(({ page }) => page),
    { language, signal },
  );
}

/** Pages that follow each other belong together: an act goes on from one to the next, and never over a gap. */
function runsOf(pages: readonly ExtractedPage[]): readonly (readonly ExtractedPage[])[] {
  const runs: ExtractedPage[][] = [];
  for (const page of pages) {
    const run = runs.at(-1);
    if (run?.at(-1)?.page === page.page - 1) run.push(page);
    else runs.push([page]);
  }
  return runs;
}
