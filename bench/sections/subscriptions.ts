import { randomBytes, randomUUID } from "node:crypto";
import type { Cipher } from "../../src/core/cipher.ts";
import { systemClock } from "../../src/core/clock.ts";
import type { ActDraft } from "../../src/core/gazette-store.ts";
import { asId, type TenantId } from "../../src/core/ids.ts";
import { type Logger, silentLogger } from "../../src/core/logger.ts";
import { noMetrics } from "../../src/core/metrics.ts";
import type { AlertTopic, Stemmer } from "../../src/core/subscriptions.ts";
import { chooseKeys } from "../../src/newsroom/alerts/choose-keys.ts";
import { createEditionMatching } from "../../src/newsroom/alerts/match-editions.ts";
import type { Database } from "../../src/store/database.ts";
import { createGazetteStore } from "../../src/store/gazette-store.ts";
import { openCipher } from "../../src/store/key-rotation/open-cipher.ts";
import { openServer } from "../../src/store/open-server.ts";
import { createAlertLedger } from "../../src/store/subscriptions/alert-ledger.ts";
import { createEditionTexts } from "../../src/store/subscriptions/edition-texts.ts";
import { createStemmer } from "../../src/store/subscriptions/stemmer.ts";
import { hashTopicKey } from "../../src/store/subscriptions/subscription-rows.ts";
import { startPostgres, type TestDatabase } from "../../test/services/harness/postgres.ts";
import type { Figure } from "../figure.ts";
import { createRandom } from "../seed/random.ts";

const SUBSCRIPTIONS = Number(process.env.BENCH_SUBSCRIPTIONS ?? 1_000_000);
const PER_PERSON = 20;
const BATCH = 5_000;
const ACTS = 300;
const WORDS_PER_ACT = 800;
const VOCABULARY = 60_000;
/** Topics that many people follow, and that gazettes speak of. */
const POPULAR = 400;
/** Different ones: more people have the same. */
const TOPICS = 10_000;
/** Subscriptions that the peer is measured over. */
const SAMPLE = 5_000;

/**
 * One edition of 300 acts against 1,000,000 sealed subscriptions of one tenant on PostgreSQL, beside what the database
 * does by itself over a sample of the same, unsealed: `tsquery @@ tsvector`.
 */
