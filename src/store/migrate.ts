import { readdir } from "node:fs/promises";
import path from "node:path";
import { PregoneroError } from "../core/errors.ts";
import type { Database } from "./database.ts";

/**
 * Brings the schema up to this code's version, each migration in its own transaction under the
 * migrator's lock. Forward only. Returns the names applied. Throws `schema-newer` when the database
 * was migrated by a newer version of the code, and then changes nothing.
 */
export async function migrate(
  database: Database,
  migrationsFolder: string,
): Promise<readonly string[]> {
  const known = await listMigrations(migrationsFolder);
  const applied = await appliedMigrations(database);
  const unknown = applied.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new PregoneroError(
      "schema-newer",
      `The database has migrations that this version does not know (${unknown.join(", ")}): it was used by a newer Pregonero. Update the code, or restore the backup taken before the update.`,
    );
  }
  if (applied.length === known.size) return [];
  // Loaded when there is something to do: a usual start does without it.
  const { runMigrations } = await import("./run-migrations.ts");
  const done = await runMigrations(database, known);
  // Whatever table came along, the eraser may delete a tenant's rows of it.
  await database.asOwner((tx) => tx.query("select cover_tenant_tables()"));
  return done;
}

/** Name → file, in the order of their numbers. */
async function listMigrations(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(folder))
    .filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file))
    .sort();
  return new Map(files.map((file) => [file.replace(/\.sql$/, ""), path.join(folder, file)]));
}

async function appliedMigrations(database: Database): Promise<string[]> {
  return database.asOwner(async (tx) => {
    const [table] = await tx.query<{ found: string | null }>(
      "select to_regclass('kysely_migration')::text as found",
    );
    if (!table?.found) return [];
    const rows = await tx.query<{ name: string }>(
      "select name from kysely_migration order by name",
    );
    return rows.map((row) => row.name);
  });
}
