import { describe, expect, it } from "vitest";
import type { Source } from "../../core/gazette.ts";
import { asId } from "../../core/ids.ts";
import { silentLogger } from "../../core/logger.ts";
import type { ReadingProgress } from "../../core/newsroom.ts";
import type { Ingest, IngestProgress } from "../../gazette/ingest.ts";
import { followReading } from "./follow-reading.ts";

const SOURCE: Source = {
  sourceId: asId("00000000-0000-4000-8000-000000000001"),
  tenantId: undefined,
  slug: "la-gaceta",
  name: "La Gaceta",
  language: "es",
  country: "CR",
  timeZone: "America/Costa_Rica",
};
const RESULT = {
  editionId: asId<Awaited<ReturnType<Ingest>>["editionId"]>("00000000-0000-4000-8000-000000000002"),
  outcome: "stored",
  publishedOn: "2026-11-20",
  pageCount: 3,
  ocrPageCount: 0,
  actCount: 1,
  seconds: 1,
} as const;

/** Tells what `steps` say, each `everyMs` after the one before, and what of it was noted. */
async function noted(
  steps: readonly IngestProgress[],
  everyMs: number,
  note: (progress: ReadingProgress) => Promise<void> = async () => {},
): Promise<readonly ReadingProgress[]> {
  let now = 0;
  const seen: ReadingProgress[] = [];
  const ingest: Ingest = async (_request, { onProgress }) => {
    for (const step of steps) {
      onProgress?.(step);
      now += everyMs;
      await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return RESULT;
  };
  const followed = followReading(ingest, {
    note: async (_owner, edition, progress) => {
      expect(edition).toEqual({ sourceId: SOURCE.sourceId, publishedOn: "2026-11-20" });
      seen.push(progress);
      await note(progress);
    },
    clock: { now: () => new Date(now) },
    logger: silentLogger,
  });
  const request = {
    document: { bytes: new Uint8Array() },
    source: SOURCE,
    publishedOn: "2026-11-20",
    documentName: "COMP.pdf",
  };
  expect(await followed(request, { signal: new AbortController().signal })).toEqual(RESULT);
  return seen;
}

describe("followReading", () => {
  const pages: readonly IngestProgress[] = [1, 2, 3].map((done) => ({
    step: "read",
    done,
    total: 3,
  }));

  it("notes how far the reading is, by page and step", async () => {
    const seen = await noted(
      [...pages, { step: "recognise", done: 1, total: 1 }, { step: "store" }],
      1_000,
    );
    expect(seen).toEqual([
      { step: "read COMP.pdf", done: 1, total: 3 },
      { step: "read COMP.pdf", done: 2, total: 3 },
      { step: "read COMP.pdf", done: 3, total: 3 },
      { step: "recognise COMP.pdf", done: 1, total: 1 },
    ]);
  });

  it("notes at most once a second", async () => {
    expect((await noted(pages, 400)).map(({ done }) => done)).toEqual([1]);
  });

  it("reads on when nothing can be noted", async () => {
    const away = () => Promise.reject(new Error("The store is away."));
    expect(await noted(pages, 1_000, away)).toHaveLength(3);
  });
});
