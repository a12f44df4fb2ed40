import { createHash } from "node:crypto";
import type { EditionId, PassageId } from "../core/ids.ts";
import { asId } from "../core/ids.ts";
import type { Database, Transaction } from "./database.ts";

/** Who made a vector, and of what length. */
export interface VectorSpace {
  /** Stored beside each vector: vectors of two embedders never meet. */
  readonly id: string;
  readonly dimensions: number;
}

/** HNSW takes at most 2,000 dimensions of `vector`, 4,000 of `halfvec` (pgvector README). */
const MAX_VECTOR_DIMENSIONS = 2_000;
const MAX_HALFVEC_DIMENSIONS = 4_000;

/**
 * Builds the embedder's index, partial over a cast to its dimensions, unless it is there. On a server
 * concurrently: searches and ingests go on meanwhile, and an index left invalid by a crash is rebuilt.
 * Above 4,000 dimensions there is none, and searches read every vector.
 */
export async function ensureVectorIndex(database: Database, space: VectorSpace): Promise<void> {
  if (space.dimensions > MAX_HALFVEC_DIMENSIONS) return;
  const name = indexName(space);
  const found = await database.asOwner((tx) =>
    tx.query<{ indisvalid: boolean }>(
      "select indisvalid from pg_index where indexrelid = to_regclass($1)",
      [name],
    ),
  );
  if (found[0]?.indisvalid) return;
  const concurrently = database.kind === "server" ? "concurrently" : "";
  // The embedder's id goes into DDL, which takes no parameters.
  const id = space.id.replaceAll("'", "''");
  const client = await database.ownerPool.connect();
  try {
    // Hundreds of thousands of vectors take longer than a statement otherwise may.
    await client.query("set statement_timeout = 0");
    if (found.length > 0) await client.query(`drop index ${concurrently} ${name}`);
    await client.query(
      `create index ${concurrently} ${name} on passage_embedding
       using hnsw ((${castOf("embedding", space)}) ${operatorClass(space)}) where embedder_id = '${id}'`,
    );
    await client.query("reset statement_timeout");
  } finally {
    client.release();
  }
}

/** Current passages of this owner (a tenant, or the public) without a vector of this embedder, in order of id, after `afterId`. */
export async function findUnembedded(
  tx: Transaction,
  embedderId: string,
  after: PassageId,
  limit: number,
): Promise<readonly { readonly passageId: PassageId; readonly text: string }[]> {
  const rows = await tx.query<{ id: string; content: string }>(
    `select p.id, case when p.heading = '' then p.text else p.heading || E'\\n' || p.text end as content
     from passage p join edition_index i on i.edition_id = p.edition_id
     where p.id > $2 and p.tenant_id is not distinct from current_tenant() and not exists (
       select 1 from passage_embedding e where e.passage_id = p.id and e.embedder_id = $1)
     order by p.id limit $3`,
    [embedderId, after, limit],
  );
  return rows.map((row) => ({ passageId: asId<PassageId>(row.id), text: row.content }));
}

/** Stores vectors of passages that are still current; one that is there already stays. */
export async function storeEmbeddings(
  tx: Transaction,
  embedderId: string,
  vectors: readonly { readonly passageId: PassageId; readonly vector: Float32Array }[],
): Promise<void> {
  await tx.query(
    `insert into passage_embedding (passage_id, embedder_id, tenant_id, edition_id, embedding)
     select p.id, $1, p.tenant_id, p.edition_id, v.embedding::vector
     from unnest($2::bigint[], $3::text[]) v(id, embedding)
     join passage p on p.id = v.id join edition_index i on i.edition_id = p.edition_id
     on conflict do nothing`,
    [embedderId, vectors.map((item) => item.passageId), vectors.map((item) => toText(item.vector))],
  );
}

export interface NearPassage {
  readonly passageId: PassageId;
  readonly editionId: EditionId;
}

/**
 * The passages nearest to a vector by cosine, best first. The scan goes on until enough rows pass the
 * tenant's and the edition filter (`hnsw.iterative_scan`): without it a selective filter leaves almost none.
 */
export async function findNearPassages(
  tx: Transaction,
  space: VectorSpace,
  vector: Float32Array,
  options: { readonly limit: number; readonly editionIds?: readonly EditionId[] },
): Promise<readonly NearPassage[]> {
  await tx.query("select set_config('hnsw.iterative_scan', 'strict_order', true)");
  const id = space.id.replaceAll("'", "''");
  const rows = await tx.query<{ passage_id: string; edition_id: string }>(
    {
      name: `near-passages-${indexName(space)}`,
      // The id stands in the text: a partial index is used only when its condition can be proved.
      text: `select passage_id, edition_id from passage_embedding
             where embedder_id = '${id}' and ($2::uuid[] is null or edition_id = any ($2::uuid[]))
             order by ${castOf("embedding", space)} <=> ${castOf("$1", space)} limit $3`,
    },
    [toText(vector), options.editionIds ?? null, options.limit],
  );
  return rows.map((row) => ({
    passageId: asId<PassageId>(row.passage_id),
    editionId: asId<EditionId>(row.edition_id),
  }));
}

function castOf(expression: string, space: VectorSpace): string {
  const type = space.dimensions > MAX_VECTOR_DIMENSIONS ? "halfvec" : "vector";
  return `${expression}::${type}(${Math.trunc(space.dimensions)})`;
}

function operatorClass(space: VectorSpace): string {
  return space.dimensions > MAX_VECTOR_DIMENSIONS ? "halfvec_cosine_ops" : "vector_cosine_ops";
}

function indexName(space: VectorSpace): string {
  const hash = createHash("sha256").update(`${space.id} ${space.dimensions}`).digest("hex");
  return `passage_embedding_hnsw_${hash.slice(0, 16)}`;
}

function toText(vector: Float32Array): string {
  return `[${vector.join(",")}]`;
}
