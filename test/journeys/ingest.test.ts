import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { asId, type TenantId } from "../../src/core/ids.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { makeEncrypted, makeTextPdf } from "../../src/gazette/__fixtures__/make-pdf.ts";
import { createExtractor } from "../../src/gazette/extract/extractor.ts";
import { DEFAULT_LIMITS } from "../../src/gazette/extract/limits.ts";
import { createIngest, type Ingest, type IngestProgress } from "../../src/gazette/ingest.ts";
import type { Database } from "../../src/store/database.ts";
import { createFileStore } from "../../src/store/file-store.ts";
import { createGazetteStore } from "../../src/store/gazette-store.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openEmbedded } from "../../src/store/open-embedded.ts";

const tenantId = asId<TenantId>("00000000-0000-4000-8000-000000000001");
const options = { signal: new AbortController().signal };
let folder: string;
let database: Database;
let ingest: Ingest;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pregonero-ingest-"));
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  ingest = createIngest({
    gazetteStore: createGazetteStore(database),
    fileStore: createFileStore(folder),
    extractor: createExtractor(DEFAULT_LIMITS),
    clock: systemClock,
    logger: silentLogger,
  });
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

/** Every row that an ingest may write, as one figure. */
async function fingerprint(): Promise<string> {
  const rows = await database.asOwner((tx) =>
    tx.query(`select (select count(*) from source) as sources, (select count(*) from edition) as editions,
                     (select count(*) from page) as pages, (select count(*) from act) as acts,
                     (select count(*) from passage) as passages, (select count(*) from posting) as postings`),
  );
  return JSON.stringify(rows);
}

/** A notice long enough to be text, at the places of one column. */
function notice(words: string): Buffer {
  const lines = Array.from({ length: 12 }, (_, row) => ({
    x: 60,
    y: 760 - row * 14,
    text: `La Municipalidad de ${words} comunica a los vecinos del barrio el corte del agua (${row}).`,
  }));
  return makeTextPdf([lines, lines]);
}

describe("ingest", { timeout: 120_000 }, () => {
  it("ingests the sample edition, and changes nothing when it runs again", async () => {
    const sample = JSON.parse(await readFile("sample/sample.json", "utf8"));
    const steps = new Set<string>();
    async function ingestAll() {
      const results = [];
      for (const file of sample.files) {
        const { source, publishedOn, number } = sample;
        const document = { filePath: path.join("sample", file) };
        const onProgress = (progress: IngestProgress) => steps.add(`${file} ${progress.step}`);
        results.push(
          await ingest({ document, source, publishedOn, number }, { ...options, onProgress }),
        );
      }
      return results;
    }
    const first = await ingestAll();
    expect(first.map((result) => result.outcome)).toEqual(Array(6).fill("stored"));
    expect(first.map((result) => result.pageCount)).toEqual([28, 2, 87, 3, 4, 2]);
    expect(steps).toContain("BOE-A-2024-7309.pdf store");
    const store = createGazetteStore(database);
    const editions = await store.listEditions(tenantId, "boe", "2024-04-15");
    expect(editions).toHaveLength(6);
    expect(editions[0]).toMatchObject({
      number: "92",
      source: { slug: "boe", timeZone: "Europe/Madrid" },
    });
    const file = await createFileStore(folder).get(editions[0]?.fileKey ?? "");
    expect(
      createHash("sha256")
        .update(file ?? "")
        .digest("hex"),
    ).toBe(editions[0]?.contentHash);

    const before = await fingerprint();
    const again = await ingestAll();
    expect(again.map((result) => result.outcome)).toEqual(Array(6).fill("unchanged"));
    expect(await fingerprint()).toBe(before);
  });

  it("keeps for every passage the page, the printed page and boxes that hold its words", async () => {
    const [row] = await database.asOwner((tx) =>
      tx.query<{
        page: number;
        printed_page: string;
        lines: { y: number; height: number; width: number }[];
        width: number;
        height: number;
      }>(
        `select p.page, p.printed_page, p.lines, g.width, g.height from passage p
           join page g on g.edition_id = p.edition_id and g.page = p.page
           join edition e on e.id = p.edition_id
          where e.document_name = 'BOE-A-2024-7297.pdf' and p.text like '%tercer martes de cada mes%'`,
      ),
    );
    expect(row).toMatchObject({ page: 1, printed_page: "41368" });
    for (const line of row?.lines ?? []) {
      expect(line.y).toBeGreaterThan(0);
      expect(line.y + line.height).toBeLessThan(row?.height ?? 0);
      expect(line.width).toBeGreaterThan(10);
    }
  });

  it("supersedes a document by a corrected one of the same name and date", async () => {
    const request = {
      source: "la-gaceta",
      publishedOn: "2024-05-02",
      documentName: "COMP_02_05_2024.pdf",
    };
    const first = await ingest({ ...request, document: { bytes: notice("Belén") } }, options);
    const second = await ingest({ ...request, document: { bytes: notice("Heredia") } }, options);
    expect([first.outcome, second.outcome]).toEqual(["stored", "superseded-older"]);
    const current = await createGazetteStore(database).listEditions(
      tenantId,
      "la-gaceta",
      "2024-05-02",
    );
    expect(current.map((edition) => edition.editionId)).toEqual([second.editionId]);
  });

  it("stores one edition when two ingest the same bytes at the same time", async () => {
    const request = {
      source: "la-gaceta",
      publishedOn: "2024-05-03",
      document: { bytes: notice("Cartago") },
    };
    const results = await Promise.all([ingest(request, options), ingest(request, options)]);
    expect(results.map((result) => result.outcome).sort()).toEqual(["stored", "unchanged"]);
    expect(new Set(results.map((result) => result.editionId)).size).toBe(1);
  });

  it("refuses with one sentence, and changes nothing", async () => {
    const broken = path.join(folder, "broken.pdf");
    await writeFile(broken, (await readFile("sample/BOE-A-2024-7293.pdf")).subarray(0, 3_000));
    const before = await fingerprint();
    const request = { source: "la-gaceta", publishedOn: "2024-05-04" };
    const refusals = [
      [{ ...request, document: { filePath: broken } }, "pdf-broken"],
      [{ ...request, document: { bytes: makeEncrypted() } }, "pdf-encrypted"],
      [{ ...request, document: { bytes: Buffer.from("<html>") } }, "not-a-pdf"],
      [{ ...request, document: { bytes: makeTextPdf([[]]) } }, "pdf-no-text"],
      [{ ...request, document: { filePath: path.join(folder, "none.pdf") } }, "file-unreadable"],
      [{ ...request, source: "la-gazeta", document: { bytes: notice("Limón") } }, "source-unknown"],
      [
        { ...request, publishedOn: "2024-02-30", document: { bytes: notice("Limón") } },
        "date-invalid",
      ],
      [{ source: "la-gaceta", document: { bytes: notice("Limón") } }, "date-missing"],
    ] as const;
    for (const [refused, code] of refusals) {
      await expect(ingest(refused, options), code).rejects.toMatchObject({
        code,
        name: "PregoneroError",
      });
    }
    expect(await fingerprint()).toBe(before);
  });

  it("leaves nothing in the store when it is cancelled", async () => {
    const before = await fingerprint();
    const cancelling = new AbortController();
    const running = ingest(
      { source: "la-gaceta", publishedOn: "2024-05-05", document: { bytes: notice("Liberia") } },
      { signal: cancelling.signal, onProgress: () => cancelling.abort(new Error("cancelled")) },
    );
    await expect(running).rejects.toThrow("cancelled");
    expect(await fingerprint()).toBe(before);
  });
});
