import type { RetrievedPassage } from "../../core/answer.ts";
import { asId, type EditionId, type PassageId } from "../../core/ids.ts";
import type { Language } from "../../core/language.ts";
import type {
  FindEditions,
  MaterialAct,
  MaterialPassage,
  PromptMaterial,
  PromptWork,
  ReadPassages,
} from "../../core/prompt-work.ts";
import type { Database, Transaction } from "../database.ts";
import { EDITION_FACTS, type EditionFacts, toRunEdition } from "./prompt-rows.ts";

/** Documents whose words are read in one go: a day of the BOE has some three hundred. */
const DOCUMENTS_AT_ONCE = 50;

/** Documents with all their acts, passages and pages, in the order in which they were asked for. */
export function createReadMaterials(database: Database): PromptWork["materials"] {
  return async (tenantId, editionIds) => {
    const materials: PromptMaterial[] = [];
    for (let start = 0; start < editionIds.length; start += DOCUMENTS_AT_ONCE) {
      const ids = editionIds.slice(start, start + DOCUMENTS_AT_ONCE);
      materials.push(...(await database.asTenant(tenantId, (tx) => readSome(tx, ids))));
    }
    return materials;
  };
}

async function readSome(
  tx: Transaction,
  ids: readonly EditionId[],
): Promise<readonly PromptMaterial[]> {
  const rows = await tx.query<EditionFacts & { language: Language }>(
    `select ${EDITION_FACTS}, g.language from edition e join source g on g.id = e.source_id
      where e.id = any($1::uuid[]) and g.kind = 'gazette'`,
    [ids],
  );
  const acts = await readActs(tx, ids);
  const pages = await readPages(tx, ids);
  const byId = new Map(rows.map((row) => [row.edition_id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    if (row === undefined) return [];
    const facts = toRunEdition(row);
    const edition = {
      editionId: facts.id,
      source: facts.sourceSlug,
      sourceName: facts.sourceName,
      number: facts.number,
      publishedOn: facts.date,
      documentName: facts.documentName,
    };
    const material: PromptMaterial = {
      facts,
      edition,
      language: row.language,
      acts: acts.get(id) ?? [],
      pages: pages.get(id) ?? [],
    };
    return [material];
  });
}

interface PassageRow {
  readonly id: string;
  readonly edition_id: string;
  readonly position: number;
  readonly act_position: number;
  readonly heading: string;
  readonly text: string;
  readonly page: number;
  readonly last_page: number;
  readonly printed_page: string | null;
}

async function readActs(
  tx: Transaction,
  ids: readonly EditionId[],
): Promise<ReadonlyMap<string, readonly MaterialAct[]>> {
  const acts = await tx.query<{
    edition_id: string;
    position: number;
    section: string;
    issuing_body: string;
    title: string;
    page: number;
  }>(
    `select edition_id, position, section, issuing_body, title, page from act
      where edition_id = any($1::uuid[]) order by edition_id, position`,
    [ids],
  );
  const passages = await tx.query<PassageRow>(
    `select id::text, edition_id, position, act_position, heading, text, page, last_page, printed_page from passage
      where edition_id = any($1::uuid[]) order by edition_id, position`,
    [ids],
  );
  const byAct = new Map<string, MaterialPassage[]>();
  for (const row of passages) {
    const key = `${row.edition_id} ${row.act_position}`;
    const passage: MaterialPassage = {
      passageId: asId<PassageId>(row.id),
      position: row.position,
      heading: row.heading,
      text: row.text,
      page: row.page,
      lastPage: row.last_page,
      printedPage: row.printed_page ?? undefined,
    };
    const known = byAct.get(key);
    if (known === undefined) byAct.set(key, [passage]);
    else known.push(passage);
  }
  const byEdition = new Map<string, MaterialAct[]>();
  for (const act of acts) {
    const read: MaterialAct = {
      title: act.title,
      issuingBody: act.issuing_body,
      section: act.section,
      page: act.page,
      passages: byAct.get(`${act.edition_id} ${act.position}`) ?? [],
    };
    const known = byEdition.get(act.edition_id);
    if (known === undefined) byEdition.set(act.edition_id, [read]);
    else known.push(read);
  }
  return byEdition;
}

async function readPages(
  tx: Transaction,
  ids: readonly EditionId[],
): Promise<ReadonlyMap<string, PromptMaterial["pages"]>> {
  const rows = await tx.query<{
    edition_id: string;
    page: number;
    is_blank: boolean;
    loose: string | null;
  }>(
    `select p.edition_id, p.page, p.text !~ '[[:alnum:]]' as is_blank,
            case when not exists (
              select 1 from passage s
               where s.edition_id = p.edition_id and p.page between s.page and s.last_page) then p.text end as loose
       from page p where p.edition_id = any($1::uuid[]) order by p.edition_id, p.page`,
    [ids],
  );
  const byEdition = new Map<string, PromptMaterial["pages"][number][]>();
  for (const { edition_id, page, is_blank: isBlank, loose } of rows) {
    const read = { page, isBlank, looseText: loose ?? undefined };
    const known = byEdition.get(edition_id);
    if (known === undefined) byEdition.set(edition_id, [read]);
    else known.push(read);
  }
  return byEdition;
}

export function createReadPassages(database: Database): ReadPassages {
  return (tenantId, passageIds) =>
    database.asTenant(tenantId, async (tx) => {
      // What is no number is nobody's passage.
      const ids = passageIds.filter((id) => /^\d{1,18}$/.test(id));
      const rows = await tx.query<PassageRow & EditionFacts>(
        `select p.id::text, p.edition_id, p.position, p.act_position, p.heading, p.text, p.page, p.last_page,
                p.printed_page, g.slug, g.name as source_name, e.published_on, e.number, e.document_name, e.page_count
           from passage p join edition e on e.id = p.edition_id join source g on g.id = e.source_id
          where p.id = any($1::bigint[]) and g.kind = 'gazette'`,
        [ids],
      );
      return rows.map(toFound);
    });
}

function toFound(row: PassageRow & EditionFacts): RetrievedPassage {
  return {
    passage: {
      passageId: asId<PassageId>(row.id),
      editionId: asId<EditionId>(row.edition_id),
      position: row.position,
      actPosition: row.act_position,
      heading: row.heading,
      text: row.text,
      page: row.page,
      lastPage: row.last_page,
      printedPage: row.printed_page ?? undefined,
    },
    source: row.slug,
    sourceName: row.source_name,
    editionNumber: row.number ?? undefined,
    documentName: row.document_name,
    date: row.published_on,
    score: 0,
    ranks: {},
  };
}

/** Current documents, by gazette, date and name: in the order in which they are read. */
export function createFindEditions(database: Database): FindEditions {
  return (tenantId, { sources, dates }) =>
    database.asTenant(tenantId, async (tx) => {
      const rows = await tx.query<EditionFacts>(
        `with current as (
           select ${EDITION_FACTS} from edition e join source g on g.id = e.source_id
            where g.kind = 'gazette' and g.slug = any($1) and e.superseded_by is null)
         select * from current
          where published_on between coalesce($2::date, (select max(published_on) from current))
                and coalesce($3::date, (select max(published_on) from current))
          order by slug, published_on, document_name`,
        [sources, dates?.from ?? null, dates?.until ?? null],
      );
      return rows.map(toRunEdition);
    });
}
