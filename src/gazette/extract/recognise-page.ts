import { createRequire } from "node:module";
import path from "node:path";
import type { Canvas } from "@napi-rs/canvas";
import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { createWorker, OEM, PSM } from "tesseract.js";
import type { Fragment, RawPage } from "../reading/fragment.ts";
import { renderCanvas } from "./render-page.ts";

const require = createRequire(import.meta.url);

/** Dots per inch at which pages are drawn for the recogniser: its authors advise at least 200 for 10-point type. */
const DPI = 200;
/** A word that the recogniser believes in less than this (0 to 100) is a stain or a logo. */
const MIN_CONFIDENCE = 15;

/** Reads pages that have no text layer worth having. One at a time. */
export interface Recogniser {
  recognise(pdf: PDFDocumentProxy, page: number): Promise<RawPage>;
}

/** Starts the recogniser with training data from the installed packages: nothing is fetched, nothing is cached. */
export async function createRecogniser(language: string): Promise<Recogniser> {
  const training = { es: "spa", pt: "por", en: "eng" }[language] ?? "spa";
  const folder = path.dirname(require.resolve(`@tesseract.js-data/${training}/package.json`));
  const worker = await createWorker(training, OEM.LSTM_ONLY, {
    langPath: path.join(folder, "4.0.0_best_int"),
    cacheMethod: "none",
    gzip: true,
  });
  await worker.setParameters({ tessedit_pageseg_mode: PSM.AUTO, user_defined_dpi: String(DPI) });
  return {
    async recognise(pdf, page) {
      const proxy = await pdf.getPage(page);
      const { width } = proxy.getViewport({ scale: 1 });
      const drawn = await renderCanvas(pdf, page, Math.round((width * DPI) / 72));
      const size = { width: drawn.width, height: drawn.height, turn: 0 as const };
      if (isBlank(drawn.canvas)) return { page, ...size, fragments: [] };
      const png = await drawn.canvas.encode("png");
      const { data } = await worker.recognize(png, {}, { text: false, blocks: true });
      const lines = linesOf(data.blocks ?? []);
      const confidence = confidenceOf(lines);
      const fragments = toFragments(lines, drawn.scale);
      return { page, ...size, fragments, ...(confidence !== undefined && { confidence }) };
    },
  };
}

/** Whether next to nothing is printed: fewer than one dark pixel in 5,000, looked at in steps of 2. */
function isBlank(canvas: Canvas): boolean {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0;
  let seen = 0;
  for (let i = 0; i < data.length; i += 8) {
    seen += 1;
    // Green weighs most in what the eye takes for brightness.
    if ((data[i + 1] ?? 255) < 140) dark += 1;
  }
  return dark * 5_000 < seen;
}

interface Bounds {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}
interface Line {
  readonly bbox: Bounds;
  readonly words: readonly {
    readonly text: string;
    readonly confidence: number;
    readonly bbox: Bounds;
  }[];
}
interface Block {
  readonly paragraphs: readonly { readonly lines: readonly Line[] }[];
}

/** With the words that are believed in; a line may be left with none. */
function linesOf(blocks: readonly Block[]): readonly Line[] {
  const lines = blocks.flatMap((block) => block.paragraphs.flatMap((paragraph) => paragraph.lines));
  return lines.map(({ bbox, words }) => ({
    bbox,
    words: words.filter((word) => word.confidence >= MIN_CONFIDENCE && word.text.trim() !== ""),
  }));
}

/** Mean over the letters, so that a long word counts for more than a stroke that is taken for an l. */
function confidenceOf(lines: readonly Line[]): number | undefined {
  const words = lines.flatMap((line) => line.words);
  const letters = words.reduce((sum, { text }) => sum + text.trim().length, 0);
  if (letters === 0) return undefined;
  const sum = words.reduce((sum, { text, confidence }) => sum + text.trim().length * confidence, 0);
  return Math.min(100, sum / letters);
}

/** Words in points. Their height is their line's, since a word without ascenders would look like small type. */
function toFragments(lines: readonly Line[], scale: number): Fragment[] {
  return lines.flatMap((line) =>
    line.words.map((word) => ({
      text: word.text.trim(),
      x: word.bbox.x0 / scale,
      y: line.bbox.y0 / scale,
      width: (word.bbox.x1 - word.bbox.x0) / scale,
      height: (line.bbox.y1 - line.bbox.y0) / scale,
      font: "ocr",
      hasSpaceBefore: true,
    })),
  );
}
