import { readFile } from "node:fs/promises";
import { Kysely, Migrator, PostgresDialect, type PostgresPoolClient, sql } from "kysely";
import { PregoneroError } from "../core/errors.ts";
import type { Database } from "./database.ts";

/** Applies what is missing of `files` (name → SQL file) with Kysely's migrator. Throws `migration-failed`. */
export async function runMigrations(
  database: Database,
  files: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const owner = new Kysely<unknown>({
    dialect: new PostgresDialect({
      pool: {
        connect: () => database.ownerPool.connect() as Promise<PostgresPoolClient>,
        // The pool is the database's, which closes it.
        end: async () => {},
      },
    }),
  });
  const migrations = Object.fromEntries(
    [...files].map(([name, file]) => [
      name,
      {
        async up(db: Kysely<unknown>) {
          await sql.raw(await readFile(file, "utf8")).execute(db);
        },
      },
    ]),
  );
  const migrator = new Migrator({
    db: owner,
    provider: { getMigrations: async () => migrations },
  });
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
