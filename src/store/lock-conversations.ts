import { v7 as uuidv7 } from "uuid";
import type { Cipher } from "../core/cipher.ts";
import type { MessageId, TenantId } from "../core/ids.ts";
import type { Arrival } from "../core/ledgers.ts";
import { identify, sealAlias } from "./contacts/identify.ts";
import { hashWords } from "./contacts/name-words.ts";
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
  const lacking = arrivals.filter((arrival) => found.get(chatOf(arrival))?.lacksContact !== false);
  if (lacking.length === 0) return found;
  const met = await meet(tx, cipher, tenantId, lacking);
  await giveContacts(tx, found, met);
  const created = met.flatMap(({ chat, id }): [string, Found][] =>
    id === null ? [] : [[chat, { id, lacksContact: false }]],
  );
  const known = new Map([...found, ...created]);
  // Somebody else created the others at the same time.
  const missed = new Set(met.map(({ chat }) => chat).filter((chat) => !known.has(chat)));
  if (missed.size === 0) return known;
  const raced = lacking.filter((arrival) => missed.has(chatOf(arrival)));
  return new Map([...known, ...(await findConversations(tx, raced))]);
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

/** A chat in which somebody wrote something that we did not know. */
interface Met {
  /** As `chatOf` names it. */
  readonly chat: string;
  /** Null: the conversation was there, or somebody else creates it at the same time. */
  readonly id: string | null;
  /** Null for a group, which belongs to nobody. */
  readonly contactId: string | null;
}

/**
 * In one statement, since a person who writes for the first time waits for each: leaves out updates that are
 * known, finds or makes the contacts of private chats by their aliases, creates the conversations that are
 * not there. An alias and its contact are stored together, and whoever comes second to an alias gets the
 * first one's contact.
 */
async function meet(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  arrivals: readonly Keyed[],
): Promise<readonly Met[]> {
  const people = arrivals.map((arrival) => toPerson(cipher, tenantId, arrival));
  const rows = await tx.query<{
    bot: string;
    chat_hash: Buffer;
    id: string | null;
    contact_id: string | null;
  }>({ name: "inbox-meet", text: MEET }, [
    tenantId,
    arrivals.map(({ bot }) => bot.botId),
    arrivals.map(({ message }) => message.updateKey),
    arrivals.map(() => uuidv7()),
    arrivals.map(({ message }) => message.chat.kind),
    arrivals.map(({ chatHash }) => Buffer.from(chatHash, "hex")),
    arrivals.map(({ chatHash, message }) =>
      cipher.encrypt(
        { tenantId, table: "conversation", column: "chat", rowId: chatHash },
        message.chat.key,
      ),
    ),
    people.map((person) => person?.id ?? null),
    people.map((person) => person?.identity ?? null),
    arrivals.map(({ bot }) => bot.channel),
    people.map((person) => person?.alias.hash ?? null),
    people.map((person) => person?.alias.kind ?? null),
    people.map((person) => person?.alias.value ?? null),
    people.map((person) => person?.alias.lookupHash ?? null),
    people.map((person) => person?.alias.nationalHash ?? null),
    people.map((person) => person?.words ?? null),
  ]);
  return rows.map((row) => ({
    chat: `${row.bot} ${row.chat_hash.toString("hex")}`,
    id: row.id,
    contactId: row.contact_id,
  }));
}

/** The contact that the sender becomes unless the alias has one; undefined in a group. */
function toPerson(cipher: Cipher, tenantId: TenantId, { bot, message }: Arrival) {
  if (message.chat.kind !== "private") return undefined;
  const id = uuidv7();
  const { key, displayName } = message.sender;
  const place = { tenantId, table: "contact", column: "identity", rowId: id };
  return {
    id,
    identity: cipher.encrypt(place, JSON.stringify({ displayName })),
    alias: sealAlias(cipher, tenantId, identify(bot.channel, key)),
    words: hashWords(cipher, tenantId, displayName)
      .map((hash) => hash.toString("hex"))
      .join(" "),
  };
}

// The update of an alias locks the one that won, so that its contact is read as committed. Aliases and
// conversations are written in the order of their hashes, so that two processes never wait for each other in
// a circle. Known updates are looked up row by row: a join would be free to read the whole inbox.
const MEET = `with arrival as (
    select * from unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::bytea[], $7::bytea[], $8::uuid[],
                         $9::bytea[], $10::text[], $11::bytea[], $12::text[], $13::bytea[], $14::bytea[],
                         $15::bytea[], $16::text[])
      as a (bot, update_key, conversation, kind, chat_hash, chat, person, identity, channel, alias,
            alias_kind, alias_value, lookup_hash, national_hash, words)
  ), fresh as materialized (
    select a.* from arrival a
    where (select i.id from inbox i where i.update_key = a.update_key and i.bot_id = a.bot limit 1) is null
  ), person as materialized (
    select distinct on (alias, channel) person as id, identity, channel, alias, alias_kind, alias_value,
           lookup_hash, national_hash, words
    from fresh where alias is not null order by alias, channel
  ), alias as (
    insert into contact_alias (tenant_id, channel, alias_hash, contact_id, kind, value, lookup_hash, national_hash)
    select $1, channel, alias, id, alias_kind, alias_value, lookup_hash, national_hash
    from person order by alias, channel
    on conflict (tenant_id, channel, alias_hash) do update set channel = excluded.channel
    returning channel, alias_hash, contact_id
  ), stored as (
    insert into contact (tenant_id, id, identity)
    select $1, p.id, p.identity from person p join alias a on a.contact_id = p.id
  ), told as (
    insert into event (tenant_id, kind, detail)
    select $1, 'contact-changed', jsonb_build_object('contactId', p.id, 'change', 'created')
    from person p join alias a on a.contact_id = p.id
  ), named as (
    insert into contact_word (tenant_id, contact_id, word_hash, origin)
    select $1, p.id, decode(word, 'hex'), 'network'
    from person p join alias a on a.contact_id = p.id
      cross join lateral string_to_table(p.words, ' ') as word
    where word <> ''
  ), met as materialized (
    select distinct on (f.chat_hash, f.bot) f.bot, f.conversation, f.kind, f.chat_hash, f.chat, a.contact_id
    from fresh f left join alias a on a.alias_hash = f.alias and a.channel = f.channel
    order by f.chat_hash, f.bot
  ), created as (
    insert into conversation as c (tenant_id, id, bot_id, contact_id, kind, chat_hash, chat)
    select $1, conversation, bot, contact_id, kind, chat_hash, chat from met order by chat_hash, bot
    on conflict (tenant_id, bot_id, chat_hash) do nothing
    returning c.id
  )
  select met.bot, met.chat_hash, met.contact_id, created.id
  from met left join created on created.id = met.conversation`;

/** Private chats that were there without a contact get theirs. */
async function giveContacts(
  tx: Transaction,
  found: ReadonlyMap<string, Found>,
  met: readonly Met[],
): Promise<void> {
  const orphans = met.flatMap(({ chat, contactId }) => {
    const conversation = found.get(chat);
    return conversation === undefined || contactId === null
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
