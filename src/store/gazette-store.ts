import { randomUUID } from "node:crypto";
import type { GazetteDate, Source } from "../core/gazette.ts";
import type { EditionDraft, GazetteStore, PageDraft } from "../core/gazette-store.ts";
import { asId, type EditionId, type PassageId, type SourceId } from "../core/ids.ts";
import type { Database, Transaction } from "./database.ts";
import { dateEdition } from "./edition-dates.ts";
import { firstPassages, insertReadings } from "./entities/insert-readings.ts";
import {
  type EditionRow,
  editionColumns,
  editionOf,
  GIVEN_UP_COLUMNS,
  type GivenUpRow,
  givenUpOf,
  PASSAGE_COLUMNS,
  type PassageRow,
  placedPassageOf,
  type SourceRow,
  sourceColumns,
  sourceOf,
} from "./gazette-rows.ts";
import { insertActs, insertPages, insertPassages } from "./gazette-writes.ts";
import { indexEdition, unindexEdition } from "./passage-index.ts";

/** `GazetteStore` over PostgreSQL. Public gazettes are written as the curator, a tenant's own as that tenant. */
export function createGazetteStore(database: Database): GazetteStore {
  return {
    findSource: (tenantId, slug) => database.asTenant(tenantId, (tx) => findSource(tx, slug)),
    listSources: (tenantId) => database.asTenant(tenantId, listSources),
    ensurePublicSource: (source) => database.asCurator((tx) => ensurePublicSource(tx, source)),
    findEditionByHash: (sourceId, contentHash) =>
      database.asCurator((tx) => findEditionByHash(tx, sourceId, contentHash)),
    storeEdition: (draft) => {
      const store = (tx: Transaction) => storeEdition(tx, draft);
      const { tenantId } = draft.source;
      const stored =
        tenantId === undefined ? database.asCurator(store) : database.asTenant(tenantId, store);
      // Even after an error: whether a commit whose answer was lost took place is not known.
      return stored.finally(() => database.noteIndexChange());
    },
    getEdition: (tenantId, editionId) =>
      database.asTenant(tenantId, (tx) => getEdition(tx, editionId)),
    listEditions: (tenantId, slug, publishedOn) =>
      database.asTenant(tenantId, (tx) => listEditions(tx, slug, publishedOn)),
    latestDate: (tenantId, slugs) => database.asTenant(tenantId, (tx) => latestDate(tx, slugs)),
    listActs: (tenantId, editionId) => database.asTenant(tenantId, (tx) => listActs(tx, editionId)),
    getPassage: (tenantId, passageId) =>
      database.asTenant(tenantId, (tx) => getPassage(tx, passageId)),
    getPage: (tenantId, editionId, page) =>
      database.asTenant(tenantId, (tx) => getPage(tx, editionId, page)),
  };
}

/** A tenant's own source hides the public one of the same slug. */
async function findSource(tx: Transaction, slug: string): Promise<Source | undefined> {
  const [row] = await tx.query<SourceRow>(
    `select ${sourceColumns} from source s where s.slug = $1 order by s.tenant_id nulls last limit 1`,
    [slug],
  );
  return row && sourceOf(row);
}

async function listSources(tx: Transaction) {
  const rows = await tx.query<
    SourceRow & { edition_count: number; last_published_on: string | null }
  >(
    `select ${sourceColumns}, count(e.id)::integer as edition_count, max(e.published_on) as last_published_on
       from source s left join edition e on e.source_id = s.id and e.superseded_by is null
      where s.kind = 'gazette' group by s.id order by s.name`,
  );
  return rows.map((row) => ({
    ...sourceOf(row),
    editionCount: row.edition_count,
    lastPublishedOn: row.last_published_on ?? undefined,
  }));
}

