-- What rules read in acts: what each is, speaks of, and changes. Read-only for tenants where the edition is public.
--
-- Nothing points from one act to another: what an act changes is kept as it names it, and found by its key when the
-- act is looked at. So it does not matter which of the two was taken in first, and a corrected edition needs no mending.

-- Which rules have read the edition; 0: none.
alter table edition add column entities_version integer not null default 0;
create index edition_unread on edition (entities_version, ingested_at) where superseded_by is null;

create table act_norm (
  edition_id uuid not null,
  tenant_id uuid references tenant (id),
  act_position integer not null,
  -- `law:7983`, `ordinance:2/2019`, `decree@2019-02-21`
  key text collate "C" not null,
  -- as its title has it
  name text not null,
  enacted_on date,
  primary key (edition_id, act_position),
  foreign key (edition_id, act_position) references act (edition_id, position) on delete cascade
);
create index act_norm_key on act_norm (key);

create table act_entity (
  edition_id uuid not null,
  tenant_id uuid references tenant (id),
  act_position integer not null,
  kind text not null check (kind in ('body', 'norm', 'company', 'person', 'place', 'amount', 'date')),
  -- the same for all ways to write it
  key text collate "C" not null,
  -- as it is written where it stands first: position of the passage in the edition, UTF-16 code units of its text
  name text not null,
  passage_position integer not null,
  text_start integer not null,
  text_end integer not null,
  mentions integer not null,
  primary key (edition_id, act_position, kind, key),
  foreign key (edition_id, act_position) references act (edition_id, position) on delete cascade
);
create index act_entity_key on act_entity (kind, key);

create table act_reference (
  edition_id uuid not null,
  tenant_id uuid references tenant (id),
  act_position integer not null,
  -- order within the act, from 0
  ordinal integer not null,
  relation text not null
    check (relation in ('derogates', 'corrects', 'modifies', 'adds', 'extends', 'regulates')),
  is_partial boolean not null,
  -- as act_norm.key; `gazette@2014-11-12` where only the edition is named
  target_key text collate "C" not null,
  target_name text not null,
  target_on date,
  target_gazette_number text,
  target_gazette_on date,
  target_gazette_page integer,
  -- the sentence that says so
  passage_position integer not null,
  text_start integer not null,
  text_end integer not null,
  primary key (edition_id, act_position, ordinal),
  foreign key (edition_id, act_position) references act (edition_id, position) on delete cascade
);
create index act_reference_target on act_reference (target_key);

do $$
declare name text;
begin
  foreach name in array array['act_norm', 'act_entity', 'act_reference'] loop
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

-- Which edition is read next is routing.
create policy routing on edition for select to pregonero_dispatcher using (true);
grant select (id, tenant_id, superseded_by, ingested_at, entities_version) on edition to pregonero_dispatcher;
