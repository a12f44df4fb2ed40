import type { Citation } from "../../src/core/answer.ts";
import type { BotAccount } from "../../src/core/channel.ts";
import type { Cipher } from "../../src/core/cipher.ts";
import { asId, type TenantId } from "../../src/core/ids.ts";
import { identify, sealAlias } from "../../src/store/contacts/identify.ts";
import { hashWords } from "../../src/store/contacts/name-words.ts";
import type { Database, Transaction } from "../../src/store/database.ts";
import { hashChat } from "../../src/store/inbox.ts";
import { createRandom, type Random } from "./random.ts";

export interface SeedOptions {
  readonly tenantId: TenantId;
  /** Conversations are spread over them. */
  readonly bots: readonly [BotAccount, ...BotAccount[]];
  /** Each is one contact's. */
  readonly conversations: number;
  /** Questions and answers of each, on average. */
  readonly exchanges: number;
  /** The same gives the same people and talks; what is sealed differs, for its nonces are random. */
  readonly seed: number;
  readonly now: Date;
  readonly onProgress: (conversations: number) => void;
}

const BATCH = 500;
const DAY_MS = 86_400_000;
const DAYS = 180;
const NAMES = [
  "Ana",
  "José",
  "María",
  "Luis",
  "Carmen",
  "Juan",
  "Sofía",
  "Carlos",
  "Lucía",
  "Diego",
] as const;
const SURNAMES = [
  "Mora",
  "Núñez",
  "Rojas",
  "Vargas",
  "Solano",
  "Quesada",
  "Araya",
  "Chaves",
] as const;
const TAGS = ["prensa", "vip", "abogado", "municipalidad", "proveedor", "jubilado"] as const;
const QUESTIONS = [
  "¿Qué publicó hoy La Gaceta sobre licitaciones?",
  "¿Cuándo vence el plazo del remate del expediente?",
  "¿Hay un decreto nuevo sobre el salario mínimo?",
  "Busco el edicto de la sucesión de mi abuela",
] as const;

/** A tenant with people, talks and what was sent to them, as months of use leave them. */
export async function seedTenant(
  database: Database,
  cipher: Cipher,
  options: SeedOptions,
): Promise<{ readonly messages: number }> {
  const random = createRandom(options.seed);
  let messages = 0;
  for (let start = 0; start < options.conversations; start += BATCH) {
    const count = Math.min(BATCH, options.conversations - start);
    const people = Array.from({ length: count }, (_, index) =>
      makePerson(random, cipher, options, start + index),
    );
    const talks = people.flatMap((person) => makeTalk(random, cipher, options, person));
    messages += talks.length * 2;
    await database.asTenant(options.tenantId, async (tx) => {
      await insertPeople(tx, options.tenantId, people);
      await insertTalks(tx, options.tenantId, talks);
    });
    options.onProgress(start + count);
  }
  return { messages };
}

type Person = ReturnType<typeof makePerson>;
type Exchange = ReturnType<typeof makeExchange>;

function makePerson(random: Random, cipher: Cipher, options: SeedOptions, number: number) {
  const { tenantId, bots, conversations, now } = options;
  const bot = bots[number % bots.length] ?? bots[0];
  const sinceMs = now.getTime() - DAYS * DAY_MS * (1 - number / conversations);
  const id = random.uuid(sinceMs);
  const conversationId = random.uuid(sinceMs);
  const key = keyOf(bot, number);
  const displayName = `${random.pick(NAMES)} ${random.pick(SURNAMES)} ${number}`;
  const chatHash = hashChat(cipher, bot.botId, key);
  const seal = (table: string, column: string, rowId: string, text: string) =>
    cipher.encrypt({ tenantId, table, column, rowId }, text);
  const lastMs = sinceMs + random.next() * (now.getTime() - sinceMs);
  const consent = random.next() < 0.3 ? "granted" : random.next() < 0.05 ? "refused" : "unknown";
  return {
    number,
    bot,
    id,
    conversationId,
    key,
    displayName,
    consent,
    isBlocked: random.next() < 0.005,
    tags: random.next() < 0.25 ? [random.pick(TAGS)] : [],
    hasNote: random.next() < 0.05,
    deskState: random.next() < 0.01 ? "waiting-for-person" : "open",
    since: new Date(sinceMs),
    last: new Date(lastMs),
    chatHash: Buffer.from(chatHash, "hex"),
    chat: seal("conversation", "chat", chatHash, key),
    memory: seal("conversation", "memory", conversationId, MEMORY),
    identity: seal("contact", "identity", id, JSON.stringify({ displayName })),
    alias: sealAlias(cipher, tenantId, identify(bot.channel, key)),
    words: hashWords(cipher, tenantId, displayName),
  };
}

