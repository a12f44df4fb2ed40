import { spawnSync } from "node:child_process";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import type { Extractor } from "../../src/gazette/extract/extractor.ts";

/** Letters of each page as pdftotext sees them, which knows nothing of us; undefined: it is not installed. */
export function lettersByPage(filePath: string): readonly number[] | undefined {
  const { status, stdout } = spawnSync("pdftotext", [filePath, "-"], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) return undefined;
  // It ends each page with a form feed.
  const pages = stdout.split("\f").slice(0, -1);
  return pages.map((text) => text.match(/\p{L}/gu)?.length ?? 0);
}

/** The share of a page's pixels that are dark, once it is drawn. */
export async function inkOf(extractor: Extractor, bytes: Buffer, page: number): Promise<number> {
  const signal = AbortSignal.timeout(60_000);
  const png = await extractor.renderPage(bytes, page, { widthPx: 1_240, signal });
  const image = await loadImage(Buffer.from(png));
  const context = createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  let dark = 0;
  for (let green = 1; green < data.length; green += 4) if ((data[green] ?? 255) < 140) dark += 1;
  return dark / (image.width * image.height);
}
