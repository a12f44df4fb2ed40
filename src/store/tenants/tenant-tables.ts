import type { Cipher } from "../../core/cipher.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Database, Transaction } from "../database.ts";
import { isContent, openContent, type Row } from "./sealed-content.ts";

/** A table with rows of tenants, as far as its owner may take them along. */
interface TenantTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** Shown to nobody, but needed to open what is sealed. */
  readonly hidden: readonly string[];
  /** Columns of the primary key with their types: rows are read in its order. */
  readonly key: readonly { readonly name: string; readonly type: string }[];
}

/** Bookkeeping of ours, and archives themselves: nothing that is the tenant's. */
const LEFT_OUT = [
  "tenant_export",
  "tenant_export_chunk",
  "retention_run",
  "idempotency_key",
  "contact_import_batch",
];
/** Of no use outside, and large. */
const LEFT_OUT_TYPES = ["tsvector", "vector", "halfvec"];
/** Names of columns that may hold what opens a door. */
const SECRET = /secret|token|password|_hash$|bot_key/;
const ROWS_PER_PAGE = 500;

/** Every table whose rows a tenant sees, from the catalogue: one that is added later is not forgotten. */
export async function listTenantTables(
  database: Database,
  tenantId: TenantId,
): Promise<readonly TenantTable[]> {
  const rows = await database.asTenant(tenantId, (tx) =>
    tx.query<{ name: string; column: string; type: string; key: number | null }>(
      `select c.relname as name, a.attname as column, format_type(a.atttypid, null) as type,
              array_position(i.indkey::int2[], a.attnum) as key
       from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       join pg_index i on i.indrelid = c.oid and i.indisprimary
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> all ($1)
         and exists (select 1 from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id')
         and has_column_privilege(c.oid, a.attnum, 'select')
       order by c.relname, a.attnum`,
      [LEFT_OUT],
    ),
  );
  const names = [...new Set(rows.map(({ name }) => name))];
  return names.flatMap((name) => {
    const columns = rows.filter((row) => row.name === name);
    const key = columns
      .filter((column) => column.key !== null)
      .sort((a, b) => Number(a.key) - Number(b.key))
      .map((column) => ({ name: column.column, type: column.type }));
    const shown = columns.filter(({ column, type }) => isShown(name, column, type));
    const hidden = columns.filter(({ column, type }) => type === "bytea" && /_hash$/.test(column));
    if (key.length === 0) return [];
    return [
      {
        name,
        key,
        columns: shown.map(({ column }) => column),
        hidden: hidden.map(({ column }) => column),
      },
    ];
  });
}

function isShown(table: string, column: string, type: string): boolean {
  if (type === "bytea") return isContent(table, column);
  return !SECRET.test(column) && !LEFT_OUT_TYPES.includes(type);
}

/** The tenant's rows of a table, a page in memory, each page a transaction of its own. */
export async function* readTable(
  database: Database,
  cipher: Cipher,
  tenantId: TenantId,
  table: TenantTable,
): AsyncGenerator<Row> {
  let after: readonly string[] | undefined;
  for (;;) {
    const rows = await database.asTenant(tenantId, (tx) => readPage(tx, tenantId, table, after));
    for (const row of rows) yield toClear(cipher, tenantId, table, row);
    const last = rows.at(-1);
    if (rows.length < ROWS_PER_PAGE || last === undefined) return;
    after = table.key.map((_, index) => String(last[`key_${index}`]));
  }
}

function readPage(
  tx: Transaction,
  tenantId: TenantId,
  { name, columns, hidden, key }: TenantTable,
  after: readonly string[] | undefined,
): Promise<Row[]> {
  const selected = [...new Set([...columns, ...hidden])].map(quoted);
  const places = key.map((column, index) => `${quoted(column.name)}::text as key_${index}`);
  const order = key.map((column) => quoted(column.name)).join(", ");
  const bounds = key.map((column, index) => `$${index + 2}::text::${column.type}`).join(", ");
  const condition = after === undefined ? "" : `and (${order}) > (${bounds})`;
  return tx.query<Row>(
    `select ${[...selected, ...places].join(", ")} from ${quoted(name)}
     where tenant_id = $1 ${condition} order by ${order} limit ${ROWS_PER_PAGE}`,
    [tenantId, ...(after ?? [])],
  );
}

function toClear(cipher: Cipher, tenantId: TenantId, table: TenantTable, row: Row): Row {
  return Object.fromEntries(
    table.columns
      .filter((column) => column !== "tenant_id")
      .map((column) => {
        const value = row[column];
        if (!Buffer.isBuffer(value)) return [column, value];
        return [column, openContent(cipher, tenantId, { table: table.name, column }, row)];
      }),
  );
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
