import { v7 as uuidv7 } from "uuid";
import type { Cipher } from "../core/cipher.ts";
import type { MessageId, TenantId } from "../core/ids.ts";
import type { Arrival } from "../core/ledgers.ts";
import type { Transaction } from "./database.ts";

/** An arrival with its look-up hash and the id that it gets if it is not a duplicate. */
export interface Keyed extends Arrival {
  readonly messageId: MessageId;
  /** Hex; also the row id under which the chat's key is encrypted. */
  readonly chatHash: string;
}

export interface Found {
  readonly id: string;
  /** A private chat whose contact was erased: who writes there again is a new contact. */
  readonly lacksContact: boolean;
}

/** Key of a chat among the arrivals of one tenant. */
export const chatOf = (arrival: Keyed) => `${arrival.bot.botId} ${arrival.chatHash}`;
/** Key of an update among the arrivals of one tenant. */
export const updateOf = ({ bot, message }: Arrival) => `${bot.botId} ${message.updateKey}`;

/**
 * Locks the conversations of the arrivals, in the order of their ids so that two processes never wait
 * for each other in a circle, creating those that are not there. A repeated update creates nothing: the
 * replay of an erased message must not bring its sender back. Returns `bot chatHash` → conversation.
 */
export async function lockConversations(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  arrivals: readonly Keyed[],
): Promise<ReadonlyMap<string, Found>> {
  const found = await findConversations(tx, arrivals);
  const isWhole = (arrival: Keyed) => found.get(chatOf(arrival))?.lacksContact === false;
  const lacking = arrivals.filter((arrival) => !isWhole(arrival));
  if (lacking.length === 0) return found;
  const known = await findKnownUpdates(tx, lacking);
  const fresh = lacking.filter((arrival) => !known.has(updateOf(arrival)));
  const chats = [...new Map(fresh.map((arrival) => [chatOf(arrival), arrival])).values()];
  if (chats.length === 0) return found;
  const contacts = await ensureContacts(tx, cipher, tenantId, chats);
  const absent = chats.filter((arrival) => !found.has(chatOf(arrival)));
  const created = await createConversations(tx, cipher, tenantId, absent, contacts);
  await giveContacts(tx, found, chats, contacts);
  // Somebody else created the others at the same time.
  const raced = absent.filter((arrival) => !created.has(chatOf(arrival)));
  const others = raced.length === 0 ? [] : await findConversations(tx, raced);
  return new Map([...found, ...created, ...others]);
}

async function findKnownUpdates(
  tx: Transaction,
  arrivals: readonly Arrival[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ bot_id: string; update_key: string }>(
    {
      name: "inbox-find-known",
      text: `select i.bot_id, i.update_key
             from unnest($1::uuid[], $2::text[]) as wanted (bot_id, update_key)
             join inbox i on i.update_key = wanted.update_key and i.bot_id = wanted.bot_id`,
    },
    [arrivals.map(({ bot }) => bot.botId), arrivals.map(({ message }) => message.updateKey)],
  );
  return new Set(rows.map((row) => `${row.bot_id} ${row.update_key}`));
}

async function findConversations(
  tx: Transaction,
  arrivals: readonly Keyed[],
): Promise<Map<string, Found>> {
  const rows = await tx.query<FoundRow>(
    {
      name: "inbox-find-conversations",
      text: `select c.id, c.bot_id, c.chat_hash, c.kind = 'private' and c.contact_id is null as lacks_contact
             from conversation c
             where (c.chat_hash, c.bot_id) in (
               select h, b from unnest($1::uuid[], $2::bytea[]) as wanted (b, h))
             order by c.id
             for no key update`,
    },
    [
      arrivals.map((arrival) => arrival.bot.botId),
      // As bytes, not decoded in SQL: a function that is not leakproof keeps row security from using the index.
      arrivals.map((arrival) => Buffer.from(arrival.chatHash, "hex")),
    ],
  );
  return toFound(rows);
}

/**
 * The contacts of the private chats among these, found or made by their aliases, in one statement: an alias
 * and its contact are stored together, and whoever comes second to an alias gets the first one's contact.
 * Returns `channel aliasHash` → contact id.
 */
