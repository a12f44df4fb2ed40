import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { PregoneroError } from "../../core/errors.ts";
import type { RawPage } from "../reading/fragment.ts";
import { arrangePages } from "./arrange-pages.ts";
import type { ChildJob, ChildReport, ExtractedPage } from "./child-protocol.ts";
import { mapPdfError, openPdf, readPage } from "./pdf-document.ts";
import type { Recogniser } from "./recognise-page.ts";

/**
 * Entry of the child process that touches the PDF. It has no environment, writes nothing and dials
 * nowhere; it does one job after the other for its parent and goes when the parent does.
 */
let document: PDFDocumentProxy | undefined;
let recogniser: Recogniser | undefined;

process.on("message", (job: ChildJob) => {
  run(job).then(report, (error: unknown) => {
    const { code, message, status } = mapPdfError(error);
    report({ kind: "failed", code, message, status });
  });
});
process.on("disconnect", () => process.exit(0));

async function run(job: ChildJob): Promise<ChildReport> {
  switch (job.kind) {
    case "open":
      await document?.loadingTask.destroy();
      document = undefined;
      document = await openPdf(job.bytes);
      if (document.numPages > job.maxPages) throw tooManyPages(document.numPages, job.maxPages);
      return { kind: "opened", pageCount: document.numPages };
    case "extract":
      return { kind: "extracted", pages: await extract(opened(), job.maxCharacters) };
    case "recognise":
      // Loaded when needed: most documents are read without drawing anything.
      recogniser ??= await (await import("./recognise-page.ts")).createRecogniser(job.language);
      return { kind: "recognised", page: await recogniser.recognise(opened(), job.page) };
    case "render":
      return { kind: "rendered", png: await renderPage(opened(), job.page, job.widthPx) };
    default:
      return job satisfies never;
  }
}

async function extract(pdf: PDFDocumentProxy, maxCharacters: number): Promise<ExtractedPage[]> {
  const raw: RawPage[] = [];
  let characters = 0;
  for (let page = 1; page <= pdf.numPages; page++) {
    const read = await readPage(pdf, page);
    raw.push(read);
    characters += read.fragments.reduce((sum, fragment) => sum + fragment.text.length, 0);
    if (characters > maxCharacters) throw tooMuchText(page, maxCharacters);
    report({ kind: "progress", page, pageCount: pdf.numPages });
  }
  return arrangePages(raw, "text-layer");
}

async function renderPage(
  pdf: PDFDocumentProxy,
  page: number,
  widthPx: number,
): Promise<Uint8Array> {
  const { renderPng } = await import("./render-page.ts");
  return renderPng(pdf, page, widthPx);
}

function opened(): PDFDocumentProxy {
  if (document === undefined) throw new PregoneroError("pdf-broken", "No PDF has been opened.");
  return document;
}

function tooManyPages(found: number, most: number): PregoneroError {
  return new PregoneroError(
    "pdf-too-many-pages",
    `The PDF says that it has ${found} pages; at most ${most} are read. Split it and ingest the parts.`,
    { status: 413 },
  );
}

function tooMuchText(page: number, most: number): PregoneroError {
  return new PregoneroError(
    "pdf-too-large",
    `The first ${page} pages of the PDF hold more than ${most} characters, which is the most that is read. Split it and ingest the parts.`,
    { status: 413 },
  );
}

function report(message: ChildReport): void {
  process.send?.(message);
}
