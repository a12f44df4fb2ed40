import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  addChats,
  addTenant,
  answer,
  type Ledgers,
  message,
  openLedgers,
} from "../../../test/line/tenant-line.ts";
import { createMeteredEmbedder } from "../../chain/metered-embedder.ts";
import { type Clock, systemClock } from "../../core/clock.ts";
import type { ActDraft } from "../../core/gazette-store.ts";
import { asId, type MessageId } from "../../core/ids.ts";
import type { Embedder } from "../../core/language-model.ts";
import { type Logger, silentLogger } from "../../core/logger.ts";
import { noMetrics } from "../../core/metrics.ts";
import type { AlertMessage, AlertTopic } from "../../core/subscriptions.ts";
import { createEditionMatching } from "../../newsroom/alerts/match-editions.ts";
import { createNewsReleaser } from "../../newsroom/alerts/release-news.ts";
import { createSubscriptionDesk } from "../../newsroom/alerts/subscription-desk.ts";
import { createTopicMeanings } from "../../newsroom/alerts/topic-meanings.ts";
import { embedMissing } from "../../retrieval/embed-missing.ts";
import { foldWords } from "../../retrieval/words.ts";
import type { Database } from "../database.ts";
import { createGazetteStore } from "../gazette-store.ts";
import { migrate } from "../migrate.ts";
import { openEmbedded } from "../open-embedded.ts";
import { createSpending } from "../spending.ts";
import { createAlertLedger } from "./alert-ledger.ts";
import { createAlertMeanings } from "./alert-meanings.ts";
import { createEditionTexts } from "./edition-texts.ts";
import { createNewsRelease } from "./news-release.ts";
import { createStemmer } from "./stemmer.ts";
import { createSubscriptionList } from "./subscription-rows.ts";

const DIMENSIONS = 64;
/** Words that mean the same to the embedder of these tests. */
const SAME = [
  ["sueldo", "sueldos", "salario", "salarios"],
  ["empleadas", "servidoras", "domesticas"],
];
const signal = new AbortController().signal;

let database: Database;
let ledgers: Ledgers;
let tenant: Awaited<ReturnType<typeof addTenant>>;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined, faultPoint() {} });
  await migrate(database, "migrations");
  ledgers = openLedgers(database);
  // An archive against which distances are measured.
  const acts = Array.from({ length: 260 }, (_, at) =>
    act(`Acto ${at}`, `palabra${at} otra${at * 7} tercera${at * 13}`),
  );
  await ingest(acts, "2020-01-02");
  await embedMissing({ database, embedder: embedder().embedder, logger: silentLogger }, signal);
}, 120_000);
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await addTenant(ledgers);
});

/** A vector for each word, the same one for words that mean the same; a text is the sum of its words. */
function embedder() {
  const asked: string[] = [];
  let failing = false;
  const made: Embedder = {
    id: "test:words:64",
    dimensions: DIMENSIONS,
    maxTextsPerCall: 96,
    async embed(texts) {
      if (failing) throw new Error("The embedder is away.");
      asked.push(...texts);
      return texts.map((text) => {
        const sum = new Float32Array(DIMENSIONS);
        for (const { word } of foldWords(text)) {
          const key = SAME.find((group) => group.includes(word))?.[0] ?? word;
          let state =
            [...key].reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), 7) >>> 0;
          for (let at = 0; at < DIMENSIONS; at++) {
            state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
            sum[at] = (sum[at] ?? 0) + state / 2 ** 32 - 0.5;
          }
        }
        const norm = Math.hypot(...sum);
        return sum.map((number) => number / norm);
      });
    },
  };
  const setFailing = (is: boolean) => {
    failing = is;
  };
  return { embedder: made, asked, setFailing };
}

function act(title: string, text: string): ActDraft {
  const passage = { heading: "", text, page: 3, lastPage: 3, printedPage: "12", lines: [] };
  const where = {
    section: "Poder Ejecutivo",
    issuingBody: "Ministerio de Trabajo",
    page: 3,
    lastPage: 3,
  };
  return { ...where, title, passages: [passage] };
}

