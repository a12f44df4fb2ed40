import type { ChannelName } from "../../core/channel.ts";
import type { Cipher } from "../../core/cipher.ts";
import type {
  AliasKind,
  ConsentEntry,
  ContactAlias,
  ContactChat,
  ContactDetail,
} from "../../core/contacts.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";
import {
  type ContactRow,
  listParts,
  openNetworkName,
  openProfile,
  toView,
  unknownContact,
  VIEW_COLUMNS,
} from "./contact-rows.ts";

/** Everything that staff sees of a contact and of those that are part of it. */
export async function readContact(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  wholeId: string,
): Promise<ContactDetail> {
  const [row] = await tx.query<ContactRow & { block_reason: Buffer | null }>(
    `select ${VIEW_COLUMNS}, k.block_reason from contact k where k.tenant_id = $1 and k.id = $2`,
    [tenantId, wholeId],
  );
  if (row === undefined) throw unknownContact();
  const parts = await listParts(tx, wholeId);
  const [notes] = await tx.query<{ n: number }>(
    `select count(*)::int as n from conversation_note n join conversation c on c.id = n.conversation_id
     where c.contact_id = any($1::uuid[])`,
    [parts],
  );
  return {
    ...toView(cipher, tenantId, row),
    profile: openProfile(cipher, tenantId, row),
    networkName: openNetworkName(cipher, tenantId, row),
    blockReason:
      row.block_reason === null
        ? undefined
        : cipher.decrypt(
            { tenantId, table: "contact", column: "block_reason", rowId: row.id },
            row.block_reason,
          ),
    aliases: await readAliases(tx, cipher, tenantId, parts),
    consents: await readConsents(tx, cipher, tenantId, parts),
    chats: await readChats(tx, parts),
    parts: parts.slice(1).map((id) => asId(id)),
    probablySame: await readProbablySame(tx, parts),
    noteCount: notes?.n ?? 0,
  };
}

export async function readAliases(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  parts: readonly string[],
): Promise<readonly ContactAlias[]> {
  const rows = await tx.query<{
    channel: ChannelName;
    kind: AliasKind;
    alias_hash: Buffer;
    value: Buffer | null;
    added_by: string;
    created_at: Date;
  }>(
    `select channel, kind, alias_hash, value, added_by, created_at from contact_alias
     where contact_id = any($1::uuid[]) order by created_at, channel, alias_hash`,
    [parts],
  );
  return rows.map((row) => ({
    channel: row.channel,
    kind: row.kind,
    value:
      row.value === null
        ? undefined
        : cipher.decrypt(
            {
              tenantId,
              table: "contact_alias",
              column: "value",
              rowId: row.alias_hash.toString("hex"),
            },
            row.value,
          ),
    addedBy: row.added_by,
    since: row.created_at,
  }));
}

export async function readConsents(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  parts: readonly string[],
): Promise<readonly ConsentEntry[]> {
  const rows = await tx.query<{
    contact_id: string;
    state: ConsentEntry["state"];
    how: ConsentEntry["how"];
    channel: ChannelName | null;
    evidence: Buffer | null;
    actor: string;
    given_at: Date;
  }>(
    `select contact_id, state, how, channel, evidence, actor, given_at from contact_consent
     where contact_id = any($1::uuid[]) order by given_at desc, id desc limit 200`,
    [parts],
  );
  return rows.map((row) => ({
    state: row.state,
    how: row.how,
    channel: row.channel ?? undefined,
    evidence:
      row.evidence === null
        ? undefined
        : cipher.decrypt(evidencePlace(tenantId, row.contact_id, row.given_at), row.evidence),
    actor: row.actor,
    givenAt: row.given_at,
  }));
}

/** Where the evidence of a consent is sealed: its row has no id before it is written. */
export function evidencePlace(tenantId: TenantId, contactId: string, givenAt: Date) {
  const rowId = `${contactId}/${givenAt.toISOString()}`;
  return { tenantId, table: "contact_consent", column: "evidence", rowId };
}

async function readChats(
  tx: Transaction,
  parts: readonly string[],
): Promise<readonly ContactChat[]> {
  const rows = await tx.query<{
    id: string;
    bot_id: string;
    channel: ChannelName;
    name: string;
    last_inbound_at: Date | null;
    is_reachable: boolean;
    takes_broadcasts: boolean;
  }>(
    `select c.id, c.bot_id, b.channel, b.name, c.last_inbound_at, c.is_reachable, c.takes_broadcasts
     from conversation c join bot b on b.id = c.bot_id
     where c.contact_id = any($1::uuid[]) and c.kind = 'private'
     order by c.last_inbound_at desc nulls last, c.id limit 200`,
    [parts],
  );
  return rows.map((row) => ({
    conversationId: asId(row.id),
    botId: asId(row.bot_id),
    channel: row.channel,
    botName: row.name,
    lastSeenAt: row.last_inbound_at ?? undefined,
    isReachable: row.is_reachable,
    takesBroadcasts: row.takes_broadcasts,
  }));
}

async function readProbablySame(
  tx: Transaction,
  parts: readonly string[],
): Promise<ContactDetail["probablySame"]> {
  const rows = await tx.query<{ id: string }>(
    `select distinct coalesce(k.merged_into, k.id) as id
     from contact_alias own join contact_alias other on other.lookup_hash = own.lookup_hash
     join contact k on k.id = other.contact_id
     where own.contact_id = any($1::uuid[]) and other.contact_id <> all($1::uuid[])
     order by id limit 20`,
    [parts],
  );
  return rows.map(({ id }) => asId(id));
}
