import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Source } from "../../src/core/gazette.ts";
import type { EditionDraft } from "../../src/core/gazette-store.ts";
import { asId, type TenantId } from "../../src/core/ids.ts";
import type { Embedder } from "../../src/core/language-model.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { createRetriever } from "../../src/retrieval/create-retriever.ts";
import { embedMissing } from "../../src/retrieval/embed-missing.ts";
import { KNOWN_FOR_MS } from "../../src/retrieval/known-corpora.ts";
import { asTenantIfNeeded } from "../../src/store/as-tenant-if-needed.ts";
import { createDatabase, type Database } from "../../src/store/database.ts";
import { createGazetteStore } from "../../src/store/gazette-store.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openEmbedded } from "../../src/store/open-embedded.ts";
import { createTenants } from "../../src/store/tenants.ts";

const TENANT = asId<TenantId>("00000000-0000-4000-8000-00000000000a");
const clock = { now: () => new Date("2026-11-21T12:00:00Z") };
const signal = AbortSignal.timeout(100_000);
let database: Database;
let source: Source;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  source = await createGazetteStore(database).ensurePublicSource({
    slug: "la-gaceta",
    name: "La Gaceta",
    language: "es",
    country: "CR",
    timeZone: "America/Costa_Rica",
  });
  await publish("2014-11-14", "marcas.pdf", [
    "Moba Sociedad Anónima solicita la inscripción de XARDIC como marca de fábrica para productos farmacéuticos.",
    "Se cita a terceros interesados en defender sus derechos dentro de los dos meses siguientes.",
    "Cemex solicita la inscripción de TOPROCC como marca de servicios de construcción.",
    "Chery Automobile solicita la inscripción de ARRIZO para automóviles y camiones.",
  ]);
  await publish("2014-11-17", "avisos.pdf", [
    "Se prohíbe la extracción de arena en la playa de Sámara durante la temporada de anidación.",
    "Convocatoria a concurso para una plaza de bibliotecaria en el cantón de Grecia.",
  ]);
});
afterAll(() => database.close());

async function publish(date: string, documentName: string, texts: readonly string[]) {
  const draft: EditionDraft = {
    source,
    publishedOn: date,
    number: "220",
    documentName,
    contentHash: `${date}${documentName}${texts.join()}`,
    fileKey: "editions/00/a.pdf",
    pages: texts.map((text, at) => ({
      page: at + 1,
      printedPage: String(at + 21),
      width: 600,
      height: 800,
      origin: "text-layer",
      text,
    })),
    acts: [
      {
        section: "",
        issuingBody: "Registro",
        title: "Edictos",
        page: 1,
        lastPage: texts.length,
        passages: texts.map((text, at) => ({
          heading: "Registro. Edictos",
          text,
          page: at + 1,
          lastPage: at + 1,
          printedPage: String(at + 21),
          lines: [],
        })),
      },
    ],
  };
  return createGazetteStore(database).storeEdition(draft);
}

const retriever = (embedder?: Embedder) =>
  createRetriever({
    database,
    clock,
    logger: silentLogger,
    ...(embedder === undefined ? {} : { embedder }),
  });
const query = (question: string) => ({ question, language: "es" as const, limit: 8 });

/** A stand-in of one axis per word that it knows, so that "vehículo" is near "automóviles". */
const CONCEPTS = [/auto|veh[ií]culo|carro/i, /playa|costa/i, /bibliotec|libros/i, /./];
const embedder: Embedder = {
  id: "stand-in:concepts:4",
  dimensions: 4,
  maxTextsPerCall: 3,
  async embed(texts) {
    return texts.map((text) => {
      const vector = Float32Array.from(CONCEPTS.map((concept) => (concept.test(text) ? 1 : 0)));
      vector[3] = 0.1;
      const norm = Math.hypot(...vector);
      return vector.map((value) => value / norm);
    });
  },
};

