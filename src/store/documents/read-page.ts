import type { DocumentFormat, DocumentPage, PagePlace } from "../../core/documents.ts";
import type { PlacedLine } from "../../core/gazette.ts";
import type { PageDraft, PlacedPassage } from "../../core/gazette-store.ts";
import { asId, type DocumentId, type EditionId, type PassageId } from "../../core/ids.ts";
import type { Language } from "../../core/language.ts";
import type { Transaction } from "../database.ts";

interface PageRow {
  readonly title: string;
  readonly language: Language;
  readonly is_public: boolean;
  readonly is_current: boolean;
  readonly format: DocumentFormat;
  readonly content_hash: string;
  readonly file_key: string;
  readonly edition_id: string;
  readonly page_count: number;
  readonly published_on: string;
  readonly page: number;
  readonly printed_page: string | null;
  readonly width: number;
  readonly height: number;
  readonly origin: PageDraft["origin"];
  readonly text: string;
  readonly section: string | null;
}

/** One page of one version that was ready once; undefined: it is not there, or not of this tenant. */
export async function readPage(
  tx: Transaction,
  place: PagePlace,
): Promise<DocumentPage | undefined> {
  const [row] = await tx.query<PageRow>(
    `select d.title, d.language, d.is_public, v.is_current, v.format, v.content_hash, v.file_key, v.edition_id,
            e.page_count, e.published_on, p.page, p.printed_page, p.width, p.height, p.origin, p.text,
            (select nullif(a.title, '') from act a
              where a.edition_id = e.id and a.page = p.page and v.format <> 'pdf'
              order by a.position limit 1) as section
       from document d
       join document_version v on v.document_id = d.id and v.version = $2
       join edition e on e.id = v.edition_id
       join page p on p.edition_id = e.id and p.page = $3
      where d.id = $1 and d.deleting_at is null`,
    [place.id, place.version, place.page],
  );
  if (row === undefined) return undefined;
  return {
    document: {
      id: asId<DocumentId>(place.id),
      title: row.title,
      language: row.language,
      isPublic: row.is_public,
    },
    version: place.version,
    isCurrent: row.is_current,
    format: row.format,
    contentHash: row.content_hash,
    fileKey: row.file_key,
    pageCount: row.page_count,
    readyOn: row.published_on,
    page: {
      page: row.page,
      printedPage: row.printed_page ?? undefined,
      width: row.width,
      height: row.height,
      origin: row.origin,
      text: row.text,
    },
    section: row.section,
    cited: await readCited(tx, row.edition_id, place.highlight),
  };
}

async function readCited(
  tx: Transaction,
  editionId: string,
  passageId: string | undefined,
): Promise<PlacedPassage | undefined> {
  if (passageId === undefined || !/^\d{1,18}$/.test(passageId)) return undefined;
  const [row] = await tx.query<{
    id: string;
    position: number;
    act_position: number;
    heading: string;
    text: string;
    page: number;
    last_page: number;
    printed_page: string | null;
    lines: readonly PlacedLine[];
  }>(
    `select id::text, position, act_position, heading, text, page, last_page, printed_page, lines
       from passage where id = $1::bigint and edition_id = $2`,
    [passageId, editionId],
  );
  return (
    row && {
      passage: {
        passageId: asId<PassageId>(row.id),
        editionId: asId<EditionId>(editionId),
        position: row.position,
        actPosition: row.act_position,
        heading: row.heading,
        text: row.text,
        page: row.page,
        lastPage: row.last_page,
        printedPage: row.printed_page ?? undefined,
      },
      lines: row.lines,
    }
  );
}
