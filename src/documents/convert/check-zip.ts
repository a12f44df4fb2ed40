import { PregoneroError } from "../../core/errors.ts";

/** A DOCX of 2,000 pages without pictures has about 20 MiB unpacked; pictures are not unpacked further. */
const MAX_UNPACKED_BYTES = 200 * 1024 * 1024;
const MAX_ENTRIES = 5_000;
/** The most that text of a letter repeated packs to is 1:1,000; XML of real documents stays below 1:60. */
const MAX_RATIO = 200;
/** Below, a high ratio hurts nobody. */
const RATIO_FROM_BYTES = 10 * 1024 * 1024;
/** PKZIP APPNOTE 6.3.10: end of central directory, 22 bytes and a comment of 65,535 at most; one entry, 46 bytes and names. */
const END = 0x06054b50;
const ENTRY = 0x02014b50;

/**
 * Refuses an archive that says of itself that it unpacks to more than a document holds, before anything is unpacked.
 * One that lies about it runs into the child's memory limit. Throws `document-bomb` or `document-broken`.
 */
export function checkZip(bytes: Uint8Array): void {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(file);
  const count = file.readUInt16LE(end + 10);
  let at = file.readUInt32LE(end + 16);
  if (count > MAX_ENTRIES) throw bomb(`${count} files`);
  let unpacked = 0;
  for (let entry = 0; entry < count; entry++) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== ENTRY) throw broken();
    unpacked += file.readUInt32LE(at + 24);
    if (unpacked > MAX_UNPACKED_BYTES) throw bomb(`more than ${MAX_UNPACKED_BYTES} bytes`);
    at += 46 + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  const ratio = unpacked / Math.max(1, file.length);
  if (unpacked > RATIO_FROM_BYTES && ratio > MAX_RATIO) {
    throw bomb(`${Math.round(ratio)} times its size`);
  }
}

/** ZIP64 needs no document of this size: its marks (all bits set) are larger than what is accepted. */
function findEnd(file: Buffer): number {
  for (let at = file.length - 22; at >= Math.max(0, file.length - 22 - 65_535); at--) {
    if (file.readUInt32LE(at) === END) return at;
  }
  throw broken();
}

function bomb(what: string): PregoneroError {
  return new PregoneroError(
    "document-bomb",
    `The document would unpack to ${what}, which no document needs. If you trust it, save it anew with a word processor, without its pictures.`,
    { status: 413 },
  );
}

export function broken(cause?: unknown): PregoneroError {
  return new PregoneroError(
    "document-broken",
    "The document cannot be read: it is cut off or damaged. Open it with a word processor, save it anew and send that.",
    { status: 400, cause },
  );
}
