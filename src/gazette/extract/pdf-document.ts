import { createRequire } from "node:module";
import path from "node:path";
import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { PregoneroError } from "../../core/errors.ts";
import type { RawPage } from "../reading/fragment.ts";
import { toFragments } from "../reading/page-fragments.ts";

const require = createRequire(import.meta.url);
const pdfjsFolder = path.dirname(require.resolve("pdfjs-dist/package.json"));

/**
 * Opens a PDF with nothing but its own bytes: no scripts, no network, no fonts of the system.
 * Throws `pdf-empty`, `not-a-pdf`, `pdf-encrypted` or `pdf-broken`.
 */
export async function openPdf(bytes: Uint8Array): Promise<PDFDocumentProxy> {
  checkHeader(bytes);
  const { pdfjs } = await import("./load-pdfjs.ts");
  try {
    return await pdfjs.getDocument({
      data: new Uint8Array(bytes),
      isEvalSupported: false,
      useSystemFonts: false,
      disableFontFace: true,
      enableXfa: false,
      stopAtErrors: false,
      verbosity: pdfjs.VerbosityLevel.ERRORS,
      cMapUrl: `${path.join(pdfjsFolder, "cmaps")}${path.sep}`,
      cMapPacked: true,
      standardFontDataUrl: `${path.join(pdfjsFolder, "standard_fonts")}${path.sep}`,
      wasmUrl: `${path.join(pdfjsFolder, "wasm")}${path.sep}`,
    }).promise;
  } catch (error) {
    throw mapPdfError(error);
  }
}

/** The specification allows 1,024 bytes before the header (PDF 1.7, annex H.3, note 13). */
export function checkHeader(bytes: Uint8Array): void {
  if (bytes.length === 0) {
    throw new PregoneroError("pdf-empty", "The file is empty (0 bytes). Download it again.", {
      status: 400,
    });
  }
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(1024, bytes.length)).toString(
    "latin1",
  );
  if (head.includes("%PDF-")) return;
  const looksLike = /^\s*</.test(head) ? "a web page" : "something else";
  throw new PregoneroError(
    "not-a-pdf",
    `The file is not a PDF: it begins like ${looksLike}. Check that the address leads to the PDF itself.`,
    { status: 400 },
  );
}

/** The text of one page, from 1. A page that cannot be read throws `pdf-broken`. */
export async function readPage(document: PDFDocumentProxy, page: number): Promise<RawPage> {
  try {
    const proxy = await document.getPage(page);
    const viewport = proxy.getViewport({ scale: 1 });
    const content = await proxy.getTextContent();
    const items = content.items.filter((item) => "str" in item);
    const size = { width: viewport.width, height: viewport.height };
    const placed = toFragments(items, content.styles, { ...size, transform: viewport.transform });
    proxy.cleanup();
    return { page, ...size, ...placed };
  } catch (error) {
    throw mapPdfError(error);
  }
}

export function mapPdfError(error: unknown): PregoneroError {
  if (error instanceof PregoneroError) return error;
  const name = error instanceof Error ? error.name : "";
  const message = error instanceof Error ? error.message : String(error);
  if (name === "PasswordException") {
    return new PregoneroError(
      "pdf-encrypted",
      "The PDF is encrypted and asks for a password. Save a copy without a password and ingest that.",
      { status: 400, cause: error },
    );
  }
  return new PregoneroError(
    "pdf-broken",
    `The PDF cannot be read (${message.slice(0, 200)}). It may be cut off or damaged: download it again.`,
    { status: 400, cause: error },
  );
}
