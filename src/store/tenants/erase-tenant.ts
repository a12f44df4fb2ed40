import { asId, type BotId, type TenantId } from "../../core/ids.ts";
import type { Database, Transaction } from "../database.ts";
import { writeAudit } from "../people-rows.ts";

export interface ErasePorts {
  readonly database: Database;
  readonly removeFile: (key: string) => Promise<void>;
  /** Whatever else is in the tenant's folder: what was being written, and what no row names. */
  readonly removeFolder: (tenantId: TenantId) => Promise<void>;
  /** What a process keeps of a bot outside the database: the profile of its browser. */
  readonly forgetBot: (botId: BotId) => Promise<void>;
}

/** Its bots are removed for so long before the first row goes: whoever holds a session has let it go by then. */
const LET_GO = "interval '1 minute'";
const BATCH = 5_000;

/**
 * Goes one step further with a tenant whose day has come: closes it, deletes a batch of its rows with their files, or
 * what is left of its row. Each step commits by itself, and the next goes on from there. False: there is nothing to do.
 */
export async function eraseNext(ports: ErasePorts): Promise<boolean> {
  const [due] = await ports.database.asDispatcher((tx) =>
    tx.query<{ id: string; state: "deleting" | "erasing" }>(
      `select id, state from tenant
       where (state = 'deleting' and deletion_due_at <= now())
          or (state = 'erasing' and state_since < now() - ${LET_GO})
       order by state_since limit 1`,
    ),
  );
  if (due === undefined) return false;
  const tenantId = asId<TenantId>(due.id);
  if (due.state === "deleting") await beginErasing(ports.database, tenantId);
  else if (!(await eraseBatch(ports, tenantId))) {
    await ports.removeFolder(tenantId);
    await buryTenant(ports.database, tenantId);
  }
  return true;
}

/** From here on there is no way back. */
async function beginErasing(database: Database, tenantId: TenantId): Promise<void> {
  await database.asTenant(tenantId, async (tx) => {
    const begun = await tx.query(
      `update tenant set state = 'erasing', state_since = now()
       where id = $1 and state = 'deleting' and deletion_due_at <= now() returning 1 as begun`,
      [tenantId],
    );
    if (begun.length === 0) return;
    await tx.query("update bot set state = 'removed', updated_at = now() where tenant_id = $1", [
      tenantId,
    ]);
    const entry = { tenantId, actor: "scheduler", subject: tenantId };
    await writeAudit(tx, { ...entry, action: "tenant-erasure-begun" });
  });
}

/** False: nothing of it is left. */
async function eraseBatch(ports: ErasePorts, tenantId: TenantId): Promise<boolean> {
  const { database } = ports;
  if (await erasePeople(database, tenantId)) return true;
  const tables = await database.asEraser(tenantId, listInOrder);
  for (const table of tables) {
    if (table.name === "bot") await forgetBots(ports, tenantId);
    if (table.has_files) await removeFiles(ports, tenantId, table.name);
    const limit = table.refers_to_itself ? "" : `limit ${BATCH}`;
    const gone = await database.asEraser(tenantId, (tx) =>
      tx.query(
        `delete from "${table.name}" where ctid = any (array(
           select ctid from "${table.name}" where tenant_id = $1 ${limit})) returning 1 as gone`,
        [tenantId],
      ),
    );
    if (gone.length > 0) {
      database.noteIndexChange();
      return true;
    }
  }
  return false;
}

/** Those who belong to nothing else go with their credentials and sessions; the others lose this membership. */
async function erasePeople(database: Database, tenantId: TenantId): Promise<boolean> {
  const gone = await database.asRegistrar((tx) =>
    tx.query(
      `delete from person p where platform_role is null
         and exists (select 1 from membership m where m.person_id = p.id and m.tenant_id = $1)
         and not exists (select 1 from membership m where m.person_id = p.id and m.tenant_id <> $1)
       returning 1 as gone`,
      [tenantId],
    ),
  );
  return gone.length > 0;
}

interface ErasedTable {
  readonly name: string;
  readonly has_files: boolean;
  readonly refers_to_itself: boolean;
}

/** Those that nobody refers to first: a row goes only after what points to it. */
async function listInOrder(tx: Transaction): Promise<readonly ErasedTable[]> {
  const tables = await tx.query<ErasedTable & { referred_by: string[] }>(
    `select c.relname as name,
            exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'file_key') as has_files,
            exists (select 1 from pg_constraint f where f.contype = 'f' and f.conrelid = c.oid
                      and f.confrelid = c.oid) as refers_to_itself,
            array(select distinct r.relname::text from pg_constraint f join pg_class r on r.oid = f.conrelid
                  where f.contype = 'f' and f.confrelid = c.oid and f.conrelid <> c.oid
                    and f.confdeltype in ('a', 'r')) as referred_by
     from pg_class c join pg_policy p on p.polrelid = c.oid and p.polname = 'erasure'
     where c.relnamespace = 'public'::regnamespace order by c.relname`,
  );
  const ordered: ErasedTable[] = [];
  const placed = new Set<string>();
  while (ordered.length < tables.length) {
    const free = tables.filter(
      ({ name, referred_by }) =>
        !placed.has(name) && referred_by.every((other) => placed.has(other)),
    );
    // A ring of references would end in an error of the database, which names it, rather than here in a loop.
    const next = free.length > 0 ? free : tables.filter(({ name }) => !placed.has(name));
    for (const table of next) placed.add(table.name);
    ordered.push(...next);
  }
  return ordered;
}

async function forgetBots({ database, forgetBot }: ErasePorts, tenantId: TenantId): Promise<void> {
  const bots = await database.asEraser(tenantId, (tx) =>
    tx.query<{ id: string }>("select id from bot where tenant_id = $1", [tenantId]),
  );
  for (const { id } of bots) await forgetBot(asId<BotId>(id));
}

/** Of the next batch, before its rows: a file that nobody knows of any more would stay for ever. */
async function removeFiles(
  { database, removeFile }: ErasePorts,
  tenantId: TenantId,
  table: string,
): Promise<void> {
  const rows = await database.asEraser(tenantId, (tx) =>
    tx.query<{ file_key: string }>(
      `select file_key from "${table}" where tenant_id = $1 and file_key is not null`,
      [tenantId],
    ),
  );
  for (const { file_key: key } of rows) await removeFile(key);
}

/** The row and its audit stay, without a name: they say that there was a tenant, and when it went. */
async function buryTenant(database: Database, tenantId: TenantId): Promise<void> {
  await database.asTenant(tenantId, async (tx) => {
    await tx.query(
      `update tenant set state = 'deleted', state_since = now(), name = '', slug = 'deleted-' || id,
         deletion_due_at = null, languages = '{es}', retention_days = null
       where id = $1 and state = 'erasing'`,
      [tenantId],
    );
    const entry = { tenantId, actor: "scheduler", subject: tenantId };
    await writeAudit(tx, { ...entry, action: "tenant-erased" });
  });
}
