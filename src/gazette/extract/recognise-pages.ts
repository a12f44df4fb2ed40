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
 * or more memory than it may, is left as it was, and says so; so is one whose text layer turns out to be the better
 * of the two. Returns the pages that are otherwise than before, by page.
 */
export async function recognisePages(
  bytes: Uint8Array,
  pages: readonly ExtractedPage[],
  options: RecogniseOptions,
): Promise<ReadonlyMap<number, ExtractedPage>> {
  const queue = pages.map((page) => page.page);
  const raw: RawPage[] = [];
  const givenUp = new Map<number, string>();
  let done = 0;
  const report = () => options.onProgress?.({ step: "recognise", done, total: pages.length });
  report();
  const workers = Array.from({ length: Math.min(options.limits.ocrProcesses, pages.length) }, () =>
    options.slots.use(options.signal, () =>
      work(bytes, queue, options, (page, read) => {
        if (typeof read === "string") givenUp.set(page, read);
        else raw.push(read);
        done += 1;
        report();
      }),
    ),
  );
  await Promise.all(workers);
  raw.sort((a, b) => a.page - b.page);
  const changed = new Map<number, ExtractedPage>();
  for (const page of pages) {
    const reason = givenUp.get(page.page);
    if (reason !== undefined) changed.set(page.page, { ...page, givenUp: reason });
  }
  for (const recognised of arrangePages(raw, "ocr")) {
    const before = pages.find((page) => page.page === recognised.page);
    if (
      before === undefined ||
      textScore(recognised.lines, options.language) < textScore(before.lines, options.language)
    )
      continue;
    changed.set(recognised.page, {
      ...recognised,
      printedPage: recognised.printedPage ?? before.printedPage,
    });
  }
  return changed;
}

/** One process at a time, replaced after a page that had to be stopped, of which the code of the error is told. */
async function work(
  bytes: Uint8Array,
  queue: number[],
  options: RecogniseOptions,
  onPage: (page: number, read: RawPage | string) => void,
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
        onPage(page, report.kind === "recognised" ? report.page : "pdf-broken");
      } catch (error) {
        signal.throwIfAborted();
        if (!isPregoneroError(error)) throw error;
        child.close();
        child = undefined;
        onPage(page, error.code);
      }
    }
  } finally {
    child?.close();
  }
}
