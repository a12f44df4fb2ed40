import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Source } from "../../core/gazette.ts";
import type { EditionDraft } from "../../core/gazette-store.ts";
import { asId, type EditionId, type TenantId } from "../../core/ids.ts";
import { silentLogger } from "../../core/logger.ts";
import { READING_VERSION, readAct } from "../../gazette/entities/read-act.ts";
import { createEditionReader } from "../../gazette/entities/read-editions.ts";
import type { Database } from "../database.ts";
import { createGazetteStore } from "../gazette-store.ts";
import { migrate } from "../migrate.ts";
import { openEmbedded } from "../open-embedded.ts";
import { createActChanges } from "./act-changes.ts";
import { createEntityIndex } from "./entity-index.ts";
import { createReadingLedger } from "./reading-ledger.ts";

const MINE = asId<TenantId>("00000000-0000-4000-8000-00000000000a");
const THEIRS = asId<TenantId>("00000000-0000-4000-8000-00000000000b");
const signal = new AbortController().signal;
let database: Database;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  await database.asOwner(async (tx) => {
    for (const id of [MINE, THEIRS]) {
      await tx.query("insert into tenant (id, slug, name) values ($1, $2, $2)", [id, id]);
    }
  });
});
afterAll(() => database.close());

/** A gazette of its own for each test, so that none sees another's acts. */
let source: Source;
let country = "";
beforeEach(async () => {
  // Any two letters: laws and decrees are counted through the years, as in Costa Rica.
  country = randomUUID()
    .replace(/[^a-f]/g, "")
    .slice(0, 4);
  source = await createGazetteStore(database).ensurePublicSource({
    slug: `g-${randomUUID().slice(0, 8)}`,
    name: "La Gaceta",
    language: "es",
    country,
    timeZone: "America/Costa_Rica",
  });
});

interface Printed {
  readonly title: string;
  readonly text: string;
  readonly issuingBody?: string;
}

function draft(
  publishedOn: string,
  acts: readonly Printed[],
  options: { readonly isRead?: boolean; readonly documentName?: string; readonly of?: Source } = {},
): EditionDraft {
  const of = options.of ?? source;
  const drafts = acts.map(({ title, text, issuingBody = "" }, at) => ({
    section: "",
    issuingBody,
    title,
    page: at + 1,
    lastPage: at + 1,
    passages: [
      {
        heading: title,
        text,
        page: at + 1,
        lastPage: at + 1,
        printedPage: String(at + 21),
        lines: [],
      },
    ],
  }));
  const readings = { version: READING_VERSION, ofActs: drafts.map((act) => readAct(act, of)) };
  return {
    source: of,
    publishedOn,
    number: "7",
    documentName: options.documentName ?? `${publishedOn}.pdf`,
    contentHash: randomUUID(),
    fileKey: "editions/00/a.pdf",
    pages: acts.map(({ text }, at) => ({
      page: at + 1,
      printedPage: String(at + 21),
      width: 600,
      height: 800,
      origin: "text-layer",
      text,
    })),
    acts: drafts,
    ...(options.isRead === false ? {} : { readings }),
  };
}

async function publish(...given: Parameters<typeof draft>): Promise<EditionId> {
  return (await createGazetteStore(database).storeEdition(draft(...given))).editionId;
}

/** `relation of page: by`, of the acts of an edition. */
async function changesOf(editionId: EditionId, tenantId = MINE, sets?: readonly string[]) {
  const rows = await database.asOwner((tx) =>
    tx.query<{ id: string }>(
      "select id::text from passage where edition_id = $1 order by position",
      [editionId],
    ),
  );
  const changes = await createActChanges(database).changesOf(
    tenantId,
    rows.map(({ id }) => asId(id)),
    sets,
  );
  return changes.map(({ passageId, relation, by, sentence, found }) => {
    expect(found.passage.text).toContain(sentence);
    const page = rows.findIndex(({ id }) => id === passageId) + 1;
    return `${relation} ${page}: ${by}, ${found.date}`;
  });
}

const DECREE: Printed = {
  title: "Decreto N° 41000 del 3 de abril de 2018",
  text: "Decreto N° 41000 del 3 de abril de 2018. Se regula el transporte de cabras.",
};
const NEWER: Printed = {
  title: "Decreto N° 42500 del 9 de julio de 2020",
  text: "Decreto N° 42500 del 9 de julio de 2020. Artículo 1. Refórmase el artículo 2 del Decreto N° 41000. Rige a partir de su publicación.",
};
const CHANGED = "modifies 1: Decreto N° 42500 del 9 de julio de 2020, 2020-07-15";

