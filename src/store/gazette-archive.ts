import type { ArchivedDay, GazetteArchive, ListedAct, PageFacts } from "../core/gazette-archive.ts";
import { asId, type EditionId, type SourceId, type TenantId } from "../core/ids.ts";
import type { Database, Transaction } from "./database.ts";
import {
  GIVEN_UP_COLUMNS,
  type GivenUpRow,
  givenUpOf,
  PASSAGE_COLUMNS,
  type PassageRow,
  placedPassageOf,
} from "./gazette-rows.ts";

/** `GazetteArchive` over PostgreSQL. */
export function createGazetteArchive(database: Database): GazetteArchive {
  return {
    listMonths: (tenantId, sourceId) =>
      database.asTenant(tenantId, (tx) => listMonths(tx, sourceId)),
    listDays: (tenantId, sourceId, options) =>
      database.asTenant(tenantId, (tx) => listDays(tx, sourceId, options)),
    listPublicDays: (limit) => database.asTenant(NOBODY, (tx) => listPublicDays(tx, limit)),
    findNeighbours: (tenantId, sourceId, publishedOn) =>
      database.asTenant(tenantId, (tx) => findNeighbours(tx, sourceId, publishedOn)),
    listActs: (tenantId, editionIds) =>
      database.asTenant(tenantId, (tx) => listActs(tx, editionIds)),
    listPages: (tenantId, editionId) =>
      database.asTenant(tenantId, (tx) => listPages(tx, editionId)),
    listPassages: (tenantId, editionId, page) =>
      database.asTenant(tenantId, (tx) => listPassages(tx, editionId, page)),
  };
}

/** Row security leaves it the public gazettes and nothing else. */
const NOBODY = asId<TenantId>("00000000-0000-0000-0000-000000000000");

async function listMonths(tx: Transaction, sourceId: SourceId) {
  const rows = await tx.query<{ month: string; day_count: number }>(
    `select to_char(published_on, 'YYYY-MM') as month, count(distinct published_on)::integer as day_count
       from edition where source_id = $1 and superseded_by is null
      group by 1 order by 1 desc`,
    [sourceId],
  );
  return rows.map(({ month, day_count }) => ({ month, dayCount: day_count }));
}

interface DayRow {
  readonly published_on: string;
  readonly number: string | null;
  readonly document_count: number;
  readonly page_count: number;
  readonly act_count: number;
  readonly taken_in_at: Date;
}

async function listDays(
  tx: Transaction,
  sourceId: SourceId,
  { month, limit }: { readonly month: string | undefined; readonly limit: number },
): Promise<readonly ArchivedDay[]> {
  const rows = await tx.query<DayRow>(
    `select published_on,
            (array_agg(number order by document_name) filter (where number is not null))[1] as number,
            count(*)::integer as document_count, sum(page_count)::integer as page_count,
            sum(act_count)::integer as act_count, max(ingested_at) as taken_in_at
       from edition
      where source_id = $1 and superseded_by is null
        and ($2::date is null or (published_on >= $2::date and published_on < $2::date + interval '1 month'))
      group by published_on order by published_on desc limit $3`,
    [sourceId, month === undefined ? null : `${month}-01`, limit],
  );
  return rows.map((row) => ({
    publishedOn: row.published_on,
    number: row.number ?? undefined,
    documentCount: row.document_count,
    pageCount: row.page_count,
    actCount: row.act_count,
    takenInAt: row.taken_in_at,
  }));
}

async function listPublicDays(tx: Transaction, limit: number) {
  const rows = await tx.query<{ slug: string; published_on: string; taken_in_at: Date }>(
    `select s.slug, e.published_on, max(e.ingested_at) as taken_in_at
       from edition e join source s on s.id = e.source_id
      where s.kind = 'gazette' and e.superseded_by is null
      group by s.slug, e.published_on order by e.published_on desc, s.slug limit $1`,
    [limit],
  );
  return rows.map((row) => ({
    slug: row.slug,
    publishedOn: row.published_on,
    takenInAt: row.taken_in_at,
  }));
}

async function findNeighbours(tx: Transaction, sourceId: SourceId, publishedOn: string) {
  const [row] = await tx.query<{ earlier: string | null; later: string | null }>(
    `select max(published_on) filter (where published_on < $2::date) as earlier,
            min(published_on) filter (where published_on > $2::date) as later
       from edition where source_id = $1 and superseded_by is null`,
    [sourceId, publishedOn],
  );
  return { earlier: row?.earlier ?? undefined, later: row?.later ?? undefined };
}

async function listActs(tx: Transaction, editionIds: readonly EditionId[]) {
  const rows = await tx.query<{
    edition_id: string;
    section: string;
    issuing_body: string;
    title: string;
    page: number;
    last_page: number;
  }>(
    `select edition_id, section, issuing_body, title, page, last_page from act
      where edition_id = any ($1::uuid[]) order by edition_id, position`,
    [editionIds],
  );
  const acts = new Map<EditionId, ListedAct[]>();
  for (const row of rows) {
    const editionId = asId<EditionId>(row.edition_id);
    const known = acts.get(editionId) ?? [];
    known.push({
      section: row.section,
      issuingBody: row.issuing_body,
      title: row.title,
      page: row.page,
      lastPage: row.last_page,
    });
    acts.set(editionId, known);
  }
  return acts;
}

async function listPages(tx: Transaction, editionId: EditionId): Promise<readonly PageFacts[]> {
  const rows = await tx.query<
    {
      page: number;
      printed_page: string | null;
      origin: PageFacts["origin"];
      confidence: number | null;
    } & GivenUpRow
  >(
    `select page, printed_page, origin, confidence, ${GIVEN_UP_COLUMNS} from page
      where edition_id = $1 order by page`,
    [editionId],
  );
  return rows.map((row) => ({
    page: row.page,
    printedPage: row.printed_page ?? undefined,
    origin: row.origin,
    ...(row.confidence !== null && { confidence: row.confidence }),
    ...givenUpOf(row),
  }));
}

async function listPassages(tx: Transaction, editionId: EditionId, page: number) {
  const rows = await tx.query<PassageRow>(
    `select ${PASSAGE_COLUMNS} from passage
      where edition_id = $1 and page <= $2 and last_page >= $2 order by position`,
    [editionId, page],
  );
  return rows.map(placedPassageOf);
}
