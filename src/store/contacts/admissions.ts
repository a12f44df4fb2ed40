import type { ChannelName } from "../../core/channel.ts";
import type { Cipher } from "../../core/cipher.ts";
import { asId, type BotId, type ContactId, type TenantId } from "../../core/ids.ts";
import type { Admissions, Standing, StrangerPolicy } from "../../core/strangers.ts";
import type { Database, Transaction } from "../database.ts";
import { createGroupRead } from "../group-read.ts";
import { lockWhole } from "./contact-rows.ts";
import { hashAlias } from "./identify.ts";
import { tellContact } from "./tell-contact.ts";

/** Wrong codes of one contact, until the next hour. */
const MAX_FAILURES = 5;

/** As it is typed: with or without its hyphen, in whatever case. */
export function hashCode(cipher: Cipher, botId: string, code: string): Buffer {
  const normal = code.toUpperCase().replace(/[\s-]/g, "");
  return cipher.hash("pairing-code", `${botId} ${normal}`);
}

interface StandingRow {
  readonly policy: StrangerPolicy | null;
  readonly answers: "sentence" | "silence" | null;
  readonly sentence: string | null;
  readonly contact_id: string | null;
  readonly is_blocked: boolean | null;
  readonly is_allowed: boolean | null;
}

interface AskedStanding {
  readonly tenantId: TenantId;
  readonly botId: BotId;
  readonly channel: ChannelName;
  readonly contactId: ContactId | undefined;
  readonly senderKey: string;
}

/** What the line asks before it answers: one statement for those who write together. */
export function createAdmissions(database: Database, cipher: Cipher): Admissions {
  const readStanding = createGroupRead(database, (tx, tenantId, asked: readonly AskedStanding[]) =>
    readStandings(tx, cipher, tenantId, asked),
  );
  return {
    standing: (tenantId, bot, who) => readStanding({ tenantId, ...bot, ...who }),
    mayTell: (tenantId, contactId, messageId) =>
      database.asTenant(tenantId, async (tx) => {
        const told = await tx.query(
          `update contact k set told_at = now(), told_for = $3
           where k.tenant_id = $1 and k.id = (select coalesce(merged_into, id) from contact where id = $2)
             and (k.told_at is null or k.told_at < now() - interval '1 day' or k.told_for = $3)
           returning k.id`,
          [tenantId, contactId, messageId],
        );
        return told.length > 0;
      }),
    redeem: (tenantId, botId, contactId, code) =>
      database.asTenant(tenantId, (tx) => redeem(tx, cipher, tenantId, { botId, contactId, code })),
  };
}

async function readStandings(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  asked: readonly AskedStanding[],
): Promise<readonly Standing[]> {
  const rows = await tx.query<StandingRow>({ name: "contact-standing", text: STANDING }, [
    asked.map(({ botId }) => botId),
    asked.map(({ contactId }) => contactId ?? null),
    asked.map(({ contactId, channel, senderKey }) =>
      contactId === undefined ? hashAlias(cipher, tenantId, channel, senderKey) : null,
    ),
    asked.map(({ channel }) => channel),
  ]);
  return rows.map((row) => ({
    policy: row.policy ?? "open",
    answers: row.answers ?? "sentence",
    sentence: row.sentence ?? undefined,
    contactId: row.contact_id ? asId<ContactId>(row.contact_id) : undefined,
    isBlocked: row.is_blocked ?? false,
    isAllowed: row.is_allowed ?? false,
  }));
}

// In a group nobody's contact is known but by the alias of who wrote. Each `limit` has its row looked up by index: a
// join of many would read the whole table.
const STANDING = `
  select p.policy, p.answers, p.sentence, k.id as contact_id, k.blocked_at is not null as is_blocked,
         k.allowed_at is not null as is_allowed
  from unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::text[])
         with ordinality as asked (bot_id, contact_id, alias_hash, channel, place)
  left join lateral (
    select s.policy, s.answers, s.sentence from stranger_policy s where s.bot_id = asked.bot_id limit 1
  ) p on true
  left join lateral (
    select coalesce(k.merged_into, k.id) as id from contact k
    where k.id = coalesce(asked.contact_id, (select a.contact_id from contact_alias a
                                             where a.alias_hash = asked.alias_hash and a.channel = asked.channel
                                             limit 1))
    limit 1
  ) who on true
  left join lateral (
    select c.id, c.blocked_at, c.allowed_at from contact c where c.id = who.id limit 1
  ) k on true
  order by asked.place`;

async function redeem(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  wanted: { readonly botId: BotId; readonly contactId: ContactId; readonly code: string },
): Promise<"redeemed" | "wrong" | "paused"> {
  const { id } = await lockWhole(tx, tenantId, wanted.contactId);
  const [tried] = await tx.query<{ is_paused: boolean }>(
    `select pairing_failures >= $2 and pairing_failed_at > now() - interval '1 hour' as is_paused
     from contact where id = $1`,
    [id, MAX_FAILURES],
  );
  if (tried?.is_paused === true) return "paused";
  const redeemed = await tx.query(
    `update pairing_code set redeemed_at = coalesce(redeemed_at, now()), redeemed_by = $4
     where tenant_id = $1 and bot_id = $2 and code_hash = $3
       and (redeemed_by = $4 or redeemed_at is null and expires_at > now())
     returning id`,
    [tenantId, wanted.botId, hashCode(cipher, wanted.botId, wanted.code), id],
  );
  if (redeemed.length === 0) {
    await tx.query(
      `update contact set pairing_failed_at = now(),
         pairing_failures = case when pairing_failed_at > now() - interval '1 hour'
                                 then pairing_failures + 1 else 1 end
       where id = $1`,
      [id],
    );
    return "wrong";
  }
  await tx.query(
    "update contact set allowed_at = coalesce(allowed_at, now()), pairing_failures = 0, revision = revision + 1 where id = $1",
    [id],
  );
  await tx.query(
    "insert into audit (tenant_id, actor, action, subject, detail) values ($1, 'citizen', 'contact-paired', $2, $3)",
    [tenantId, id, JSON.stringify({ botId: wanted.botId })],
  );
  await tellContact(tx, tenantId, id, "allowed");
  return "redeemed";
}
