import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { takeShortcuts } from "./pdfjs-shortcuts.ts";

/**
 * pdfjs with its worker in this thread and cheaper ways to inflate and to hand over text (`pdfjs-shortcuts.ts`).
 * What its legacy build for older V8s takes away is put back:
 *
 * - it replaces `Array.prototype.push` and `JSON` with functions in JavaScript, for corners of the
 *   standard that neither pdfjs nor we go to, and pdfjs pushes for every character that it reads;
 * - it asks whether `Response` can give its bytes, which makes Node load its HTTP client.
 */
export const pdfjs = await loadPdfjs();

async function loadPdfjs(): Promise<typeof import("pdfjs-dist/legacy/build/pdf.mjs")> {
  const { push } = Array.prototype;
  const { parse, stringify } = JSON;
  const response = Object.getOwnPropertyDescriptor(globalThis, "Response");
  const withBytes = { prototype: { bytes: () => undefined } };
  Object.defineProperty(globalThis, "Response", { configurable: true, value: withBytes });
  try {
    takeShortcuts();
    const loaded = await import(urlOf("pdf.min.mjs"));
    // Announces itself as `globalThis.pdfjsWorker`, where pdfjs looks before it would import it.
    await import(urlOf("pdf.worker.min.mjs"));
    return loaded;
  } finally {
    if (response !== undefined) Object.defineProperty(globalThis, "Response", response);
    Array.prototype.push = push;
    Object.assign(JSON, { parse, stringify });
  }
}

/** The minified files, which have no types of their own: a third less to parse at each start of a child. */
function urlOf(file: string): string {
  const require = createRequire(import.meta.url);
  return pathToFileURL(require.resolve(`pdfjs-dist/legacy/build/${file}`)).href;
}