export async function measureSubscriptions(): Promise<readonly Figure[]> {
  const postgres = await startPostgres({ settings: { shared_buffers: "256MB" } });
  const stops: (() => Promise<unknown>)[] = [() => postgres.stop()];
  try {
    const testDatabase = await postgres.createDatabase();
    const database = openServer({ url: testDatabase.url, maxConnections: 2 });
    stops.push(() => database.close());
    const { cipher } = await openCipher(database, [randomBytes(32)], new Date());
    const stemmer = createStemmer(database);
    const language = createLanguage();
    const topics = Array.from({ length: Math.min(SUBSCRIPTIONS, TOPICS) }, () => language.topic());
    const tenantId = await addPeople(testDatabase, Math.ceil(SUBSCRIPTIONS / PER_PERSON));
    await addSubscriptions({ database, cipher, stemmer, tenantId }, topics);
    await testDatabase.query("analyze");
    const acts = Array.from({ length: ACTS }, (_, number) => language.act(number));
    await addEdition(database, acts);
    const ours = await timeMatching({ database, cipher, stemmer });
    const theirs = await timeDatabase(testDatabase, acts, topics.slice(0, SAMPLE));
    const [matched] = await testDatabase.query<{ acts: number; people: number }>(
      "select count(*)::int as acts, count(distinct subscription_id)::int as people from alert",
    );
    const size = `${SUBSCRIPTIONS.toLocaleString("en")} subscriptions against ${ACTS} acts`;
    return [
      {
        figure: size,
        value: ours.seconds,
        unit: "s",
        target: { atMost: 60 },
        note: `${matched?.people} subscriptions matched ${matched?.acts} times; sealed, looked up by keyed hashes, written to the ledger`,
      },
      {
        figure: "subscriptions matched per second",
        value: SUBSCRIPTIONS / ours.seconds,
        unit: "subscriptions/s",
        peer: {
          name: `tsquery @@ tsvector over ${Math.min(SAMPLE, topics.length)}`,
          value: theirs,
        },
        target: { atLeast: 1 },
      },
      {
        figure: "memory of the process that matches, peak",
        value: ours.peakBytes / 2 ** 20,
        unit: "MB",
        target: { atMost: 1_024 },
      },
    ];
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/** Words as a gazette uses them: few of them often, most of them rarely (Zipf's law). */
function createLanguage() {
  const random = createRandom(7);
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[random.below(items.length)];
    if (item === undefined) throw new Error("Nothing to pick from.");
    return item;
  };
  const syllables = [
    "ba",
    "re",
    "ti",
    "co",
    "mu",
    "lan",
    "ves",
    "dor",
    "pri",
    "gal",
    "quen",
    "sol",
  ];
  // No two alike: twelve syllables make a quarter of a million words of five.
  const distinct = new Set<string>();
  while (distinct.size < VOCABULARY) {
    distinct.add(Array.from({ length: 4 + random.below(2) }, () => pick(syllables)).join(""));
  }
  const vocabulary = [...distinct];
  const word = () => vocabulary[Math.floor(VOCABULARY ** random.next()) - 1] ?? "ley";
  const rareWord = () => pick(vocabulary);
  const popular = Array.from({ length: POPULAR }, () => `${rareWord()} ${rareWord()}`);
  return {
    topic(): AlertTopic {
      const draw = random.next();
      if (draw < 0.3) return { anyOf: [[pick(popular)]], without: [] };
      if (draw < 0.6) return { anyOf: [[`${rareWord()} ${word()}`]], without: [] };
      if (draw < 0.8) return { anyOf: [[rareWord()]], without: [word()] };
      if (draw < 0.9) return { anyOf: [[rareWord()], [rareWord(), word()]], without: [] };
      return { anyOf: [], without: [], name: `${rareWord()} ${rareWord()} ${word()}` };
    },
    act(number: number): ActDraft {
      const words = Array.from({ length: WORDS_PER_ACT }, word);
      if (number % 4 === 0) words.push(pick(popular));
      const passage = {
        heading: "",
        text: words.join(" "),
        page: number + 1,
        lastPage: number + 1,
      };
      return {
        section: "Poder Ejecutivo",
        issuingBody: "Ministerio",
        title: `Decreto ${number}`,
        page: number + 1,
        lastPage: number + 1,
        passages: [{ ...passage, printedPage: undefined, lines: [] }],
      };
    },
  };
}

async function addPeople(testDatabase: TestDatabase, count: number): Promise<TenantId> {
  const tenantId = asId<TenantId>(randomUUID());
  await testDatabase.query("insert into tenant (id, slug, name) values ($1, 'bench', 'Bench')", [
    tenantId,
  ]);
  await testDatabase.query(
    `insert into bot (tenant_id, id, bot_key, channel, name, secrets, account_hash)
     values ($1, gen_random_uuid(), 'bench', 'telegram', 'bench', '', '')`,
    [tenantId],
  );
  await testDatabase.query(
    `with person as (
       insert into contact (tenant_id, id) select $1, gen_random_uuid() from generate_series(1, $2::int) returning id
     )
     insert into conversation (tenant_id, id, bot_id, contact_id, kind, chat_hash, chat)
     select $1, gen_random_uuid(), b.id, p.id, 'private', decode(md5(p.id::text), 'hex'), '' from person p, bot b`,
    [tenantId, count],
  );
  return tenantId;
}

async function addSubscriptions(
  {
    database,
    cipher,
    stemmer,
    tenantId,
  }: {
    readonly database: Database;
    readonly cipher: Cipher;
    readonly stemmer: Stemmer;
    readonly tenantId: TenantId;
  },
  topics: readonly AlertTopic[],
): Promise<void> {
  const keys = new Map<AlertTopic, readonly Buffer[]>();
  for (const topic of topics) {
    const chosen = (await chooseKeys(tenantId, topic, stemmer)) ?? [];
    keys.set(
      topic,
      chosen.map((key) => hashTopicKey(cipher, tenantId, key)),
    );
  }
  for (let start = 0; start < SUBSCRIPTIONS; start += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, SUBSCRIPTIONS - start) }, (_, offset) => {
      const id = randomUUID();
      const topic = topics[(start + offset) % topics.length] ?? { anyOf: [], without: [] };
      const place = { tenantId, table: "subscription", column: "topic", rowId: id };
      const sealed = cipher.encrypt(place, JSON.stringify(topic));
      return { id, sealed, hashes: keys.get(topic) ?? [] };
    });
    const looked = rows.flatMap(({ id, hashes }) => hashes.map((hash) => ({ id, hash })));
    await database.asTenant(tenantId, async (tx) => {
      await tx.query(
        `insert into subscription (tenant_id, id, conversation_id, contact_id, kind, topic, language, time_zone)
         select $1, w.id, c.id, c.contact_id, 'alert', w.topic, 'es', 'America/Costa_Rica'
         from unnest($2::uuid[], $3::bytea[]) with ordinality as w (id, topic, n)
         join (select id, contact_id, row_number() over (order by id) as n from conversation order by id
               offset $4 limit $5) c on c.n = $4 + 1 + (w.n - 1) / ${PER_PERSON}`,
        [
          tenantId,
          rows.map(({ id }) => id),
          rows.map(({ sealed }) => sealed),
          start / PER_PERSON,
          BATCH / PER_PERSON,
        ],
      );
      await tx.query(
        `insert into subscription_key (tenant_id, subscription_id, key_hash)
         select distinct $1::uuid, id, hash from unnest($2::uuid[], $3::bytea[]) as k (id, hash)`,
        [tenantId, looked.map(({ id }) => id), looked.map(({ hash }) => hash)],
      );
    });
    if ((start + BATCH) % 100_000 === 0) console.error(`  ${start + BATCH} subscriptions`);
  }
}

