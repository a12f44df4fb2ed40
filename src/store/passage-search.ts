import type { CitedDocument } from "../core/answer.ts";
import type { GazetteDate, Passage } from "../core/gazette.ts";
import { asId, type EditionId, type PassageId } from "../core/ids.ts";
import type { Language } from "../core/language.ts";
import type { Transaction } from "./database.ts";

export { indexEdition, unindexEdition } from "./passage-index.ts";

/** What can be found by this tenant, in one language, from one owner. */
export interface CorpusStatistic {
  readonly isPublic: boolean;
  readonly language: Language;
  readonly passageCount: number;
  readonly pageCount: number;
  readonly wordCount: number;
  /** Grows with every change of the index. */
  readonly generation: string;
}

/** Statistics of everything the tenant may read: the public corpora and its own. */
export async function readCorpus(tx: Transaction): Promise<readonly CorpusStatistic[]> {
  const rows = await tx.query<{
    is_public: boolean;
    language: Language;
    passage_count: string;
    page_count: string;
    word_count: string;
    generation: string;
  }>({
    name: "read-corpus",
    text: `select tenant_id is null as is_public, language, passage_count, page_count, word_count, generation
           from corpus_statistic where passage_count > 0`,
  });
  return rows.map((row) => ({
    isPublic: row.is_public,
    language: row.language,
    passageCount: Number(row.passage_count),
    pageCount: Number(row.page_count),
    wordCount: Number(row.word_count),
    generation: row.generation,
  }));
}

/** One stem of a word in one language, with the number of passages that hold it (0: unknown there). */
export interface WordStem {
  readonly word: string;
  readonly language: Language;
  readonly lexeme: string;
  readonly passageCount: number;
}

/** Stems words (lower case, accents folded) in each language; a word that a language stops has no row there. */
export async function readWordStems(
  tx: Transaction,
  words: readonly string[],
  languages: readonly Language[],
): Promise<readonly WordStem[]> {
  const rows = await tx.query<{
    word: string;
    language: Language;
    lexeme: string;
    passage_count: string;
  }>(
    {
      name: "read-word-stems",
      // A subquery rather than a join: the planner then looks lexemes up even before it has statistics.
      text: `select w.word, g.language, s.lexeme,
                    (select coalesce(sum(l.passage_count), 0) from lexeme l
                     where l.lexeme = s.lexeme and l.language = g.language) as passage_count
             from unnest($1::text[]) w(word)
             cross join unnest($2::text[]) g(language)
             cross join lateral unnest(tsvector_to_array(
               to_tsvector(gazette_configuration(g.language), w.word))) s(lexeme)`,
    },
    [words, languages],
  );
  return rows.map((row) => ({
    word: row.word,
    language: row.language,
    lexeme: row.lexeme,
    passageCount: Number(row.passage_count),
  }));
}

/** A lexeme of the vocabulary that shares a spelling with a stem that is not in it. */
export interface NearLexeme {
  readonly stem: string;
  readonly language: Language;
  readonly lexeme: string;
  readonly passageCount: number;
}

/** Lexemes that share a spelling with so many stems at once are read. */
const MAX_NEAR = 200;

/** Lexemes within one edit of each stem, and some of those within two. */
export async function readNearLexemes(
  tx: Transaction,
  stems: readonly { readonly stem: string; readonly language: Language }[],
): Promise<readonly NearLexeme[]> {
  const wanted = stems.map((item) => ({ ...item, spellings: new Set(spellingsOf(item.stem)) }));
  const rows = await tx.query<{
    language: Language;
    spelling: string;
    lexeme: string;
    passage_count: string;
  }>(
    {
      name: "read-near-lexemes",
      text: `select s.language, s.spelling, s.lexeme,
                    (select coalesce(sum(l.passage_count), 0) from lexeme l
                     where l.lexeme = s.lexeme and l.language = s.language) as passage_count
             from lexeme_spelling s
             where s.spelling = any ($1::text[]) limit ${MAX_NEAR}`,
    },
    [[...new Set(wanted.flatMap((item) => [...item.spellings]))]],
  );
  const near = new Map<string, NearLexeme>();
  for (const { language, spelling, lexeme, passage_count } of rows) {
    for (const { stem, spellings, language: stemLanguage } of wanted) {
      if (stemLanguage !== language || !spellings.has(spelling)) continue;
      const found = { stem, language, lexeme, passageCount: Number(passage_count) };
      near.set(`${stem} ${language} ${lexeme}`, found);
    }
  }
  return [...near.values()];
}