describe("what changes an act", () => {
  it("is found whichever of the two came in first", async () => {
    const older = await publish("2018-04-10", [DECREE]);
    expect(await changesOf(older)).toEqual([]);
    await publish("2020-07-15", [NEWER]);
    expect(await changesOf(older)).toEqual([CHANGED]);
  });

  it("is found when the older act is added to the archive last", async () => {
    await publish("2020-07-15", [NEWER]);
    expect(await changesOf(await publish("2018-04-10", [DECREE]))).toEqual([CHANGED]);
  });

  it("is read, of editions that were there before, when they are read again", async () => {
    const older = await publish("2018-04-10", [DECREE], { isRead: false });
    await publish("2020-07-15", [NEWER], { isRead: false });
    expect(await changesOf(older)).toEqual([]);
    const readOne = createEditionReader({
      ledger: createReadingLedger(database),
      logger: silentLogger,
    });
    while (await readOne(signal)) {
      // Until all are read.
    }
    expect(await changesOf(older)).toEqual([CHANGED]);
    expect(await readOne(signal)).toBe(false);
  });

  it("goes when a corrected edition takes its place, and never changes what came after", async () => {
    const older = await publish("2018-04-10", [DECREE]);
    const later = await publish("2021-01-01", [DECREE]);
    await publish("2020-07-15", [NEWER], { documentName: "a.pdf" });
    expect(await changesOf(later)).toEqual([]);
    await publish("2020-07-15", [{ ...NEWER, text: "Decreto N° 42500. Nada se reforma." }], {
      documentName: "a.pdf",
    });
    expect(await changesOf(older)).toEqual([]);
  });

  it("is told of the body's own act, where two bodies gave the same number, and of none where nothing decides", async () => {
    const title = "Resolución N° 5 del 2 de marzo de 2020";
    const two = await publish("2020-03-05", [
      { title, text: "Resolución N° 5. Tarifas de agua.", issuingBody: "ARESEP" },
      { title, text: "Resolución N° 5. Frecuencias de radio.", issuingBody: "SUTEL" },
    ]);
    const repeal = (issuingBody: string): Printed => ({
      title: "Resolución N° 9 del 4 de mayo de 2020",
      text: "Resolución N° 9 del 4 de mayo de 2020. Déjase sin efecto la Resolución N° 5 del 2 de marzo de 2020.",
      issuingBody,
    });
    await publish("2020-05-07", [repeal("MINISTERIO DE SALUD")]);
    expect(await changesOf(two)).toEqual([]);
    await publish("2020-05-08", [repeal("Sutel")]);
    expect(await changesOf(two)).toEqual([
      "derogates 2: Resolución N° 9 del 4 de mayo de 2020, 2020-05-08",
    ]);
  });

  it("may be a fe de erratas that names only the edition and its page", async () => {
    const wrong = await publish("2014-11-12", [
      { title: "AVISO A LOS VECINOS", text: "La Municipalidad de Escazú convoca el martes." },
      { title: "AVISO A LOS PADRES", text: "La escuela convoca el lunes." },
    ]);
    await publish("2014-11-14", [
      {
        title: "FE DE ERRATAS",
        text: "En La Gaceta N° 218 del 12 de noviembre de 2014, en la página 21, se publicó un aviso. Donde dice: martes, léase: jueves.",
      },
    ]);
    expect(await changesOf(wrong)).toEqual(["corrects 1: FE DE ERRATAS, 2014-11-14"]);
  });

  it("stays within the tenant and within the knowledge sets of who asks", async () => {
    const older = await publish("2018-04-10", [DECREE]);
    const ownSource = {
      ...source,
      sourceId: asId<Source["sourceId"]>(randomUUID()),
      tenantId: THEIRS,
    };
    await database.asTenant(THEIRS, (tx) =>
      tx.query(
        "insert into source (id, tenant_id, slug, name, language, country, time_zone) values ($1, $2, 'own', 'Own', 'es', $3, 'UTC')",
        [ownSource.sourceId, THEIRS, country],
      ),
    );
    await publish("2020-07-15", [NEWER], { of: ownSource });
    expect(await changesOf(older, MINE)).toEqual([]);
    expect(await changesOf(older, THEIRS)).toEqual([CHANGED]);
    expect(await changesOf(older, THEIRS, ["no such set"])).toEqual([]);
  });
});

describe("what editions speak of", () => {
  it("is counted by act, and leads to the acts", async () => {
    const text = "Moba Sociedad Anónima, con domicilio en Guatemala, según la Ley N° 7978.";
    const edition = await publish("2014-11-14", [
      { title: "XARDIC", text: `${text} Véase la Resolución de 5 de abril de 2014.` },
      { title: "TOPROCC", text: "Cemex S. A. pide, según la Ley 7.978 y la Ley N° 7978." },
    ]);
    const index = createEntityIndex(database);
    const kinds = ["norm", "company"] as const;
    expect(await index.listFrequent(MINE, [edition], { kinds, limit: 5 })).toEqual([
      { kind: "norm", key: "law:7978", name: expect.stringMatching(/^Ley/), actCount: 2 },
      { kind: "company", key: "cemex", name: "Cemex S. A.", actCount: 1 },
      { kind: "company", key: "moba", name: "Moba Sociedad Anónima", actCount: 1 },
    ]);
    const found = await index.findActs(MINE, [edition], { kind: "company", key: "cemex" });
    expect(found?.positions.get(edition)).toEqual([1]);
    expect(await index.findActs(MINE, [edition], { kind: "company", key: "x" })).toBeUndefined();
  });
});