const MEMORY = JSON.stringify({
  language: "es",
  languageIsChosen: false,
  disclaimerGiven: true,
  answeredMessageIds: [],
});

/** What the network calls the person. */
function keyOf({ channel }: BotAccount, number: number): string {
  if (channel === "telegram") return String(100_000_000 + number);
  if (channel === "web-chat") return `visitor-${number.toString(36).padStart(12, "0")}`;
  const phone = `506${60_000_000 + number}`;
  return channel === "whatsapp-web" ? `${phone}@c.us` : phone;
}

function makeTalk(
  random: Random,
  cipher: Cipher,
  options: SeedOptions,
  person: Person,
): readonly Exchange[] {
  const count = Math.max(1, Math.round(options.exchanges * (0.5 + random.next())));
  const spanMs = person.last.getTime() - person.since.getTime();
  return Array.from({ length: count }, (_, index) => {
    const atMs = person.since.getTime() + (spanMs * (index + 1)) / count;
    return makeExchange(random, cipher, options, person, atMs, index);
  });
}

function makeExchange(
  random: Random,
  cipher: Cipher,
  { tenantId }: SeedOptions,
  person: Person,
  atMs: number,
  index: number,
) {
  const id = random.uuid(atMs);
  const text = random.pick(QUESTIONS);
  const at = new Date(atMs);
  const seal = (table: string, column: string, rowId: string, value: unknown) =>
    cipher.encrypt({ tenantId, table, column, rowId }, JSON.stringify(value));
  const message = {
    updateKey: `${person.number}-${index}`,
    chat: { key: person.key, kind: "private" },
    sender: { key: person.key, displayName: person.displayName },
    sentAt: at.toISOString(),
    isAddressed: true,
    content: { kind: "text", text },
  };
  const turn = (speaker: string, said: string, citations: readonly unknown[]) =>
    seal("turn", "content", `${id} ${speaker}`, { text: said, citations });
  return {
    person,
    id,
    outboxId: random.uuid(atMs + 1),
    updateKey: message.updateKey,
    at,
    later: new Date(atMs + 2_000),
    message: seal("inbox", "message", id, message),
    question: turn("citizen", text, []),
    answer: turn("assistant", "Según La Gaceta n.º 220 [1], el plazo vence el viernes.", [
      CITATION,
    ]),
  };
}

const CITATION: Citation = {
  number: 1,
  passageId: asId("1"),
  editionId: asId("00000000-0000-4000-8000-000000000220"),
  source: "la-gaceta",
  edition: "La Gaceta n.º 220",
  date: "2014-11-14",
  page: 10,
  printedPage: "21",
  quote: "El plazo vence el viernes.",
  // Its edition is not there to be opened.
  url: "",
};

