-- Whose approved texts stand on the public pages of editions. Those pages are everybody's: the registrar decides who
-- speaks there, a tenant sees whether it may, and the dispatcher shows nobody else's.
create table edition_publisher (
  tenant_id uuid primary key references tenant (id),
  allowed_at timestamptz not null default now()
);
-- The installation's own.
insert into edition_publisher (tenant_id) select id from tenant where slug = 'pregonero';

alter table edition_publisher enable row level security;
alter table edition_publisher force row level security;
create policy registrar on edition_publisher to pregonero_registrar using (true) with check (true);
create policy routing on edition_publisher to pregonero_dispatcher using (true) with check (true);
create policy own_tenant on edition_publisher for select to pregonero_app
  using (tenant_id is not distinct from (select current_tenant()));
grant select, insert, delete on edition_publisher to pregonero_registrar;
-- Inserts that of the tenant that the installation begins with, in the statement that makes it.
grant select, insert on edition_publisher to pregonero_dispatcher;
grant select on edition_publisher to pregonero_app;
