-- Idempotency keys: what was answered to a request that sends or spends, so that it is answered again and not done
-- again. Kept for 24 hours.

create table idempotency_key (
  tenant_id uuid not null references tenant (id),
  -- HMAC of caller, route and key
  key_hash bytea not null,
  -- HMAC of the address and the body: the same key with another request is refused
  request_hash bytea not null,
  -- the same for all attempts: what a crash left half done is found by it
  operation_id uuid not null,
  -- grows with each attempt; one that lost its lease changes nothing any more
  fence integer not null default 1 check (fence > 0),
  -- until then an attempt is under way
  leased_until timestamptz not null,
  -- AES-256-GCM envelope of {status, headers, body}; null: not answered yet
  answer bytea,
  expires_at timestamptz not null,
  primary key (key_hash, tenant_id)
);
create index idempotency_key_expiry on idempotency_key (expires_at);

alter table idempotency_key enable row level security;
alter table idempotency_key force row level security;
create policy own_tenant on idempotency_key to pregonero_app
  using (tenant_id is not distinct from (select current_tenant()))
  with check (tenant_id = (select current_tenant()));
grant select, insert, update, delete on idempotency_key to pregonero_app;

-- The dispatcher takes away what is over, in every tenant.
create policy expiry on idempotency_key for delete to pregonero_dispatcher using (true);
create policy expiry_reads on idempotency_key for select to pregonero_dispatcher using (true);
grant select (expires_at), delete on idempotency_key to pregonero_dispatcher;
