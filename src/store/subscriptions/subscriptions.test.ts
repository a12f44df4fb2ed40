import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  addChats,
  addTenant,
  answer,
  type Ledgers,
  message,
  openLedgers,
} from "../../../test/line/tenant-line.ts";
import { systemClock } from "../../core/clock.ts";
import type { Source } from "../../core/gazette.ts";
import type { ActDraft, PageDraft } from "../../core/gazette-store.ts";
import { asId, type ContactId, type ConversationId } from "../../core/ids.ts";
import { silentLogger } from "../../core/logger.ts";
import { noMetrics } from "../../core/metrics.ts";
import type {
  AlertMessage,
  AlertTopic,
  DigestMessage,
  SubscriptionDraft,
} from "../../core/subscriptions.ts";
import type { TurnEffect } from "../../core/turn.ts";
import { createEditionMatching } from "../../newsroom/alerts/match-editions.ts";
import { createNewsReleaser } from "../../newsroom/alerts/release-news.ts";
import { createSubscriptionDesk } from "../../newsroom/alerts/subscription-desk.ts";
import type { Database } from "../database.ts";
import { createGazetteStore } from "../gazette-store.ts";
import { migrate } from "../migrate.ts";
import { createGivenUpPages } from "../newsroom/given-up-pages.ts";
import { openEmbedded } from "../open-embedded.ts";
import { createAlertLedger } from "./alert-ledger.ts";
import { createEditionTexts } from "./edition-texts.ts";
import { createNewsRelease } from "./news-release.ts";
import { createStemmer } from "./stemmer.ts";
import { createSubscriptionAdmin } from "./subscription-admin.ts";
import { createSubscriptionList } from "./subscription-rows.ts";

let database: Database;
let ledgers: Ledgers;
let source: Source;
let tenant: Awaited<ReturnType<typeof addTenant>>;
/** Statements and commits until the next one fails; undefined: none does. */
let dieAt: number | undefined;
/** Where the process dies, and how often it comes by before; undefined: nowhere. */
let dieIn: { readonly point: string; visits: number } | undefined;

