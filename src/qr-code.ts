import { crc32, deflateSync } from "node:zlib";
import encodeQr from "qr";

/** ISO/IEC 18004: four light modules around the code; scanners of phones rely on them. */
const QUIET_ZONE = 4;

/** Half blocks by which of a cell's two modules are dark: none, lower, upper, both. */
const CELLS = [" ", "▄", "▀", "█"] as const;

/**
 * The code as lines of text, two rows of modules to a line, the dark modules drawn: to be shown dark on light. A
 * linking code of WhatsApp (240 to 300 bytes) takes up to 69 columns and 35 lines.
 */
export function drawQrLines(content: string): readonly string[] {
  const modules = encode(content);
  const lines: string[] = [];
  for (let row = 0; row < modules.length; row += 2) {
    const upper = modules[row] ?? [];
    const lower = modules[row + 1] ?? [];
    lines.push(
      upper.map((dark, at) => CELLS[(dark ? 2 : 0) + (lower[at] === true ? 1 : 0)]).join(""),
    );
  }
  return lines;
}

/** The code as a PNG of one bit per pixel, `pixelsPerModule` pixels a module, quiet zone included. */
export function drawQrPng(content: string, pixelsPerModule: number): Buffer {
  const modules = encode(content);
  const size = modules.length * pixelsPerModule;
  const rows = modules.flatMap((row) => {
    // Each line of pixels begins with its filter (0: none); eight pixels a byte, 1 is white.
    const line = Buffer.alloc(1 + Math.ceil(size / 8));
    for (let x = 0; x < size; x++) {
      const isDark = row[Math.floor(x / pixelsPerModule)] === true;
      if (!isDark) line[1 + (x >> 3)] = (line[1 + (x >> 3)] ?? 0) | (0x80 >> (x & 7));
    }
    return Array<Buffer>(pixelsPerModule).fill(line);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // One bit per pixel, greyscale; no other compression, filter method or interlacing than the usual.
  header[8] = 1;
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Least error correction: the code is shown on a screen, and fewer modules are read from further away. */
function encode(content: string): readonly (readonly boolean[])[] {
  return encodeQr(content, "raw", { ecc: "low", border: QUIET_ZONE });
}

/** A chunk of PNG (W3C PNG §5.3): length, type, data, CRC of type and data. */
function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
