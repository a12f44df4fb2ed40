import type { Transaction } from "../../src/store/database.ts";

interface Column {
  readonly name: string;
  readonly type: string;
  readonly is_required: boolean;
}

/** How to insert one row of a table: columns, and SQL expressions for their values. */
export interface SampleRow {
  readonly table: string;
  readonly columns: readonly string[];
  readonly values: readonly string[];
}

/**
 * A row that satisfies a table's types, not-nulls and simple checks, for whatever tables there are, so that
 * a table of tomorrow is tested without anybody thinking of it. Foreign keys are not satisfied.
 */
export async function sampleRow(
  tx: Pick<Transaction, "query">,
  table: string,
  owner: { readonly column: string; readonly tenantId: string | undefined },
): Promise<SampleRow> {
  const columns = await tx.query<Column>(
    `select attname as name, format_type(atttypid, atttypmod) as type,
            attnotnull and not atthasdef and attidentity = '' as is_required
       from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
      order by attnum`,
    [table],
  );
  const checks = await tx.query<{ definition: string }>(
    `select pg_get_constraintdef(oid) as definition from pg_constraint
      where conrelid = $1::regclass and contype = 'c'`,
    [table],
  );
  const used = columns.filter((column) => column.is_required || column.name === owner.column);
  return {
    table,
    columns: used.map((column) => column.name),
    values: used.map((column) => {
      if (column.name !== owner.column) return sampleValue(column, checks);
      return owner.tenantId === undefined ? "null" : `'${owner.tenantId}'`;
    }),
  };
}

export function insertStatement({ table, columns, values }: SampleRow): string {
  return `insert into ${table} (${columns.join(", ")}) values (${values.join(", ")})`;
}

function sampleValue(column: Column, checks: readonly { readonly definition: string }[]): string {
  const check = checks.find(({ definition }) =>
    new RegExp(`\\b${column.name} = ANY`).test(definition),
  );
  const allowed = check && /'([^']+)'/.exec(check.definition)?.[1];
  if (allowed !== undefined) return `'${allowed}'`;
  if (column.type.endsWith("[]")) return "'{}'";
  const value = SAMPLES.find(([type]) => type.test(column.type))?.[1];
  if (value === undefined) throw new Error(`No sample for ${column.name} ${column.type}.`);
  return value;
}

const SAMPLES: readonly (readonly [RegExp, string])[] = [
  [/^uuid$/, "gen_random_uuid()"],
  [/^(text|character varying)/, "gen_random_uuid()::text"],
  [/^bytea$/, "decode(md5(random()::text), 'hex')"],
  [/^timestamp/, "now()"],
  [/^date$/, "current_date"],
  [/^(smallint|integer|bigint|real|double precision|numeric)/, "(1 + random() * 30000)::int"],
  [/^boolean$/, "true"],
  [/^jsonb?$/, "'{}'"],
  [/^tsvector$/, "''"],
  [/^(vector|halfvec)$/, "'[1,2,3]'"],
];