beforeAll(async () => {
  database = await openEmbedded({
    dataDirectory: undefined,
    faultPoint(point) {
      if (dieIn?.point === point) {
        dieIn.visits -= 1;
        if (dieIn.visits < 0) throw new Error("The process died here.");
      }
      if (dieAt === undefined || dieAt === 0) return;
      dieAt -= 1;
      if (dieAt === 0) throw new Error("The process died here.");
    },
  });
  await migrate(database, "migrations");
  ledgers = openLedgers(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await addTenant(ledgers);
  source = await createGazetteStore(database).ensurePublicSource({
    slug: `g-${randomUUID()}`,
    name: "La Gaceta",
    language: "es",
    country: "CR",
    timeZone: "America/Costa_Rica",
  });
});

// What comes in for the next test is no news for the people of this one.
afterEach(() => inTenant("delete from subscription"));

const signal = new AbortController().signal;
const inTenant = <Row extends object>(text: string, values: readonly unknown[] = []) =>
  database.asTenant(tenant.tenantId, (tx) => tx.query<Row>(text, values));

function act(title: string, text: string): ActDraft {
  const passage = { heading: title, text, page: 3, lastPage: 3, printedPage: "12", lines: [] };
  return {
    section: "Poder Ejecutivo",
    issuingBody: "Ministerio de Trabajo",
    title,
    page: 3,
    lastPage: 3,
    passages: [passage],
  };
}

async function ingest(
  acts: readonly ActDraft[],
  documentName = "a.pdf",
  publishedOn = today(),
  pages: readonly PageDraft[] = [],
) {
  const { editionId } = await createGazetteStore(database).storeEdition({
    source,
    publishedOn,
    number: "7",
    documentName,
    contentHash: randomUUID(),
    fileKey: randomUUID(),
    pages,
    acts,
  });
  return editionId;
}

const today = () => new Date().toISOString().slice(0, 10);

/** A new instance each time, as of a process that began anew. */
function news(told: (AlertMessage | DigestMessage)[] = []) {
  const { cipher } = ledgers;
  const stemmer = createStemmer(database);
  const texts = createEditionTexts(database);
  const shared = { logger: silentLogger, metrics: noMetrics };
  const match = createEditionMatching({
    ...shared,
    ledger: createAlertLedger(database, cipher),
    texts,
    stemmer,
    clock: systemClock,
    newerThanDays: 45,
  });
  const release = createNewsReleaser({
    ...shared,
    release: createNewsRelease(database, cipher, 45),
    compose(one) {
      told.push(one);
      return [{ text: JSON.stringify(one) }];
    },
    wakeUps: { wake() {} },
  });
  const subscriptions = createSubscriptionList(database, cipher);
  return { match, release, desk: createSubscriptionDesk({ subscriptions, texts, stemmer }) };
}

/** A turn of this chat with these effects, as the line commits it. */
async function turn(chat: string, effects: readonly TurnEffect[]) {
  await ledgers.inbox.accept(tenant.tenantId, [
    { bot: tenant.bot, message: message(randomUUID(), chat) },
  ]);
  const leases = (await ledgers.conversations.claim("a", 50, 60_000)).filter(
    ({ tenantId }) => tenantId === tenant.tenantId,
  );
  const { due } = await ledgers.conversations.readDue(leases);
  await ledgers.conversations.commitAnswers(due.map((one) => answer(one, 0, { effects })));
}

async function subscribe(
  chat: string,
  given: Partial<SubscriptionDraft> & { readonly topic?: AlertTopic },
) {
  const subscriptionId = randomUUID();
  const draft: SubscriptionDraft = { kind: "alert", language: "es", timeZone: "UTC", ...given };
  const keys =
    given.topic === undefined ? [] : await news().desk.keysOf(tenant.tenantId, given.topic);
  const digest = draft.kind === "alert" ? {} : { nextAt: new Date(Date.now() + 3_600_000) };
  await turn(chat, [{ kind: "subscribe", subscriptionId, draft, keys: keys ?? [], ...digest }]);
  return subscriptionId;
}

const words = (...anyOf: string[]): { topic: AlertTopic } => ({
  topic: { anyOf: [anyOf], without: [] },
});
const queuedParts = () =>
  inTenant<{ conversation_id: ConversationId }>(
    "select conversation_id from outbox where priority = 2 order by position",
  );

describe("an alert", () => {
  it("tells each subscriber of an edition once, with everything that concerns them and why", async () => {
    const chats = await addChats(ledgers, tenant, ["a", "b", "c"]);
    await subscribe("a", words("salario mínimo"));
    await subscribe("a", words("becas"));
    await subscribe("b", words("becas"));
    await subscribe("c", { topic: { anyOf: [["salario mínimo"]], without: ["becas"] } });
    await ingest([
      act("Decreto 1", "Se fija el salario mínimo."),
      act("Aviso", "Becas y salarios mínimos."),
    ]);
    const told: (AlertMessage | DigestMessage)[] = [];
    const { match, release } = news(told);
    await match(signal);
    await release(signal);
    await match(signal);
    await release(signal);
    const parts = await queuedParts();
    expect(parts).toHaveLength(3);
    expect(new Set(parts.map((part) => part.conversation_id))).toEqual(new Set(chats));
    const [first] = told.filter((one) => one.kind === "alert" && one.acts.length === 2);
    expect(first).toMatchObject({
      edition: { sourceName: "La Gaceta", number: "7" },
      acts: [
        { title: "Decreto 1", page: 3, printedPage: "12", reasons: [{ typed: "salario mínimo" }] },
        {
          title: "Aviso",
          issuingBody: "Ministerio de Trabajo",
          reasons: expect.arrayContaining([
            { kind: "words", typed: "salario mínimo" },
            { kind: "words", typed: "becas" },
          ]),
        },
      ],
    });
    const admin = createSubscriptionAdmin(database, ledgers.cipher);
    expect(await admin.count(tenant.tenantId)).toMatchObject({
      subscriptions: { alert: { active: 4 } },
      contacts: 3,
      alerts: { pending: 0, queued: 5 },
    });
  });

  it("is removed by staff, with a note of who did it, and for its own tenant alone", async () => {
    await addChats(ledgers, tenant, ["a"]);
    const id = await subscribe("a", {
      topic: { anyOf: [["becas"]], without: [], place: "Heredia" },
    });
    const admin = createSubscriptionAdmin(database, ledgers.cipher);
    const [owner] = await inTenant<{ contact_id: ContactId }>(
      "select contact_id from subscription",
    );
    const contactId = owner?.contact_id ?? asId<ContactId>(randomUUID());
    expect(await admin.listOfContact(tenant.tenantId, contactId)).toMatchObject([
      { subscriptionId: id, botId: tenant.bot.botId, topic: { place: "Heredia" } },
    ]);
    const other = await addTenant(ledgers);
    const by = { actor: "person:ana", requestId: "r" };
    expect(await admin.listOfContact(other.tenantId, contactId)).toBeUndefined();
    expect(await admin.remove(other.tenantId, id, by)).toBe(false);
    expect(await admin.remove(tenant.tenantId, id, by)).toBe(true);
    expect(await admin.listOfContact(tenant.tenantId, contactId)).toEqual([]);
    expect(
      await inTenant(
        "select actor from audit where action = 'subscription-removed' and subject = $1",
        [id],
      ),
    ).toEqual([{ actor: "person:ana" }]);
  });

  it("is never told twice, wherever the process dies between matching and the outbox", async () => {
    await addChats(ledgers, tenant, ["a"]);
    await subscribe("a", words("becas"));
    await ingest([act("Aviso", "Becas de estudio.")]);
    for (let death = 1; death < 80; death += 1) {
      dieAt = death;
      const { match, release } = news();
      await match(signal).catch(() => undefined);
      await release(signal).catch(() => undefined);
      const isAlive = dieAt > 0;
      dieAt = undefined;
      expect((await queuedParts()).length).toBeLessThanOrEqual(1);
      if (isAlive) break;
    }
    const { match, release } = news();
    await match(signal);
    await release(signal);
    expect(await queuedParts()).toHaveLength(1);
  });

  it("of a corrected edition tells what is not the same as before", async () => {
    await addChats(ledgers, tenant, ["a"]);
    await subscribe("a", words("becas"));
    const told: (AlertMessage | DigestMessage)[] = [];
    const { match, release } = news(told);
    await ingest([act("Aviso", "Becas de estudio."), act("Aviso 2", "Becas de viaje.")]);
    await match(signal);
    await release(signal);
    await ingest([
      act("Aviso", "Becas de estudio."),
      act("Aviso 2", "Becas de viaje, hasta el lunes."),
    ]);
    await match(signal);
    await release(signal);
    expect(
      told.map((one) => (one.kind === "alert" ? one.acts.map(({ title }) => title) : [])),
    ).toEqual([["Aviso", "Aviso 2"], ["Aviso 2"]]);
  });

  it("is told once although a correction takes the edition's place while it is being matched", async () => {
    await addChats(ledgers, tenant, ["a"]);
    const topics = ["alfarero", "becas", "cantera", "dársena", "esclusa", "fanega", "galeón"];
    for (const topic of topics) await subscribe("a", words(topic));
    const told: (AlertMessage | DigestMessage)[] = [];
    await news().match(signal);
    // Of more words than one step looks up.
    const letters = "abcdefghijklmnopqrstuvwxyz";
    const others = [...letters].flatMap((one) => [...letters].map((two) => `qu${one}x${two}`));
    const acts = [act("Lista", `${topics.join(", ")}.`), act("Otros", others.join(" "))];
    await ingest(acts);
    dieIn = { point: "db:alert-candidates", visits: 1 };
    await news().match(signal);
    expect(dieIn.visits).toBeLessThan(0);
    dieIn = undefined;
    await ingest([...acts, act("Fe de erratas", "Nada más.")]);
    const { match, release } = news(told);
    await match(signal);
    await release(signal);
    expect(told).toHaveLength(1);
    const [only] = told;
    const [list, ...more] = only?.kind === "alert" ? only.acts : [];
    expect(more).toEqual([]);
    expect(list?.reasons.map(({ typed }) => typed).toSorted()).toEqual(topics);
  });

  it("tells of pages that were read later what is on them, and nothing again", async () => {
    await addChats(ledgers, tenant, ["a"]);
    await subscribe("a", words("becas"));
    const scanned = { page: 2, printedPage: "13", width: 595, height: 842, text: "" };
    const givenUp = { reason: "pdf-too-slow", tries: 1, nextTryAt: new Date(Date.now() - 1_000) };
    const editionId = await ingest([act("Aviso", "Becas de estudio.")], "a.pdf", today(), [
      { ...scanned, origin: "empty", givenUp },
    ]);
    const told: (AlertMessage | DigestMessage)[] = [];
    const { match, release } = news(told);
    await match(signal);
    await release(signal);
    const pages = createGivenUpPages(database, [10, 60]);
    const taken = await pages.take();
    expect(taken).toMatchObject({ editionId, language: "es", pages: [{ page: 2, tries: 2 }] });
    // It is not due again while it is read.
    expect(await pages.take()).toBeUndefined();
    if (taken === undefined) return;
    const read = {
      pages: [{ ...scanned, origin: "ocr" as const, confidence: 80, text: "Becas de viaje." }],
      acts: [act("Aviso 2", "Becas de viaje.")],
    };
    expect([await pages.keep(taken, read), await pages.keep(taken, read)]).toEqual([true, false]);
    await match(signal);
    await release(signal);
    expect(
      told.map((one) => (one.kind === "alert" ? one.acts.map(({ title }) => title) : [])),
    ).toEqual([["Aviso"], ["Aviso 2"]]);
    const store = createGazetteStore(database);
    expect(await store.listActs(tenant.tenantId, editionId)).toHaveLength(2);
    const page = await store.getPage(tenant.tenantId, editionId, 2);
    expect(page).toMatchObject({ origin: "ocr", confidence: 80, text: "Becas de viaje." });
    expect(page?.givenUp).toBeUndefined();
    const found = await inTenant(
      "select 1 from posting where edition_id = $1 and lexeme like 'viaj%'",
      [editionId],
    );
    expect(found).toHaveLength(1);
  });

  it("waits for the end of quiet hours, and comes neither of old editions nor of earlier ones", async () => {
    await addChats(ledgers, tenant, ["a", "b"]);
    await ingest([act("Antes", "Becas.")], "before.pdf");
    const minute = new Date().getUTCHours() * 60 + new Date().getUTCMinutes();
    const quietHours = { from: (minute + 1_430) % 1_440, until: (minute + 60) % 1_440 };
    await subscribe("a", { ...words("becas"), quietHours });
    await subscribe("b", words("becas"));
    await ingest([act("Archivo", "Becas.")], "old.pdf", "2014-11-14");
    await ingest([act("Ahora", "Becas.")], "now.pdf");
    const told: (AlertMessage | DigestMessage)[] = [];
    const { match, release } = news(told);
    await match(signal);
    await release(signal);
    expect(
      told.map((one) => (one.kind === "alert" ? one.acts.map(({ title }) => title) : [])),
    ).toEqual([["Ahora"]]);
    const waiting = await inTenant<{ minutes: number }>(
      "select extract(epoch from not_before - now())::float8 / 60 as minutes from alert where state = 'pending'",
    );
    expect(waiting).toHaveLength(1);
    expect(waiting[0]?.minutes).toBeGreaterThan(50);
  });

  it("reaches nobody who said BAJA, was blocked, paused it or had themselves erased", async () => {
    const chats = await addChats(ledgers, tenant, ["a", "b", "c", "d"]);
    const ids = [];
    for (const chat of ["a", "b", "c", "d"]) ids.push(await subscribe(chat, words("becas")));
    await turn("a", [{ kind: "set-broadcasts", taken: false }]);
    await inTenant(
      "update contact set blocked_at = now() where id = (select contact_id from subscription where id = $1)",
      [ids[1]],
    );
    await turn("c", [
      { kind: "change-subscription", subscriptionId: ids[2] ?? "", change: "pause" },
    ]);
    // Somebody else's subscription is left as it is.
    await turn("c", [
      { kind: "change-subscription", subscriptionId: ids[0] ?? "", change: "remove" },
    ]);
    await ingest([act("Aviso", "Becas.")]);
    await news().match(signal);
    await turn("d", [{ kind: "erase-contact" }]);
    await news().release(signal);
    expect(await queuedParts()).toEqual([]);
    expect(await inTenant("select 1 from subscription")).toHaveLength(3);
    const states = await inTenant("select state, reason from alert order by reason");
    expect(states).toEqual([
      { state: "skipped", reason: "blocked" },
      { state: "skipped", reason: "opted-out" },
    ]);
    expect(chats).toHaveLength(4);
  });

  it("shows a sample of the last editions, and refuses what stands everywhere", async () => {
    await ingest([act("Aviso de becas", "Se abren becas.")]);
    const { desk } = news();
    const topic: AlertTopic = { anyOf: [["becas"]], without: [] };
    const sample = await desk.sample(
      { tenantId: tenant.tenantId, botId: tenant.bot.botId },
      topic,
      3,
    );
    expect(
      sample.some(
        ({ edition, act: found }) =>
          edition.source === source.slug && found.title === "Aviso de becas",
      ),
    ).toBe(true);
    expect(await desk.keysOf(tenant.tenantId, { anyOf: [["de la"]], without: [] })).toBeUndefined();
  });
});

describe("a digest", () => {
  it("tells once what came in, and nothing when nothing did; the next is due a day later", async () => {
    await addChats(ledgers, tenant, ["a"]);
    const id = await subscribe("a", { kind: "daily", minute: 600 });
    const told: (AlertMessage | DigestMessage)[] = [];
    const makeDue = () =>
      inTenant("update subscription set next_at = now() - interval '1 second' where id = $1", [id]);
    await ingest([act("Decreto 1", "Texto."), act("Decreto 2", "Texto.")]);
    await inTenant(
      "update subscription set told_until = now() - interval '1 minute' where id = $1",
      [id],
    );
    // Its time is after the edition came in.
    await inTenant("update subscription set next_at = clock_timestamp() where id = $1", [id]);
    await news(told).release(signal);
    await news(told).release(signal);
    const mine = told.filter((one) => one.kind === "daily");
    expect(mine).toHaveLength(1);
    const [edition] = (mine[0]?.kind === "daily" ? mine[0].editions : []).filter(
      (one) => one.source === source.slug,
    );
    expect(edition).toMatchObject({
      actCount: 2,
      acts: [{ title: "Decreto 1" }, { title: "Decreto 2" }],
    });
    const [row] = await inTenant<{ hours: number; minute: number }>(
      `select extract(epoch from next_at - now())::float8 / 3600 as hours,
              (extract(epoch from next_at at time zone 'UTC')::bigint % 86400 / 60)::int as minute from subscription`,
    );
    expect(row?.hours).toBeGreaterThan(0);
    expect(row?.hours).toBeLessThanOrEqual(48);
    expect(row?.minute).toBe(600);
    await makeDue();
    await news(told).release(signal);
    expect(told.filter((one) => one.kind === "daily")).toHaveLength(1);
  });
});
