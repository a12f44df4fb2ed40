import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type Migration, Migrator, sql } from "kysely";
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
  const known = await readMigrations(migrationsFolder);
  const migrator = new Migrator({
    db: database.owner,
    provider: { getMigrations: async () => known },
  });
  const applied = await appliedMigrations(database);
  const unknown = applied.filter((name) => known[name] === undefined);
  if (unknown.length > 0) {
    throw new PregoneroError(
      "schema-newer",
      `The database has migrations that this version does not know (${unknown.join(", ")}): it was used by a newer Pregonero. Update the code, or restore the backup taken before the update.`,
    );
  }
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const failed = results?.find((result) => result.status === "Error")?.migrationName ?? "unknown";
    throw new PregoneroError(
      "migration-failed",
      `Migration ${failed} failed: ${error instanceof Error ? error.message : String(error)}. The schema is as it was before that migration.`,
      { cause: error },
    );
  }
  return (results ?? []).map((result) => result.migrationName);
}

async function readMigrations(folder: string): Promise<Record<string, Migration>> {
  const files = (await readdir(folder))
    .filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file))
    .sort();
  const migrations: Record<string, Migration> = {};
  for (const file of files) {
    const text = await readFile(path.join(folder, file), "utf8");
    migrations[file.replace(/\.sql$/, "")] = {
      async up(db) {
        await sql.raw(text).execute(db);
      },
    };
  }
  return migrations;
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
