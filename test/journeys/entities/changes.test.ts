import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createQuestionAnswerer } from "../../../src/conversation/answer-question.ts";
import { systemClock } from "../../../src/core/clock.ts";
import { asId, type TenantId } from "../../../src/core/ids.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import type { QuestionAnswerer } from "../../../src/core/question.ts";
import { createEntityFeatures } from "../../../src/entity-features.ts";
import { makeTextPdf } from "../../../src/gazette/__fixtures__/make-pdf.ts";
import { createExtractor } from "../../../src/gazette/extract/extractor.ts";
import { DEFAULT_LIMITS } from "../../../src/gazette/extract/limits.ts";
import { createIngest, type Ingest } from "../../../src/gazette/ingest.ts";
import { createRetriever } from "../../../src/retrieval/create-retriever.ts";
import { planByRules } from "../../../src/retrieval/plan-by-rules.ts";
import { selectQuote, selectStretches } from "../../../src/retrieval/select-quote.ts";
import type { Database } from "../../../src/store/database.ts";
import { createFileStore } from "../../../src/store/file-store.ts";
import { createGazetteStore } from "../../../src/store/gazette-store.ts";
import { migrate } from "../../../src/store/migrate.ts";
import { openEmbedded } from "../../../src/store/open-embedded.ts";

const TENANT = asId<TenantId>("00000000-0000-4000-8000-00000000000a");
const DODF = "../shared/data/gazettes/DODF_011_16-01-2019_INTEGRA.pdf";
const signal = new AbortController().signal;
let folder: string;
let database: Database;
let ingest: Ingest;
let answerer: QuestionAnswerer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pregonero-changes-"));
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  const gazetteStore = createGazetteStore(database);
  ingest = createIngest({
    gazetteStore,
    fileStore: createFileStore(folder),
    extractor: createExtractor(DEFAULT_LIMITS),
    clock: systemClock,
    logger: silentLogger,
  });
  answerer = createQuestionAnswerer({
    retriever: createRetriever({ database, clock: systemClock, logger: silentLogger }),
    gazetteStore,
    planByRules,
    selectQuote,
    selectStretches,
    actChanges: createEntityFeatures(database).actChanges,
    publicUrl: "https://gaceta.example",
    clock: systemClock,
    logger: silentLogger,
  });
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

/** One act on one page, its lines one below the other. */
function onePage(lines: readonly string[]): Buffer {
  return makeTextPdf([lines.map((text, row) => ({ x: 60, y: 760 - row * 14, text }))]);
}

async function ask(text: string) {
  const { answer } = await answerer.answer(
    {
      tenantId: TENANT,
      messageId: asId(randomUUID()),
      text,
      language: undefined,
      sources: [],
      date: undefined,
      history: [],
      note: () => {},
    },
    signal,
  );
  return answer;
}

describe("an act that was published years ago", () => {
  it("is quoted with the order of the BOE that derogates it, as printed on 15 April 2024", async () => {
    await ingest(
      {
        document: { filePath: "sample/BOE-A-2024-7296.pdf" },
        source: "boe",
        publishedOn: "2024-04-15",
        number: "92",
      },
      { signal },
    );
    const older = onePage([
      "Orden ECD/1209/2014, de 3 de julio, por la que se establece el currículo de los ciclos inicial y",
      "final de grado medio correspondiente al título de Técnico Deportivo en Atletismo.",
      "La formación práctica en el refugio de Peñalara durará ciento cincuenta horas para cada alumno.",
      "La presente orden entrará en vigor el día siguiente al de su publicación.",
    ]);
    await ingest(
      { document: { bytes: older }, source: "boe", publishedOn: "2014-07-11" },
      { signal },
    );
    const answer = await ask("¿Cuántas horas de formación práctica hay en el refugio de Peñalara?");
    expect(answer.text).toMatch(
      /Atención: el acto de \[1\] está derogado o dejado sin efecto por «Orden EFD\/\d+\/2024, de \d+ de \w+» \(Boletín Oficial del Estado n\.º 92, 15 de abril de 2024\) \[\d\]\./,
    );
    const derogation = answer.citations.at(-1);
    expect(derogation?.quote).toMatch(/^Queda derogada la Orden ECD\/1209\/2014, de 3 de julio/);
    expect(derogation).toMatchObject({
      source: "boe",
      date: "2024-04-15",
      edition: expect.stringContaining("92"),
    });
    expect(derogation?.url).toMatch(
      /^https:\/\/gaceta\.example\/gazettes\/boe\/2024-04-15\/pages\/\d+\?document=BOE-A-2024-7296\.pdf&hl=\d+$/,
    );
  });

  it.skipIf(!existsSync(DODF))(
    "is quoted with the ordinance of the DODF that leaves it without effect (skipped without ../shared/data)",
    async () => {
      const older = onePage([
        "PORTARIA Nº 02, DE 11 DE JANEIRO DE 2019",
        "O SECRETÁRIO DE ESTADO DO DISTRITO FEDERAL, no uso de suas atribuições, resolve:",
        "Art. 1º Designar a comissão de inventário do almoxarifado de Ceilândia Quirimbó.",
        "Art. 2º Esta Portaria entra em vigor na data de sua publicação.",
      ]);
      const source = "diario-oficial-df";
      await ingest(
        { document: { bytes: older }, source, publishedOn: "2019-01-14", number: "9" },
        { signal },
      );
      await ingest({ document: { filePath: DODF }, source, publishedOn: "2019-01-16" }, { signal });
      const answer = await ask(
        "Quem designa a comissão de inventário do almoxarifado de Ceilândia Quirimbó?",
      );
      expect(answer.text).toContain("está revogado ou tornado sem efeito por");
      expect(answer.citations.at(-1)).toMatchObject({
        date: "2019-01-16",
        quote: expect.stringContaining("Portaria nº 02, de 11 de janeiro de 2019"),
      });
    },
  );
});
