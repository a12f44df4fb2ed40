import { v7 as uuidv7 } from "uuid";
import type { Cipher } from "../../core/cipher.ts";
import { asId, type EditionId, type TenantId } from "../../core/ids.ts";
import type {
  AlertCandidate,
  AlertLedger,
  AlertMatch,
  MatchCursor,
} from "../../core/subscriptions.ts";
import type { Database, Transaction } from "../database.ts";
import { randomFromPool } from "../random-pool.ts";
import {
  hashTopicKey,
  openTopic,
  quietHoursOf,
  type SubscriptionRow,
} from "./subscription-rows.ts";

/** Keys looked up in one statement. */
const KEYS_PER_LOOK = 512;
/**
 * Keys of one step, each a candidate unless its subscription is paused or younger than the edition: some megabytes, and
 * a transaction of a fraction of a second.
 */
const STEP = 4_000;
/** An edition that came in while no scheduler ran is matched all the same, for so long. */
const LOOK_BACK_DAYS = 14;
const MAX_EDITIONS = 200;
/** An embedder that does not come along holds nobody's alerts back for longer. */
const VECTORS_WITHIN_MINUTES = 5;

type CandidateRow = Pick<
  SubscriptionRow,
  "id" | "topic" | "language" | "time_zone" | "quiet_from" | "quiet_until"
> & { readonly key_hash: Buffer };

/** The ledger of matching on PostgreSQL. */
export function createAlertLedger(database: Database, cipher: Cipher): AlertLedger {
  /** The keys of the edition that is being matched, hashed and in order: a step is a slice of them. */
  const hashed = new WeakMap<ReadonlySet<string>, readonly Buffer[]>();

  function hashesOf(tenantId: TenantId, keys: ReadonlySet<string>): readonly Buffer[] {
    const known = hashed.get(keys);
    if (known !== undefined) return known;
    const hashes = [...keys].map((key) => hashTopicKey(cipher, tenantId, key)).sort(Buffer.compare);
    hashed.set(keys, hashes);
    return hashes;
  }

  return {
    async listTenants() {
      const rows = await database.asDispatcher((tx) =>
        tx.query<{ id: string }>(
          `select t.id from tenant t where t.state = 'active' and exists (
             select 1 from subscription s where s.tenant_id = t.id and s.state = 'active' and s.kind = 'alert')`,
        ),
      );
      return rows.map(({ id }) => asId<TenantId>(id));
    },
    async listDue(tenantId, newerThanDays, embedderId) {
      const rows = await database.asTenant(tenantId, (tx) =>
        tx.query<{ id: EditionId }>(
          {
            name: "alert-editions-due",
            text: `select e.id from edition e join source s on s.id = e.source_id
                   where s.kind = 'gazette'
                     and (e.superseded_by is null or exists (
                       select 1 from edition_match m where m.edition_id = e.id and m.state = 'matching' and m.place <> ''))
                     and e.ingested_at > now() - $2 * interval '1 day'
                     and e.published_on > (e.ingested_at - $1 * interval '1 day')::date
                     and not exists (select 1 from edition_match m where m.edition_id = e.id and m.state = 'done'
                                       and m.revision = e.revision)
                     and ($3::text is null
                          or e.ingested_at < now() - interval '${VECTORS_WITHIN_MINUTES} minutes'
                          or not exists (
                            select 1 from passage p where p.edition_id = e.id and not exists (
                              select 1 from passage_embedding v
                              where v.passage_id = p.id and v.embedder_id = $3)))
                   order by e.ingested_at limit ${MAX_EDITIONS}`,
          },
          [newerThanDays, LOOK_BACK_DAYS, embedderId ?? null],
        ),
      );
      return rows.map(({ id }) => id);
    },
    begin: (tenantId, editionId) =>
      database.asTenant(tenantId, async (tx) => {
        // Of pages that were read since it was matched, it begins anew.
        await tx.query(
          `insert into edition_match (tenant_id, edition_id, revision)
           select $1, id, revision from edition where id = $2
           on conflict (edition_id, tenant_id) do update
           set state = 'matching', place = '', revision = excluded.revision, finished_at = null
           where edition_match.state = 'done' and edition_match.revision < excluded.revision`,
          [tenantId, editionId],
        );
        const [row] = await tx.query<{ state: string; place: string }>(
          "select state, place from edition_match where edition_id = $1",
          [editionId],
        );
        return row?.state === "matching" ? row.place : undefined;
      }),
    async readCandidates(tenantId, editionId, keys, cursor) {
      const { look, after } = nextLook(hashesOf(tenantId, keys), cursor);
      if (look.length === 0) return { candidates: [], next: undefined };
      const rows = await database.asTenant(tenantId, (tx) =>
        readRows(tx, { editionId, look, after }),
      );
      const candidates = rows.flatMap((row) => toCandidate(cipher, tenantId, row) ?? []);
      const last = rows.at(-1);
      const isCut = rows.length === STEP && last !== undefined;
      const end = look.at(-1)?.toString("hex") ?? "";
      return {
        candidates,
        next: isCut ? `${last.key_hash.toString("hex")} ${last.id}` : `${end} ~`,
      };
    },
    commit: (tenantId, editionId, { from, next }, matches) => {
      // Before the transaction: sealing thousands takes seconds on a busy machine, and locks wait for nobody.
      const rows = sealMatches(cipher, tenantId, matches);
      return database.asTenant(tenantId, async (tx) => {
        const taken = await tx.query(
          `update edition_match set place = coalesce($3, place), matches = matches + $4,
                  state = case when $3::text is null then 'done' else 'matching' end,
                  finished_at = case when $3::text is null then now() end
           where edition_id = $1 and place = $2 and state = 'matching' returning 1 as taken`,
          [editionId, from, next ?? null, matches.length],
        );
        if (taken.length === 0) return false;
        await insertAlerts(tx, tenantId, editionId, rows);
        return true;
      });
    },
  };
}

