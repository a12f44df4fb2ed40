import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPregoneroError } from "../../core/errors.ts";
import { readAvatar } from "./read-avatar.ts";

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");

function chunk(kind: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(kind, "latin1"), data, Buffer.alloc(4)]);
}

function header(width: number, height: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  return chunk("IHDR", data);
}

const IMAGE = chunk("IDAT", Buffer.from("drawn"));
const END = chunk("IEND", Buffer.alloc(0));
const png = (...parts: readonly Buffer[]) => Buffer.concat([SIGNATURE, ...parts]);

function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

const FRAME = segment(0xc0, Buffer.from([8, 0, 200, 0, 100, 1, 1, 0x11, 0]));
const PLACE = segment(0xe1, Buffer.from("Exif GPS 9.93 -84.08"));
const COMMENT = segment(0xfe, Buffer.from("<script>alert(1)</script>"));
const SCAN = segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0]));
/** Coded data with a stuffed 0xff and a restart marker. */
const FIRST_SCAN = Buffer.concat([SCAN, Buffer.from([1, 0xff, 0, 2, 0xff, 0xd1, 3])]);
const SECOND_SCAN = Buffer.concat([SCAN, Buffer.from([4])]);
const SCANS = Buffer.concat([FIRST_SCAN, COMMENT, SECOND_SCAN]);
const jpeg = (...parts: readonly Buffer[]) =>
  Buffer.concat([Buffer.from([0xff, 0xd8]), ...parts, Buffer.from([0xff, 0xd9])]);

describe("readAvatar", () => {
  it("keeps of a PNG what draws it, and nothing after its end", () => {
    const hidden = chunk("tEXt", Buffer.from("Comment\0<script>alert(1)</script>"));
    const place = chunk("eXIf", Buffer.from("GPS"));
    const given = Buffer.concat([
      png(header(64, 64), hidden, place, IMAGE, END),
      Buffer.from("PK"),
    ]);
    const { mediaType, bytes } = readAvatar(given);
    expect(mediaType).toBe("image/png");
    expect(Buffer.from(bytes)).toEqual(png(header(64, 64), IMAGE, END));
  });

  it("keeps of a JPEG what draws it: not where it was taken, and no comment, between scans either", () => {
    const { mediaType, bytes } = readAvatar(jpeg(PLACE, COMMENT, FRAME, SCANS));
    expect(mediaType).toBe("image/jpeg");
    expect(Buffer.from(bytes)).toEqual(jpeg(FRAME, FIRST_SCAN, SECOND_SCAN));
  });

  it.each([
    ["an SVG", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")],
    ["a GIF", Buffer.from("GIF89a")],
    ["nothing", Buffer.alloc(0)],
    ["a PNG without an end", png(header(64, 64), IMAGE)],
    ["a PNG whose chunk is longer than the file", png(header(64, 64)).subarray(0, 30)],
    ["a PNG without an image", png(header(64, 64), END)],
    ["a JPEG without an end", jpeg(FRAME, SCANS).subarray(0, -2)],
    ["a JPEG without a frame", jpeg(SCANS)],
  ])("refuses %s", (_, bytes) => {
    expect(() => readAvatar(bytes)).toThrow(/neither a whole PNG nor a whole JPEG/);
  });

  it("refuses what is too large or too small to be shown, and says how large it is", () => {
    expect(() => readAvatar(png(header(4_000, 64), IMAGE, END))).toThrow("4000 × 64 pixels");
    expect(() => readAvatar(png(header(8, 8), IMAGE, END))).toThrow("8 × 8 pixels");
  });

  it("refuses or reads whatever it is given, and never fails otherwise", () => {
    const begins = fc.constantFrom(
      png(header(64, 64)),
      Buffer.concat([Buffer.from([0xff, 0xd8]), FRAME]),
      Buffer.alloc(0),
    );
    fc.assert(
      fc.property(begins, fc.uint8Array({ maxLength: 200 }), (begin, rest) => {
        try {
          readAvatar(Buffer.concat([begin, rest]));
        } catch (error) {
          expect(isPregoneroError(error)).toBe(true);
        }
      }),
    );
  });
});
