import type { ActDraft, PageDraft } from "../core/gazette-store.ts";
import type { EditionId, TenantId } from "../core/ids.ts";
import type { Transaction } from "./database.ts";

/**
 * Rows per statement: each statement carries them as one JSON parameter, so that thousands of
 * passages take a few round trips, and none is large enough to trouble the embedded database.
 */
const BATCH = 500;

export async function insertPages(
  tx: Transaction,
  editionId: EditionId,
  owner: TenantId | null,
  pages: readonly PageDraft[],
): Promise<void> {
  const rows = pages.map((page) => ({
    page: page.page,
    printed_page: page.printedPage ?? null,
    width: page.width,
    height: page.height,
    origin: page.origin,
    confidence: page.confidence ?? null,
    given_up: page.givenUp?.reason ?? null,
    tries: page.givenUp?.tries ?? 0,
    next_try_at: page.givenUp?.nextTryAt ?? null,
    text: storable(page.text),
  }));
  await inBatches(rows, (batch) =>
    tx.query(
      `insert into page (edition_id, tenant_id, page, printed_page, width, height, origin, confidence, given_up,
                         tries, next_try_at, text)
       select $1, $2, page, printed_page, width, height, origin, confidence, given_up, tries, next_try_at, text
         from jsonb_to_recordset($3::jsonb) as row (page integer, printed_page text, width real,
              height real, origin text, confidence real, given_up text, tries smallint,
              next_try_at timestamptz, text text)`,
      [editionId, owner, batch],
    ),
  );
}

export async function insertActs(
  tx: Transaction,
  editionId: EditionId,
  owner: TenantId | null,
  acts: readonly ActDraft[],
  /** Position of the first of them in the edition. */
  first = 0,
): Promise<void> {
  const rows = acts.map((act, index) => ({
    position: first + index,
    section: storable(act.section),
    issuing_body: storable(act.issuingBody),
    title: storable(act.title),
    page: act.page,
    last_page: act.lastPage,
  }));
  await inBatches(rows, (batch) =>
    tx.query(
      `insert into act (edition_id, tenant_id, position, section, issuing_body, title, page, last_page)
       select $1, $2, position, section, issuing_body, title, page, last_page
         from jsonb_to_recordset($3::jsonb) as row (position integer, section text, issuing_body text,
              title text, page integer, last_page integer)`,
      [editionId, owner, batch],
    ),
  );
}

/** Passages are numbered through the edition, in the order of their acts; `first`: behind those that are there. */
export async function insertPassages(
  tx: Transaction,
  editionId: EditionId,
  owner: TenantId | null,
  acts: readonly ActDraft[],
  first: { readonly act: number; readonly passage: number } = { act: 0, passage: 0 },
): Promise<void> {
  const rows = acts.flatMap((act, index) =>
    act.passages.map((passage) => ({ actPosition: first.act + index, passage })),
  );
  const numbered = rows.map(({ actPosition, passage }, index) => ({
    position: first.passage + index,
    act_position: actPosition,
    heading: storable(passage.heading),
    text: storable(passage.text),
    page: passage.page,
    last_page: passage.lastPage,
    printed_page: passage.printedPage ?? null,
    lines: passage.lines,
  }));
  await inBatches(numbered, (batch) =>
    tx.query(
      `insert into passage (edition_id, tenant_id, position, act_position, heading, text, page, last_page,
                            printed_page, lines)
       select $1, $2, position, act_position, heading, text, page, last_page, printed_page, lines
         from jsonb_to_recordset($3::jsonb) as row (position integer, act_position integer, heading text,
              text text, page integer, last_page integer, printed_page text, lines jsonb)
        order by position`,
      [editionId, owner, batch],
    ),
  );
}

export async function inBatches<Row>(
  rows: readonly Row[],
  insert: (json: string) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < rows.length; start += BATCH) {
    await insert(JSON.stringify(rows.slice(start, start + BATCH)));
  }
}

/** PostgreSQL stores neither NUL nor half a surrogate pair; a hostile PDF may hold both. A space keeps offsets true. */
export function storable(text: string): string {
  return text
    .replaceAll("\0", " ")
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, " ");
}
