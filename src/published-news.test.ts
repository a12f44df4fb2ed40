import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Source } from "./core/gazette.ts";
import { asId, type BotId, type TenantId } from "./core/ids.ts";
import type { Language } from "./core/language.ts";
import type { PublishedNews } from "./core/published-news.ts";
import { createPublishedNews } from "./published-news.ts";
import { createEditionSearch } from "./retrieval/search-editions.ts";
import type { Database } from "./store/database.ts";
import { createGazetteStore } from "./store/gazette-store.ts";
import { migrate } from "./store/migrate.ts";
import { openEmbedded } from "./store/open-embedded.ts";
import { createPublishedDays } from "./store/subscriptions/published-days.ts";

const TENANT = asId<TenantId>("00000000-0000-4000-8000-00000000000a");
const BOT = asId<BotId>("00000000-0000-4000-8000-00000000000b");
/** Thursday evening in Costa Rica, Friday in Spain. */
const NOW = new Date("2026-11-20T02:00:00Z");
let database: Database;
let news: PublishedNews;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  news = createPublishedNews({
    days: createPublishedDays(database),
    editionSearch: createEditionSearch(database),
  });
  const gaceta = await addSource("la-gaceta", "es", "America/Costa_Rica");
  const boe = await addSource("boe", "es", "Europe/Madrid");
  const diario = await addSource("dodf", "pt", "America/Sao_Paulo");
  await publish(gaceta, "2026-11-19", "Se aumentan las pensiones del régimen no contributivo.");
  await publish(gaceta, "2026-11-18", "Licitación de una carretera en Escazú.");
  await publish(boe, "2026-11-20", "Convocatoria de pensiones de orfandad.");
  await publish(boe, "2026-10-02", "Pensiones de viudedad.");
  await publish(diario, "2026-11-17", "Concede pensões aos servidores.");
});
afterAll(() => database.close());

function addSource(slug: string, language: Language, timeZone: string): Promise<Source> {
  const country = slug === "boe" ? "ES" : "CR";
  return createGazetteStore(database).ensurePublicSource({
    slug,
    name: slug,
    language,
    country,
    timeZone,
  });
}

async function publish(source: Source, publishedOn: string, text: string): Promise<void> {
  const place = { page: 1, lastPage: 1, printedPage: undefined };
  await createGazetteStore(database).storeEdition({
    source,
    publishedOn,
    number: undefined,
    documentName: `${publishedOn}.pdf`,
    contentHash: randomUUID(),
    fileKey: "editions/00/a.pdf",
    pages: [{ page: 1, printedPage: undefined, width: 1, height: 1, origin: "text-layer", text }],
    acts: [
      {
        section: "",
        issuingBody: "",
        title: text,
        page: 1,
        lastPage: 1,
        passages: [{ heading: text, text, ...place, lines: [] }],
      },
    ],
  });
}

async function found(
  period: Parameters<PublishedNews["findSubject"]>[0]["period"],
  subject: string,
  more: { readonly sources?: readonly string[]; readonly knowledgeSets?: readonly string[] } = {},
) {
  const where = { tenantId: TENANT, period, sources: [], knowledgeSets: undefined, ...more };
  const { acts } = await news.findSubject(where, { subject, limit: 6 }, NOW);
  return acts.map(({ passage }) => passage.text);
}

describe("what is new of a subject", () => {
  it("is of today and yesterday as each gazette's own zone counts days", async () => {
    expect((await found("today", "pensiones")).toSorted()).toEqual([
      "Convocatoria de pensiones de orfandad.",
      "Se aumentan las pensiones del régimen no contributivo.",
    ]);
    expect(await found("yesterday", "carreteras")).toEqual([
      "Licitación de una carretera en Escazú.",
    ]);
    expect(await found("yesterday", "pensiones")).toEqual([]);
    expect(await found("last-month", "pensiones")).toEqual(["Pensiones de viudedad."]);
  });

  it("is in the language of each gazette, has all the words, and stays within gazettes and sets", async () => {
    expect(await found("week", "pensões")).toContain("Concede pensões aos servidores.");
    expect(await found("week", "pensiones de carreteras")).toEqual([]);
    expect(await found("month", "pensiones", { sources: ["boe"] })).toEqual([
      "Convocatoria de pensiones de orfandad.",
    ]);
    expect(await found("month", "pensiones", { knowledgeSets: ["none such"] })).toEqual([]);
  });
});

it("tells why a gazette that is collected has nothing of a day, and of others nothing", async () => {
  const settings = {
    locator: { kind: "upload" },
    hosts: [],
    weekdays: [1, 2, 3, 4, 5],
    expectedAt: "06:00",
    holidays: ["2026-11-20"],
    lateAfterMinutes: 240,
    missingAfterMinutes: 2_160,
    lookEveryMinutes: 15,
    pauseSeconds: 2,
    recheckDays: 3,
    checksDate: true,
  };
  await database.asOwner((tx) =>
    tx.query(
      `insert into source_collection (source_id, settings, since, planned_until, created_at)
       select id, $1, '2026-11-01', '2026-11-01', now() from source where slug in ('la-gaceta', 'dodf')`,
      [JSON.stringify(settings)],
    ),
  );
  const bot = { tenantId: TENANT, botId: BOT };
  const tomorrow = new Date("2026-11-20T20:00:00Z");
  expect(await news.whyNothing(bot, "today", tomorrow)).toEqual([
    { sourceName: "dodf", absence: "holiday", expectedAt: "06:00" },
    { sourceName: "la-gaceta", absence: "holiday", expectedAt: "06:00" },
  ]);
  // La Gaceta has one of that day.
  expect(await news.whyNothing(bot, "yesterday", tomorrow)).toEqual([
    { sourceName: "dodf", absence: "missing", expectedAt: "06:00" },
  ]);
  expect(await news.whyNothing(bot, "week", tomorrow)).toEqual([]);
});
