import { describe, expect, it } from "vitest";
import type { GivenUpPages, TakenPages } from "../core/given-up-pages.ts";
import { asId } from "../core/ids.ts";
import { silentLogger } from "../core/logger.ts";
import { noMetrics } from "../core/metrics.ts";
import type { ExtractedPage } from "./extract/child-protocol.ts";
import { createPagesReader } from "./read-pages-again.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const signal = new AbortController().signal;

function page(number: number, text: string, over: Partial<ExtractedPage> = {}): ExtractedPage {
  const column = { x: 30, width: 270, columnLeft: 30, columnRight: 300 };
  const line = { text, ...column, y: 60, height: 10, size: 10, font: "ocr", gapAbove: 9 };
  const lines = text === "" ? [] : [line];
  const size = { width: 595, height: 842, printedPage: undefined };
  return { page: number, ...size, origin: "ocr", lines, furniture: [], ...over };
}

/** Pages as the recogniser has them this time, and what is kept of them. */
function reading(read: () => Promise<readonly ExtractedPage[]>, tries = 2) {
  const kept: Parameters<GivenUpPages["keep"]>[1][] = [];
  const taken: TakenPages = {
    editionId: asId("00000000-0000-4000-8000-000000000001"),
    tenantId: undefined,
    fileKey: "editions/a.pdf",
    language: "es",
    pages: [2, 3, 7, 9].map((number) => ({ page: number, tries })),
  };
  let isTaken = false;
  const readSome = createPagesReader({
    givenUpPages: {
      async take() {
        if (isTaken) return undefined;
        isTaken = true;
        return taken;
      },
      async keep(_taken, pages) {
        kept.push(pages);
        return true;
      },
    },
    fileStore: { get: async () => Buffer.from("%PDF") },
    extractor: { readAgain: read },
    clock: { now: () => NOW },
    logger: silentLogger,
    metrics: noMetrics,
  });
  return { readSome, kept };
}

describe("pages that are read again", () => {
  it("bring their acts, which go on from page to page and never over a gap", async () => {
    const { readSome, kept } = reading(async () => [
      page(2, "El Ministerio de Educación convoca a becas"),
      page(3, "de estudio para el curso que viene."),
      page(7, "La Municipalidad avisa del corte del agua."),
      page(9, "Lo que estaba en la capa de texto.", { origin: "text-layer" }),
    ]);
    expect([await readSome(signal), await readSome(signal)]).toEqual([true, false]);
    const [only] = kept;
    const places = only?.acts.flatMap(({ passages }) => passages.map((each) => each.page));
    // Its text layer was the better one, and is in the edition already.
    expect(new Set(places)).toEqual(new Set([2, 7]));
    const lasts = only?.acts.flatMap(({ passages }) => passages.map((each) => each.lastPage));
    expect(Math.max(...(lasts ?? []))).toBe(7);
    expect(only?.pages.map(({ givenUp }) => givenUp)).toEqual(Array(4).fill(undefined));
  });

  it("say when they are tried next, and after the last try that they are not", async () => {
    const slow = [page(2, "", { origin: "empty", givenUp: "pdf-too-slow" })];
    const second = reading(async () => slow, 2);
    await second.readSome(signal);
    expect(second.kept[0]?.pages[0]?.givenUp).toEqual({
      reason: "pdf-too-slow",
      tries: 2,
      nextTryAt: new Date("2026-11-22T13:00:00Z"),
    });
    const last = reading(async () => slow, 5);
    await last.readSome(signal);
    expect(last.kept[0]?.pages[0]?.givenUp).toMatchObject({ tries: 5, nextTryAt: undefined });
    expect(last.kept[0]?.acts).toEqual([]);
  });

  it("that cannot be opened cost a try and nothing else, and a stop is a stop", async () => {
    const broken = reading(() => Promise.reject(new Error("broken")));
    expect(await broken.readSome(signal)).toBe(true);
    expect(broken.kept).toEqual([]);
    const stop = new AbortController();
    const stopped = reading(async () => {
      stop.abort(new Error("stopped"));
      throw new Error("killed");
    });
    await expect(stopped.readSome(stop.signal)).rejects.toThrow("stopped");
  });
});
