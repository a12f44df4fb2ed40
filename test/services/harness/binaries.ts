import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Versions that the schema is written for; see migrations/0001_line.sql. */
const OLDEST_POSTGRES = 15;

/** Folder with initdb and postgres, newest version first; undefined when none is installed. */
export function findPostgres(): string | undefined {
  const versioned = ["/usr/lib/postgresql", "/opt/homebrew/opt"].flatMap((folder) =>
    list(folder).flatMap((name) => {
      const version = Number(/^(?:postgresql@)?(\d+)$/.exec(name)?.[1]);
      return version >= OLDEST_POSTGRES ? [{ version, bin: path.join(folder, name, "bin") }] : [];
    }),
  );
  versioned.sort((a, b) => b.version - a.version);
  const folders = [...versioned.map(({ bin }) => bin), "/usr/local/pgsql/bin", "/usr/local/bin"];
  return folders.find((bin) => existsSync(path.join(bin, "initdb")));
}

export function findRedis(): string | undefined {
  const folders = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];
  return folders.map((folder) => path.join(folder, "redis-server")).find(existsSync);
}

/**
 * One line for people when this machine cannot run the service tier, undefined when it can:
 * `describe.skipIf(servicesMissing())`.
 */
export function servicesMissing(): string | undefined {
  const missing = [
    findPostgres() === undefined ? "PostgreSQL 15+ (apt-get install postgresql)" : undefined,
    findRedis() === undefined ? "Redis (apt-get install redis-server)" : undefined,
  ].filter((name) => name !== undefined);
  if (missing.length === 0) return undefined;
  return `Service tests left out, not installed here: ${missing.join(", ")}.`;
}

/** PostgreSQL refuses to run as root: the account that it runs as then; undefined for "as ourselves". */
export function postgresAccount(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    const entry = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, "m").exec(readAccounts());
    if (entry) return { uid: Number(entry[1]), gid: Number(entry[2]) };
  }
  throw new Error("PostgreSQL cannot run as root, and there is no account postgres or nobody.");
}

function readAccounts(): string {
  return readFileSync("/etc/passwd", "utf8");
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
