import { createCanvas } from "@napi-rs/canvas";
import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { PregoneroError } from "../../core/errors.ts";

/** More pixels than this are refused: a page may claim to be a kilometre wide. About A3 at 300 dpi. */
const MAX_PIXELS = 20_000_000;

/** An image of the page, white behind it, `widthPx` pixels wide. */
export async function renderCanvas(pdf: PDFDocumentProxy, page: number, widthPx: number) {
  if (!Number.isInteger(page) || page < 1 || page > pdf.numPages) {
    throw new PregoneroError(
      "page-unknown",
      `The PDF has ${pdf.numPages} pages, and no page ${page}.`,
      { status: 404 },
    );
  }
  const proxy = await pdf.getPage(page);
  const size = proxy.getViewport({ scale: 1 });
  const scale = widthPx / size.width;
  const viewport = proxy.getViewport({ scale });
  const width = Math.max(1, Math.round(viewport.width));
  const height = Math.max(1, Math.round(viewport.height));
  if (!Number.isFinite(width * height) || width * height > MAX_PIXELS) {
    throw new PregoneroError(
      "page-too-large",
      `Page ${page} would be ${width} × ${height} pixels; at most ${MAX_PIXELS} are drawn. Ask for a smaller width.`,
      { status: 413 },
    );
  }
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  // pdfjs types want the DOM's canvas; @napi-rs/canvas has the same interface.
  await proxy.render({
    canvas: null,
    canvasContext: context as never,
    viewport,
    annotationMode: 0,
  }).promise;
  proxy.cleanup();
  return { canvas, scale, width: size.width, height: size.height };
}

/** PNG of the page, `widthPx` pixels wide. */
export async function renderPng(
  pdf: PDFDocumentProxy,
  page: number,
  widthPx: number,
): Promise<Uint8Array> {
  const { canvas } = await renderCanvas(pdf, page, widthPx);
  return canvas.encode("png");
}
