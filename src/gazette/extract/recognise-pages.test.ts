import { readFile } from "node:fs/promises";
import { deflateSync } from "node:zlib";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { describe, expect, it } from "vitest";
import { makePdf, makeTextPdf, stream } from "../__fixtures__/make-pdf.ts";
import { createExtractor } from "./extractor.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

const signal = new AbortController().signal;
const extractor = createExtractor(DEFAULT_LIMITS);

/** A scan: the page as grey pixels and nothing else. */
async function scan(png: Uint8Array): Promise<Buffer> {
  const image = await loadImage(Buffer.from(png));
  const canvas = createCanvas(image.width, image.height);
  canvas.getContext("2d").drawImage(image, 0, 0);
  const { data } = canvas.getContext("2d").getImageData(0, 0, image.width, image.height);
  const grey = Buffer.from(data.filter((_, index) => index % 4 === 1));
  const { width, height } = image;
  return makePdf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 4 0 R >> >> /Contents 5 0 R >>",
    stream(
      deflateSync(grey),
      `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode`,
    ),
    stream(Buffer.from("q 595 0 0 842 0 0 cm /I Do Q")),
  ]);
}

describe("a page without a text layer", { timeout: 180_000 }, () => {
  it("is recognised, with its words where they stand on the page", async () => {
    const original = await readFile("sample/BOE-A-2024-7297.pdf");
    const png = await extractor.renderPage(original, 1, { widthPx: 1_654, signal });
    const steps: string[] = [];
    const [page] = await extractor.extract(await scan(png), {
      language: "es",
      signal,
      onProgress: ({ step, done, total }) => steps.push(`${step} ${done}/${total}`),
    });
    expect(page?.origin).toBe("ocr");
    // A clean print, drawn at the recogniser's own size.
    expect(page?.confidence).toBeGreaterThan(60);
    expect(page?.confidence).toBeLessThanOrEqual(100);
    expect(steps).toEqual(["read 1/1", "recognise 0/1", "recognise 1/1"]);
    const [reference] = await extractor.extract(original, { language: "es", signal });
    const wanted = reference?.lines.find((line) =>
      line.text.startsWith("Energética y Minas, por la que"),
    );
    const found = page?.lines.find((line) => line.text.includes("Minas, por la que se publican"));
    expect(found).toBeDefined();
    expect(Math.abs((found?.y ?? 0) - (wanted?.y ?? 99))).toBeLessThan(5);
    expect(Math.abs((found?.x ?? 0) - (wanted?.x ?? 99))).toBeLessThan(5);
    const words = new Set(page?.lines.flatMap((line) => line.text.split(" ")));
    const sought = reference?.lines.flatMap((line) => line.text.split(" ")) ?? [];
    expect(sought.filter((word) => words.has(word)).length / sought.length).toBeGreaterThan(0.9);
  });

  it("stays empty when nothing is printed on it", async () => {
    const [page] = await extractor.extract(makeTextPdf([[]]), { language: "es", signal });
    expect(page).toMatchObject({ origin: "empty", lines: [] });
  });

  it("stays empty when recognising it takes longer than the limit", async () => {
    const png = await extractor.renderPage(await readFile("sample/BOE-A-2024-7297.pdf"), 1, {
      widthPx: 1_654,
      signal,
    });
    const hasty = createExtractor({ ...DEFAULT_LIMITS, maxOcrSecondsPerPage: 0.2 });
    const [page] = await hasty.extract(await scan(png), { language: "es", signal });
    expect(page).toMatchObject({ origin: "empty", givenUp: "pdf-too-slow" });
  });

  it("that was given up is read when it is tried again, and says so when it is not", async () => {
    const notice = makeTextPdf([[{ x: 60, y: 700, text: "SALARIO MINIMO", size: 40 }]]);
    const png = await extractor.renderPage(notice, 1, { widthPx: 1_654, signal });
    const bytes = await scan(png);
    const off = createExtractor(DEFAULT_LIMITS, () => true);
    expect(await off.extract(bytes, { language: "es", signal })).toMatchObject([
      { origin: "empty", givenUp: "ocr-off" },
    ]);
    const [page] = await extractor.readAgain(bytes, [1], { language: "es", signal });
    expect(page?.origin).toBe("ocr");
    expect(page?.givenUp).toBeUndefined();
    expect(await extractor.readAgain(bytes, [2], { language: "es", signal })).toEqual([]);
  });
});
