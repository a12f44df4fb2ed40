import type { Cipher } from "../../core/cipher.ts";
import type { ConversationQuery } from "../../core/desk.ts";
import type { PersonId, TenantId } from "../../core/ids.ts";
import { searchWords } from "../../core/search-words.ts";
import type { Transaction } from "../database.ts";
import { hashWords } from "./hash-words.ts";

/** A word that fewer conversations have than this is where a search begins. */
const RARE = 1_000;
/** What failed lately, newest first: more is no list for a person to go through. */
const MAX_TROUBLED = 5_000;
/** Of a query. */
const MAX_QUERY_WORDS = 8;

export interface FoundPlace {
  readonly id: string;
  /** UTC with microseconds. */
  readonly at: string;
}

const AT = `to_char(c.last_message_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const TROUBLE = `state in ('failed', 'unknown') and reason is distinct from 'handed-over'
  and settled_at > now() - interval '7 days'`;

/**
 * Ids of the page that follows, newest first, one more than asked for when there are more. Conditions are built from
 * fixed pieces and values alone. What is rare is read from its own index and put in order; without anything rare, the
 * newest of each bot are merged, and looked through until the page is full. Planned anew each time, by its values.
 */
export async function findConversations(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  viewer: PersonId | undefined,
  query: ConversationQuery,
): Promise<readonly FoundPlace[]> {
  const values: unknown[] = [tenantId];
  const value = (given: unknown) => `$${values.push(given)}`;
  const conditions = [`c.tenant_id = $1`, ...conditionsOf(query, viewer, value)];
  const bots = await botsOf(tx, tenantId, query);
  if (bots.length === 0) return [];
  const words = hashWords(
    cipher,
    tenantId,
    searchWords(query.words ?? "").slice(0, MAX_QUERY_WORDS),
  );
  if (query.words !== undefined && words.length === 0) return [];
  const rare = await rarest(tx, words);
  for (const word of words) {
    if (rare?.equals(word)) continue;
    conditions.push(`exists (select 1 from conversation_word w
      where w.conversation_id = c.id and w.word_hash = ${value(word)})`);
  }
  const source = sourceOf(query, rare, viewer, value);
  if (query.tag !== undefined && source?.isByTag !== true) {
    conditions.push(`exists (select 1 from conversation_tag t
      where t.conversation_id = c.id and t.tag = ${value(query.tag)})`);
  }
  if (query.hasTrouble && rare !== undefined) conditions.push(HAS_TROUBLE);
  const limit = value(query.limit + 1);
  const isWhole = query.botId === undefined && query.channel === undefined;
  if (source !== undefined) {
    if (!isWhole) conditions.push(`c.bot_id = any(${value(bots)}::uuid[])`);
    return tx.query<FoundPlace>(
      `select c.id, ${AT} as at from conversation c ${source.join} where ${conditions.join(" and ")}
       order by c.last_message_at desc, c.id desc limit ${limit}`,
      values,
    );
  }
  return tx.query<FoundPlace>(
    `select page.id, page.at
     from unnest(${value(bots)}::uuid[]) as of (bot) cross join lateral (
       select c.id, c.last_message_at, ${AT} as at from conversation c
       where c.bot_id = of.bot and ${conditions.join(" and ")}
       order by c.last_message_at desc, c.id desc limit ${limit}) page
     order by page.last_message_at desc, page.id desc limit ${limit}`,
    values,
  );
}

type AddValue = (given: unknown) => string;

/** Those that the conversation's own row, or one row beside it, answers. */
function conditionsOf(
  query: ConversationQuery,
  viewer: PersonId | undefined,
  value: AddValue,
): readonly string[] {
  const conditions: string[] = [];
  const { after, from, to } = query;
  if (after) {
    conditions.push(
      `(c.last_message_at, c.id) < (${value(after.at)}::timestamptz, ${value(after.id)}::uuid)`,
    );
  }
  if (from) conditions.push(`c.last_message_at >= ${value(from)}`);
  if (to) conditions.push(`c.last_message_at < ${value(to)}`);
  if (query.state) conditions.push(`c.desk_state = ${value(query.state)}`);
  if (query.assignee === "nobody") conditions.push("c.assignee is null");
  else if (query.assignee) conditions.push(`c.assignee = ${value(query.assignee)}`);
  if (query.isUnread !== undefined && viewer !== undefined) {
    const isUnread = `(c.heard_at is not null and c.heard_at > coalesce((
      select s.seen_at from conversation_seen s
      where s.conversation_id = c.id and s.person_id = ${value(viewer)}), '-infinity'))`;
    conditions.push(query.isUnread ? isUnread : `not ${isUnread}`);
  }
  return conditions;
}

/** Where a search begins, when one of the conditions leaves few conversations; undefined: none does. */
function sourceOf(
  query: ConversationQuery,
  rare: Buffer | undefined,
  viewer: PersonId | undefined,
  value: AddValue,
): { readonly join: string; readonly isByTag?: boolean } | undefined {
  const among = (ids: string) => ({
    join: `join (select distinct conversation_id from ${ids}) found on found.conversation_id = c.id`,
  });
  if (rare !== undefined) return among(`conversation_word where word_hash = ${value(rare)}`);
  if (query.hasTrouble) {
    return among(`(select conversation_id from outbox where tenant_id = $1 and ${TROUBLE}
      order by settled_at desc limit ${MAX_TROUBLED}) lately`);
  }
  // Their own indexes, in this order already.
  if (query.state !== undefined && query.state !== "open" && query.state !== "closed") {
    return { join: "" };
  }
  if (query.assignee !== undefined && query.assignee !== "nobody") return { join: "" };
  if (query.tag !== undefined) {
    return { ...among(`conversation_tag where tag = ${value(query.tag)}`), isByTag: true };
  }
  if (query.isUnread === false && viewer !== undefined) {
    return among(`conversation_seen where person_id = ${value(viewer)}`);
  }
  return undefined;
}

async function botsOf(
  tx: Transaction,
  tenantId: TenantId,
  { botId, channel }: ConversationQuery,
): Promise<readonly string[]> {
  const rows = await tx.query<{ id: string }>(
    `select id from bot where tenant_id = $1 and ($2::uuid is null or id = $2) and ($3::text is null or channel = $3)`,
    [tenantId, botId ?? null, channel ?? null],
  );
  return rows.map(({ id }) => id);
}

/** Counts no further than it must. Undefined: every word is common. */
async function rarest(tx: Transaction, words: readonly Buffer[]): Promise<Buffer | undefined> {
  if (words.length === 0) return undefined;
  const [row] = await tx.query<{ word: Buffer; n: number }>(
    `select asked.word, (select count(*)::int from (
       select 1 from conversation_word w where w.word_hash = asked.word limit ${RARE + 1}) counted) as n
     from unnest($1::bytea[]) as asked (word) order by n limit 1`,
    [words],
  );
  return row !== undefined && row.n <= RARE ? row.word : undefined;
}

/** Of one conversation `c`. */
export const HAS_TROUBLE = `exists (select 1 from outbox where conversation_id = c.id and ${TROUBLE})`;
