import type { TenantId } from "../../src/core/ids.ts";
import type { Database, Transaction } from "../../src/store/database.ts";
import { insertStatement, sampleRow } from "../schema/sample-rows.ts";

/** What another tenant's rows are found by, by table. */
export interface ForeignIds {
  readonly table: string;
  readonly column: string;
  readonly value: string;
}

/** Tables whose rows the running product takes up by itself. */
const TAKEN_UP = /^(bot|inbox|outbox|conversation_lease|session_request|bot_session)$/;

/**
 * A row of every table for the tenant, of whatever tables there are, with ids that nothing else has. Its sealed
 * columns hold noise: whoever is shown one sees a failure.
 */
export async function fillTables(
  database: Database,
  tenantId: TenantId,
): Promise<readonly ForeignIds[]> {
  const tables = await database.asOwner((tx) =>
    tx.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'tenant_id'
        order by c.relname`,
    ),
  );
  await database.asOwner(dropChecks);
  for (const { name } of tables.filter((table) => !TAKEN_UP.test(table.name))) {
    await database.asOwner(async (tx) => {
      // Rows of tables that refer to others stand without them.
      await tx.query("select set_config('session_replication_role', 'replica', true)");
      const row = await sampleRow(tx, name, { column: "tenant_id", tenantId });
      await tx.query(`${insertStatement(row)} on conflict do nothing`);
    });
  }
  return readIds(database, tenantId);
}

/** A row of any table need not make sense here: nobody is to see it. */
async function dropChecks(tx: Pick<Transaction, "query">): Promise<void> {
  const checks = await tx.query<{ statement: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as statement
       from pg_constraint where contype = 'c' and connamespace = 'public'::regnamespace and conrelid <> 0`,
  );
  for (const { statement } of checks) await tx.query(statement);
}

/** By id, and by the names that addresses use. */
export async function readIds(
  database: Database,
  tenantId: TenantId,
): Promise<readonly ForeignIds[]> {
  return database.asOwner(async (tx) => {
    const columns = await tx.query<{ table: string; column: string }>(
      `select c.relname as table, a.attname as column
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
          and (a.attname = 'id' or a.attname ~ '_id$' and a.atttypid = 'uuid'::regtype and a.attname <> 'tenant_id'
               or a.attname in ('name', 'slug', 'key', 'word'))
          and exists (select 1 from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id')
        order by 1, 2`,
    );
    const found: ForeignIds[] = [];
    for (const { table, column } of columns) {
      const rows = await tx.query<{ value: unknown }>(
        `select "${column}" as value from "${table}" where tenant_id = $1 limit 1`,
        [tenantId],
      );
      for (const { value } of rows) {
        if (typeof value === "string" || typeof value === "number") {
          found.push({ table, column, value: String(value) });
        }
      }
    }
    return found;
  });
}

/** For a place whose name tells nothing: an id of this many tables. */
const GUESSES = 12;

/** Those that a place of this name may mean; some of all when none is called so. */
export function candidatesFor(name: string, ids: readonly ForeignIds[]): readonly ForeignIds[] {
  const words = name
    .replace(/(Ids?|s)$/, "")
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replace(/^.*_(?=contact$|bot$|person$)/, "");
  const named = ids.filter(
    ({ table, column }) =>
      (table === words || table.endsWith(`_${words}`) || table.startsWith(`${words}_`)) &&
      (column === "id" || column === name || column === "name"),
  );
  const byColumn = ids.filter(({ column }) => column === `${words}_id` || column === name);
  const found = [...named, ...byColumn];
  if (found.length > 0) return found;
  return ids
    .filter(({ column, value }) => column === "id" && value.length === 36)
    .slice(0, GUESSES);
}
