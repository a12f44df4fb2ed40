import type { Cipher } from "../core/cipher.ts";
import type { CitizenData } from "../core/citizen-data.ts";
import type { TenantId } from "../core/ids.ts";
import { listParts } from "./contacts/contact-rows.ts";
import { readAliases, readConsents } from "./contacts/read-contact.ts";
import type { Database, Transaction } from "./database.ts";
import { exportJudgements } from "./feedback/list-feedback.ts";
import { listSubscriptions } from "./subscriptions/subscription-rows.ts";

/** Reads what is kept of the person behind a conversation, on every bot of the tenant, in the clear. */
export function createCitizenData(database: Database, cipher: Cipher): CitizenData {
  return {
    export: (tenantId, conversationId) =>
      database.asTenant(tenantId, async (tx) => {
        const [chat] = await tx.query<{ whole: string | null }>(
          `select coalesce(k.merged_into, k.id) as whole
           from conversation c left join contact k on k.id = c.contact_id
           where c.id = $1 and c.kind = 'private'`,
          [conversationId],
        );
        const contacts = chat?.whole ? await listParts(tx, chat.whole) : [];
        return exportCitizen(tx, cipher, tenantId, { conversationId, contacts });
      }),
  };
}

/** Of the contact `contacts[0]` and of those that are part of it; or of a conversation whose contact is gone. */
export async function exportCitizen(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  who: { readonly conversationId: string | undefined; readonly contacts: readonly string[] },
): Promise<unknown> {
  const conversations = await tx.query<{
    id: string;
    memory: Buffer | null;
    created_at: Date;
    channel: string;
    takes_broadcasts: boolean;
    broadcasts_chosen_at: Date | null;
  }>(
    `select c.id, c.memory, c.created_at, b.channel, c.takes_broadcasts, c.broadcasts_chosen_at
     from conversation c join bot b on b.tenant_id = c.tenant_id and b.id = c.bot_id
     where c.kind = 'private' and (c.id = $1 or c.contact_id = any($2::uuid[]))
     order by c.created_at`,
    [who.conversationId ?? null, who.contacts],
  );
  const exported = [];
  for (const conversation of conversations) {
    const { id, memory } = conversation;
    exported.push({
      channel: conversation.channel,
      since: conversation.created_at,
      broadcasts: {
        areTaken: conversation.takes_broadcasts,
        chosenAt: conversation.broadcasts_chosen_at ?? undefined,
      },
      preferences: memory && open(cipher, tenantId, "conversation", "memory", id, memory),
      received: await readReceived(tx, cipher, tenantId, id),
      turns: await readTurns(tx, cipher, tenantId, id),
      judgements: await exportJudgements(tx, cipher, tenantId, id),
      subscriptions: await listSubscriptions(tx, cipher, tenantId, id),
    });
  }
  return {
    exportedAt: new Date(),
    contact: await readContact(tx, cipher, tenantId, who.contacts),
    conversations: exported,
  };
}

function open(
  cipher: Cipher,
  tenantId: TenantId,
  table: string,
  column: string,
  rowId: string,
  envelope: Buffer,
): unknown {
  return JSON.parse(cipher.decrypt({ tenantId, table, column, rowId }, envelope));
}

async function readContact(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  contacts: readonly string[],
): Promise<unknown> {
  const rows = await tx.query<{
    id: string;
    identity: Buffer | null;
    profile: Buffer | null;
    created_at: Date;
  }>(
    "select id, identity, profile, created_at from contact where id = any($1::uuid[]) order by created_at, id",
    [contacts],
  );
  const [first] = rows;
  if (first === undefined) return undefined;
  const openOf = (column: "identity" | "profile") =>
    rows.flatMap((row) => {
      const sealed = row[column];
      return sealed === null ? [] : [open(cipher, tenantId, "contact", column, row.id, sealed)];
    });
  const tags = await tx.query<{ tag: string }>(
    "select distinct tag from contact_tag where contact_id = any($1::uuid[]) order by tag",
    [contacts],
  );
  return {
    since: first.created_at,
    identity: openOf("identity")[0],
    profiles: openOf("profile"),
    aliases: await readAliases(tx, cipher, tenantId, contacts),
    tags: tags.map(({ tag }) => tag),
    consents: await readConsents(tx, cipher, tenantId, contacts),
  };
}

async function readReceived(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  conversationId: string,
): Promise<unknown[]> {
  const rows = await tx.query<{ id: string; message: Buffer; received_at: Date }>(
    "select id, message, received_at from inbox where conversation_id = $1 and message is not null order by position",
    [conversationId],
  );
  return rows.map((row) => ({
    receivedAt: row.received_at,
    message: open(cipher, tenantId, "inbox", "message", row.id, row.message),
  }));
}

async function readTurns(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  conversationId: string,
): Promise<unknown[]> {
  const rows = await tx.query<{
    message_id: string;
    speaker: string;
    content: Buffer;
    said_at: Date;
  }>(
    "select coalesce(message_id, desk_message_id) as message_id, speaker, content, said_at from turn where conversation_id = $1 order by id",
    [conversationId],
  );
  return rows.map((row) => ({
    speaker: row.speaker,
    saidAt: row.said_at,
    said: open(
      cipher,
      tenantId,
      "turn",
      "content",
      `${row.message_id} ${row.speaker}`,
      row.content,
    ),
  }));
}
