import { readdir } from "node:fs/promises";
import type { Database } from "./database.ts";

/** What `doctor` asks of a database. */
export interface DatabaseFacts {
  /** As `server_version_num`: 150004 is 15.4. */
  readonly version: number;
  /** Of the roles that the schema needs, those that are there, and whether row security binds them. */
  readonly roles: readonly { readonly name: string; readonly bypassesRowSecurity: boolean }[];
  readonly extensions: readonly string[];
  readonly appliedMigrations: readonly string[];
  /** Tables with a `tenant_id` whose row security is not enabled and forced. */
  readonly unforcedTables: readonly string[];
  readonly now: Date;
}

/** What waits in the ledgers, over all tenants. */
export interface LedgerBacklog {
  readonly pendingMessages: number;
  /** Seconds; 0 when nothing waits. */
  readonly oldestPendingSeconds: number;
  readonly deadMessages: number;
  readonly queuedParts: number;
  readonly unknownParts: number;
}

const ROLES = ["pregonero_app", "pregonero_dispatcher", "pregonero_curator", "pregonero_registrar"];

export function readDatabaseFacts(database: Database): Promise<DatabaseFacts> {
  return database.asOwner(async (tx) => {
    const [server] = await tx.query<{ version: string; now: Date }>(
      "select current_setting('server_version_num') as version, clock_timestamp() as now",
    );
    const roles = await tx.query<{ name: string; bypasses: boolean }>(
      `select rolname as name, rolsuper or rolbypassrls as bypasses
       from pg_roles where rolname = any($1) order by rolname`,
      [ROLES],
    );
    const extensions = await tx.query<{ name: string }>("select extname as name from pg_extension");
    const unforced = await tx.query<{ name: string }>(
      `select c.relname as name
       from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
       where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
         and not (c.relrowsecurity and c.relforcerowsecurity)
       order by c.relname`,
    );
    const [ledger] = await tx.query<{ found: string | null }>(
      "select to_regclass('kysely_migration')::text as found",
    );
    const migrations = ledger?.found
      ? await tx.query<{ name: string }>("select name from kysely_migration order by name")
      : [];
    return {
      version: Number(server?.version ?? 0),
      roles: roles.map(({ name, bypasses }) => ({ name, bypassesRowSecurity: bypasses })),
      extensions: extensions.map(({ name }) => name),
      appliedMigrations: migrations.map(({ name }) => name),
      unforcedTables: unforced.map(({ name }) => name),
      now: server?.now ?? new Date(0),
    };
  });
}

/** Public editions in retrieval. */
export function countPublicEditions(database: Database): Promise<number> {
  return database.asCurator(async (tx) => {
    const [row] = await tx.query<{ count: string }>(
      "select count(*) as count from edition where superseded_by is null",
    );
    return Number(row?.count ?? 0);
  });
}

export function readLedgerBacklog(database: Database): Promise<LedgerBacklog> {
  return database.asDispatcher(async (tx) => {
    const [inbox] = await tx.query<{ pending: string; oldest: number | null; dead: string }>(
      `select count(*) filter (where state = 'pending') as pending,
              extract(epoch from now() - min(received_at) filter (where state = 'pending'))::float8 as oldest,
              count(*) filter (where state = 'dead') as dead
       from inbox where state in ('pending', 'dead')`,
    );
    const [outbox] = await tx.query<{ queued: string; unknown: string }>(
      `select count(*) filter (where state in ('queued', 'attempting')) as queued,
              count(*) filter (where state = 'unknown') as unknown
       from outbox where state in ('queued', 'attempting', 'unknown')`,
    );
    return {
      pendingMessages: Number(inbox?.pending ?? 0),
      oldestPendingSeconds: Math.max(0, inbox?.oldest ?? 0),
      deadMessages: Number(inbox?.dead ?? 0),
      queuedParts: Number(outbox?.queued ?? 0),
      unknownParts: Number(outbox?.unknown ?? 0),
    };
  });
}

/** Names of the migrations that this code brings, oldest first. */
export async function listKnownMigrations(migrationsFolder: string): Promise<readonly string[]> {
  const files = await readdir(migrationsFolder);
  return files
    .filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file))
    .map((file) => file.replace(/\.sql$/, ""))
    .sort();
}
