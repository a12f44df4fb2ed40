import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { asId, type EditionId, type TenantId } from "../core/ids.ts";
import type { Language } from "../core/language.ts";
import type { Database, Transaction } from "./database.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";
import {
  indexEdition,
  readCorpus,
  readIndexedEditions,
  readNearLexemes,
  readPostings,
  readWordStems,
  unindexEdition,
} from "./passage-search.ts";

const ALICE = asId<TenantId>("00000000-0000-4000-8000-00000000000a");
const BOB = asId<TenantId>("00000000-0000-4000-8000-00000000000b");
let database: Database;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  await database.asDispatcher(async (tx) => {
    for (const id of [ALICE, BOB]) {
      await tx.query("insert into tenant (id, slug, name) values ($1, $2, 'Town')", [id, id]);
    }
  });
});
afterEach(() =>
  database.asOwner((tx) =>
    tx.query("truncate source, corpus_statistic, lexeme, lexeme_spelling cascade"),
  ),
);
afterAll(() => database.close());

/** An edition with one act and the passages given, indexed in the transaction that stores it. */
async function store(
  tx: Transaction,
  owner: TenantId | undefined,
  texts: readonly string[],
  language: Language = "es",
): Promise<EditionId> {
  const [sourceId, editionId] = [randomUUID(), randomUUID()];
  await tx.query(
    `insert into source (id, tenant_id, slug, name, language, country, time_zone)
     values ($1, $2, $4, 'Gaceta', $3, 'CR', 'UTC')`,
    [sourceId, owner ?? null, language, sourceId],
  );
  await tx.query(
    `insert into edition (id, tenant_id, source_id, published_on, document_name, content_hash, file_key, page_count)
     values ($1, $2, $3, '2024-04-15', 'a.pdf', $4, 'k', 1)`,
    [editionId, owner ?? null, sourceId, editionId],
  );
  await tx.query(
    "insert into act (edition_id, tenant_id, position, page, last_page) values ($1, $2, 0, 1, 9)",
    [editionId, owner ?? null],
  );
  await tx.query(
    `insert into passage (edition_id, tenant_id, position, act_position, heading, text, page, last_page, lines)
     select $1, $2, n - 1, 0, 'Ministerio de Salud', t, n, n, '[]'
     from unnest($3::text[]) with ordinality u(t, n)`,
    [editionId, owner ?? null, texts],
  );
  await indexEdition(tx, asId<EditionId>(editionId), language);
  return asId<EditionId>(editionId);
}

const es = (lexeme: string) => [{ lexeme, language: "es" as const }];
const count = async (tx: Transaction, word: string) =>
  (await readWordStems(tx, [word], ["es"])).map((stem) => stem.passageCount);

describe("the index of passages", () => {
  it("finds accented and plain, singular and plural, under one lexeme", async () => {
    await database.asCurator((tx) => store(tx, undefined, ["Las inscripciones", "la Inscripción"]));
    const stems = await database.asTenant(ALICE, (tx) =>
      readWordStems(tx, ["inscripcion", "inscripciones"], ["es"]),
    );
    expect(new Set(stems.map((stem) => stem.lexeme)).size).toBe(1);
    expect(stems.map((stem) => stem.passageCount)).toEqual([2, 2]);
  });

  it("splits words that stand together: y/o, S.A., D’PELÓN", async () => {
    await database.asCurator((tx) => store(tx, undefined, ["becas y/o ayudas, Moba S.A. D’PELÓN"]));
    await database.asTenant(ALICE, async (tx) => {
      for (const word of ["ayudas", "moba", "pelon"]) expect(await count(tx, word)).toEqual([1]);
    });
  });

  it("tells occurrences in the text from those in the heading", async () => {
    await database.asCurator((tx) => store(tx, undefined, ["salud y salud", "otra cosa"]));
    const [posting] = await database.asTenant(ALICE, (tx) =>
      readPostings(tx, es("salud"), { editionLimit: 10 }),
    );
    expect(posting).toMatchObject({
      ordinals: [0, 1],
      textCounts: [2, 0],
      headingCounts: [1, 1],
    });
  });

  it("shows a tenant the public corpus and its own, never another's", async () => {
    await database.asCurator((tx) => store(tx, undefined, ["permiso de playa"]));
    await database.asTenant(ALICE, (tx) => store(tx, ALICE, ["permiso secreto", "permiso"]));
    await database.asTenant(ALICE, async (tx) => {
      expect(await count(tx, "permiso")).toEqual([3]);
      expect((await readCorpus(tx)).map((c) => [c.isPublic, c.passageCount])).toEqual(
        expect.arrayContaining([
          [true, 1],
          [false, 2],
        ]),
      );
    });
    await database.asTenant(BOB, async (tx) => {
      expect(await count(tx, "permiso")).toEqual([1]);
      expect(await readPostings(tx, es("secret"), { editionLimit: 10 })).toEqual([]);
      expect(await readNearLexemes(tx, [{ stem: "secretx", language: "es" }])).toEqual([]);
      expect(await readCorpus(tx)).toHaveLength(1);
    });
  });

  it("is after an edition left as if it had never been there, but for its generation", async () => {
    await database.asCurator((tx) => store(tx, undefined, ["permiso de playa", "costa"]));
    const before = await database.asTenant(BOB, readCorpus);
    await database.asCurator(async (tx) => {
      const old = await store(tx, undefined, ["permiso retirado", "zona marítima"]);
      await unindexEdition(tx, old);
      await unindexEdition(tx, old);
    });
    await database.asTenant(BOB, async (tx) => {
      const after = await readCorpus(tx);
      expect({ ...after[0], generation: "" }).toEqual({ ...before[0], generation: "" });
      expect(after[0]?.generation).not.toBe(before[0]?.generation);
      expect(await count(tx, "permiso")).toEqual([1]);
      expect(await count(tx, "maritima")).toEqual([0]);
      expect(await readNearLexemes(tx, [{ stem: "maritin", language: "es" }])).toEqual([]);
    });
  });

  it("finds a misspelt word's neighbours in the vocabulary", async () => {
    await database.asCurator((tx) => store(tx, undefined, ["Ventimiglia", "Fausita"]));
    const near = await database.asTenant(BOB, (tx) =>
      readNearLexemes(tx, [
        { stem: "ventimigla", language: "es" },
        { stem: "fauzit", language: "es" },
      ]),
    );
    expect(near.map((item) => item.lexeme).sort()).toEqual(["fausit", "ventimigli"]);
  });

  it("keeps where each passage stands", async () => {
    const id = await database.asCurator((tx) => store(tx, undefined, ["uno", "dos tres cuatro"]));
    const [edition] = await database.asTenant(BOB, (tx) => readIndexedEditions(tx, [id]));
    expect(edition).toMatchObject({ pages: [1, 2], actPositions: [0, 0], date: "2024-04-15" });
    expect(edition?.passageIds).toHaveLength(2);
  });
});
