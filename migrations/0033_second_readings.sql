-- Pages that were given up when their edition came in are read again later.

alter table page
  -- the code of what ended its recognising; null: it was read, or had nothing to be recognised
  add column given_up text,
  -- so far, the first when the edition came in
  add column tries smallint not null default 0,
  -- null: none is due any more
  add column next_try_at timestamptz;
create index page_next_try on page (next_try_at) where next_try_at is not null;

-- Grows when pages were read that had been given up: it is matched again, and nobody is told of anything twice.
alter table edition add column revision integer not null default 1;
alter table edition_match add column revision integer not null default 1;

-- Which edition has pages to be read is routing.
create policy routing on page for select to pregonero_dispatcher using (true);
grant select (edition_id, tenant_id, next_try_at) on page to pregonero_dispatcher;
