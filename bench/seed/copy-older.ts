import type { TenantId } from "../../src/core/ids.ts";
import type { TestDatabase } from "../../test/services/harness/postgres.ts";

/** A round is older than the one before it by as much as `seedTenant` spans. */
const DAYS = 180;

/**
 * Makes `rounds` copies of a seeded tenant's people and talks, each older than the last, in a minute or two instead of
 * twenty. They count, are sorted, filtered and looked through like the others; their content is sealed for the rows that
 * it was copied from, and cannot be opened, so only what a page of the newest never reaches may be copied. Passports
 * are not.
 */
export async function copyOlder(
  database: TestDatabase,
  tenantId: TenantId,
  rounds: number,
): Promise<void> {
  if (rounds < 1) return;
  // Foreign keys hold among the originals, and so among their copies.
  await database.query(
    ["set session_replication_role = replica", "set synchronous_commit = off", ...COPIES]
      .join(";\n")
      .replaceAll("$tenant", `'${tenantId}'`)
      .replaceAll("$rounds", String(Math.trunc(rounds))),
  );
}

const FROM = (table: string) =>
  `from ${table} o cross join generate_series(1, $rounds) as n where o.tenant_id = $tenant`;
const ID = (column: string) => `md5(o.${column}::text || n)::uuid`;
const HASH = (column: string) =>
  `case when o.${column} is not null then sha256(o.${column} || n::text::bytea) end`;
const AT = (column: string) => `o.${column} - n * interval '${DAYS} days'`;

const COPIES: readonly string[] = [
  `insert into contact (tenant_id, id, identity, consent, blocked_at, created_at, updated_at)
   select o.tenant_id, ${ID("id")}, o.identity, o.consent, ${AT("blocked_at")}, ${AT("created_at")}, ${AT("updated_at")}
   ${FROM("contact")}`,
  `insert into contact_alias (tenant_id, channel, alias_hash, contact_id, kind, value, lookup_hash, national_hash)
   select o.tenant_id, o.channel, ${HASH("alias_hash")}, ${ID("contact_id")}, o.kind, o.value, ${HASH("lookup_hash")},
          ${HASH("national_hash")}
   ${FROM("contact_alias")}`,
  `insert into contact_word (tenant_id, contact_id, word_hash, origin)
   select o.tenant_id, ${ID("contact_id")}, o.word_hash, o.origin ${FROM("contact_word")}`,
  `insert into contact_tag (tenant_id, contact_id, tag)
   select o.tenant_id, ${ID("contact_id")}, o.tag ${FROM("contact_tag")}`,
  `insert into contact_consent (tenant_id, contact_id, state, how, actor, given_at)
   select o.tenant_id, ${ID("contact_id")}, o.state, o.how, o.actor, ${AT("given_at")} ${FROM("contact_consent")}`,
  `insert into conversation (tenant_id, id, bot_id, contact_id, kind, chat_hash, chat, memory, takes_broadcasts,
     created_at, updated_at, last_inbound_at, last_message_at, heard_at, desk_state)
   select o.tenant_id, ${ID("id")}, o.bot_id, ${ID("contact_id")}, o.kind, ${HASH("chat_hash")}, o.chat, o.memory,
          o.takes_broadcasts, ${AT("created_at")}, ${AT("updated_at")}, ${AT("last_inbound_at")},
          ${AT("last_message_at")}, ${AT("heard_at")}, o.desk_state
   ${FROM("conversation")}`,
  `insert into inbox (tenant_id, id, bot_id, conversation_id, update_key, message, state, attempts, received_at,
     answered_at, not_before)
   select o.tenant_id, ${ID("id")}, o.bot_id, ${ID("conversation_id")}, o.update_key || '-' || n, o.message, o.state,
          o.attempts, ${AT("received_at")}, ${AT("answered_at")}, ${AT("not_before")}
   ${FROM("inbox")}`,
  `insert into turn (tenant_id, conversation_id, message_id, speaker, content, said_at)
   select o.tenant_id, ${ID("conversation_id")}, ${ID("message_id")}, o.speaker, o.content, ${AT("said_at")}
   ${FROM("turn")}`,
  `insert into outbox (tenant_id, id, bot_id, conversation_id, message_id, state, attempts, created_at, not_before,
     attempted_at, settled_at, network_message_id, delivery, delivered_at)
   select o.tenant_id, ${ID("id")}, o.bot_id, ${ID("conversation_id")}, ${ID("message_id")}, o.state, o.attempts,
          ${AT("created_at")}, ${AT("not_before")}, ${AT("attempted_at")}, ${AT("settled_at")},
          o.network_message_id || '-' || n, o.delivery, ${AT("delivered_at")}
   ${FROM("outbox")}`,
  `insert into audit (tenant_id, actor, action, subject, happened_at)
   select o.tenant_id, o.actor, o.action, md5(o.subject || n)::uuid::text, ${AT("happened_at")} ${FROM("audit")}`,
];
