import type { Database } from "../../../src/store/database.ts";

/** Every row of every table, as text; bytea as hex. */
export async function dumpTables(database: Database): Promise<string> {
  return database.asOwner(async (tx) => {
    const tables = await tx.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
    );
    const parts: string[] = [];
    for (const { name } of tables) {
      const rows = await tx.query<{ row: string }>(
        `select to_jsonb(t)::text as row from "${name}" t`,
      );
      parts.push(...rows.map(({ row }) => `${name} ${row}`));
    }
    return parts.join("\n");
  });
}
