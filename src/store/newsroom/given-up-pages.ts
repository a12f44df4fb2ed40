import type { PageDraft } from "../../core/gazette-store.ts";
import type { GivenUpPages, TakenPages } from "../../core/given-up-pages.ts";
import { asId, type EditionId, type TenantId } from "../../core/ids.ts";
import type { Language } from "../../core/language.ts";
import type { Database, Transaction } from "../database.ts";
import { inBatches, insertActs, insertPassages, storable } from "../gazette-writes.ts";
import { indexEdition, unindexEdition } from "../passage-index.ts";
import { asOwnerOf } from "./newsroom-rows.ts";

/** Pages of one take: with all the patience that each is given, they are read before they are due again. */
const PAGES_AT_ONCE = 4;

/** `GivenUpPages` over PostgreSQL: of public editions as the curator, of a tenant's own as that tenant. */
export function createGivenUpPages(
  database: Database,
  /** Until the second try, the third, …; after as many more there is none. */
  retryMinutes: readonly number[],
): GivenUpPages {
  return {
    async take() {
      const due = await database.asDispatcher(findDue);
      if (due === undefined) return undefined;
      return asOwnerOf(database, due.tenantId, (tx) => takePages(tx, due, retryMinutes));
    },
    keep: (taken, read) =>
      asOwnerOf(database, taken.tenantId, (tx) => keepPages(tx, taken, read)).finally(() =>
        database.noteIndexChange(),
      ),
  };
}

type DueEdition = Pick<TakenPages, "editionId" | "tenantId">;

async function findDue(tx: Transaction): Promise<DueEdition | undefined> {
  const [row] = await tx.query<{ edition_id: string; tenant_id: string | null }>({
    name: "given-up-pages-due",
    text: `select p.edition_id, p.tenant_id from page p join edition e on e.id = p.edition_id
           where p.next_try_at <= now() and e.superseded_by is null order by p.next_try_at limit 1`,
  });
  return (
    row && {
      editionId: asId<EditionId>(row.edition_id),
      tenantId: row.tenant_id === null ? undefined : asId<TenantId>(row.tenant_id),
    }
  );
}

async function takePages(
  tx: Transaction,
  { editionId, tenantId }: DueEdition,
  retryMinutes: readonly number[],
): Promise<TakenPages | undefined> {
  const pages = await tx.query<{ page: number; tries: number }>(
    {
      name: "given-up-pages-take",
      text: `with due as (
               select page from page where edition_id = $1 and next_try_at <= now()
               order by page limit ${PAGES_AT_ONCE} for update skip locked
             )
             update page p set tries = p.tries + 1,
                    next_try_at = now() + ($2::integer[])[p.tries + 1] * interval '1 minute'
             from due where p.edition_id = $1 and p.page = due.page returning p.page, p.tries`,
    },
    [editionId, retryMinutes],
  );
  const [edition] = await tx.query<{ file_key: string; language: Language }>(
    "select e.file_key, s.language from edition e join source s on s.id = e.source_id where e.id = $1",
    [editionId],
  );
  if (edition === undefined || pages.length === 0) return undefined;
  return {
    editionId,
    tenantId,
    fileKey: edition.file_key,
    language: edition.language,
    pages: pages.toSorted((a, b) => a.page - b.page),
  };
}

async function keepPages(
  tx: Transaction,
  { editionId, tenantId, language }: TakenPages,
  { pages, acts }: Parameters<GivenUpPages["keep"]>[1],
): Promise<boolean> {
  const [edition] = await tx.query<{ act_count: number; passage_count: number }>(
    `select act_count, (select coalesce(max(position) + 1, 0)::integer from passage where edition_id = $1) as passage_count
       from edition where id = $1 and superseded_by is null for update`,
    [editionId],
  );
  const left = await tx.query<{ page: number }>(
    "select page from page where edition_id = $1 and page = any ($2::integer[]) and given_up is not null",
    [editionId, pages.map(({ page }) => page)],
  );
  if (edition === undefined || left.length < pages.length) return false;
  await updatePages(tx, editionId, pages);
  const recognised = pages.filter(
    ({ origin, givenUp }) => origin === "ocr" && givenUp === undefined,
  );
  if (acts.length === 0) return true;
  const owner = tenantId ?? null;
  const first = { act: edition.act_count, passage: edition.passage_count };
  await insertActs(tx, editionId, owner, acts, first.act);
  await insertPassages(tx, editionId, owner, acts, first);
  await unindexEdition(tx, editionId);
  await indexEdition(tx, editionId, language);
  // Whoever matches it, or reads what its acts speak of, has more to look at.
  await tx.query(
    `update edition set act_count = act_count + $2, ocr_page_count = ocr_page_count + $3, revision = revision + 1,
            entities_version = 0 where id = $1`,
    [editionId, acts.length, recognised.length],
  );
  return true;
}

async function updatePages(
  tx: Transaction,
  editionId: EditionId,
  pages: readonly PageDraft[],
): Promise<void> {
  const rows = pages.map((page) => ({
    page: page.page,
    printed_page: page.printedPage ?? null,
    origin: page.origin,
    confidence: page.confidence ?? null,
    given_up: page.givenUp?.reason ?? null,
    text: storable(page.text),
  }));
  await inBatches(rows, (batch) =>
    tx.query(
      // What is given up again keeps what there was of it, and when it is due.
      `update page p
          set given_up = row.given_up,
              next_try_at = case when row.given_up is null then null else p.next_try_at end,
              printed_page = coalesce(p.printed_page, row.printed_page),
              origin = case when row.given_up is null then row.origin else p.origin end,
              confidence = case when row.given_up is null then row.confidence else p.confidence end,
              text = case when row.given_up is null then row.text else p.text end
         from jsonb_to_recordset($2::jsonb) as row (page integer, printed_page text, origin text,
              confidence real, given_up text, text text)
        where p.edition_id = $1 and p.page = row.page`,
      [editionId, batch],
    ),
  );
}
