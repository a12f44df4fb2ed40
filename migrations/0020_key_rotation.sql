-- Keys that change. A fifth role seals anew what another key sealed: it reads ids and envelopes, and without a key it
-- cannot read what is in them; it changes nothing but envelopes.
do $$
begin
  if not exists (select 1 from pg_roles where rolname = 'pregonero_rekeyer') then
    create role pregonero_rekeyer nologin nosuperuser nobypassrls;
  end if;
  execute format('grant pregonero_rekeyer to %I', current_user);
end $$;
grant usage on schema public to pregonero_rekeyer;

-- The key of look-ups, sealed under SECRET_KEY: it stays the same when that one changes, so that hashes stay true.
create table look_up_key (
  id boolean primary key default true check (id),
  -- AES-256-GCM envelope of 32 bytes in hexadecimal digits
  envelope bytea not null,
  made_at timestamptz not null
);
alter table look_up_key enable row level security;
alter table look_up_key force row level security;
create policy registrar on look_up_key to pregonero_registrar using (true) with check (true);
grant select, insert on look_up_key to pregonero_registrar;

-- Every table with an envelope: its key, what the envelope is bound to, and the envelopes themselves.
do $$
declare
  sealed record;
  readable text;
begin
  for sealed in
    select c.oid, c.relname as name, string_agg(quote_ident(a.attname), ', ') as envelopes
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.atttypid = 'bytea'::regtype
       and a.attname !~ '_hash$' and c.relname <> 'audit_seal'
     group by c.oid, c.relname
  loop
    select string_agg(distinct quote_ident(a.attname), ', ') into readable
      from pg_attribute a left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
     where a.attrelid = sealed.oid and a.attnum > 0 and not a.attisdropped
       and (a.attnum = any (i.indkey) or a.attname in ('tenant_id', 'id', 'bot_id', 'chat_hash', 'message_id', 'speaker',
            'conversation_id', 'entry_id', 'contact_id', 'given_at', 'alias_hash', 'source_hash', 'operation_id',
            'export_id', 'position', 'delivery_id', 'attempt'));
    execute format('create policy rotation_reads on %I for select to pregonero_rekeyer using (true)', sealed.name);
    execute format('create policy rotation on %I for update to pregonero_rekeyer using (true) with check (true)',
                   sealed.name);
    execute format('grant select (%s, %s), update (%s) on %I to pregonero_rekeyer',
                   readable, sealed.envelopes, sealed.envelopes, sealed.name);
  end loop;
end $$;
