import { PregoneroError } from "../../core/errors.ts";
import type { WebChatAvatar } from "../../core/web-chat-avatars.ts";
import { InvalidInput } from "../problem.ts";

export const MAX_AVATAR_BYTES = 256 * 1024;
/** Shown at 36 to 72 pixels; a larger one costs every visitor. */
const MAX_SIDE = 1024;
const MIN_SIDE = 32;

interface Read {
  readonly width: number;
  readonly height: number;
  /** What draws the picture, and nothing else. */
  readonly kept: readonly Buffer[];
}

/**
 * A picture by its content, whatever it was called, and only its drawing parts: where a photograph was taken, comments,
 * further frames and what follows its end are left out. Throws `unsupported-media-type` (415) for what is neither PNG
 * nor JPEG or ends early, `InvalidInput` for a size that is not taken.
 */
export function readAvatar(bytes: Buffer): WebChatAvatar {
  const png = readPng(bytes);
  const jpeg = png === undefined ? readJpeg(bytes) : undefined;
  const read = png ?? jpeg;
  if (read === undefined) {
    throw new PregoneroError(
      "unsupported-media-type",
      "The picture is neither a whole PNG nor a whole JPEG.",
      { status: 415 },
    );
  }
  const { width, height, kept } = read;
  if (Math.min(width, height) < MIN_SIDE || Math.max(width, height) > MAX_SIDE) {
    throw new InvalidInput([
      {
        field: "body",
        problem: `is ${width} × ${height} pixels; each side must be ${MIN_SIDE} to ${MAX_SIDE}`,
      },
    ]);
  }
  return { mediaType: png === undefined ? "image/jpeg" : "image/png", bytes: Buffer.concat(kept) };
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** PNG (third edition), 11: critical chunks, transparency and colour; no text, no time, no animation. */
const PNG_KEPT = new Set(["IHDR", "PLTE", "tRNS", "sRGB", "gAMA", "IDAT", "IEND"]);

function readPng(bytes: Buffer): Read | undefined {
  if (!bytes.subarray(0, 8).equals(PNG_SIGNATURE)) return undefined;
  const kept: Buffer[] = [PNG_SIGNATURE];
  let size: { width: number; height: number } | undefined;
  let hasImage = false;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > bytes.length) return undefined;
    const kind = bytes.toString("latin1", at + 4, at + 8);
    if (kind === "IHDR" && length === 13) {
      size = { width: bytes.readUInt32BE(at + 8), height: bytes.readUInt32BE(at + 12) };
    }
    hasImage ||= kind === "IDAT";
    if (PNG_KEPT.has(kind)) kept.push(bytes.subarray(at, end));
    if (kind === "IEND") return size && hasImage ? { ...size, kept } : undefined;
    at = end;
  }
  return undefined;
}

/** ITU T.81, B.1.1.3. */
const START = 0xd8;
const END = 0xd9;
const SCAN = 0xda;

function readJpeg(bytes: Buffer): Read | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xff00 + START) return undefined;
  const kept: Buffer[] = [bytes.subarray(0, 2)];
  let size: { width: number; height: number } | undefined;
  for (let at = 2; at + 2 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === END) {
      kept.push(bytes.subarray(at, at + 2));
      return size && { ...size, kept };
    }
    if (at + 4 > bytes.length) return undefined;
    let end = at + 2 + bytes.readUInt16BE(at + 2);
    if (isFrame(marker) && at + 9 <= bytes.length) {
      size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    }
    if (marker === SCAN) end = endOfScan(bytes, end);
    if (end > bytes.length) return undefined;
    if (draws(marker)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return undefined;
}

/** SOF0 to SOF15, without the three codes among them that are tables. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Tables, frames, scans, JFIF's header and Adobe's colour transform; no other application data, no comments. */
function draws(marker: number): boolean {
  const isTable = [0xc4, 0xdb, 0xdd].includes(marker);
  return isFrame(marker) || isTable || marker === SCAN || marker === 0xe0 || marker === 0xee;
}

/** Where the next marker stands: in coded data 0xff is followed by 0 or by a restart marker. */
function endOfScan(bytes: Buffer, start: number): number {
  for (let at = start; at + 1 < bytes.length; at++) {
    const next = bytes[at + 1] ?? 0;
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7))
      return at;
  }
  return bytes.length;
}
