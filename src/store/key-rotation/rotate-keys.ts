import type { Cipher } from "../../core/cipher.ts";
import { isPregoneroError } from "../../core/errors.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { KeyRotation, RotationReport, SealedColumnState } from "../../core/key-rotation.ts";
import type { Database, Transaction } from "../database.ts";
import type { Keyring } from "../encryption.ts";
import { SEALED_COLUMNS, type SealedColumn } from "./sealed-columns.ts";

/** Envelopes of one transaction: some milliseconds, so that nobody waits for a row. */
const BATCH = 200;

interface EnvelopeRow {
  /** The primary key, as text in its order. */
  readonly place: readonly string[];
  readonly tenant: string;
  readonly row_id: string;
  readonly envelope: Buffer;
}

interface KeyColumn {
  readonly name: string;
  readonly type: string;
}

export function createKeyRotation(
  database: Database,
  cipher: Cipher,
  keyring: Keyring,
): KeyRotation {
  return {
    currentKeyId: keyring.currentId.toString("hex"),
    async status(signal) {
      const states: SealedColumnState[] = [];
      for (const sealed of await database.asRekeyer(presentColumns)) {
        signal.throwIfAborted();
        states.push(await database.asRekeyer((tx) => countKeys(tx, sealed, keyring)));
      }
      return states;
    },
    async rotate(signal, onProgress) {
      let resealed = 0;
      const unreadable: RotationReport["unreadable"][number][] = [];
      for (const sealed of await database.asRekeyer(presentColumns)) {
        const column = `${sealed.table}.${sealed.column}`;
        const done = await resealColumn(database, cipher, keyring, sealed, signal);
        resealed += done.resealed;
        if (done.unreadable > 0) unreadable.push({ column, count: done.unreadable });
        if (done.resealed > 0) onProgress({ column, resealed: done.resealed });
      }
      return { resealed, unreadable };
    },
  };
}

/** Those of tables that this schema has: a table may go with a later version before its line here does. */
async function presentColumns(tx: Transaction): Promise<readonly SealedColumn[]> {
  const rows = await tx.query<{ name: string }>(
    `select c.relname || '.' || a.attname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and a.atttypid = 'bytea'::regtype and not a.attisdropped`,
  );
  const present = new Set(rows.map(({ name }) => name));
  return SEALED_COLUMNS.filter(({ table, column }) => present.has(`${table}.${column}`));
}

async function countKeys(
  tx: Transaction,
  { table, column }: SealedColumn,
  { currentId, ids }: Keyring,
): Promise<SealedColumnState> {
  const rows = await tx.query<{ key: string; count: number }>(
    `select encode(substring(${column} from 2 for 4), 'hex') as key, count(*)::int as count
       from ${table} where length(${column}) > 5 group by 1 order by 1`,
  );
  const current = currentId.toString("hex");
  return {
    column: `${table}.${column}`,
    current: rows.find(({ key }) => key === current)?.count ?? 0,
    others: rows
      .filter(({ key }) => key !== current)
      .map(({ key, count }) => ({ keyId: key, count, isKnown: ids.includes(key) })),
  };
}

/** Walks the table by its primary key, once. What is under the current key already is passed by the database itself. */
async function resealColumn(
  database: Database,
  cipher: Cipher,
  keyring: Keyring,
  sealed: SealedColumn,
  signal: AbortSignal,
): Promise<{ readonly resealed: number; readonly unreadable: number }> {
  const key = await database.asRekeyer((tx) => readKeyColumns(tx, sealed.table));
  let after: readonly string[] | undefined;
  let resealed = 0;
  let unreadable = 0;
  for (;;) {
    signal.throwIfAborted();
    const from = after;
    const batch = await database.asRekeyer(async (tx) => {
      const rows = await readBatch(tx, sealed, key, keyring.currentId, from);
      for (const row of rows) {
        if (await resealRow(tx, cipher, sealed, key, row)) resealed += 1;
        else unreadable += 1;
      }
      return rows;
    });
    after = batch.at(-1)?.place;
    if (batch.length < BATCH) return { resealed, unreadable };
  }
}

async function readKeyColumns(tx: Transaction, table: string): Promise<readonly KeyColumn[]> {
  return tx.query<{ name: string; type: string }>(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type
       from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
      where i.indrelid = $1::regclass and i.indisprimary
      order by array_position(i.indkey::int2[], a.attnum)`,
    [table],
  );
}

function readBatch(
  tx: Transaction,
  { table, column, rowId, isOfInstallation }: SealedColumn,
  key: readonly KeyColumn[],
  currentId: Buffer,
  after: readonly string[] | undefined,
): Promise<EnvelopeRow[]> {
  const names = key.map(({ name }) => name).join(", ");
  const bounds = key.map(({ type }, at) => `$${at + 3}::${type}`).join(", ");
  const tenant =
    isOfInstallation === true ? "'installation'" : "coalesce(tenant_id::text, 'installation')";
  return tx.query<EnvelopeRow>(
    `select array[${key.map(({ name }) => `${name}::text`).join(", ")}] as place,
            ${tenant} as tenant, ${rowId} as row_id, ${column} as envelope
       from ${table}
      where length(${column}) > 5 and substring(${column} from 2 for 4) <> $1
        ${after === undefined ? "" : `and (${names}) > (${bounds})`}
      order by ${names} limit $2`,
    [currentId, BATCH, ...(after ?? [])],
  );
}

/** False: it does not open. What somebody changed meanwhile is under the current key already, and stays. */
async function resealRow(
  tx: Transaction,
  cipher: Cipher,
  { table, column }: SealedColumn,
  key: readonly KeyColumn[],
  row: EnvelopeRow,
): Promise<boolean> {
  const place = { tenantId: asId<TenantId>(row.tenant), table, column, rowId: row.row_id };
  let envelope: Buffer;
  try {
    envelope = cipher.encrypt(place, cipher.decrypt(place, row.envelope));
  } catch (error) {
    if (isPregoneroError(error, "decryption-failed")) return false;
    throw error;
  }
  const isRow = key.map(({ name, type }, at) => `${name} = $${at + 3}::${type}`).join(" and ");
  await tx.query(`update ${table} set ${column} = $1 where ${column} = $2 and ${isRow}`, [
    envelope,
    row.envelope,
    ...row.place,
  ]);
  return true;
}
