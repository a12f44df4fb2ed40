import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "./database.ts";
import {
  countPublicEditions,
  listKnownMigrations,
  readDatabaseFacts,
  readLedgerBacklog,
} from "./diagnostics.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";

const migrations = path.resolve(import.meta.dirname, "../../migrations");
let database: Database;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
});
afterAll(() => database.close());

it("tells an empty database from a migrated one, and finds row security forced everywhere", async () => {
  const empty = await readDatabaseFacts(database);
  expect(empty).toMatchObject({ roles: [], appliedMigrations: [], unforcedTables: [] });
  await migrate(database, migrations);
  const facts = await readDatabaseFacts(database);
  expect(facts.version).toBeGreaterThanOrEqual(150_000);
  expect(facts.appliedMigrations).toEqual(await listKnownMigrations(migrations));
  expect(facts.extensions).toEqual(expect.arrayContaining(["unaccent", "vector"]));
  expect(facts.roles).toEqual(
    ["pregonero_app", "pregonero_curator", "pregonero_dispatcher", "pregonero_registrar"].map(
      (name) => ({
        name,
        bypassesRowSecurity: false,
      }),
    ),
  );
  expect(facts.unforcedTables).toEqual([]);
});

it("names a table whose row security is no longer forced", async () => {
  await database.asOwner((tx) => tx.query("alter table outbox no force row level security"));
  expect((await readDatabaseFacts(database)).unforcedTables).toEqual(["outbox"]);
  await database.asOwner((tx) => tx.query("alter table outbox force row level security"));
});

it("counts nothing in ledgers and archive that are empty", async () => {
  expect(await countPublicEditions(database)).toBe(0);
  expect(await readLedgerBacklog(database)).toEqual({
    pendingMessages: 0,
    oldestPendingSeconds: 0,
    deadMessages: 0,
    queuedParts: 0,
    unknownParts: 0,
  });
});
