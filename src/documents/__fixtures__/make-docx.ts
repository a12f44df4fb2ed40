import { crc32 } from "node:zlib";

/** A paragraph, or a heading of a level. */
export type DocxBlock = string | { readonly heading: string; readonly level: number };

/** The least that a word processor opens as DOCX (ECMA-376, part 1): document, styles of its headings, relations. */
export function makeDocx(blocks: readonly DocxBlock[]): Buffer {
  const body = blocks.map((block) =>
    typeof block === "string"
      ? paragraph(block, "")
      : paragraph(block.heading, `<w:pPr><w:pStyle w:val="Ttulo${block.level}"/></w:pPr>`),
  );
  const styles = [1, 2, 3].map(
    (level) =>
      `<w:style w:type="paragraph" w:styleId="Ttulo${level}"><w:name w:val="heading ${level}"/></w:style>`,
  );
  return makeZip({
    "[Content_Types].xml": `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`,
    "_rels/.rels": relations("officeDocument", "word/document.xml"),
    "word/_rels/document.xml.rels": relations("styles", "styles.xml"),
    "word/styles.xml": `${XML}<w:styles ${NAMESPACE}>${styles.join("")}</w:styles>`,
    "word/document.xml": `${XML}<w:document ${NAMESPACE}><w:body>${body.join("")}</w:body></w:document>`,
  });
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

function paragraph(text: string, properties: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<w:p>${properties}<w:r><w:t xml:space="preserve">${escaped}</w:t></w:r></w:p>`;
}

function relations(type: string, target: string): string {
  return `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/></Relationships>`;
}

export interface ZipEntry {
  readonly bytes: Buffer;
  /** Packed with deflate; absent: stored. */
  readonly packed?: Buffer;
  /** What the directory says of its size; absent: the truth. */
  readonly claimedSize?: number;
}

/** PKZIP APPNOTE 6.3.10: local headers with their data, the central directory, its end. */
export function makeZip(files: Readonly<Record<string, string | ZipEntry>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const entry = typeof content === "string" ? { bytes: Buffer.from(content) } : content;
    const { bytes, packed, claimedSize = bytes.length }: ZipEntry = entry;
    const data = packed ?? bytes;
    const fixed = Buffer.alloc(26);
    fixed.writeUInt16LE(20, 0);
    fixed.writeUInt16LE(packed === undefined ? 0 : 8, 4);
    fixed.writeUInt32LE(crc32(bytes), 10);
    fixed.writeUInt32LE(data.length, 14);
    fixed.writeUInt32LE(claimedSize, 18);
    fixed.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fixed, Buffer.from(name), data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.concat([
        Buffer.from("PK\x01\x02"),
        Buffer.from([20, 0]),
        fixed,
        rest,
        Buffer.from(name),
      ]),
    );
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, Buffer.from("PK\x05\x06"), end]);
}
