import { crc32, deflateSync } from "node:zlib";

/** Four bytes a pixel, row by row: red, green, blue, opacity. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

const MOST_COLOURS = 256;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Squared distance under which a colour that is in the palette stands for another. */
const ALIKE = 200;

/**
 * A PNG of at most so many colours (2 to 256), opaque: a third of what true colours take. Of a page, which has few
 * colours and many shades between letters and paper, eyes see no difference.
 */
export function toPalettePng({ width, height, data }: Pixels, colours = MOST_COLOURS): Buffer {
  const counts = new Map<number, number>();
  const at = (pixel: number) =>
    ((data[pixel * 4] ?? 0) << 16) | ((data[pixel * 4 + 1] ?? 0) << 8) | (data[pixel * 4 + 2] ?? 0);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const colour = at(pixel);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = choosePalette(counts, colours);
  const places = new Map<number, number>();
  const placeOf = (colour: number) => {
    const known = places.get(colour);
    if (known !== undefined) return known;
    const place = nearest(palette, colour).place;
    places.set(colour, place);
    return place;
  };
  // Each row begins with its filter: none, which suits numbers of a palette.
  const rows = Buffer.alloc((width + 1) * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      rows[row * (width + 1) + 1 + column] = placeOf(at(row * width + column));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a pixel, colours by palette (PNG, 11.2.2).
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk(
      "PLTE",
      Buffer.from(palette.flatMap((each) => [each >> 16, (each >> 8) & 255, each & 255])),
    ),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** The most frequent first; what is like one that was taken is passed over, so that rare colours have a place too. */
function choosePalette(counts: ReadonlyMap<number, number>, colours: number): readonly number[] {
  const byCount = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour);
  const palette: number[] = [];
  for (const colour of byCount) {
    if (palette.length === colours) break;
    if (palette.length === 0 || nearest(palette, colour).distance > ALIKE) palette.push(colour);
  }
  for (const colour of byCount) {
    if (palette.length === colours) break;
    if (!palette.includes(colour)) palette.push(colour);
  }
  return palette;
}

function nearest(palette: readonly number[], colour: number) {
  let best = { place: 0, distance: Number.POSITIVE_INFINITY };
  for (const [place, other] of palette.entries()) {
    const red = (colour >> 16) - (other >> 16);
    const green = ((colour >> 8) & 255) - ((other >> 8) & 255);
    const blue = (colour & 255) - (other & 255);
    const distance = red * red + green * green + blue * blue;
    if (distance < best.distance) best = { place, distance };
  }
  return best;
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, checksum]);
}
