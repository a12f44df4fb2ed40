import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { makeBomb, makeEncrypted, makePdf, makeTextPdf, stream } from "../__fixtures__/make-pdf.ts";
import { createExtractor } from "./extractor.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

const signal = new AbortController().signal;
const extractor = createExtractor(DEFAULT_LIMITS);

function extract(bytes: Uint8Array, limits = DEFAULT_LIMITS) {
  return createExtractor(limits).extract(bytes, { language: "es", signal });
}

describe("a document that cannot be read is refused with one sentence", { timeout: 60_000 }, () => {
  const sample = () => readFile("sample/BOE-A-2024-7297.pdf");
  const cases: Record<string, [() => Uint8Array | Promise<Uint8Array>, RegExp]> = {
    "0 bytes": [() => new Uint8Array(), /^pdf-empty$/],
    "a web page posing as a PDF": [
      () => Buffer.from("<!doctype html><title>404</title>"),
      /^not-a-pdf$/,
    ],
    "random bytes": [() => Buffer.alloc(4_096, "x"), /^not-a-pdf$/],
    "a header and nothing else": [() => Buffer.from("%PDF-1.7\n"), /^pdf-broken$/],
    "cut off after its first kilobytes": [
      async () => (await sample()).subarray(0, 4_000),
      /^pdf-broken$/,
    ],
    "encrypted with a password": [makeEncrypted, /^pdf-encrypted$/],
    "a page tree that contains itself": [
      () =>
        makePdf(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]),
      /^pdf-broken$/,
    ],
    "100,000 pages": [
      () =>
        makePdf([
          "<< /Type /Catalog /Pages 2 0 R >>",
          `<< /Type /Pages /Kids [${"3 0 R ".repeat(100_000)}] /Count 100000 >>`,
          "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        ]),
      /^pdf-too-many-pages$/,
    ],
  };
  it.each(Object.entries(cases))("%s", async (_name, [make, code]) => {
    const error = await extract(await make()).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      name: "PregoneroError",
      code: expect.stringMatching(code),
      message: expect.stringMatching(/^[^\n]{20,400}$/),
    });
  });

  it("more bytes than the limit", async () => {
    await expect(
      extract(new Uint8Array(2_000), { ...DEFAULT_LIMITS, maxBytes: 1_000 }),
    ).rejects.toMatchObject({
      code: "pdf-too-large",
    });
  });

  it("a decompression bomb: stopped at the memory limit", async () => {
    const bomb = makeBomb(3_000);
    expect(bomb.length).toBeLessThan(100_000);
    await expect(extract(bomb, { ...DEFAULT_LIMITS, maxMemoryMiB: 400 })).rejects.toMatchObject({
      code: "pdf-too-hungry",
    });
  });

  it("a page that never ends: stopped at the time limit", async () => {
    const endless = makePdf([
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
      stream(Buffer.from("q Q ".repeat(5_000_000))),
    ]);
    await expect(extract(endless, { ...DEFAULT_LIMITS, maxSeconds: 1 })).rejects.toMatchObject({
      code: "pdf-too-slow",
    });
  });
});

describe("extract", { timeout: 60_000 }, () => {
  it("reads a gazette page by page, with both page numbers and lines in reading order", async () => {
    const progress: string[] = [];
    const pages = await extractor.extract(await readFile("sample/BOE-A-2024-7297.pdf"), {
      language: "es",
      signal,
      onProgress: ({ step, done, total }) => progress.push(`${step} ${done}/${total}`),
    });
    expect(progress).toEqual(["read 1/3", "read 2/3", "read 3/3"]);
    expect(pages.map((page) => page.printedPage)).toEqual(["41368", "41369", "41370"]);
    const text = pages.map((page) => page.lines.map((line) => line.text).join("\n")).join("\n");
    expect(text).toContain(
      "El artículo 94 de la Ley 34/1998, de 7 de octubre, del sector de hidrocarburos,",
    );
    expect(text).not.toMatch(/Verificable en|cve: BOE|Lunes 15 de abril/);
  });

  it("reads nothing that stands off the page, or is too small for anybody to read", async () => {
    const shown = { x: 100, y: 700, text: "Aviso sobre el agua potable del barrio" };
    const hidden = [
      { x: 700, y: 650, text: "Instrucciones a la derecha" },
      { x: -400, y: 640, text: "Instrucciones a la izquierda" },
      { x: 100, y: 900, text: "Instrucciones por encima" },
      { x: 100, y: -20, text: "Instrucciones por debajo" },
      { x: 100, y: 600, text: "Instrucciones de letra diminuta", size: 1.5 },
    ];
    for (const entries of ["", "/Rotate 90"]) {
      const pages = await extract(makeTextPdf([[shown, ...hidden]], entries));
      expect(pages[0]?.lines.map(({ text }) => text)).toEqual([shown.text]);
    }
  });

  it("stops at once when the signal aborts", async () => {
    const aborting = new AbortController();
    const running = extractor.extract(await readFile("sample/BOE-A-2024-7296.pdf"), {
      language: "es",
      signal: aborting.signal,
      onProgress: () => aborting.abort(new Error("enough")),
    });
    await expect(running).rejects.toThrow("enough");
  });

  it("places the lines of a turned page as it is displayed", async () => {
    const lines = [
      { x: 100, y: 700, text: "Aviso de la municipalidad sobre el agua potable del barrio" },
    ];
    const upright = (await extract(makeTextPdf([lines])))[0];
    expect(upright?.lines[0]).toMatchObject({ x: 100, text: lines[0]?.text });
    expect(upright?.lines[0]?.y).toBeCloseTo(842 - 700 - 8, -1);
    // Displayed a quarter turn clockwise: the text runs downwards along the right edge.
    const turned = (await extract(makeTextPdf([lines], "/Rotate 90")))[0];
    expect([turned?.width, turned?.height]).toEqual([842, 595]);
    expect(turned?.lines[0]?.text).toBe(lines[0]?.text);
    const box = turned?.lines[0]?.displayed;
    expect(box?.y).toBeCloseTo(100, 0);
    expect(box?.x).toBeCloseTo(700, -1);
    expect(box?.height).toBeGreaterThan(200);
    expect(box?.width).toBeCloseTo(10, 0);
  });
});

describe("renderPage", { timeout: 60_000 }, () => {
  it("draws a page as PNG of the width asked for", async () => {
    const png = Buffer.from(
      await extractor.renderPage(await readFile("sample/BOE-A-2024-7297.pdf"), 1, {
        widthPx: 600,
        signal,
      }),
    );
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.readUInt32BE(16)).toBe(600);
    expect(png.length).toBeGreaterThan(20_000);
  });

  it("says which pages there are when asked for another", async () => {
    const bytes = await readFile("sample/BOE-A-2024-7297.pdf");
    await expect(extractor.renderPage(bytes, 9, { widthPx: 600, signal })).rejects.toMatchObject({
      code: "page-unknown",
      message: expect.stringContaining("3 pages"),
    });
  });
});