async function ingest(
  acts: readonly ActDraft[],
  publishedOn = new Date().toISOString().slice(0, 10),
) {
  const store = createGazetteStore(database);
  const source = await store.ensurePublicSource({
    slug: `g-${randomUUID()}`,
    name: "La Gaceta",
    language: "es",
    country: "CR",
    timeZone: "America/Costa_Rica",
  });
  const names = { source, publishedOn, number: "7", documentName: "a.pdf", pages: [], acts };
  return store.storeEdition({ ...names, contentHash: randomUUID(), fileKey: randomUUID() });
}

/** The newsroom of a process with this embedder; undefined: with none. */
function news(
  using: Embedder | undefined,
  { clock = systemClock, logger = silentLogger }: { clock?: Clock; logger?: Logger } = {},
) {
  const { cipher } = ledgers;
  const stemmer = createStemmer(database);
  const texts = createEditionTexts(database);
  const alertMeanings = createAlertMeanings(database, cipher);
  const shared = { logger, metrics: noMetrics };
  const meanings =
    using && createTopicMeanings({ meanings: alertMeanings, embedder: using, clock, logger });
  const told: AlertMessage[] = [];
  const match = createEditionMatching({
    ...shared,
    ledger: createAlertLedger(database, cipher),
    texts,
    stemmer,
    meanings,
    clock: systemClock,
    newerThanDays: 45,
  });
  const release = createNewsReleaser({
    ...shared,
    release: createNewsRelease(database, cipher, 45),
    compose(one) {
      if (one.kind === "alert") told.push(one);
      return [{ text: JSON.stringify(one) }];
    },
    wakeUps: { wake() {} },
  });
  const subscriptions = createSubscriptionList(database, cipher);
  const desk = createSubscriptionDesk({ subscriptions, texts, stemmer, meanings });
  return { match, release, told, desk, alertMeanings };
}

async function subscribe(chat: string, topic: AlertTopic): Promise<void> {
  const keys = (await news(undefined).desk.keysOf(tenant.tenantId, topic)) ?? [];
  const draft = { kind: "alert", language: "es", timeZone: "UTC", topic } as const;
  const effects = [{ kind: "subscribe" as const, subscriptionId: randomUUID(), draft, keys }];
  await ledgers.inbox.accept(tenant.tenantId, [
    { bot: tenant.bot, message: message(randomUUID(), chat) },
  ]);
  const claimed = await ledgers.conversations.claim("a", 50, 60_000);
  const { due } = await ledgers.conversations.readDue(
    claimed.filter(({ tenantId }) => tenantId === tenant.tenantId),
  );
  await ledgers.conversations.commitAnswers(due.map((one) => answer(one, 0, { effects })));
}

const SALARIES = [
  act("Decreto 9", "Se fijan salarios mínimos de servidoras domésticas."),
  act("Aviso", "Se cierra una calle por obras del acueducto municipal."),
];
const topic = (...anyOf: string[]): AlertTopic => ({ anyOf: [anyOf], without: [] });