/** Concurrent calls for one slug return the same source. */
async function ensurePublicSource(
  tx: Transaction,
  source: Omit<Source, "sourceId" | "tenantId">,
): Promise<Source> {
  const found = await findSource(tx, source.slug);
  if (found !== undefined) return found;
  await tx.query(
    `insert into source (id, slug, name, language, country, time_zone) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [randomUUID(), source.slug, source.name, source.language, source.country, source.timeZone],
  );
  const stored = await findSource(tx, source.slug);
  if (stored === undefined)
    throw new Error(`source ${source.slug} vanished while it was being created`);
  return stored;
}

async function findEditionByHash(
  tx: Transaction,
  sourceId: SourceId,
  contentHash: string,
): Promise<EditionId | undefined> {
  const [row] = await tx.query<{ id: string }>(
    `select id from edition where source_id = $1 and content_hash = $2
      order by superseded_by is not null, ingested_at desc limit 1`,
    [sourceId, contentHash],
  );
  return row && asId<EditionId>(row.id);
}

/**
 * Everything of the edition in this one transaction. The source's row is locked, so that two
 * processes that ingest the same document take turns and the second finds what the first stored.
 */
async function storeEdition(
  tx: Transaction,
  draft: EditionDraft,
): Promise<{ editionId: EditionId; outcome: "stored" | "unchanged" | "superseded-older" }> {
  const { sourceId, language } = draft.source;
  await tx.query("select id from source where id = $1 for update", [sourceId]);
  const known = await findEditionByHash(tx, sourceId, draft.contentHash);
  if (known !== undefined && known !== draft.insteadOf) {
    return { editionId: known, outcome: "unchanged" };
  }
  const editionId = asId<EditionId>(randomUUID());
  const older = await insertEdition(tx, editionId, draft);
  const owner = draft.source.tenantId ?? null;
  await insertPages(tx, editionId, owner, draft.pages);
  await insertActs(tx, editionId, owner, draft.acts);
  await insertPassages(tx, editionId, owner, draft.acts);
  if (draft.readings !== undefined) {
    const firsts = firstPassages(draft.acts.map(({ passages }) => passages.length));
    await insertReadings(tx, { editionId, owner }, draft.readings, firsts);
  }
  for (const id of older) await unindexEdition(tx, id);
  await indexEdition(tx, editionId, language);
  await dateEdition(tx, editionId);
  return { editionId, outcome: older.length > 0 ? "superseded-older" : "stored" };
}

/** Inserts the edition and marks what it replaces, which is returned: of one name, at most one. */
async function insertEdition(
  tx: Transaction,
  editionId: EditionId,
  draft: EditionDraft,
): Promise<EditionId[]> {
  const older = await tx.query<{ id: string }>(
    `select id from edition
      where source_id = $1 and superseded_by is null and (published_on = $2 and document_name = $3 or id = $4)`,
    [draft.source.sourceId, draft.publishedOn, draft.documentName, draft.insteadOf ?? null],
  );
  const values = [
    editionId,
    draft.source.tenantId ?? null,
    draft.source.sourceId,
    draft.publishedOn,
    draft.number ?? null,
    draft.documentName,
    draft.contentHash,
    draft.fileKey,
    draft.pages.length,
    draft.pages.filter((page) => page.origin === "ocr").length,
    draft.acts.length,
  ];
  // Inserted as superseded by itself, then made current: the older one must step back first,
  // and can only point to an edition that is there.
  await tx.query(
    `insert into edition (id, tenant_id, source_id, published_on, number, document_name, content_hash,
                          file_key, page_count, ocr_page_count, act_count, superseded_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $1)`,
    values,
  );
  for (const row of older) {
    await tx.query("update edition set superseded_by = $2 where id = $1", [row.id, editionId]);
  }
  await tx.query("update edition set superseded_by = null where id = $1", [editionId]);
  return older.map((row) => asId<EditionId>(row.id));
}

async function getEdition(tx: Transaction, editionId: EditionId) {
  const [row] = await tx.query<EditionRow>(
    `select ${editionColumns} from edition e join source s on s.id = e.source_id where e.id = $1`,
    [editionId],
  );
  return row && editionOf(row);
}

async function listEditions(tx: Transaction, slug: string, publishedOn: GazetteDate) {
  const rows = await tx.query<EditionRow & { act_count: number }>(
    `select ${editionColumns}, e.act_count from edition e join source s on s.id = e.source_id
      where s.slug = $1 and e.published_on = $2 and e.superseded_by is null order by e.document_name`,
    [slug, publishedOn],
  );
  return rows.map((row) => ({ ...editionOf(row), actCount: row.act_count }));
}

async function latestDate(
  tx: Transaction,
  slugs: readonly string[],
): Promise<GazetteDate | undefined> {
  const [row] = await tx.query<{ latest: string | null }>(
    `select max(e.published_on) as latest from edition e join source s on s.id = e.source_id
      where s.kind = 'gazette' and e.superseded_by is null and (cardinality($1::text[]) = 0 or s.slug = any($1))`,
    [[...slugs]],
  );
  return row?.latest ?? undefined;
}

async function listActs(tx: Transaction, editionId: EditionId) {
  const rows = await tx.query<{
    section: string;
    issuing_body: string;
    title: string;
    page: number;
    last_page: number;
  }>(
    "select section, issuing_body, title, page, last_page from act where edition_id = $1 order by position",
    [editionId],
  );
  return rows.map((row) => ({
    section: row.section,
    issuingBody: row.issuing_body,
    title: row.title,
    page: row.page,
    lastPage: row.last_page,
  }));
}

async function getPassage(tx: Transaction, passageId: PassageId) {
  if (!/^\d{1,18}$/.test(passageId)) return undefined;
  const [row] = await tx.query<PassageRow>(
    `select ${PASSAGE_COLUMNS} from passage where id = $1::bigint`,
    [passageId],
  );
  return row && placedPassageOf(row);
}

async function getPage(
  tx: Transaction,
  editionId: EditionId,
  page: number,
): Promise<PageDraft | undefined> {
  const [row] = await tx.query<
    {
      page: number;
      printed_page: string | null;
      width: number;
      height: number;
      origin: PageDraft["origin"];
      confidence: number | null;
      text: string;
    } & GivenUpRow
  >(
    `select page, printed_page, width, height, origin, confidence, text, ${GIVEN_UP_COLUMNS} from page
      where edition_id = $1 and page = $2`,
    [editionId, page],
  );
  return (
    row && {
      page: row.page,
      printedPage: row.printed_page ?? undefined,
      width: row.width,
      height: row.height,
      origin: row.origin,
      ...(row.confidence !== null && { confidence: row.confidence }),
      ...givenUpOf(row),
      text: row.text,
    }
  );
}
