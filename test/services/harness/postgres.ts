import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { migrate } from "../../../src/store/migrate.ts";
import { openServer } from "../../../src/store/open-server.ts";
import { findPostgres, postgresAccount } from "./binaries.ts";
import { repositoryRoot } from "./repository.ts";
import { freePort, type ServerProcess, startServerProcess } from "./server-process.ts";

/** A PostgreSQL server of its own on loopback, with real durability (fsync on). */
export interface EphemeralPostgres {
  readonly port: number;
  /** Of the postmaster; its children are the connections. */
  readonly pid: () => number;
  /** What the server printed since its last start. */
  logs(): string;
  /** As superuser, to the database `postgres`. */
  readonly adminUrl: string;
  /** A database with the schema in it: a copy of a template that is migrated once per server. */
  createDatabase(): Promise<TestDatabase>;
  /** Databases made and not dropped. */
  openDatabases(): readonly string[];
  /** Dies at once, as by power loss, and stays down until `start`. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

export interface TestDatabase {
  readonly name: string;
  /** As the login that owns the tables, which is no superuser. */
  readonly url: string;
  /** As superuser. */
  readonly adminUrl: string;
  /** For statements of the test itself, as superuser: row security does not bind it. */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Lets nobody write to a table, so that who is about to stands still there, until what it returns is called. */
  holdWrites(table: string): Promise<() => Promise<void>>;
  /** Ends its connections and drops it. */
  drop(): Promise<void>;
}

/** Owns the tables in tests, as an operator's login does: it may create roles, and is no superuser. */
const OWNER = "pregonero_owner";
const TEMPLATE = "pregonero_template";

export async function startPostgres(
  options: { readonly settings?: Readonly<Record<string, string | number>> } = {},
): Promise<EphemeralPostgres> {
  const bin = findPostgres();
  if (bin === undefined) throw new Error("PostgreSQL is not installed here.");
  const account = postgresAccount();
  const directory = await mkdtemp(path.join(tmpdir(), "pregonero-postgres-"));
  if (account) await chown(directory, account.uid, account.gid);
  const data = path.join(directory, "data");
  run(
    path.join(bin, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"],
    account,
  );
  const port = await freePort();
  const adminUrl = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const databases = new Set<string>();
  let server: ServerProcess | undefined;
  let template: Promise<void> | undefined;

  async function start(): Promise<void> {
    const settings = { unix_socket_directories: "", max_connections: 200, ...options.settings };
    server = startServerProcess(
      path.join(bin ?? "", "postgres"),
      ["-D", data, "-p", String(port), "-h", "127.0.0.1"].concat(
        Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
      ),
      account,
    );
    await server.printed(/database system is ready to accept connections/);
  }
  await start();

  return {
    port,
    pid: () => server?.pid ?? -1,
    logs: () => server?.logs() ?? "",
    adminUrl,
    async createDatabase() {
      template ??= createTemplate(adminUrl, port);
      await template;
      const name = `test_${randomUUID().replaceAll("-", "")}`;
      await query(adminUrl, `create database ${name} template ${TEMPLATE} owner ${OWNER}`);
      databases.add(name);
      return connectTestDatabase(name, port, adminUrl, () => databases.delete(name));
    },
    openDatabases: () => [...databases],
    async crash() {
      // SIGQUIT is PostgreSQL's immediate shutdown: no checkpoint, recovery at the next start.
      await server?.end("SIGQUIT");
    },
    start,
    async stop() {
      await server?.end("SIGINT");
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function createTemplate(adminUrl: string, port: number): Promise<void> {
  await query(adminUrl, `create role ${OWNER} login createrole nosuperuser nobypassrls`);
  await query(adminUrl, `create database ${TEMPLATE} owner ${OWNER}`);
  const templateUrl = `postgres://postgres@127.0.0.1:${port}/${TEMPLATE}`;
  // `vector` is not a trusted extension: on a server its administrator creates it.
  for (const extension of ["vector", "unaccent"]) {
    await query(templateUrl, `create extension if not exists ${extension}`);
  }
  const database = openServer({
    url: `postgres://${OWNER}@127.0.0.1:${port}/${TEMPLATE}`,
    maxConnections: 2,
  });
  try {
    await migrate(database, path.join(repositoryRoot(), "migrations"));
  } finally {
    await database.close();
  }
}

function connectTestDatabase(
  name: string,
  port: number,
  adminUrl: string,
  onDrop: () => void,
): TestDatabase {
  const databaseAdminUrl = `postgres://postgres@127.0.0.1:${port}/${name}`;
  const asAdmin = new pg.Pool({ connectionString: databaseAdminUrl, max: 2 });
  asAdmin.on("error", () => {});
  return {
    name,
    url: `postgres://${OWNER}@127.0.0.1:${port}/${name}`,
    adminUrl: databaseAdminUrl,
    async query<Row extends object>(text: string, values: readonly unknown[] = []) {
      return (await asAdmin.query<Row>(text, [...values])).rows;
    },
    async holdWrites(table) {
      const client = await asAdmin.connect();
      await client.query("begin");
      await client.query(`lock table ${pg.escapeIdentifier(table)} in share mode`);
      return async () => {
        await client.query("rollback");
        client.release();
      };
    },
    async drop() {
      await asAdmin.end();
      await query(adminUrl, `drop database if exists ${name} with (force)`);
      onDrop();
    },
  };
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

function run(command: string, args: readonly string[], account: object | undefined): void {
  const result = spawnSync(command, args, { ...account, cwd: tmpdir(), encoding: "utf8" });
  if (result.status !== 0) throw new Error(`${command} failed:\n${result.stderr}`);
}
