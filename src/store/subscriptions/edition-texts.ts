import { asId, type EditionId, type PassageId } from "../../core/ids.ts";
import type { Language } from "../../core/language.ts";
import type { ActText, AlertEdition, EditionTexts } from "../../core/subscriptions.ts";
import type { Database, Transaction } from "../database.ts";
import { gazettesOfBot } from "./gazettes-of-bot.ts";

/** Documents of the last dates that are looked at for a sample. */
const NEWEST = 200;

export interface EditionFactsRow {
  readonly edition_id: string;
  readonly source: string;
  readonly source_name: string;
  readonly number: string | null;
  readonly published_on: string;
  readonly document_name: string;
}

/** Of `edition e` and `source g`. */
export const EDITION_FACTS = `e.id as edition_id, g.slug as source, g.name as source_name, e.number, e.published_on,
  e.document_name`;

export function toAlertEdition(row: EditionFactsRow): AlertEdition {
  return {
    editionId: asId<EditionId>(row.edition_id),
    source: row.source,
    sourceName: row.source_name,
    number: row.number ?? undefined,
    publishedOn: row.published_on,
    documentName: row.document_name,
  };
}

/** Editions as they are matched: current ones of gazettes; a tenant's documents are no news. */
export function createEditionTexts(database: Database): EditionTexts {
  return {
    read: (tenantId, editionId) =>
      database.asTenant(tenantId, async (tx) => {
        const [row] = await tx.query<EditionFactsRow & { language: Language }>(
          `select ${EDITION_FACTS}, g.language from edition e join source g on g.id = e.source_id
           where e.id = $1 and g.kind = 'gazette'`,
          [editionId],
        );
        if (row === undefined) return undefined;
        return {
          edition: toAlertEdition(row),
          language: row.language,
          acts: await readActs(tx, editionId),
        };
      }),
    revisionOf: (tenantId, editionId) =>
      database.asTenant(tenantId, async (tx) => {
        const [row] = await tx.query<{ revision: number }>(
          "select revision from edition where id = $1",
          [editionId],
        );
        return row?.revision;
      }),
    listNewest: ({ tenantId, botId }, maxPages) =>
      database.asTenant(tenantId, async (tx) => {
        const slugs = await gazettesOfBot(tx, botId);
        const rows = await tx.query<{ id: EditionId; page_count: number }>(
          `select e.id, e.page_count from edition e join source g on g.id = e.source_id
           where g.kind = 'gazette' and e.superseded_by is null
             and ($1::text[] is null or g.slug = any($1))
           order by e.published_on desc, e.ingested_at desc limit ${NEWEST}`,
          [slugs ?? null],
        );
        let pages = 0;
        const fitting = rows.filter(({ page_count }) => {
          pages += page_count;
          return pages <= maxPages;
        });
        return (fitting.length > 0 ? fitting : rows.slice(0, 1)).map(({ id }) => id);
      }),
  };
}

async function readActs(tx: Transaction, editionId: EditionId): Promise<readonly ActText[]> {
  const acts = await tx.query<{
    position: number;
    section: string;
    issuing_body: string;
    title: string;
    page: number;
  }>(
    "select position, section, issuing_body, title, page from act where edition_id = $1 order by position",
    [editionId],
  );
  const passages = await tx.query<{
    id: string;
    act_position: number;
    page: number;
    printed_page: string | null;
    text: string;
  }>(
    `select id::text, act_position, page, printed_page, text from passage
     where edition_id = $1 order by position`,
    [editionId],
  );
  const byAct = new Map<number, ActText["passages"][number][]>();
  for (const row of passages) {
    const passage = {
      passageId: asId<PassageId>(row.id),
      page: row.page,
      printedPage: row.printed_page ?? undefined,
      text: row.text,
    };
    const known = byAct.get(row.act_position);
    if (known === undefined) byAct.set(row.act_position, [passage]);
    else known.push(passage);
  }
  return acts.map((act) => ({
    title: act.title,
    issuingBody: act.issuing_body,
    section: act.section,
    page: act.page,
    passages: byAct.get(act.position) ?? [],
  }));
}
