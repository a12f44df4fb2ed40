import { randomUUID } from "node:crypto";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TenantId } from "../../src/core/ids.ts";
import type { Database, Transaction } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { repositoryRoot } from "../services/harness/repository.ts";
import { insertStatement, sampleRow } from "./sample-rows.ts";
import { describeSchema } from "./snapshot.ts";

/** Tables without a tenant's rows, each with its reason. */
const SHARED_TABLES: Readonly<Record<string, string>> = {
  kysely_migration: "which migrations ran; the application roles have no rights on it",
  kysely_migration_lock: "the migrator's lock; the application roles have no rights on it",
  person: "people are of the installation; the registrar alone has rights on it",
  person_identity: "as person",
  recovery_code: "as person",
  person_session: "as person",
  refresh_token: "as person",
  password_reset: "as person",
  set_up: "as person",
  look_up_key: "one row: the key of look-ups, sealed; as person",
  audit_seal: "one chain over everybody's audit: positions and hashes; as person",
  shedding: "one row: how much the installation sheds; as person",
  breaker_order: "models of the installation that are left alone; as person",
  announcement: "the platform's words to all tenants or some; as person",
  announcement_reading: "as person",
  plan: "limits by name, which tenants share; as person",
};

/** Foreign keys that leave the tenant out, by table: a public row (tenant null) is referenced by it too. */
const PUBLIC_REFERENCES =
  /^(source|edition|page|act|passage|posting|edition_index|passage_embedding|source_collection|edition_expectation)$/;

/** The dispatcher reads a hash here to find who asks; it is no content. */
const ROUTING_HASHES = new Set(["api_key.key_hash"]);

const APPLICATION_ROLES = [
  "pregonero_app",
  "pregonero_dispatcher",
  "pregonero_curator",
  "pregonero_registrar",
];
const INSUFFICIENT_PRIVILEGE = "42501";
const FOREIGN_KEY_VIOLATION = "23503";

