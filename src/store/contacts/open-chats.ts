import { v7 as uuidv7 } from "uuid";
import type { ChannelName } from "../../core/channel.ts";
import type { Cipher } from "../../core/cipher.ts";
import type { AliasKind } from "../../core/contacts.ts";
import {
  asId,
  type BotId,
  type ContactId,
  type ConversationId,
  type TenantId,
} from "../../core/ids.ts";
import type { Transaction } from "../database.ts";
import { hashChat } from "../inbox.ts";
import { isUuid } from "./contact-rows.ts";
import { aliasesOf, phoneOf, sealAlias } from "./identify.ts";

interface PhoneRow {
  readonly whole: string;
  readonly wanted: string;
  readonly kind: AliasKind;
  readonly alias_hash: Buffer;
  readonly value: Buffer;
}

/**
 * A chat for each contact whose phone the bot's network writes to. One that is there already, with whomever, is that
 * one: the number is the same person's.
 */
export async function openChats(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  botId: BotId,
  contactIds: readonly ContactId[],
): Promise<ReadonlyMap<ContactId, ConversationId>> {
  const [bot] = await tx.query<{ channel: ChannelName }>(
    "select channel from bot where tenant_id = $1 and id = $2 and state <> 'removed'",
    [tenantId, botId],
  );
  const opened = new Map<ContactId, ConversationId>();
  if (bot === undefined) return opened;
  for (const { contactId, key, wholeId } of await readPhones(tx, cipher, tenantId, {
    channel: bot.channel,
    contactIds,
  })) {
    const chatHash = hashChat(cipher, botId, key);
    const place = { tenantId, table: "conversation", column: "chat", rowId: chatHash };
    const [chat] = await tx.query<{ id: string }>(
      `insert into conversation (tenant_id, id, bot_id, contact_id, kind, chat_hash, chat)
       values ($1, $2, $3, $4, 'private', $5, $6)
       on conflict (tenant_id, bot_id, chat_hash) do update set updated_at = now()
       returning id`,
      [
        tenantId,
        uuidv7(),
        botId,
        wholeId,
        Buffer.from(chatHash, "hex"),
        cipher.encrypt(place, key),
      ],
    );
    if (chat !== undefined) opened.set(contactId, asId(chat.id));
  }
  return opened;
}

/** The key of the chat that each contact's phone has on this channel; in the order of the keys' hashes. */
async function readPhones(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  { channel, contactIds }: { channel: ChannelName; contactIds: readonly ContactId[] },
) {
  if (channel !== "whatsapp-cloud" && channel !== "whatsapp-web") return [];
  const rows = await tx.query<PhoneRow>(
    `select distinct on (w.id) w.id as wanted, coalesce(k.merged_into, k.id) as whole, a.kind, a.alias_hash, a.value
     from unnest($2::uuid[]) as w (id)
     join contact k on k.id = w.id and k.tenant_id = $1
     join contact p on p.id = coalesce(k.merged_into, k.id) or p.merged_into = coalesce(k.merged_into, k.id)
     join contact_alias a on a.contact_id = p.id
     where a.kind in ('phone', 'jid') and a.value is not null
     order by w.id, a.channel = $3 desc, a.created_at`,
    [tenantId, contactIds.filter(isUuid), channel],
  );
  const phones = rows.flatMap((row) => {
    const place = {
      tenantId,
      table: "contact_alias",
      column: "value",
      rowId: row.alias_hash.toString("hex"),
    };
    const value = cipher.decrypt(place, row.value);
    const phone = phoneOf({ kind: row.kind, value });
    const alias = aliasesOf({ kind: "phone", value: phone ?? "" }).find(
      (one) => one.channel === channel,
    );
    if (alias === undefined) return [];
    const order = sealAlias(cipher, tenantId, alias).hash.toString("hex");
    return [{ contactId: asId<ContactId>(row.wanted), wholeId: row.whole, key: alias.key, order }];
  });
  return phones.sort((a, b) => (a.order < b.order ? -1 : 1));
}
