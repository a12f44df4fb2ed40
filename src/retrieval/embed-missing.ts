import { PregoneroError } from "../core/errors.ts";
import { asId, type PassageId, type TenantId } from "../core/ids.ts";
import type { Embedder } from "../core/language-model.ts";
import type { Logger } from "../core/logger.ts";
import type { Database, Transaction } from "../store/database.ts";
import { ensureVectorIndex, findUnembedded, storeEmbeddings } from "../store/embedding-search.ts";

/** Characters of a passage that are embedded: below the 8,191 tokens of OpenAI's models, as of most others. */
const MAX_CHARACTERS = 8_000;

/**
 * Gives every current passage a vector of this embedder: the public ones and those of `tenantIds`. Each
 * batch commits by itself, so a crash or an abort loses at most one, and the next call goes on from
 * there. Vectors of other embedders stay and keep serving. Returns how many were made; rejects with the
 * embedder's error, or with the signal's reason.
 */
export async function embedMissing(
  ports: {
    readonly database: Database;
    readonly embedder: Embedder;
    readonly logger: Logger;
    readonly tenantIds?: readonly TenantId[];
  },
  signal: AbortSignal,
): Promise<number> {
  const { database, embedder, logger } = ports;
  await ensureVectorIndex(database, embedder);
  const owners = [
    <Result>(work: (tx: Transaction) => Promise<Result>) => database.asCurator(work),
    ...(ports.tenantIds ?? []).map(
      (tenantId) =>
        <Result>(work: (tx: Transaction) => Promise<Result>) =>
          database.asTenant(tenantId, work),
    ),
  ];
  let made = 0;
  for (const asOwner of owners) {
    let after = asId<PassageId>("0");
    for (;;) {
      signal.throwIfAborted();
      const limit = embedder.maxTextsPerCall;
      const batch = await asOwner((tx) => findUnembedded(tx, embedder.id, after, limit));
      const last = batch.at(-1);
      if (last === undefined) break;
      const texts = batch.map((item) => item.text.slice(0, MAX_CHARACTERS).toWellFormed());
      const vectors = await embedder.embed(texts, signal);
      const rows = batch.map((item, at) => ({
        passageId: item.passageId,
        vector: checkVector(vectors[at], embedder),
      }));
      await asOwner((tx) => storeEmbeddings(tx, embedder.id, rows));
      made += rows.length;
      after = last.passageId;
      logger.debug("passages-embedded", { embedder: embedder.id, count: rows.length, made });
    }
  }
  return made;
}

/** A vector of another length, or with a NaN in it, would poison the index. */
export function checkVector(vector: Float32Array | undefined, embedder: Embedder): Float32Array {
  if (vector?.length === embedder.dimensions && vector.every(Number.isFinite)) return vector;
  throw new PregoneroError(
    "embedding-invalid",
    `The embedder ${embedder.id} returned ${vector?.length ?? "no"} numbers where ${embedder.dimensions} finite ones were expected. Check its model and its dimensions.`,
  );
}