/** As the index has them (`lexeme_spelling`): the word, and the word without each of its letters. */
function spellingsOf(stem: string): readonly string[] {
  return [stem, ...[...stem].map((_, at) => stem.slice(0, at) + stem.slice(at + 1))];
}

/** Where a lexeme occurs in one edition: ordinals index the arrays of `IndexedEdition`. */
export interface Posting {
  readonly lexeme: string;
  readonly language: Language;
  readonly editionId: EditionId;
  readonly ordinals: readonly number[];
  readonly textCounts: readonly number[];
  readonly headingCounts: readonly number[];
}

/**
 * Postings of lexemes, in at most `editionLimit` editions each; in the given editions only, when given.
 */
export async function readPostings(
  tx: Transaction,
  lexemes: readonly { readonly lexeme: string; readonly language: Language }[],
  options: { readonly editionLimit: number; readonly editionIds?: readonly EditionId[] },
): Promise<readonly Posting[]> {
  const rows = await tx.query<{
    lexeme: string;
    language: Language;
    edition_id: string;
    ordinals: number[];
    text_counts: number[];
    heading_counts: number[];
  }>(
    {
      name: "read-postings",
      text: `select q.lexeme, q.language, p.edition_id, p.ordinals, p.text_counts, p.heading_counts
             from unnest($1::text[], $2::text[]) q(lexeme, language)
             cross join lateral (
               select edition_id, ordinals, text_counts, heading_counts from posting
               where posting.lexeme = q.lexeme and posting.language = q.language
                 and ($4::uuid[] is null or posting.edition_id = any ($4::uuid[]))
               limit $3) p`,
    },
    [
      lexemes.map((item) => item.lexeme),
      lexemes.map((item) => item.language),
      options.editionLimit,
      options.editionIds ?? null,
    ],
  );
  return rows.map((row) => ({
    lexeme: row.lexeme,
    language: row.language,
    editionId: asId<EditionId>(row.edition_id),
    ordinals: row.ordinals,
    textCounts: row.text_counts,
    headingCounts: row.heading_counts,
  }));
}

/** What scoring needs of an edition's passages; the arrays run over them in order of position. */
export interface IndexedEdition {
  readonly editionId: EditionId;
  readonly language: Language;
  readonly source: string;
  readonly sourceName: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly editionNumber: string | undefined;
  readonly documentName: string;
  readonly date: GazetteDate;
  /** Undefined: of a gazette. */
  readonly document: CitedDocument | undefined;
  readonly passageIds: readonly PassageId[];
  readonly actPositions: readonly number[];
  readonly pages: readonly number[];
  readonly lastPages: readonly number[];
  readonly wordCounts: readonly number[];
}