async function addEdition(database: Database, acts: readonly ActDraft[]): Promise<void> {
  const store = createGazetteStore(database);
  const source = await store.ensurePublicSource({
    slug: "la-gaceta",
    name: "La Gaceta",
    language: "es",
    country: "CR",
    timeZone: "America/Costa_Rica",
  });
  await store.storeEdition({
    source,
    publishedOn: new Date().toISOString().slice(0, 10),
    number: "1",
    documentName: "bench.pdf",
    contentHash: "bench",
    fileKey: "bench",
    pages: [],
    acts,
  });
}

async function timeMatching({
  database,
  cipher,
  stemmer,
}: {
  readonly database: Database;
  readonly cipher: Cipher;
  readonly stemmer: Stemmer;
}): Promise<{ readonly seconds: number; readonly peakBytes: number }> {
  let failure: unknown;
  // An edition that is not matched to the end is told in the log alone: its time is none.
  const logger: Logger = {
    ...silentLogger,
    warn: (_event, detail) => {
      failure = detail?.error ?? new Error("The edition was not matched.");
    },
  };
  const match = createEditionMatching({
    ledger: createAlertLedger(database, cipher),
    texts: createEditionTexts(database),
    stemmer,
    clock: systemClock,
    logger,
    metrics: noMetrics,
    newerThanDays: 45,
  });
  let peakBytes = process.memoryUsage().rss;
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
  }, 50);
  try {
    const began = performance.now();
    await match(AbortSignal.timeout(600_000));
    if (failure !== undefined) throw failure;
    return { seconds: (performance.now() - began) / 1_000, peakBytes };
  } finally {
    clearInterval(watch);
  }
}

/** Subscriptions per second: every topic of the sample against every act, words in the clear. */
async function timeDatabase(
  testDatabase: TestDatabase,
  acts: readonly ActDraft[],
  topics: readonly AlertTopic[],
): Promise<number> {
  await testDatabase.query("create table bench_act (said tsvector)");
  await testDatabase.query("create table bench_topic (asked tsquery)");
  await testDatabase.query(
    "insert into bench_act select to_tsvector('pg_catalog.spanish', said) from unnest($1::text[]) as a (said)",
    [acts.map(({ passages }) => passages.map(({ text }) => text).join(" "))],
  );
  await testDatabase.query(
    "insert into bench_topic select websearch_to_tsquery('pg_catalog.spanish', asked) from unnest($1::text[]) as t (asked)",
    [topics.map(toWebSearch)],
  );
  const began = performance.now();
  await testDatabase.query(
    "select count(*) from bench_topic t join bench_act a on a.said @@ t.asked",
  );
  return topics.length / ((performance.now() - began) / 1_000);
}

function toWebSearch({ anyOf, without, name }: AlertTopic): string {
  const alternatives = anyOf.map((terms) => terms.map((term) => `"${term}"`).join(" "));
  const wanted = [alternatives.join(" or "), name === undefined ? "" : `"${name}"`];
  return [...wanted, ...without.map((term) => `-"${term}"`)].join(" ").trim();
}