async function ensureContacts(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  chats: readonly Keyed[],
): Promise<Contacts> {
  const aliasOf = (arrival: Arrival) => {
    const { bot, message } = arrival;
    return cipher.hash("alias", `${tenantId} ${bot.channel} ${message.sender.key}`);
  };
  const wanted = new Map<string, { readonly arrival: Keyed; readonly alias: Buffer }>();
  const aliasKeys = new Map<Keyed, string>();
  for (const arrival of chats) {
    if (arrival.message.chat.kind !== "private") continue;
    const alias = aliasOf(arrival);
    const key = `${arrival.bot.channel} ${alias.toString("hex")}`;
    aliasKeys.set(arrival, key);
    wanted.set(key, { arrival, alias });
  }
  if (wanted.size === 0) return () => undefined;
  const people = [...wanted.values()].map(({ arrival, alias }) => {
    const id = uuidv7();
    const context = { tenantId, table: "contact", column: "identity", rowId: id };
    const { displayName } = arrival.message.sender;
    const identity = cipher.encrypt(context, JSON.stringify({ displayName }));
    return { id, identity, channel: arrival.bot.channel, alias };
  });
  const rows = await tx.query<{ channel: string; alias_hash: Buffer; contact_id: string }>(
    {
      name: "inbox-ensure-contacts",
      // The update locks the alias that won, so that its contact is read as committed; in the order of the
      // hashes, so that two processes never wait for each other in a circle.
      text: `with person as (
               select * from unnest($2::uuid[], $3::bytea[], $4::text[], $5::bytea[])
                 as p (id, identity, channel, alias)
             ), alias as (
               insert into contact_alias (tenant_id, channel, alias_hash, contact_id)
               select $1, channel, alias, id from person order by alias, channel
               on conflict (tenant_id, channel, alias_hash) do update set channel = excluded.channel
               returning channel, alias_hash, contact_id
             ), stored as (
               insert into contact (tenant_id, id, identity)
               select $1, p.id, p.identity from person p join alias a on a.contact_id = p.id
             )
             select channel, alias_hash, contact_id from alias`,
    },
    [
      tenantId,
      people.map((person) => person.id),
      people.map((person) => person.identity),
      people.map((person) => person.channel),
      people.map((person) => person.alias),
    ],
  );
  const ids = new Map(
    rows.map((row) => [`${row.channel} ${row.alias_hash.toString("hex")}`, row.contact_id]),
  );
  return (arrival) => ids.get(aliasKeys.get(arrival) ?? "");
}

/** The contact of an arrival's chat; undefined for a group, which belongs to nobody. */
type Contacts = (arrival: Keyed) => string | undefined;

/** In one statement; returns those that nobody else created at the same time. */
async function createConversations(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  absent: readonly Keyed[],
  contacts: Contacts,
): Promise<ReadonlyMap<string, Found>> {
  if (absent.length === 0) return new Map();
  const rows = await tx.query<FoundRow>(
    {
      name: "inbox-create-conversations",
      text: `insert into conversation as c (tenant_id, id, bot_id, contact_id, kind, chat_hash, chat)
             select $1, * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bytea[], $7::bytea[])
               as wanted (id, bot, contact, kind, chat_hash, chat)
             order by chat_hash, bot
             on conflict (tenant_id, bot_id, chat_hash) do nothing
             returning c.id, c.bot_id, c.chat_hash, false as lacks_contact`,
    },
    [
      tenantId,
      absent.map(() => uuidv7()),
      absent.map(({ bot }) => bot.botId),
      absent.map((arrival) => contacts(arrival) ?? null),
      absent.map(({ message }) => message.chat.kind),
      absent.map(({ chatHash }) => Buffer.from(chatHash, "hex")),
      absent.map(({ chatHash, message }) =>
        cipher.encrypt(
          { tenantId, table: "conversation", column: "chat", rowId: chatHash },
          message.chat.key,
        ),
      ),
    ],
  );
  return toFound(rows);
}

/** Private chats that were there without a contact get theirs. */
async function giveContacts(
  tx: Transaction,
  found: ReadonlyMap<string, Found>,
  chats: readonly Keyed[],
  contacts: Contacts,
): Promise<void> {
  const orphans = chats.flatMap((arrival) => {
    const conversation = found.get(chatOf(arrival));
    const contactId = contacts(arrival);
    return conversation === undefined || contactId === undefined
      ? []
      : [{ id: conversation.id, contactId }];
  });
  if (orphans.length === 0) return;
  await tx.query(
    {
      name: "inbox-give-contacts",
      text: `update conversation c set contact_id = wanted.contact
             from unnest($1::uuid[], $2::uuid[]) as wanted (id, contact) where c.id = wanted.id`,
    },
    [orphans.map(({ id }) => id), orphans.map(({ contactId }) => contactId)],
  );
}

interface FoundRow {
  readonly id: string;
  readonly bot_id: string;
  readonly chat_hash: Buffer;
  readonly lacks_contact: boolean;
}

function toFound(rows: readonly FoundRow[]): Map<string, Found> {
  return new Map(
    rows.map((row) => [
      `${row.bot_id} ${row.chat_hash.toString("hex")}`,
      { id: row.id, lacksContact: row.lacks_contact },
    ]),
  );
}