async function insertPeople(
  tx: Transaction,
  tenantId: TenantId,
  people: readonly Person[],
): Promise<void> {
  const of = <Value>(read: (person: Person) => Value) => people.map(read);
  await tx.query(
    `insert into contact (tenant_id, id, identity, consent, blocked_at, created_at, updated_at)
     select $1, id, identity, consent, case when blocked then since end, since, since
     from unnest($2::uuid[], $3::bytea[], $4::text[], $5::boolean[], $6::timestamptz[])
       as w (id, identity, consent, blocked, since)`,
    [
      tenantId,
      of(({ id }) => id),
      of(({ identity }) => identity),
      of(({ consent }) => consent),
      of(({ isBlocked }) => isBlocked),
      of(({ since }) => since),
    ],
  );
  await tx.query(
    `insert into contact_alias (tenant_id, channel, alias_hash, contact_id, kind, value, lookup_hash, national_hash)
     select $1, * from unnest($2::text[], $3::bytea[], $4::uuid[], $5::text[], $6::bytea[], $7::bytea[], $8::bytea[])`,
    [
      tenantId,
      of(({ alias }) => alias.channel),
      of(({ alias }) => alias.hash),
      of(({ id }) => id),
      of(({ alias }) => alias.kind),
      of(({ alias }) => alias.value),
      of(({ alias }) => alias.lookupHash),
      of(({ alias }) => alias.nationalHash),
    ],
  );
  const words = people.flatMap(({ id, words: hashes }) => hashes.map((hash) => ({ id, hash })));
  await tx.query(
    `insert into contact_word (tenant_id, contact_id, word_hash, origin)
     select $1, id, hash, 'network' from unnest($2::uuid[], $3::bytea[]) as w (id, hash)`,
    [tenantId, words.map(({ id }) => id), words.map(({ hash }) => hash)],
  );
  const tags = people.flatMap(({ id, tags: own }) => own.map((tag) => ({ id, tag })));
  await tx.query(
    "insert into contact_tag (tenant_id, contact_id, tag) select $1, * from unnest($2::uuid[], $3::text[])",
    [tenantId, tags.map(({ id }) => id), tags.map(({ tag }) => tag)],
  );
  const said = people.filter(({ consent }) => consent !== "unknown");
  await tx.query(
    `insert into contact_consent (tenant_id, contact_id, state, how, actor, given_at)
     select $1, id, state, 'message', 'citizen', at
     from unnest($2::uuid[], $3::text[], $4::timestamptz[]) as w (id, state, at)`,
    [
      tenantId,
      said.map(({ id }) => id),
      said.map(({ consent }) => consent),
      said.map(({ last }) => last),
    ],
  );
  await tx.query(
    `insert into conversation (tenant_id, id, bot_id, contact_id, kind, chat_hash, chat, memory, takes_broadcasts,
       created_at, updated_at, last_inbound_at, last_message_at, heard_at, desk_state)
     select $1, id, bot, contact, 'private', chat_hash, chat, memory, takes, since, last, last, last, last, state
     from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bytea[], $6::bytea[], $7::bytea[], $8::boolean[],
                 $9::timestamptz[], $10::timestamptz[], $11::text[])
       as w (id, bot, contact, chat_hash, chat, memory, takes, since, last, state)`,
    [
      tenantId,
      of(({ conversationId }) => conversationId),
      of(({ bot }) => bot.botId),
      of(({ id }) => id),
      of(({ chatHash }) => chatHash),
      of(({ chat }) => chat),
      of(({ memory }) => memory),
      of(({ consent }) => consent !== "refused"),
      of(({ since }) => since),
      of(({ last }) => last),
      of(({ deskState }) => deskState),
    ],
  );
}

async function insertTalks(
  tx: Transaction,
  tenantId: TenantId,
  talks: readonly Exchange[],
): Promise<void> {
  const of = <Value>(read: (exchange: Exchange) => Value) => talks.map(read);
  const ids = of(({ id }) => id);
  const conversations = of(({ person }) => person.conversationId);
  const bots = of(({ person }) => person.bot.botId);
  const at = of((exchange) => exchange.at);
  const later = of((exchange) => exchange.later);
  await tx.query(
    `insert into inbox (tenant_id, id, bot_id, conversation_id, update_key, message, state, attempts, received_at,
       answered_at, not_before)
     select $1, id, bot, conversation, key, message, 'answered', 1, at, later, at
     from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bytea[], $7::timestamptz[], $8::timestamptz[])
       as w (id, bot, conversation, key, message, at, later)`,
    [
      tenantId,
      ids,
      bots,
      conversations,
      of(({ updateKey }) => updateKey),
      of(({ message }) => message),
      at,
      later,
    ],
  );
  for (const [speaker, contents, times] of [
    ["citizen", of(({ question }) => question), at],
    ["assistant", of(({ answer }) => answer), later],
  ] as const) {
    await tx.query(
      `insert into turn (tenant_id, conversation_id, message_id, speaker, content, said_at)
       select $1, conversation, message, $6, content, at
       from unnest($2::uuid[], $3::uuid[], $4::bytea[], $5::timestamptz[]) as w (conversation, message, content, at)`,
      [tenantId, conversations, ids, contents, times, speaker],
    );
  }
  await tx.query(
    `insert into outbox (tenant_id, id, bot_id, conversation_id, message_id, state, attempts, created_at, not_before,
       attempted_at, settled_at, network_message_id, delivery, delivered_at)
     select $1, id, bot, conversation, message, 'sent', 1, at, at, at, at, 'n' || id, 'delivered', at
     from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::timestamptz[])
       as w (id, bot, conversation, message, at)`,
    [tenantId, of(({ outboxId }) => outboxId), bots, conversations, ids, later],
  );
  await tx.query(
    `insert into passport_event (tenant_id, message_id, kind, detail, happened_at)
     select $1, message, kind, '{}', at
     from unnest($2::uuid[], $3::timestamptz[]) as w (message, at)
     cross join unnest(array['received', 'answered', 'sent']) as kind`,
    [tenantId, ids, at],
  );
  await tx.query(
    `insert into audit (tenant_id, actor, action, subject, happened_at)
     select $1, 'person:seed', 'contact-changed', id::text, at
     from unnest($2::uuid[], $3::timestamptz[]) with ordinality as w (id, at, n) where n % 10 = 0`,
    [tenantId, conversations, at],
  );
}
