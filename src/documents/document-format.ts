import type { DocumentFormat } from "../core/documents.ts";
import { PregoneroError } from "../core/errors.ts";

const ENDINGS: Readonly<Record<string, DocumentFormat>> = {
  pdf: "pdf",
  docx: "docx",
  html: "html",
  htm: "html",
  md: "markdown",
  markdown: "markdown",
  txt: "text",
  text: "text",
};

const MEDIA_TYPES: Readonly<Record<string, DocumentFormat>> = {
  "application/pdf": "pdf",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "text/html": "html",
  "application/xhtml+xml": "html",
  "text/markdown": "markdown",
  "text/plain": "text",
};

/** The ending of a file name, without its dot, in small letters; empty: it has none. */
function endingOf(fileName: string): string {
  return /\.([^./\\]{1,10})$/.exec(fileName)?.[1]?.toLowerCase() ?? "";
}

/** What a file says that it is: by its name, else by the media type that it came with. */
function claimedFormat(
  fileName: string,
  mediaType: string | undefined,
): DocumentFormat | undefined {
  const ending = endingOf(fileName);
  if (Object.hasOwn(ENDINGS, ending)) return ENDINGS[ending];
  const type = mediaType?.split(";")[0]?.trim().toLowerCase() ?? "";
  return Object.hasOwn(MEDIA_TYPES, type) ? MEDIA_TYPES[type] : undefined;
}

/**
 * The format of a file that begins so: what it says that it is must be what it is. Throws `document-format` (415).
 * `mediaType` counts when the name's ending says nothing.
 */
export function formatOf(head: Buffer, fileName: string, mediaType?: string): DocumentFormat {
  if (head.length === 0) throw refused("The file is empty (0 bytes).");
  const claimed = claimedFormat(fileName, mediaType);
  if (claimed === undefined) {
    const ending = endingOf(fileName);
    throw refused(
      `${ending === "" ? "A file without an ending" : `A file that ends in .${ending.replace(/[^a-z0-9]/g, "?")}`} is not taken.`,
    );
  }
  const found = looksLike(head);
  if (found === claimed || (found === "text" && isPlain(claimed))) return claimed;
  throw refused(`The file says that it is ${NAMES[claimed]}, but begins like ${NAMES[found]}.`);
}

type Look = DocumentFormat | "old-office" | "binary";

const NAMES: Readonly<Record<Look, string>> = {
  pdf: "a PDF",
  docx: "a DOCX",
  html: "a page in HTML",
  markdown: "Markdown",
  text: "text",
  "old-office": "an old or an encrypted office document: save it as DOCX, without a password",
  binary: "something else",
};

function isPlain(format: DocumentFormat): boolean {
  return format === "text" || format === "markdown" || format === "html";
}

function looksLike(head: Buffer): Look {
  const begins = head.subarray(0, 4).toString("hex");
  // The specification allows 1,024 bytes before the header (PDF 1.7, annex H.3, note 13).
  if (head.subarray(0, 1_024).includes("%PDF-")) return "pdf";
  if (begins === "504b0304") return "docx";
  if (begins === "d0cf11e0") return "old-office";
  const isWide = /^(?:fffe|feff)/.test(begins);
  return !isWide && head.includes(0) ? "binary" : "text";
}

function refused(why: string): PregoneroError {
  return new PregoneroError(
    "document-format",
    `${why} PDF, DOCX, HTML (.html), Markdown (.md) and text (.txt) are taken.`,
    { status: 415 },
  );
}
