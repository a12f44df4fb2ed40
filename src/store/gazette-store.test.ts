import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Source } from "../core/gazette.ts";
import type { EditionDraft, GazetteStore } from "../core/gazette-store.ts";
import { asId, type TenantId } from "../core/ids.ts";
import type { Database } from "./database.ts";
import { createFileStore } from "./file-store.ts";
import { createGazetteStore } from "./gazette-store.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";

const tenantId = asId<TenantId>("00000000-0000-4000-8000-000000000001");
let database: Database;
let store: GazetteStore;
let source: Source;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  store = createGazetteStore(database);
  source = await store.ensurePublicSource({
    slug: "la-gaceta",
    name: "La Gaceta",
    language: "es",
    country: "CR",
    timeZone: "America/Costa_Rica",
  });
});
afterAll(() => database.close());

function draft(hash: string, text: string, changes: Partial<EditionDraft> = {}): EditionDraft {
  return {
    source,
    publishedOn: "2014-11-14",
    number: "220",
    documentName: "COMP_14_11_2014.pdf",
    contentHash: hash.repeat(64).slice(0, 64),
    fileKey: `editions/${hash}.pdf`,
    pages: [{ page: 1, printedPage: "12", width: 606, height: 912, origin: "text-layer", text }],
    acts: [
      {
        section: "Avisos",
        issuingBody: "REGISTRO",
        title: "XARDIC",
        page: 1,
        lastPage: 1,
        passages: [
          {
            heading: "REGISTRO · XARDIC",
            text,
            page: 1,
            lastPage: 1,
            printedPage: "12",
            lines: [{ page: 1, x: 27, y: 60, width: 270, height: 10, textStart: 0 }],
          },
        ],
      },
    ],
    ...changes,
  };
}

async function passageIds(text: string): Promise<string[]> {
  const rows = await database.asCurator((tx) =>
    tx.query<{ id: string }>("select id::text from passage where text = $1", [text]),
  );
  return rows.map((row) => row.id);
}

describe("createGazetteStore", () => {
  it("creates a public source once, and every tenant sees it", async () => {
    const { sourceId: _, tenantId: __, ...known } = source;
    const again = await store.ensurePublicSource({ ...known, name: "Another name" });
    expect(again).toEqual(source);
    expect(await store.findSource(tenantId, "la-gaceta")).toEqual(source);
    expect(await store.findSource(tenantId, "no-such")).toBeUndefined();
  });

  it("stores an edition that can be read back whole, lines included", async () => {
    const stored = await store.storeEdition(draft("a", "solicita la inscripción de XARDIC"));
    expect(stored.outcome).toBe("stored");
    expect(await store.getEdition(tenantId, stored.editionId)).toMatchObject({
      source,
      publishedOn: "2014-11-14",
      number: "220",
      pageCount: 1,
      fileKey: "editions/a.pdf",
    });
    expect(await store.listActs(tenantId, stored.editionId)).toEqual([
      { section: "Avisos", issuingBody: "REGISTRO", title: "XARDIC", page: 1, lastPage: 1 },
    ]);
    expect(await store.getPage(tenantId, stored.editionId, 1)).toMatchObject({
      printedPage: "12",
      origin: "text-layer",
    });
    const [id] = await passageIds("solicita la inscripción de XARDIC");
    const placed = await store.getPassage(tenantId, asId(id ?? ""));
    expect(placed?.passage).toMatchObject({
      printedPage: "12",
      heading: "REGISTRO · XARDIC",
      position: 0,
    });
    expect(placed?.lines).toEqual([
      { page: 1, x: 27, y: 60, width: 270, height: 10, textStart: 0 },
    ]);
    expect(await store.latestDate(tenantId, ["la-gaceta"])).toBe("2014-11-14");
    expect(await store.latestDate(tenantId, ["boe"])).toBeUndefined();
  });

  it("changes nothing when the same bytes come again", async () => {
    const again = await store.storeEdition(draft("a", "anything else"));
    expect(again.outcome).toBe("unchanged");
    expect(await passageIds("anything else")).toEqual([]);
  });

  it("supersedes an edition by other bytes for the same document, and keeps the older one", async () => {
    const before = await store.findEditionByHash(source.sourceId, "a".repeat(64));
    const corrected = await store.storeEdition(draft("b", "solicita la inscripción de XARDICA"));
    expect(corrected.outcome).toBe("superseded-older");
    const current = await store.listEditions(tenantId, "la-gaceta", "2014-11-14");
    expect(current.map((edition) => edition.editionId)).toEqual([corrected.editionId]);
    expect(before && (await store.getEdition(tenantId, before))).toBeDefined();
    const [source_] = await store.listSources(tenantId);
    expect(source_).toMatchObject({ editionCount: 1, lastPublishedOn: "2014-11-14" });
    const found = await database.asCurator((tx) =>
      tx.query("select distinct edition_id from posting"),
    );
    // The older one has left the index.
    expect(found).toEqual([{ edition_id: corrected.editionId }]);
  });

  it("stores what PostgreSQL cannot hold as spaces, so that offsets stay true", async () => {
    await store.storeEdition(draft("c", "a\0b\ud800c", { documentName: "odd.pdf" }));
    expect(await passageIds("a b c")).toHaveLength(1);
  });

  it("leaves nothing behind when a part of the edition cannot be stored", async () => {
    const broken = draft("d", "half an edition", { documentName: "broken.pdf" });
    const [act] = broken.acts;
    const impossible = {
      ...broken,
      pages: [...broken.pages, ...broken.pages],
      acts: act ? [act] : [],
    };
    await expect(store.storeEdition(impossible)).rejects.toThrow();
    expect(await store.findEditionByHash(source.sourceId, broken.contentHash)).toBeUndefined();
    expect(await passageIds("half an edition")).toEqual([]);
  });

  it("stores thousands of passages within seconds", async () => {
    const text =
      "Se cita a terceros interesados en defender sus derechos para hacerlos valer ante este Registro";
    const [act] = draft("e", text).acts;
    const passages = Array.from({ length: 3_000 }, () => act?.passages[0]).filter(
      (p) => p !== undefined,
    );
    const startedAt = performance.now();
    const acts = act ? [{ ...act, passages }] : [];
    await store.storeEdition(draft("e", text, { documentName: "large.pdf", acts }));
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(await passageIds(text)).toHaveLength(3_000);
  }, 30_000);
});

describe("createFileStore", () => {
  it("keeps files by key, whole, and never outside its folder", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "pregonero-files-"));
    try {
      const files = createFileStore(folder);
      await files.put("editions/ab/abc.pdf", Buffer.from("first"));
      await files.put("editions/ab/abc.pdf", Buffer.from("second"));
      expect((await files.get("editions/ab/abc.pdf"))?.toString()).toBe("first");
      expect(await files.get("editions/ab/other.pdf")).toBeUndefined();
      expect(await readdir(path.join(folder, "editions/ab"))).toEqual(["abc.pdf"]);
      for (const key of ["../x", "/etc/passwd", "a/../../x", "a//b", "", "a/.b", "A\\b"]) {
        await expect(files.get(key), key).rejects.toMatchObject({ code: "file-key-invalid" });
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