describe("a question to the gazettes", () => {
  it("finds the page, with what is needed to cite it", async () => {
    const found = await retriever().retrieve(TENANT, query("quien registro XARDIC?"), signal);
    expect(found.isAnswerable).toBe(true);
    expect(found.passages[0]).toMatchObject({
      source: "la-gaceta",
      editionNumber: "220",
      date: "2014-11-14",
      ranks: { lexical: 1 },
    });
    expect(found.passages[0]?.passage).toMatchObject({ page: 1, printedPage: "21" });
  });

  it("is refused when nothing says it, with the nearest pages", async () => {
    const found = await retriever().retrieve(
      TENANT,
      query("cuánto cuesta el pasaje de bus a Heredia, lo que pide el registro"),
      signal,
    );
    expect(found.isAnswerable).toBe(false);
    expect(found.passages.length).toBeGreaterThan(0);
    expect((await retriever().retrieve(TENANT, query("hola, ¿qué tal?"), signal)).passages).toEqual(
      [],
    );
  });

  it("is found in spite of a typing error and missing accents", async () => {
    const found = await retriever().retrieve(TENANT, query("bibliotekaria en grecia"), signal);
    expect(found.passages[0]?.passage.text).toContain("bibliotecaria");
  });

  it("brings what stands beside the best passage of the same act", async () => {
    const found = await retriever().retrieve(TENANT, query("XARDIC"), signal);
    expect(found.passages.map((item) => item.passage.page)).toEqual([1, 2]);
  });

  it("keeps to the date asked for, and says when it could not", async () => {
    const ask = (from: string, question = "inscripción, playa o concurso") =>
      retriever().retrieve(TENANT, { ...query(question), dates: { from, to: from } }, signal);
    const exact = await ask("2014-11-17");
    expect(exact.evidence.filter).toBe("applied");
    expect(new Set(exact.passages.map((item) => item.date))).toEqual(new Set(["2014-11-17"]));
    const otherYear = await ask("2026-11-14");
    expect(otherYear.evidence.filter).toBe("other-year");
    expect(new Set(otherYear.passages.map((item) => item.date))).toEqual(new Set(["2014-11-14"]));
    expect((await ask("2026-01-01")).evidence.filter).toBe("dropped");
  });

  it("sees an edition as soon as it is stored, and no longer one that was superseded", async () => {
    const reader = retriever();
    const ask = (word: string) => reader.retrieve(TENANT, query(word), signal);
    await publish("2014-11-18", "fe.pdf", ["La marca ZOPILOTE fue inscrita.", "Otro aviso."]);
    expect((await ask("zopilote")).passages).not.toEqual([]);
    await publish("2014-11-18", "fe.pdf", ["La marca QUETZAL fue inscrita.", "Otro aviso."]);
    expect((await ask("zopilote")).passages).toEqual([]);
    expect((await ask("quetzal")).passages[0]?.passage.text).toContain("QUETZAL");
  });

  it("sees what another process stored a second later", async () => {
    let now = 0;
    const reader = createRetriever({
      database: createDatabase({ kind: "embedded", pool: database.ownerPool }),
      clock: { now: () => new Date(now) },
      logger: silentLogger,
    });
    const ask = () => reader.retrieve(TENANT, query("tepezcuintle"), signal);
    expect((await ask()).passages).toEqual([]);
    await publish("2014-11-19", "fe.pdf", ["La marca TEPEZCUINTLE fue inscrita.", "Otro aviso."]);
    now += KNOWN_FOR_MS;
    expect((await ask()).passages[0]?.passage.text).toContain("TEPEZCUINTLE");
  });

  it("asks the database nothing when the same was asked just before", async () => {
    let transactions = 0;
    const reader = createRetriever({
      database: {
        ...database,
        asTenant(tenantId, work) {
          transactions += 1;
          return database.asTenant(tenantId, work);
        },
      },
      clock,
      logger: silentLogger,
    });
    const dates = { from: "2014-11-17", to: "2014-11-17" };
    const ask = () => reader.retrieve(TENANT, { ...query("playa de Sámara"), dates }, signal);
    const first = await ask();
    expect(transactions).toBe(1);
    expect(await ask()).toEqual(first);
    expect(transactions).toBe(1);
  });
});

describe("a transaction that begins when it is needed", () => {
  it("commits after the work, and leaves nothing when the work rejects", async () => {
    const insert =
      "insert into audit (tenant_id, actor, action, subject) values ($1, 'a', 'b', $2)";
    const run = (subject: string, fail: boolean) =>
      asTenantIfNeeded(database, tenantId, async (tx) => {
        await tx.query(insert, [tenantId, subject]);
        if (fail) throw new Error("after the statement");
        return subject;
      });
    const tenantId = await createTenants(database).ensureSampleTenant();
    expect(await run("kept", false)).toBe("kept");
    await expect(run("dropped", true)).rejects.toThrow("after the statement");
    const rows = await database.asTenant(tenantId, (tx) =>
      tx.query("select subject from audit where action = 'b'"),
    );
    expect(rows).toEqual([{ subject: "kept" }]);
  });

  it("rejects as the database does when it cannot begin", async () => {
    const away = {
      ...database,
      asTenant: () => Promise.reject(new Error("store away")),
    };
    await expect(asTenantIfNeeded(away, TENANT, (tx) => tx.query("select 1"))).rejects.toThrow(
      "store away",
    );
  });
});

describe("with an embedder", () => {
  it("is found by meaning where the words differ, once vectors were made; and only once each", async () => {
    const made = await embedMissing({ database, embedder, logger: silentLogger }, signal);
    expect(made).toBeGreaterThan(5);
    expect(await embedMissing({ database, embedder, logger: silentLogger }, signal)).toBe(0);
    const found = await retriever(embedder).retrieve(TENANT, query("vehículo eléctrico"), signal);
    expect(found.passages[0]?.passage.text).toContain("ARRIZO");
    expect(found.passages[0]?.ranks).toEqual({ vector: 1 });
  });

  it("is answered by words alone when the embedder fails or returns nonsense", async () => {
    const failing = [
      { ...embedder, embed: () => Promise.reject(new Error("503")) },
      { ...embedder, embed: async () => [new Float32Array(3)] },
    ];
    for (const broken of failing) {
      const found = await retriever(broken).retrieve(TENANT, query("XARDIC"), signal);
      expect(found.passages[0]?.passage.text).toContain("XARDIC");
      expect(found.evidence.vectorLeg).toBe(false);
    }
  });
});
