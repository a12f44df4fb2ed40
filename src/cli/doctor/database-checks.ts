import { type Check, failed, note, ok, warning } from "./check.ts";
import type { DoctorPorts } from "./ports.ts";

const OLDEST_SERVER = 150_000;
const NEEDED_ROLES = [
  "pregonero_app",
  "pregonero_curator",
  "pregonero_dispatcher",
  "pregonero_registrar",
];
const NEEDED_EXTENSIONS = ["unaccent", "vector"];
/** A second of difference is a slow answer; more moves leases and schedules. */
const MAX_SKEW_MS = 2_000;

/** The database: version, roles, extensions, migrations, row security, clock. */
export const databaseChecks: readonly Check<DoctorPorts>[] = [
  {
    name: "database",
    remedy:
      "Embedded: see data-directory and directory-holder. On a server: check DATABASE_URL, that PostgreSQL 15 or newer runs there, and that this machine may reach it.",
    async examine({ config, database }) {
      const { version } = await database();
      const evidence = `PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}, ${config.mode}`;
      return version < OLDEST_SERVER ? failed(`${evidence}: 15 or newer is needed`) : ok(evidence);
    },
  },
  {
    name: "database-roles",
    remedy:
      "Run `pregonero migrate` as a login that may create roles; then as a superuser: ALTER ROLE … NOSUPERUSER NOBYPASSRLS for each role named.",
    async examine({ database }) {
      const { roles } = await database();
      const names = roles.map((role) => role.name);
      const missing = NEEDED_ROLES.filter((name) => !names.includes(name));
      if (missing.length > 0) return failed(`missing: ${missing.join(", ")}`);
      const unbound = roles.filter((role) => role.bypassesRowSecurity).map((role) => role.name);
      if (unbound.length > 0) return failed(`row security does not bind ${unbound.join(", ")}`);
      return ok(`${names.length} roles, all bound by row security`);
    },
  },
  {
    name: "database-extensions",
    remedy:
      "Install pgvector and the contrib package on the database server (deploy/install-pgvector.sh does on Debian), then run `pregonero migrate`.",
    async examine({ database }) {
      const { extensions } = await database();
      const missing = NEEDED_EXTENSIONS.filter((name) => !extensions.includes(name));
      return missing.length > 0
        ? failed(`missing: ${missing.join(", ")}`)
        : ok(NEEDED_EXTENSIONS.join(", "));
    },
  },
  {
    name: "migrations",
    remedy: "Run `pregonero migrate`.",
    async examine({ database, knownMigrations }) {
      const [{ appliedMigrations }, known] = [await database(), await knownMigrations()];
      const newer = appliedMigrations.filter((name) => !known.includes(name));
      if (newer.length > 0) {
        return failed(
          `${newer.join(", ")} came with a newer version`,
          "Update this code, or restore the backup taken before the update.",
        );
      }
      const pending = known.filter((name) => !appliedMigrations.includes(name));
      if (pending.length > 0) return failed(`not applied: ${pending.join(", ")}`);
      return ok(`all ${known.length} applied`);
    },
  },
  {
    name: "row-security",
    remedy:
      "Tenants could see each other's rows: stop the service, ALTER TABLE … ENABLE and FORCE ROW LEVEL SECURITY on the tables named, and find out who changed them.",
    async examine({ database }) {
      const { unforcedTables } = await database();
      return unforcedTables.length > 0
        ? failed(`not forced on ${unforcedTables.join(", ")}`)
        : ok("forced on every table with a tenant");
    },
  },
  {
    name: "durability",
    remedy: "For production, set DATABASE_URL to a PostgreSQL server.",
    examine({ config }) {
      if (config.mode === "server") return undefined;
      return note(
        "the embedded database survives the death of its process and its log waits for the disk, but its data files do not: a loss of power at the wrong moment may damage it. For production, set DATABASE_URL",
      );
    },
  },
  {
    name: "clock",
    remedy: "Let both machines keep time by NTP.",
    async examine({ config, database, clock }) {
      if (config.mode === "embedded") return undefined;
      const before = clock.now().getTime();
      const { now } = await database();
      const after = clock.now().getTime();
      const skewMs = Math.max(before - now.getTime(), now.getTime() - after, 0);
      const evidence = `this machine and the database differ by ${(skewMs / 1_000).toFixed(1)} s`;
      return skewMs > MAX_SKEW_MS ? warning(evidence) : ok(evidence);
    },
  },
  {
    name: "editions",
    remedy: "Ingest a gazette: pregonero ingest FILE.pdf --source SLUG",
    async examine({ editionCount }) {
      const count = await editionCount();
      return count === 0
        ? warning("no gazette is ingested: every question goes unanswered")
        : ok(`${count} documents`);
    },
  },
];
