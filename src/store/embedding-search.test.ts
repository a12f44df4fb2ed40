import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { asId, type EditionId, type PassageId, type TenantId } from "../core/ids.ts";
import type { Database } from "./database.ts";
import {
  ensureVectorIndex,
  findNearPassages,
  findUnembedded,
  storeEmbeddings,
  type VectorSpace,
} from "./embedding-search.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";
import { indexEdition } from "./passage-search.ts";

const TENANT = asId<TenantId>("00000000-0000-4000-8000-00000000000a");
const START = asId<PassageId>("0");
let database: Database;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
});
afterEach(() =>
  database.asOwner((tx) =>
    tx.query("truncate source, corpus_statistic, lexeme, lexeme_spelling cascade"),
  ),
);
afterAll(() => database.close());

async function storePassages(count: number): Promise<EditionId> {
  const [sourceId, editionId] = [randomUUID(), asId<EditionId>(randomUUID())];
  await database.asCurator(async (tx) => {
    await tx.query(
      `insert into source (id, slug, name, language, country, time_zone)
       values ($1, $2, 'G', 'es', 'CR', 'UTC')`,
      [sourceId, sourceId],
    );
    await tx.query(
      `insert into edition (id, source_id, published_on, document_name, content_hash, file_key, page_count)
       values ($1, $2, '2024-04-15', 'a.pdf', $3, 'k', 1)`,
      [editionId, sourceId, editionId],
    );
    await tx.query("insert into act (edition_id, position, page, last_page) values ($1, 0, 1, 1)", [
      editionId,
    ]);
    await tx.query(
      `insert into passage (edition_id, position, act_position, heading, text, page, last_page, lines)
       select $1, n, 0, '', 'texto ' || n, 1, 1, '[]' from generate_series(1, $2::integer) n`,
      [editionId, count],
    );
    await indexEdition(tx, editionId, "es");
  });
  return editionId;
}

/** Unit vectors, each a little further from the first axis. */
function vectorAt(angle: number, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  vector[0] = Math.cos(angle);
  vector[1] = Math.sin(angle);
  return vector;
}

async function embedAll(space: VectorSpace): Promise<readonly PassageId[]> {
  return database.asCurator(async (tx) => {
    const missing = await findUnembedded(tx, space.id, START, 1_000);
    const rows = missing.map((item, at) => ({
      passageId: item.passageId,
      vector: vectorAt((at / missing.length) * Math.PI, space.dimensions),
    }));
    await storeEmbeddings(tx, space.id, rows);
    return missing.map((item) => item.passageId);
  });
}

describe.each([
  { id: "test:small:8", dimensions: 8 },
  { id: "test:it's large:2500", dimensions: 2_500 },
])("vectors of $dimensions dimensions", (space) => {
  it("come back nearest first through the embedder's own index", async () => {
    await storePassages(30);
    await ensureVectorIndex(database, space);
    await ensureVectorIndex(database, space);
    const ids = await embedAll(space);
    const near = await database.asTenant(TENANT, (tx) =>
      findNearPassages(tx, space, vectorAt(0, space.dimensions), { limit: 5 }),
    );
    expect(near.map((item) => item.passageId)).toEqual(ids.slice(0, 5));
  });
});

describe("the vector leg", () => {
  const space = { id: "test:a:8", dimensions: 8 };

  it("fills its places behind a filter that leaves one edition in a hundred", async () => {
    await ensureVectorIndex(database, space);
    await storePassages(990);
    const wanted = await storePassages(10);
    await embedAll(space);
    const near = await database.asTenant(TENANT, async (tx) => {
      await tx.query("set local enable_seqscan = off");
      return findNearPassages(tx, space, vectorAt(0, 8), { limit: 10, editionIds: [wanted] });
    });
    expect(near).toHaveLength(10);
    expect(new Set(near.map((item) => item.editionId))).toEqual(new Set([wanted]));
  });

  it("never meets the vectors of another embedder", async () => {
    await storePassages(3);
    await embedAll({ id: "test:other:8", dimensions: 8 });
    const near = await database.asTenant(TENANT, (tx) =>
      findNearPassages(tx, space, vectorAt(0, 8), { limit: 5 }),
    );
    expect(near).toEqual([]);
    const missing = await database.asCurator((tx) => findUnembedded(tx, space.id, START, 10));
    expect(missing).toHaveLength(3);
  });
});