describe("an alert by meaning", () => {
  it("tells of an act that says the same in other words, why, and with how it begins", async () => {
    await addChats(ledgers, tenant, ["a", "b", "c"]);
    await subscribe("a", topic("sueldos", "empleadas"));
    await subscribe("b", { ...topic("sueldos", "empleadas"), without: ["salarios"] });
    await subscribe("c", { ...topic("sueldos", "empleadas"), body: "Ministerio de Salud" });
    const { embedder: using, asked } = embedder();
    const { match, release, told } = news(using);
    await match(signal);
    await ingest(SALARIES);
    await match(signal);
    expect(told).toEqual([]);
    await embedMissing({ database, embedder: using, logger: silentLogger }, signal);
    await match(signal);
    await release(signal);
    expect(told.map(({ acts }) => acts.map(({ title, reasons }) => ({ title, reasons })))).toEqual([
      [
        {
          title: "Decreto 9",
          reasons: [
            {
              kind: "meaning",
              typed: "sueldos empleadas",
              quote: "Se fijan salarios mínimos de servidoras domésticas.",
            },
          ],
        },
      ],
    ]);
    expect(asked.filter((text) => text === "sueldos empleadas")).toHaveLength(1);
  });

  it("says the words where they stand, and is nobody's cost where no embedder is", async () => {
    await addChats(ledgers, tenant, ["a", "b"]);
    await subscribe("a", topic("salarios"));
    await subscribe("b", topic("sueldos"));
    await ingest(SALARIES);
    const { match, release, told } = news(undefined);
    await match(signal);
    await release(signal);
    expect(told.map(({ acts }) => acts.map(({ reasons }) => reasons))).toEqual([
      [[{ kind: "words", typed: "salarios" }]],
    ]);
    const rows = await database.asTenant(tenant.tenantId, (tx) =>
      tx.query("select 1 from alert_meaning"),
    );
    expect(rows).toEqual([]);
  });

  it("goes by words when the embedder is away, without holding anybody's alert back for long", async () => {
    await addChats(ledgers, tenant, ["a"]);
    await subscribe("a", topic("salarios"));
    const { embedder: using, setFailing } = embedder();
    setFailing(true);
    const { editionId } = await ingest(SALARIES);
    const { match, release, told } = news(using);
    await match(signal);
    await release(signal);
    expect(told).toEqual([]);
    await database.asCurator((tx) =>
      tx.query(
        "update edition set ingested_at = ingested_at - interval '6 minutes' where id = $1",
        [editionId],
      ),
    );
    await database.asTenant(tenant.tenantId, (tx) =>
      tx.query("update subscription set created_at = created_at - interval '1 hour'"),
    );
    await match(signal);
    await release(signal);
    expect(told.filter(({ edition }) => edition.editionId === editionId)).toHaveLength(1);
  });

  it("is paid for by the tenant, and by words alone while its budget is spent, which the log tells once", async () => {
    await addChats(ledgers, tenant, ["a", "b"]);
    await subscribe("a", topic("sueldos", "empleadas"));
    await subscribe("b", topic("salarios"));
    const { embedder: bare, asked } = embedder();
    const spending = createSpending(database, silentLogger);
    const using = createMeteredEmbedder({
      embedder: bare,
      spending,
      priceOf: (tokens) => tokens * 100,
      logger: silentLogger,
    });
    const { tenantId } = tenant;
    await spending.setBudget(tenantId, "month", 100, "test");
    const warned: string[] = [];
    let passedMs = 0;
    const { match } = news(using, {
      clock: { now: () => new Date(Date.now() + passedMs) },
      logger: { ...silentLogger, warn: (event) => warned.push(event) },
    });
    await ingest(SALARIES);
    await embedMissing({ database, embedder: bare, logger: silentLogger }, signal);
    await match(signal);
    await match(signal);
    expect(warned).toEqual(["alerts-by-words-alone"]);
    expect(await spending.listSpending(tenantId)).toEqual([]);
    // That of "salarios" alone.
    expect(
      await database.asTenant(tenantId, (tx) => tx.query("select state from alert")),
    ).toHaveLength(1);
    await spending.setBudget(tenantId, "month", 1_000_000, "test");
    passedMs = 600_000;
    asked.splice(0);
    await match(signal);
    expect(asked.toSorted()).toEqual(["salarios", "sueldos empleadas"]);
    const [booked] = await spending.listSpending(tenantId);
    expect(booked).toMatchObject({ model: "test:words:64", calls: 1 });
    expect(booked?.cost).toBeGreaterThan(0);
    const [month] = await spending.listBudgets(tenantId);
    expect(month).toMatchObject({ spent: booked?.cost, reserved: 0 });
  });

  it("shows in the sample what it would tell of, and forgets the words that nobody has any more", async () => {
    const { embedder: using, asked } = embedder();
    await ingest(SALARIES);
    await embedMissing({ database, embedder: using, logger: silentLogger }, signal);
    const { desk, alertMeanings } = news(using);
    const bot = { tenantId: tenant.tenantId, botId: tenant.bot.botId };
    const payer = { tenantId: tenant.tenantId, messageId: asId<MessageId>(randomUUID()) };
    const sample = await desk.sample(bot, topic("sueldos", "empleadas"), 3, payer);
    expect(sample.map(({ act: found }) => found.reasons[0]?.kind)).toContain("meaning");
    await desk.sample(bot, topic("Sueldos", "empleadas"), 3, payer);
    expect(asked.filter((text) => text === "sueldos empleadas")).toHaveLength(1);
    expect(await alertMeanings.forgetUnused(tenant.tenantId)).toBe(0);
    await database.asTenant(tenant.tenantId, (tx) =>
      tx.query("update alert_meaning set created_at = now() - interval '2 hours'"),
    );
    expect(await alertMeanings.forgetUnused(tenant.tenantId)).toBe(1);
  });
});
