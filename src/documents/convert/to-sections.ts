import { PregoneroError } from "../../core/errors.ts";
import { broken, checkZip } from "./check-zip.ts";
import type { ConvertJob, TextSection } from "./convert-protocol.ts";
import { decodeHtml, decodeText } from "./decode-text.ts";
import { htmlSections } from "./html-sections.ts";
import { createSections, MAX_CHARACTERS, MAX_SECTIONS } from "./sections.ts";

/** The text of a document under its headings. Runs in the child. Throws a `PregoneroError` with one sentence for people. */
export async function toSections(job: ConvertJob): Promise<readonly TextSection[]> {
  const sections = await read(job);
  const characters = sections.reduce(
    (sum, { paragraphs }) => sum + paragraphs.reduce((total, text) => total + text.length, 0),
    0,
  );
  if (characters > MAX_CHARACTERS || sections.length > MAX_SECTIONS) {
    throw new PregoneroError(
      "document-too-long",
      `The document has ${characters} characters in ${sections.length} sections; at most ${MAX_CHARACTERS} in ${MAX_SECTIONS} are read. Split it and send the parts.`,
      { status: 413 },
    );
  }
  if (characters === 0) {
    throw new PregoneroError(
      "document-no-text",
      "No text was found in the document. If it is a scan, send it as a PDF.",
      { status: 400 },
    );
  }
  return sections;
}

async function read({ format, bytes }: ConvertJob): Promise<readonly TextSection[]> {
  switch (format) {
    case "docx":
      return htmlSections(await docxMarkup(bytes));
    case "html":
      return htmlSections(decodeHtml(bytes));
    case "markdown": {
      const { parse } = await import("marked");
      return htmlSections(await parse(decodeText(bytes), { gfm: true }));
    }
    case "text":
      return textSections(decodeText(bytes));
    default:
      return format satisfies never;
  }
}

async function docxMarkup(bytes: Uint8Array): Promise<string> {
  checkZip(bytes);
  const { default: mammoth } = await import("mammoth");
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) },
      {
        styleMap: ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh"],
        includeEmbeddedStyleMap: false,
        externalFileAccess: false,
        convertImage: mammoth.images.imgElement(async () => ({ src: "" })),
      },
    );
    return value;
  } catch (error) {
    throw broken(error);
  }
}

/** Paragraphs are parted by empty lines; where there are none, each line is one. */
function textSections(text: string): readonly TextSection[] {
  const sections = createSections();
  const normal = text.replace(/\r\n?/g, "\n");
  const paragraphs = /\n[ \t]*\n/.test(normal)
    ? normal.split(/\n(?:[ \t]*\n)+/)
    : normal.split("\n");
  for (const paragraph of paragraphs) {
    if (isTitle(paragraph)) sections.addHeading(1, paragraph);
    else sections.addText(paragraph.replace(/-\n(?=\p{Ll})/gu, ""));
  }
  return sections.end();
}

/** One short line in capitals. */
function isTitle(paragraph: string): boolean {
  const line = paragraph.trim();
  const letters = line.match(/\p{L}/gu)?.length ?? 0;
  return letters >= 4 && line.length <= 100 && !line.includes("\n") && !/\p{Ll}/u.test(line);
}
