import type { Cipher } from "../../core/cipher.ts";
import type { TenantId } from "../../core/ids.ts";
import type { IncomingMessage } from "../../core/message.ts";
import type { Transaction } from "../database.ts";
import { forgetDesk } from "../desk/ask-for-person.ts";
import { forgetJudgements } from "../feedback/forget-judgements.ts";
import { findWhole, listParts } from "./contact-rows.ts";
import { tellContact } from "./tell-contact.ts";

/** SQL for a hash of nothing: a row whose look-up key was erased is found by nobody. */
export const RANDOM_HASH = "decode(replace(gen_random_uuid()::text, '-', ''), 'hex')";

/** Whom to erase: a contact, or whoever is behind a conversation that has none. */
export interface Erasure {
  readonly contactId: string | undefined;
  /**
   * The message by which the person asked for it. What came after it is a new beginning, and its chat's key stays
   * until the farewell is sent (`outbox-settle`). Undefined: somebody else asked, and nothing stays.
   */
  readonly request: { readonly messageId: string; readonly conversationId: string } | undefined;
  readonly actor: string;
}

/**
 * Erases what is kept of a person: every private conversation of the contact and of those that are part of it, on
 * every bot of the tenant. The update keys stay, without content, so that a replay of an old message is still a
 * duplicate. An answer that another process prepares meanwhile is fenced out.
 */
export async function eraseCitizen(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  { contactId, request, actor }: Erasure,
): Promise<void> {
  const whole = contactId && (await findWhole(tx, tenantId, contactId));
  const contacts = whole ? await listParts(tx, whole) : [];
  const conversations = await tx.query<{ id: string }>(
    `select id from conversation
     where tenant_id = $1 and kind = 'private' and (id = $2 or contact_id = any($3::uuid[]))
     order by id for no key update`,
    [tenantId, request?.conversationId ?? null, contacts],
  );
  const ids = conversations.map(({ id }) => id);
  await eraseFiles(tx, cipher, tenantId, ids, request?.messageId);
  await eraseWords(tx, tenantId, ids, request?.messageId);
  await forgetDesk(tx, tenantId, ids);
  await forgetJudgements(tx, tenantId, ids, contacts);
  await forgetChats(tx, tenantId, ids, request);
  if (whole === undefined || whole === "") return;
  await tx.query("delete from contact where tenant_id = $1 and id = any($2::uuid[])", [
    tenantId,
    contacts,
  ]);
  await tx.query(
    "insert into audit (tenant_id, actor, action, subject) values ($1, $3, 'contact-erased', $2)",
    [tenantId, whole, actor],
  );
  await tellContact(tx, tenantId, whole, "erased");
}

/** Files that wait for their turn are known by the messages that name them. */
async function eraseFiles(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  ids: readonly string[],
  keptId: string | undefined,
): Promise<void> {
  // None is kept for longer than two days.
  const rows = await tx.query<{ id: string; message: Buffer }>(
    `select id, message from inbox
     where tenant_id = $1 and conversation_id = any($2::uuid[]) and message is not null
       and received_at > now() - interval '3 days' and ($3::uuid is null or id <> $3)`,
    [tenantId, ids, keptId ?? null],
  );
  const keys = rows.flatMap(({ id, message }) => {
    const place = { tenantId, table: "inbox", column: "message", rowId: id };
    const { content } = JSON.parse(cipher.decrypt(place, message)) as IncomingMessage;
    return content.kind === "media" && content.fileKey !== undefined ? [content.fileKey] : [];
  });
  await tx.query("delete from media_file where tenant_id = $1 and id::text = any($2::text[])", [
    tenantId,
    keys,
  ]);
}

async function eraseWords(
  tx: Transaction,
  tenantId: TenantId,
  ids: readonly string[],
  keptId: string | undefined,
): Promise<void> {
  const values = [tenantId, ids, keptId ?? null];
  await tx.query("delete from turn where tenant_id = $1 and conversation_id = any($2)", [
    tenantId,
    ids,
  ]);
  await tx.query(
    `update inbox set message = null, dead_reason = null,
            state = case when state = 'pending' and ($3::uuid is null or id <> $3) then 'answered' else state end
     where tenant_id = $1 and conversation_id = any($2)
       and ($3::uuid is null or position <= (select position from inbox where tenant_id = $1 and id = $3))`,
    values,
  );
  await tx.query(
    `update outbox set part = null, reason = 'erased',
            state = case when state in ('queued', 'unknown') then 'failed' else state end
     where tenant_id = $1 and conversation_id = any($2)
       and ($3::uuid is null or message_id is distinct from $3)`,
    values,
  );
  await tx.query("delete from web_chat_entry where tenant_id = $1 and conversation_id = any($2)", [
    tenantId,
    ids,
  ]);
}

async function forgetChats(
  tx: Transaction,
  tenantId: TenantId,
  ids: readonly string[],
  request: Erasure["request"],
): Promise<void> {
  // By the hashes of the chats, which are forgotten next.
  await tx.query(
    `delete from chat_mark m using conversation c
     where c.tenant_id = $1 and c.id = any($2) and m.chat_hash = c.chat_hash and m.bot_id = c.bot_id`,
    [tenantId, ids],
  );
  await tx.query(
    `update conversation c
     set memory = null, takes_broadcasts = true, broadcasts_chosen_at = null,
         lease_token = lease_token + case when c.id is not distinct from $4::uuid then 0 else 1 end,
         lease_owner = case when c.id is not distinct from $4::uuid then lease_owner end,
         lease_expires_at = case when c.id is not distinct from $4::uuid then lease_expires_at end,
         due_at = (select i.not_before from inbox i
                   where i.conversation_id = c.id and i.state = 'pending' and ($3::uuid is null or i.id <> $3)
                   order by i.position limit 1),
         chat = case when kept.chat then c.chat else '' end,
         chat_hash = case when kept.chat then c.chat_hash else ${RANDOM_HASH} end
     from (select held.id, held.id is not distinct from $4::uuid or exists (
                    select 1 from inbox i where i.conversation_id = held.id and i.state = 'pending'
                  ) as chat
           from unnest($2::uuid[]) as held (id)) kept
     where c.id = kept.id and c.tenant_id = $1`,
    [tenantId, ids, request?.messageId ?? null, request?.conversationId ?? null],
  );
}
