import { Readable } from "node:stream";
import { crc32, createDeflateRaw } from "node:zlib";
import { PregoneroError } from "../../core/errors.ts";

export interface ZipEntry {
  /** With slashes; ASCII or UTF-8. */
  readonly name: string;
  readonly content: AsyncIterable<Buffer>;
}

/** Deflated, sizes after the content, names in UTF-8 (PKWARE APPNOTE 4.4.4: bits 3 and 11). */
const FLAGS = 0x0808;
const DEFLATE = 8;
const VERSION = 20;
/** 1 January 1980, which is no date: archives of the same content are the same. */
const DOS_DATE = 0x0021;
/** Beyond it the format needs its second form (zip64), which not every reader takes. */
const MAX_BYTES = 0xffff_ffff;

/** A zip archive, piece by piece; nothing is held but the names. Throws `archive-too-large` past 4 GiB. */
export async function* zip(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Buffer> {
  const directory: Buffer[] = [];
  let offset = 0;
  for await (const { name, content } of entries) {
    const begin = offset;
    const header = localHeader(name);
    yield header;
    offset += header.length;
    const measured = { crc: 0, plain: 0, packed: 0 };
    for await (const piece of deflate(content, measured)) {
      offset += piece.length;
      measured.packed += piece.length;
      yield piece;
    }
    const descriptor = Buffer.concat([u32(0x08074b50), ...sizesOf(measured)]);
    yield descriptor;
    offset += descriptor.length;
    directory.push(directoryEntry(name, measured, begin));
    if (offset > MAX_BYTES || measured.plain > MAX_BYTES) throw tooLarge();
  }
  const whole = Buffer.concat(directory);
  const count = u16(directory.length);
  yield whole;
  yield Buffer.concat([
    u32(0x06054b50),
    u16(0),
    u16(0),
    count,
    count,
    u32(whole.length),
    u32(offset),
    u16(0),
  ]);
}

interface Measured {
  crc: number;
  plain: number;
  packed: number;
}

async function* deflate(
  content: AsyncIterable<Buffer>,
  measured: Measured,
): AsyncGenerator<Buffer> {
  async function* measuring() {
    for await (const piece of content) {
      measured.crc = crc32(piece, measured.crc);
      measured.plain += piece.length;
      yield piece;
    }
  }
  const source = Readable.from(measuring(), { objectMode: false });
  const deflating = createDeflateRaw();
  source.once("error", (error) => deflating.destroy(error));
  source.pipe(deflating);
  try {
    for await (const piece of deflating) yield piece as Buffer;
  } finally {
    source.destroy();
    deflating.destroy();
  }
}

function localHeader(name: string): Buffer {
  const bytes = Buffer.from(name);
  return Buffer.concat([
    u32(0x04034b50),
    u16(VERSION),
    u16(FLAGS),
    u16(DEFLATE),
    u16(0),
    u16(DOS_DATE),
    u32(0),
    u32(0),
    u32(0),
    u16(bytes.length),
    u16(0),
    bytes,
  ]);
}

function directoryEntry(name: string, measured: Measured, begin: number): Buffer {
  const bytes = Buffer.from(name);
  return Buffer.concat([
    u32(0x02014b50),
    u16(VERSION),
    u16(VERSION),
    u16(FLAGS),
    u16(DEFLATE),
    u16(0),
    u16(DOS_DATE),
    ...sizesOf(measured),
    u16(bytes.length),
    u16(0),
    u16(0),
    u16(0),
    u16(0),
    u32(0),
    u32(begin),
    bytes,
  ]);
}

function sizesOf({ crc, packed, plain }: Measured): readonly Buffer[] {
  return [u32(crc), u32(packed % 2 ** 32), u32(plain % 2 ** 32)];
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

function tooLarge(): PregoneroError {
  return new PregoneroError(
    "archive-too-large",
    "The archive would be larger than 4 GiB: set a retention, or export table by table with the database's own tools.",
  );
}
