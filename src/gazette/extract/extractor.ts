import { PregoneroError } from "../../core/errors.ts";
import type { ExtractedPage } from "./child-protocol.ts";
import type { ExtractOptions } from "./extract-options.ts";
import type { ExtractLimits } from "./limits.ts";
import { openInChild } from "./pdf-child.ts";
import { checkHeader } from "./pdf-document.ts";
import { createReadingChildren, type ReadingChildren } from "./reading-children.ts";
import { recognisePages } from "./recognise-pages.ts";
import { createSlots } from "./slots.ts";
import { judgeText } from "./text-quality.ts";

/** Reads and draws PDFs outside this process, under hard limits. One process has one PDF open. */
export interface Extractor {
  /** Pages in order, each with its lines in reading order. Throws a `PregoneroError` with one sentence for people. */
  extract(bytes: Uint8Array, options: ExtractOptions): Promise<readonly ExtractedPage[]>;
  /**
   * Reads the images of pages that were given up, one after the other and with more patience. Returns these pages, in
   * order; those that are given up again say so.
   */
  readAgain(
    bytes: Uint8Array,
    pages: readonly number[],
    options: ExtractOptions,
  ): Promise<readonly ExtractedPage[]>;
  /** PNG of one page, from 1, `widthPx` pixels wide (100 to 2,400). */
  renderPage(
    bytes: Uint8Array,
    page: number,
    options: { widthPx: number; signal: AbortSignal },
  ): Promise<Uint8Array>;
}

/** Pages drawn at the same time, for readers of citations; each takes about a second and 200 MiB. */
const RENDER_PROCESSES = 2;
/** A page that is read again may take so many times as long: what took too long was most often a busy machine. */
const PATIENCE = 4;
const MAX_RENDER_SECONDS = 20;

export function createExtractor(
  limits: ExtractLimits,
  /** Whether pages without readable text are left so, to be read again later. Absent: they are recognised. */
  isOcrOff: () => boolean = () => false,
): Extractor {
  const ocrSlots = createSlots(limits.ocrProcesses);
  const renderSlots = createSlots(RENDER_PROCESSES);
  const readingChildren = createReadingChildren(limits);

  async function recognise(
    bytes: Uint8Array,
    pages: readonly ExtractedPage[],
    options: ExtractOptions,
    within: ExtractLimits,
  ): Promise<ReadonlyMap<number, ExtractedPage>> {
    if (!isOcrOff())
      return recognisePages(bytes, pages, { ...options, limits: within, slots: ocrSlots });
    return new Map(pages.map((page) => [page.page, { ...page, givenUp: "ocr-off" }]));
  }

  return {
    async extract(bytes, options) {
      checkSize(bytes, limits);
      checkHeader(bytes);
      const pages = await readTextLayer(bytes, limits, readingChildren, options);
      const poor = pages.filter((page) => judgeText(page.lines, options.language) !== "readable");
      if (poor.length === 0) return pages;
      const recognised = await recognise(bytes, poor, options, limits);
      return pages.map((page) => recognised.get(page.page) ?? page);
    },
    async readAgain(bytes, wanted, options) {
      checkSize(bytes, limits);
      const pages = await readTextLayer(bytes, limits, readingChildren, options);
      const again = pages.filter(({ page }) => wanted.includes(page));
      const recognised = await recognise(bytes, again, options, {
        ...limits,
        maxOcrSecondsPerPage: PATIENCE * limits.maxOcrSecondsPerPage,
        ocrProcesses: 1,
      });
      return again.map((page) => recognised.get(page.page) ?? page);
    },
    async renderPage(bytes, page, { widthPx, signal }) {
      checkSize(bytes, limits);
      const width = Math.round(Math.min(2_400, Math.max(100, widthPx)));
      return renderSlots.use(signal, async () => {
        const child = await openInChild(bytes, limits, signal);
        try {
          const report = await child.run(
            { kind: "render", page, widthPx: width },
            { maxSeconds: MAX_RENDER_SECONDS, signal },
          );
          if (report.kind !== "rendered")
            throw new Error(`asked to render, the child ${report.kind}`);
          return report.png;
        } finally {
          child.close();
        }
      });
    },
  };
}

function readTextLayer(
  bytes: Uint8Array,
  { maxCharacters, maxSeconds }: ExtractLimits,
  children: ReadingChildren,
  { signal, onProgress }: ExtractOptions,
): Promise<readonly ExtractedPage[]> {
  return children.use(bytes, signal, async (child) => {
    const report = await child.run(
      { kind: "extract", maxCharacters },
      {
        maxSeconds,
        signal,
        onProgress: (done, total) => onProgress?.({ step: "read", done, total }),
      },
    );
    if (report.kind !== "extracted") throw new Error(`asked to extract, the child ${report.kind}`);
    return report.pages;
  });
}

function checkSize(bytes: Uint8Array, limits: ExtractLimits): void {
  if (bytes.length <= limits.maxBytes) return;
  const mib = (size: number) => (size / 1024 / 1024).toFixed(0);
  throw new PregoneroError(
    "pdf-too-large",
    `The PDF has ${mib(bytes.length)} MiB; at most ${mib(limits.maxBytes)} MiB are read. Split it and ingest the parts.`,
    { status: 413 },
  );
}
