import { v7 as uuidv7 } from "uuid";
import type { AlertMeanings, TextMeaning } from "../../core/alert-meanings.ts";
import type { Cipher } from "../../core/cipher.ts";
import { asId, type PassageId, type TenantId } from "../../core/ids.ts";
import { meaningKey } from "../../core/subscriptions.ts";
import type { Database } from "../database.ts";
import { hashTopicKey, openTopic } from "./subscription-rows.ts";

/** Texts that are compared at once: some megabytes of vectors. */
const TEXTS_PER_READ = 1_000;

interface MeaningRow {
  readonly id: string;
  readonly key_hash: Buffer;
  readonly content: Buffer;
}

/** Texts of alerts and vectors of passages on PostgreSQL. */
export function createAlertMeanings(database: Database, cipher: Cipher): AlertMeanings {
  const open = (tenantId: TenantId, { id, content }: MeaningRow): TextMeaning => {
    const place = { tenantId, table: "alert_meaning", column: "content", rowId: id };
    const { text, vector, cut } = JSON.parse(cipher.decrypt(place, content)) as {
      readonly text: string;
      readonly vector: string;
      readonly cut: number;
    };
    // Copied: a slice of the pool of buffers need not begin where a number may.
    return {
      text,
      cut,
      vector: new Float32Array(Uint8Array.from(Buffer.from(vector, "base64")).buffer),
    };
  };
  const seal = (tenantId: TenantId, { text, vector, cut }: TextMeaning) => {
    const id = uuidv7();
    const place = { tenantId, table: "alert_meaning", column: "content", rowId: id };
    const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
    const content = JSON.stringify({ text, vector: bytes.toString("base64"), cut });
    return { id, hash: hashText(cipher, tenantId, text), content: cipher.encrypt(place, content) };
  };

  return {
    listWaiting: (tenantId, embedderId, limit) =>
      database.asTenant(tenantId, async (tx) => {
        // Three ranges of the index, each empty when nothing waits.
        const rows = await tx.query<{ id: string; topic: Buffer | null }>(
          {
            name: "alert-meanings-waiting",
            text: `select id, topic from subscription
                   where tenant_id = $3 and state = 'active' and kind = 'alert'
                     and (meaning_of is null or meaning_of < $1 or meaning_of > $1) limit $2`,
          },
          [embedderId, limit, tenantId],
        );
        return rows.flatMap((row) => {
          const topic = openTopic(cipher, tenantId, row);
          return topic === undefined ? [] : [{ subscriptionId: row.id, topic }];
        });
      }),
    find: (tenantId, embedderId, texts) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query<MeaningRow>(
          `select id, key_hash, content from alert_meaning
           where embedder_id = $1 and key_hash = any($2::bytea[])`,
          [embedderId, texts.map((text) => hashText(cipher, tenantId, text))],
        );
        return rows.map((row) => open(tenantId, row));
      }),
    keep: (tenantId, embedderId, made, of) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = made.map((one) => seal(tenantId, one));
        await tx.query(
          `insert into alert_meaning (tenant_id, id, key_hash, embedder_id, content)
           select $1, w.id, w.hash, $2, w.content
           from unnest($3::uuid[], $4::bytea[], $5::bytea[]) as w (id, hash, content)
           order by w.hash on conflict (embedder_id, key_hash, tenant_id) do nothing`,
          [
            tenantId,
            embedderId,
            rows.map(({ id }) => id),
            rows.map(({ hash }) => hash),
            rows.map(({ content }) => content),
          ],
        );
        const keys = of.flatMap(({ subscriptionId, texts }) =>
          texts.map((text) => ({ subscriptionId, hash: hashText(cipher, tenantId, text) })),
        );
        await tx.query(
          `insert into subscription_key (tenant_id, subscription_id, key_hash)
           select distinct $1::uuid, s.id, k.hash from unnest($2::uuid[], $3::bytea[]) as k (id, hash)
           join subscription s on s.id = k.id
           on conflict do nothing`,
          [tenantId, keys.map((key) => key.subscriptionId), keys.map(({ hash }) => hash)],
        );
        await tx.query(`update subscription set meaning_of = $1 where id = any($2::uuid[])`, [
          embedderId,
          of.map(({ subscriptionId }) => subscriptionId),
        ]);
      }),
    async listTenants() {
      const rows = await database.asDispatcher((tx) =>
        tx.query<{ id: string }>("select id from tenant where state = 'active'"),
      );
      return rows.map(({ id }) => asId<TenantId>(id));
    },
    forgetUnused: (tenantId) =>
      database.asTenant(tenantId, async (tx) => {
        const gone = await tx.query(
          `delete from alert_meaning m where m.created_at < now() - interval '1 hour'
             and not exists (select 1 from subscription_key k where k.key_hash = m.key_hash) returning 1 as gone`,
        );
        return gone.length;
      }),
    read: (tenantId, embedderId, after) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query<MeaningRow>(
          {
            name: "alert-meanings-read",
            text: `select id, key_hash, content from alert_meaning
                   where embedder_id = $1 and ($2::bytea is null or key_hash > $2)
                   order by key_hash limit ${TEXTS_PER_READ}`,
          },
          [embedderId, after === undefined ? null : Buffer.from(after, "hex")],
        );
        const last = rows.length === TEXTS_PER_READ ? rows.at(-1) : undefined;
        return {
          meanings: rows.map((row) => open(tenantId, row)),
          next: last?.key_hash.toString("hex"),
        };
      }),
    readPassages: (tenantId, editionId, embedderId) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query<{ id: string; vector: string }>(
          `select passage_id::text as id, embedding::text as vector from passage_embedding
           where edition_id = $1 and embedder_id = $2`,
          [editionId, embedderId],
        );
        return rows.map(({ id, vector }) => ({
          passageId: asId<PassageId>(id),
          vector: toVector(vector),
        }));
      }),
    drawPassages: (tenantId, embedderId, limit, least) =>
      database.asTenant(tenantId, async (tx) => {
        const enough = await tx.query(
          "select 1 as one from passage_embedding where embedder_id = $1 limit $2",
          [embedderId, least],
        );
        if (enough.length < least) return [];
        const rows = await tx.query<{ vector: string }>(
          `with bounds as (
             select min(passage_id) as low, max(passage_id) as high from passage_embedding where embedder_id = $1
           ), place as (
             select low + floor(random() * (high - low + 1))::bigint as at from bounds, generate_series(1, $2)
           )
           select drawn.vector from place cross join lateral (
             select embedding::text as vector from passage_embedding
             where embedder_id = $1 and passage_id >= place.at order by passage_id limit 1) drawn`,
          [embedderId, limit],
        );
        return rows.map(({ vector }) => toVector(vector));
      }),
  };
}

function hashText(cipher: Cipher, tenantId: TenantId, text: string): Buffer {
  return hashTopicKey(cipher, tenantId, meaningKey(text));
}

/** pgvector's own writing: `[0.1,-0.2]`. */
function toVector(text: string): Float32Array {
  return Float32Array.from(JSON.parse(text) as number[]);
}