export async function readIndexedEditions(
  tx: Transaction,
  editionIds: readonly EditionId[],
): Promise<readonly IndexedEdition[]> {
  const rows = await tx.query<{
    id: string;
    language: Language;
    slug: string;
    name: string;
    country: string;
    number: string | null;
    document_name: string;
    published_on: string;
    document: CitedDocument | null;
    passage_ids: string[];
    act_positions: number[];
    pages: number[];
    last_pages: number[];
    word_counts: number[];
  }>(
    {
      name: "read-indexed-editions",
      text: `select e.id, i.language, s.slug, s.name, s.country, e.number, e.document_name, e.published_on,
                    i.passage_ids::text[] as passage_ids, i.act_positions, i.pages, i.last_pages, i.word_counts,
                    (select jsonb_build_object('documentId', d.id, 'version', v.version, 'isPublic', d.is_public,
                                               'isPaged', v.format = 'pdf')
                       from document_version v join document d on d.id = v.document_id
                      where v.edition_id = e.id) as document
             from edition_index i join edition e on e.id = i.edition_id join source s on s.id = e.source_id
             where i.edition_id = any ($1::uuid[])`,
    },
    [editionIds],
  );
  return rows.map((row) => ({
    editionId: asId<EditionId>(row.id),
    language: row.language,
    source: row.slug,
    sourceName: row.name,
    country: row.country,
    editionNumber: row.number ?? undefined,
    documentName: row.document_name,
    date: row.published_on,
    document: row.document ?? undefined,
    passageIds: row.passage_ids.map((id) => asId<PassageId>(id)),
    actPositions: row.act_positions,
    pages: row.pages,
    lastPages: row.last_pages,
    wordCounts: row.word_counts,
  }));
}

/** Current editions of the gazettes (all when empty) and dates given, newest first, at most `limit`. */
export async function findIndexedEditions(
  tx: Transaction,
  filter: {
    readonly sources: readonly string[];
    readonly from: GazetteDate | undefined;
    readonly to: GazetteDate | undefined;
    readonly limit: number;
    /** No other gazettes, whatever `sources` says. Undefined: any. */
    readonly within: readonly string[] | undefined;
  },
): Promise<readonly EditionId[]> {
  const rows = await tx.query<{ id: string }>(
    {
      name: "find-indexed-editions",
      text: `select e.id from edition_index i
             join edition e on e.id = i.edition_id join source s on s.id = e.source_id
             where s.kind = 'gazette' and (cardinality($1::text[]) = 0 or s.slug = any ($1::text[]))
               and ($5::text[] is null or s.slug = any ($5::text[]))
               and ($2::date is null or e.published_on >= $2::date)
               and ($3::date is null or e.published_on <= $3::date)
             order by e.published_on desc, e.id limit $4`,
    },
    [filter.sources, filter.from ?? null, filter.to ?? null, filter.limit, filter.within ?? null],
  );
  return rows.map((row) => asId<EditionId>(row.id));
}

/** Editions of the newest day that is this day of another year (`monthDay` is `mm-dd`). */
export async function findEditionsOfOtherYear(
  tx: Transaction,
  sources: readonly string[],
  monthDay: string,
  within: readonly string[] | undefined,
): Promise<readonly EditionId[]> {
  const rows = await tx.query<{ id: string }>(
    {
      name: "find-editions-of-other-year",
      text: `select id from (
               select e.id, e.published_on, max(e.published_on) over () as newest
               from edition_index i
               join edition e on e.id = i.edition_id join source s on s.id = e.source_id
               where s.kind = 'gazette' and (cardinality($1::text[]) = 0 or s.slug = any ($1::text[]))
                 and ($3::text[] is null or s.slug = any ($3::text[]))
                 and to_char(e.published_on, 'MM-DD') = $2) o
             where published_on = newest order by id`,
    },
    [sources, monthDay, within ?? null],
  );
  return rows.map((row) => asId<EditionId>(row.id));
}

/** Passages by id, in no order; those that are not visible are left out. */
export async function readPassages(
  tx: Transaction,
  passageIds: readonly PassageId[],
): Promise<readonly Passage[]> {
  const rows = await tx.query<{
    id: string;
    edition_id: string;
    position: number;
    act_position: number;
    heading: string;
    text: string;
    page: number;
    last_page: number;
    printed_page: string | null;
  }>(
    {
      name: "read-passages",
      text: `select id, edition_id, position, act_position, heading, text, page, last_page, printed_page
             from passage where id = any ($1::bigint[])`,
    },
    [passageIds],
  );
  return rows.map((row) => ({
    passageId: asId<PassageId>(row.id),
    editionId: asId<EditionId>(row.edition_id),
    position: row.position,
    actPosition: row.act_position,
    heading: row.heading,
    text: row.text,
    page: row.page,
    lastPage: row.last_page,
    printedPage: row.printed_page ?? undefined,
  }));
}
