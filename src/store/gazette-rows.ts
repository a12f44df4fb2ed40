import type { Edition, PlacedLine, Source } from "../core/gazette.ts";
import type { PageDraft, PlacedPassage } from "../core/gazette-store.ts";
import { asId, type EditionId, type PassageId, type SourceId, type TenantId } from "../core/ids.ts";
import type { Language } from "../core/language.ts";

export interface SourceRow {
  readonly source_id: string;
  readonly source_tenant_id: string | null;
  readonly slug: string;
  readonly source_name: string;
  readonly language: Language;
  readonly country: string;
  readonly time_zone: string;
}

/** Columns of `source s` under names that do not clash in a join. */
export const sourceColumns =
  "s.id as source_id, s.tenant_id as source_tenant_id, s.slug, s.name as source_name, s.language, s.country, s.time_zone";

export function sourceOf(row: SourceRow): Source {
  return {
    sourceId: asId<SourceId>(row.source_id),
    tenantId: row.source_tenant_id === null ? undefined : asId<TenantId>(row.source_tenant_id),
    slug: row.slug,
    name: row.source_name,
    language: row.language,
    country: row.country,
    timeZone: row.time_zone,
  };
}

export interface EditionRow extends SourceRow {
  readonly edition_id: string;
  readonly published_on: string;
  readonly number: string | null;
  readonly document_name: string;
  readonly content_hash: string;
  readonly file_key: string;
  readonly page_count: number;
}

/** Columns of `edition e join source s`. */
export const editionColumns = `${sourceColumns}, e.id as edition_id, e.published_on, e.number, e.document_name,
  e.content_hash, e.file_key, e.page_count`;

export function editionOf(row: EditionRow): Edition & { fileKey: string } {
  return {
    editionId: asId<EditionId>(row.edition_id),
    source: sourceOf(row),
    publishedOn: row.published_on,
    number: row.number ?? undefined,
    documentName: row.document_name,
    contentHash: row.content_hash,
    pageCount: row.page_count,
    fileKey: row.file_key,
  };
}

export interface GivenUpRow {
  readonly given_up: string | null;
  readonly tries: number;
  readonly next_try_at: Date | null;
}

export const GIVEN_UP_COLUMNS = "given_up, tries, next_try_at";

export function givenUpOf(row: GivenUpRow): Pick<PageDraft, "givenUp"> {
  if (row.given_up === null) return {};
  const nextTryAt = row.next_try_at ?? undefined;
  return { givenUp: { reason: row.given_up, tries: row.tries, nextTryAt } };
}

export interface PassageRow {
  readonly id: string;
  readonly edition_id: string;
  readonly position: number;
  readonly act_position: number;
  readonly heading: string;
  readonly text: string;
  readonly page: number;
  readonly last_page: number;
  readonly printed_page: string | null;
  readonly lines: readonly PlacedLine[];
}

export const PASSAGE_COLUMNS =
  "id::text, edition_id, position, act_position, heading, text, page, last_page, printed_page, lines";

export function placedPassageOf(row: PassageRow): PlacedPassage {
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
    lines: row.lines,
  };
}