export interface CatalogueSubject {
  /** Migrated, empty, and with one connection, so that what a transaction leaves behind is seen by the next. */
  readonly database: Database;
  /** A transaction that row security does not bind. */
  asSuperuser<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** What the schema promises about tenants, on whichever PostgreSQL it stands. */
export function catalogueConformance(name: string, open: () => Promise<CatalogueSubject>): void {
  describe(`the catalogue on ${name}`, () => {
    const mine = randomUUID() as TenantId;
    const theirs = randomUUID() as TenantId;
    let subject: CatalogueSubject;
    let tables: readonly { readonly name: string; readonly tenantColumn: string }[];

    beforeAll(async () => {
      subject = await open();
      tables = await subject.asSuperuser(listTables);
      await subject.asSuperuser(async (tx) => {
        // Rows of every table for both tenants, and public ones, without the rows that they refer to.
        await tx.query("select set_config('session_replication_role', 'replica', true)");
        for (const table of tables) {
          for (const tenantId of [mine, theirs]) await insertSample(tx, table, tenantId);
          if (await isNullable(tx, table.name, table.tenantColumn)) {
            await insertSample(tx, table, undefined);
          }
        }
      });
    });
    afterAll(() => subject.close());

    it("forces row security on every table, with a policy for the application that names the tenant", async () => {
      const rows = await subject.asSuperuser((tx) =>
        tx.query<{ name: string; is_forced: boolean; policies: string }>(
          `select relname as name, relrowsecurity and relforcerowsecurity as is_forced,
                  coalesce((select string_agg(coalesce(qual, with_check), ' ') from pg_policies
                    where schemaname = 'public' and tablename = relname
                      and 'pregonero_app' = any (roles)), '') as policies
             from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')`,
        ),
      );
      const bare = rows.filter((row) => SHARED_TABLES[row.name] === undefined);
      expect(bare.filter((row) => !row.is_forced).map((row) => row.name)).toEqual([]);
      const unguarded = bare.filter((row) => !row.policies.includes("current_tenant()"));
      expect(unguarded.map((row) => row.name)).toEqual([]);
      expect(tables.length).toBe(bare.length);
    });

    it("gives the application roles no way around row security", async () => {
      const roles = await subject.asSuperuser((tx) =>
        tx.query<{ name: string; powers: boolean; owned: number; groups: number }>(
          `select rolname as name,
                  rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolcanlogin as powers,
                  (select count(*)::int from pg_class where relowner = r.oid) as owned,
                  (select count(*)::int from pg_auth_members where member = r.oid) as groups
             from pg_roles r where rolname = any ($1) order by rolname`,
          [APPLICATION_ROLES],
        ),
      );
      expect(roles).toEqual(
        [...APPLICATION_ROLES]
          .sort()
          .map((role) => ({ name: role, powers: false, owned: 0, groups: 0 })),
      );
    });

    it("lets no function run with the rights of its owner", async () => {
      const functions = await subject.asSuperuser((tx) =>
        tx.query<{ name: string }>(
          `select proname as name from pg_proc where pronamespace = 'public'::regnamespace and prosecdef`,
        ),
      );
      expect(functions).toEqual([]);
    });

    it("shows no tenant's rows when the tenant is unset", async () => {
      for (const table of tables) {
        const seen = await ownersSeen(table, (work) =>
          subject.database.asOwner(async (tx) => {
            await tx.query("select set_config('role', 'pregonero_app', true)");
            return work(tx);
          }),
        );
        expect(
          seen.filter((owner) => owner !== null),
          table.name,
        ).toEqual([]);
      }
    });

    it("shows a tenant its own rows and public ones, and no other", async () => {
      for (const table of tables) {
        const seen = await ownersSeen(table, (work) => subject.database.asTenant(mine, work));
        expect(
          seen.filter((owner) => owner !== null && owner !== mine),
          table.name,
        ).toEqual([]);
        expect(seen, `${table.name}: the test itself sees nothing`).toContain(mine);
      }
    });

    it("rejects a row that is inserted for another tenant", async () => {
      for (const table of tables) {
        const code = await failureOf(
          subject.database.asTenant(mine, (tx) => insertSample(tx, table, theirs)),
        );
        expect(code, table.name).toBe(INSUFFICIENT_PRIVILEGE);
      }
    });

    it("changes and deletes no row of another tenant, and gives none away", async () => {
      for (const { name: table, tenantColumn } of tables) {
        for (const statement of [
          `update ${table} set ${tenantColumn} = ${tenantColumn} where ${tenantColumn} = '${theirs}'`,
          `delete from ${table} where ${tenantColumn} = '${theirs}'`,
        ]) {
          const outcome = await subject.database
            .asTenant(mine, (tx) => tx.query(`${statement} returning 1 as touched`))
            .then((rows) => rows.length, errorCode);
          expect([0, INSUFFICIENT_PRIVILEGE], statement).toContain(outcome);
        }
        const given = await failureOf(
          subject.database.asTenant(mine, (tx) =>
            tx.query(
              `update ${table} set ${tenantColumn} = '${theirs}' where ${tenantColumn} = '${mine}'`,
            ),
          ),
        );
        expect([INSUFFICIENT_PRIVILEGE, FOREIGN_KEY_VIOLATION], table).toContain(given);
      }
    });

    it("refers from one tenant's row to another by tenant and id", async () => {
      const keys = await subject.asSuperuser((tx) =>
        tx.query<{ table: string; target: string; columns: string[] }>(
          `select conrelid::regclass::text as table, confrelid::regclass::text as target,
                  (select array_agg(attname::text) from pg_attribute
                    where attrelid = conrelid and attnum = any (conkey)) as columns
             from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
        ),
      );
      const loose = keys.filter(
        (key) =>
          !key.columns.includes("tenant_id") &&
          !PUBLIC_REFERENCES.test(key.target) &&
          SHARED_TABLES[key.target] === undefined,
      );
      expect(loose).toEqual([]);
    });

    it("lets nobody but the registrar at people's credentials, and the registrar at nothing else", async () => {
      const rows = await subject.asSuperuser((tx) =>
        tx.query<{ role: string; table: string }>(
          `select r.rolname as role, c.relname as table from pg_class c, pg_roles r
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
              and r.rolname = any ($1)
              and has_any_column_privilege(r.rolname, c.oid, 'select, insert, update')`,
          [APPLICATION_ROLES],
        ),
      );
      const tablesOf = (isRegistrar: boolean) =>
        new Set(
          rows.flatMap(({ role, table }) =>
            (role === "pregonero_registrar") === isRegistrar ? [table] : [],
          ),
        );
      const people = Object.keys(SHARED_TABLES).filter((name) => !name.startsWith("kysely"));
      expect(people.filter((table) => tablesOf(false).has(table))).toEqual([]);
      expect([...tablesOf(true)].sort()).toEqual(
        [
          ...people,
          "announcement_tenant",
          "audit",
          "edition_publisher",
          "event",
          "feature_switch",
          "invitation",
          "membership",
          "pause",
          "security_event",
          "tenant_plan",
        ].sort(),
      );
    });

    it("lets the dispatcher read no encrypted column", async () => {
      const readable = await subject.asSuperuser((tx) =>
        tx.query<{ column: string }>(
          `select c.relname || '.' || attname as column from pg_attribute join pg_class c on c.oid = attrelid
            where relnamespace = 'public'::regnamespace and relkind = 'r' and atttypid = 'bytea'::regtype
              and has_column_privilege('pregonero_dispatcher', attrelid, attnum, 'select')`,
        ),
      );
      expect(
        readable.map((row) => row.column).filter((column) => !ROUTING_HASHES.has(column)),
      ).toEqual([]);
    });

    it("leaves neither tenant nor role on the connection, after commit and after failure", async () => {
      const left = () =>
        subject.database.asOwner((tx) =>
          tx.query<{ tenant: string | null; is_login: boolean }>(
            `select nullif(current_setting('pregonero.tenant_id', true), '') as tenant,
                    current_user = session_user as is_login`,
          ),
        );
      await subject.database.asTenant(mine, (tx) => tx.query("select 1"));
      expect(await left()).toEqual([{ tenant: null, is_login: true }]);
      await failureOf(subject.database.asTenant(mine, (tx) => tx.query("select 1 / 0")));
      expect(await left()).toEqual([{ tenant: null, is_login: true }]);
    });

    it("is what migrations/schema.sql says", async () => {
      const text = await subject.asSuperuser(describeSchema);
      await expect(text).toMatchFileSnapshot(
        path.join(repositoryRoot(), "migrations", "schema.sql"),
      );
    });

    it("migrates twice as once", async () => {
      expect(await migrate(subject.database, path.join(repositoryRoot(), "migrations"))).toEqual(
        [],
      );
    });

    it("refuses a schema from the future, and changes nothing", async () => {
      await subject.asSuperuser((tx) =>
        tx.query("insert into kysely_migration (name, timestamp) values ('9999_future', 'later')"),
      );
      const before = await subject.asSuperuser(describeSchema);
      await expect(
        migrate(subject.database, path.join(repositoryRoot(), "migrations")),
      ).rejects.toMatchObject({ code: "schema-newer" });
      expect(await subject.asSuperuser(describeSchema)).toBe(before);
    });
  });
}

async function listTables(tx: Transaction) {
  const rows = await tx.query<{ name: string; columns: string[] }>(
    `select relname as name, array_agg(attname::text) as columns
       from pg_class join pg_attribute on attrelid = pg_class.oid and attnum > 0
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') group by relname order by relname`,
  );
  return rows.flatMap(({ name, columns }) => {
    if (SHARED_TABLES[name] !== undefined) return [];
    return [{ name, tenantColumn: columns.includes("tenant_id") ? "tenant_id" : "id" }];
  });
}

async function insertSample(
  tx: Transaction,
  table: { readonly name: string; readonly tenantColumn: string },
  tenantId: string | undefined,
): Promise<void> {
  const owner = { column: table.tenantColumn, tenantId };
  await tx.query(insertStatement(await sampleRow(tx, table.name, owner)));
}

/** Whose rows a transaction sees; reading by owner alone, since not every column is granted. */
async function ownersSeen(
  table: { readonly name: string; readonly tenantColumn: string },
  inTransaction: (
    work: (tx: Transaction) => Promise<(string | null)[]>,
  ) => Promise<(string | null)[]>,
): Promise<(string | null)[]> {
  return inTransaction(async (tx) => {
    const rows = await tx.query<{ owner: string | null }>(
      `select distinct ${table.tenantColumn}::text as owner from ${table.name}`,
    );
    return rows.map((row) => row.owner);
  });
}

async function isNullable(tx: Transaction, table: string, column: string): Promise<boolean> {
  const [row] = await tx.query<{ is_nullable: boolean }>(
    `select not attnotnull as is_nullable from pg_attribute where attrelid = $1::regclass and attname = $2`,
    [table, column],
  );
  return row?.is_nullable ?? false;
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => "no failure", errorCode);
}

function errorCode(error: unknown): string {
  return String((error as { code?: unknown }).code);
}
