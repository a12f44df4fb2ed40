import type { EditionId } from "../core/ids.ts";
import type { Language } from "../core/language.ts";
import type { Transaction } from "./database.ts";

/**
 * Makes an edition's passages findable: postings, edition arrays, vocabulary and statistics. Call it in
 * the transaction that stored the passages, in the role that stored them; once per edition.
 * Concurrent callers of one language and owner wait for each other.
 */
export async function indexEdition(
  tx: Transaction,
  editionId: EditionId,
  language: Language,
): Promise<void> {
  await growCorpus(tx, editionId, language);
  await tx.query(INSERT_EDITION_INDEX, [editionId, language]);
  await tx.query(INSERT_POSTINGS, [editionId, language]);
  await tx.query(GROW_VOCABULARY, [editionId]);
  await tx.query(INSERT_SPELLINGS, [editionId]);
  await tx.query(COUNT_WORDS, [editionId, 1]);
}

/**
 * Takes an edition out of retrieval (superseded, or about to be deleted) and corrects the statistics.
 * Does nothing for one that is not indexed. Its passages stay.
 */
export async function unindexEdition(tx: Transaction, editionId: EditionId): Promise<void> {
  const [indexed] = await tx.query<{ language: Language }>(
    "select language from edition_index where edition_id = $1",
    [editionId],
  );
  if (indexed === undefined) return;
  await growCorpus(tx, editionId, indexed.language);
  await tx.query(COUNT_WORDS, [editionId, -1]);
  await tx.query(SHRINK_VOCABULARY, [editionId]);
  await tx.query(FORGET_SPELLINGS, [editionId]);
  await tx.query(FORGET_LEXEMES, [editionId]);
  await tx.query("delete from posting where edition_id = $1", [editionId]);
  await tx.query("delete from edition_index where edition_id = $1", [editionId]);
  await tx.query("delete from passage_embedding where edition_id = $1", [editionId]);
}

/** Begins a change of one language's index: the row's lock makes writers take turns. */
async function growCorpus(
  tx: Transaction,
  editionId: EditionId,
  language: Language,
): Promise<void> {
  await tx.query(
    `insert into corpus_statistic (tenant_id, language)
     select tenant_id, $2 from edition where id = $1
     on conflict (coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'), language)
     do update set generation = corpus_statistic.generation + 1`,
    [editionId, language],
  );
}

const INSERT_EDITION_INDEX = `
  insert into edition_index (edition_id, tenant_id, language, passage_ids, act_positions,
                             pages, last_pages, word_counts)
  select e.id, e.tenant_id, $2,
         coalesce(array_agg(p.id order by p.position) filter (where p.id is not null), '{}'),
         coalesce(array_agg(p.act_position order by p.position) filter (where p.id is not null), '{}'),
         coalesce(array_agg(p.page order by p.position) filter (where p.id is not null), '{}'),
         coalesce(array_agg(p.last_page order by p.position) filter (where p.id is not null), '{}'),
         coalesce(array_agg(p.words order by p.position) filter (where p.id is not null), '{}')
  from edition e
  left join (
    select passage.*, (select coalesce(sum(cardinality(t.positions)), 0)::integer
                       from unnest(to_tsvector(gazette_configuration($2), gazette_words(text))) t) as words
    from passage where edition_id = $1
  ) p on p.edition_id = e.id
  where e.id = $1
  group by e.id`;

/** Lexemes above 60 characters are run-together garbage of an OCR layer: nobody asks for them. */
const INSERT_POSTINGS = `
  with placed as (
    select row_number() over (order by position) - 1 as ordinal, tenant_id, text, heading
    from passage where edition_id = $1
  ), occurrence as (
    select ordinal, tenant_id, t.lexeme, cardinality(t.positions) as in_text, 0 as in_heading
    from placed, unnest(to_tsvector(gazette_configuration($2), gazette_words(text))) t
    union all
    select ordinal, tenant_id, t.lexeme, 0, cardinality(t.positions)
    from placed, unnest(to_tsvector(gazette_configuration($2), gazette_words(heading))) t
  ), counted as (
    select lexeme, tenant_id, ordinal, sum(in_text) as in_text, sum(in_heading) as in_heading
    from occurrence where length(lexeme) <= 60
    group by lexeme, tenant_id, ordinal
  )
  insert into posting (lexeme, language, edition_id, tenant_id, ordinals, text_counts, heading_counts)
  select lexeme, $2, $1, tenant_id, array_agg(ordinal::integer order by ordinal),
         array_agg(in_text::smallint order by ordinal), array_agg(in_heading::smallint order by ordinal)
  from counted group by lexeme, tenant_id`;

const GROW_VOCABULARY = `
  insert into lexeme (tenant_id, language, lexeme, passage_count)
  select tenant_id, language, lexeme, cardinality(ordinals)
  from posting where edition_id = $1 order by lexeme
  on conflict (lexeme, language, coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'))
  do update set passage_count = lexeme.passage_count + excluded.passage_count`;

const SHRINK_VOCABULARY = `
  update lexeme l set passage_count = l.passage_count - cardinality(p.ordinals)
  from posting p
  where p.edition_id = $1 and l.lexeme = p.lexeme and l.language = p.language
    and l.tenant_id is not distinct from p.tenant_id`;

/** Words of 5 letters or more: a shorter one has too many neighbours for a typo to be told. */
const INSERT_SPELLINGS = `
  insert into lexeme_spelling (tenant_id, language, spelling, lexeme)
  select p.tenant_id, p.language, s.spelling, p.lexeme
  from posting p
  cross join lateral (
    select p.lexeme as spelling
    union
    select overlay(p.lexeme placing '' from i for 1) from generate_series(1, length(p.lexeme)) i
  ) s
  where p.edition_id = $1 and p.lexeme ~ '^[a-z]{5,24}$'
  on conflict do nothing`;

const FORGET_SPELLINGS = `
  delete from lexeme_spelling s using posting p, lexeme l
  where p.edition_id = $1 and s.lexeme = p.lexeme and s.language = p.language
    and s.tenant_id is not distinct from p.tenant_id
    and l.lexeme = p.lexeme and l.language = p.language
    and l.tenant_id is not distinct from p.tenant_id and l.passage_count <= 0`;

const FORGET_LEXEMES = `
  delete from lexeme l using posting p
  where p.edition_id = $1 and l.lexeme = p.lexeme and l.language = p.language
    and l.tenant_id is not distinct from p.tenant_id and l.passage_count <= 0`;

/** $2 is 1 to add the edition's passages, pages and words, -1 to take them away. */
const COUNT_WORDS = `
  update corpus_statistic c set
    passage_count = c.passage_count + $2 * cardinality(e.passage_ids),
    page_count = c.page_count + $2 * (select count(distinct page) from unnest(e.pages) page),
    word_count = c.word_count + $2 * (select coalesce(sum(words), 0) from unnest(e.word_counts) words)
  from edition_index e
  where e.edition_id = $1 and c.language = e.language
    and c.tenant_id is not distinct from e.tenant_id`;
