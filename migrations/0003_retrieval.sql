-- What retrieval needs of passages: an inverted index, its statistics, and vectors.
--
-- Why not GIN over tsvector: `@@` is not leakproof, so under row security the planner may not use such
-- an index for pregonero_app and would read every passage. Equality of text and uuid is leakproof, so
-- postings are rows found by btree. A posting holds a whole edition's occurrences of one lexeme, and
-- names passages by their position in the edition; the edition's arrays hold what scoring needs of them.

-- Lower-case words of ASCII letters and digits, accents folded, everything else a space. Splitting
-- before the parser keeps it from reading "y/o" as a file name or "S.A." as a host.
create function gazette_words(content text) returns text
language sql stable parallel safe
as $$ select regexp_replace(lower(unaccent(content)), '[^a-z0-9]+', ' ', 'g') $$;

-- The text search configuration (Snowball stemmer and stop words) of a language.
create function gazette_configuration(language text) returns regconfig
language sql stable parallel safe
as $$ select (case language when 'es' then 'pg_catalog.spanish' when 'pt' then 'pg_catalog.portuguese'
                            else 'pg_catalog.english' end)::regconfig $$;

-- Passages, pages and words that can be found, per language and owner (null: public).
-- generation grows with every change, so that what a process keeps in memory can be told stale.
create table corpus_statistic (
  tenant_id uuid references tenant (id),
  language text not null check (language in ('es', 'pt', 'en')),
  passage_count bigint not null default 0,
  page_count bigint not null default 0,
  word_count bigint not null default 0,
  generation bigint not null default 1
);
create unique index corpus_statistic_scope
  on corpus_statistic (coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'), language);

-- The vocabulary, with the number of passages that contain each lexeme.
create table lexeme (
  tenant_id uuid references tenant (id),
  language text not null,
  lexeme text collate "C" not null,
  passage_count integer not null
);
create unique index lexeme_scope
  on lexeme (lexeme, language, coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'));

-- A lexeme under each spelling that lacks one of its letters (and its own): two words within one edit
-- share one. The same idea as SymSpell's deletion dictionary (Garbe 2012), as rows found by equality.
create table lexeme_spelling (
  tenant_id uuid references tenant (id),
  language text not null,
  spelling text collate "C" not null,
  lexeme text collate "C" not null
);
create unique index lexeme_spelling_scope on lexeme_spelling
  (spelling, language, lexeme, coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'));
create index lexeme_spelling_lexeme on lexeme_spelling (lexeme);

-- One row per current edition; the arrays run over its passages in order of position.
create table edition_index (
  edition_id uuid primary key references edition (id) on delete cascade,
  tenant_id uuid references tenant (id),
  language text not null,
  passage_ids bigint[] not null,
  act_positions integer[] not null,
  pages integer[] not null,
  last_pages integer[] not null,
  -- words of the text, stop words left out
  word_counts integer[] not null
);

create table posting (
  lexeme text collate "C" not null,
  language text not null,
  edition_id uuid not null references edition (id) on delete cascade,
  tenant_id uuid references tenant (id),
  -- indexes into the arrays of edition_index, from 0, ascending
  ordinals integer[] not null,
  -- occurrences in the text and in the heading of each
  text_counts smallint[] not null,
  heading_counts smallint[] not null,
  primary key (lexeme, language, edition_id)
);
create index posting_edition on posting (edition_id);

-- Vectors of two embedders never meet: every search names the embedder. The HNSW index of an embedder
-- is partial, over a cast to its dimensions, and made when the embedder is added.
create table passage_embedding (
  passage_id bigint not null references passage (id) on delete cascade,
  embedder_id text not null,
  tenant_id uuid references tenant (id),
  edition_id uuid not null references edition (id) on delete cascade,
  embedding vector not null,
  embedded_at timestamptz not null default now(),
  primary key (passage_id, embedder_id)
);
create index passage_embedding_edition on passage_embedding (edition_id);

do $$
declare name text;
begin
  foreach name in array array['corpus_statistic', 'lexeme', 'lexeme_spelling', 'edition_index',
                              'posting', 'passage_embedding'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_or_public on %I for select to pregonero_app
                      using (tenant_id is null or tenant_id = (select current_tenant()))', name);
    execute format('create policy own_insert on %I for insert to pregonero_app
                      with check (tenant_id = (select current_tenant()))', name);
    execute format('create policy own_update on %I for update to pregonero_app
                      using (tenant_id = (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
    execute format('create policy own_delete on %I for delete to pregonero_app
                      using (tenant_id = (select current_tenant()))', name);
    execute format('create policy public_only on %I to pregonero_curator
                      using (tenant_id is null) with check (tenant_id is null)', name);
    execute format('grant select, insert, update, delete on %I to pregonero_app, pregonero_curator', name);
  end loop;
end $$;