/** Where a step goes on: the keys that it looks up, and behind which subscription of the first of them. */
function nextLook(
  hashes: readonly Buffer[],
  cursor: MatchCursor,
): { readonly look: readonly Buffer[]; readonly after: readonly [Buffer, string] | undefined } {
  if (cursor === "") return { look: hashes.slice(0, KEYS_PER_LOOK), after: undefined };
  const [hex = "", subscriptionId = ""] = cursor.split(" ");
  const place = Buffer.from(hex, "hex");
  const isWhole = subscriptionId === "~";
  const start = countBefore(hashes, (hash) => {
    const order = Buffer.compare(hash, place);
    return isWhole ? order <= 0 : order < 0;
  });
  const look = hashes.slice(start, start + KEYS_PER_LOOK);
  return { look, after: isWhole ? undefined : [place, subscriptionId] };
}

/** How many at the beginning are such, where no other is: an edition has a hundred thousand keys, and hundreds of steps. */
function countBefore<Item>(items: readonly Item[], isBefore: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(items[middle] as Item)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function readRows(
  tx: Transaction,
  at: {
    readonly editionId: EditionId;
    readonly look: readonly Buffer[];
    readonly after: readonly [Buffer, string] | undefined;
  },
): Promise<CandidateRow[]> {
  return tx.query<CandidateRow>(
    {
      name: "alert-candidates",
      // Subscriptions are looked up for this step's keys alone: those of a look are sorted at each of its steps.
      text: `with key as (
               select k.key_hash, k.subscription_id from subscription_key k
               where k.key_hash = any($2::bytea[])
                 and ($3::bytea is null or k.key_hash <> $3 or k.subscription_id > $4::uuid)
               order by k.key_hash, k.subscription_id limit ${STEP}
             )
             select key.key_hash, key.subscription_id as id, s.topic, s.language, s.time_zone, s.quiet_from, s.quiet_until
             from key join edition e on e.id = $1
             left join subscription s on s.id = key.subscription_id and s.state = 'active' and s.kind = 'alert'
               and s.created_at <= e.ingested_at
             order by key.key_hash, key.subscription_id`,
    },
    [at.editionId, at.look, at.after?.[0] ?? null, at.after?.[1] ?? null],
  );
}

function toCandidate(
  cipher: Cipher,
  tenantId: TenantId,
  row: CandidateRow,
): AlertCandidate | undefined {
  const topic = openTopic(cipher, tenantId, row);
  return (
    topic && {
      subscriptionId: row.id,
      topic,
      language: row.language,
      timeZone: row.time_zone,
      quietHours: quietHoursOf(row),
    }
  );
}

type SealedMatches = ReturnType<typeof sealMatches>;

function sealMatches(cipher: Cipher, tenantId: TenantId, matches: readonly AlertMatch[]) {
  return matches.map(({ subscriptionId, actKey, act, notBefore }) => {
    const id = uuidv7({ random: randomFromPool(16) });
    const place = { tenantId, table: "alert", column: "content", rowId: id };
    return {
      id,
      subscription: subscriptionId,
      act: cipher.hash("alert-act", `${subscriptionId} ${actKey}`),
      content: cipher.encrypt(place, JSON.stringify(act)),
      at: notBefore,
    };
  });
}

/** Each act once for each subscription; who unsubscribed since it was read is left out. */
async function insertAlerts(
  tx: Transaction,
  tenantId: TenantId,
  editionId: EditionId,
  rows: SealedMatches,
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    {
      name: "alert-insert",
      text: `insert into alert (tenant_id, id, subscription_id, edition_id, act_hash, content, not_before)
             select $1, w.id, s.id, $2, w.act, w.content, w.at
             from unnest($3::uuid[], $4::uuid[], $5::bytea[], $6::bytea[], $7::timestamptz[])
               as w (id, subscription, act, content, at)
             join subscription s on s.id = w.subscription
             on conflict (act_hash, subscription_id, tenant_id) do nothing`,
    },
    [
      tenantId,
      editionId,
      rows.map(({ id }) => id),
      rows.map(({ subscription }) => subscription),
      rows.map((row) => row.act),
      rows.map(({ content }) => content),
      rows.map(({ at }) => at),
    ],
  );
}
