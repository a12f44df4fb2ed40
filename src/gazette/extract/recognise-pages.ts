import { isPregoneroError } from "../../core/errors.ts";
import type { RawPage } from "../reading/fragment.ts";
import { arrangePages } from "./arrange-pages.ts";
import type { ExtractedPage } from "./child-protocol.ts";
import type { ExtractOptions } from "./extract-options.ts";
import type { ExtractLimits } from "./limits.ts";
import { openInChild, type PdfChild } from "./pdf-child.ts";
import type { Slots } from "./slots.ts";
import { textScore } from "./text-quality.ts";

export interface RecogniseOptions extends ExtractOptions {
  readonly limits: ExtractLimits;
  readonly slots: Slots;
}

/**
 * Reads pages from their images, in as many processes as there are slots. A page that takes too long,
 * or more memory than it may, is left as it was; so is one whose text layer turns out to be the better
 * of the two. Returns the pages that were improved, by page.
 */
export async function recognisePages(
  bytes: Uint8Array,
  pages: readonly ExtractedPage[],
  options: RecogniseOptions,
): Promise<ReadonlyMap<number, ExtractedPage>> {
  const queue = pages.map((page) => page.page);
  const raw: RawPage[] = [];
  let done = 0;
  const report = () => options.onProgress?.({ step: "recognise", done, total: pages.length });
  report();
  const workers = Array.from({ length: Math.min(options.limits.ocrProcesses, pages.length) }, () =>
    options.slots.use(options.signal, () =>
      work(bytes, queue, options, (page) => {
        if (page !== undefined) raw.push(page);
        done += 1;
        report();
      }),
    ),
  );
  await Promise.all(workers);
  raw.sort((a, b) => a.page - b.page);
  const better = new Map<number, ExtractedPage>();
  for (const recognised of arrangePages(raw, "ocr")) {
    const before = pages.find((page) => page.page === recognised.page);
    if (
      before === undefined ||
      textScore(recognised.lines, options.language) < textScore(before.lines, options.language)
    )
      continue;
    better.set(recognised.page, {
      ...recognised,
      printedPage: recognised.printedPage ?? before.printedPage,
    });
  }
  return better;
}

/** One process at a time, replaced after a page that had to be stopped. */
async function work(
  bytes: Uint8Array,
  queue: number[],
  options: RecogniseOptions,
  onPage: (page: RawPage | undefined) => void,
): Promise<void> {
  const { limits, signal, language } = options;
  let child: PdfChild | undefined;
  try {
    for (let page = queue.shift(); page !== undefined; page = queue.shift()) {
      child ??= await openInChild(bytes, limits, signal);
      try {
        const report = await child.run(
          { kind: "recognise", page, language },
          { maxSeconds: limits.maxOcrSecondsPerPage, signal },
        );
        onPage(report.kind === "recognised" ? report.page : undefined);
      } catch (error) {
        signal.throwIfAborted();
        if (!isPregoneroError(error)) throw error;
        child.close();
        child = undefined;
        onPage(undefined);
      }
    }
  } finally {
    child?.close();
  }
}
