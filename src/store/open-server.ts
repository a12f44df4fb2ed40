import pg from "pg";
import type { FaultPoint } from "../core/fault-point.ts";
import { createDatabase, type Database } from "./database.ts";

/**
 * Opens a PostgreSQL server (15 or newer, with the `vector` and `unaccent` extensions available).
 * The login must own the tables or be able to create them, and be able to create the three roles of
 * `migrations/0001_line.sql` or find them there.
 */
export function openServer(options: {
  readonly url: string;
  /** Connections of this process. */
  readonly maxConnections: number;
  readonly faultPoint?: FaultPoint;
}): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    connectionTimeoutMillis: 5_000,
    // A half-open connection is noticed instead of waited for.
    keepAlive: true,
    // Bounds for work that holds locks: no transaction waits for the network, so one that idles for seconds is
    // of a process that stands still, and its locks would hold up the others.
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 10_000,
    application_name: "pregonero",
  });
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  pool.on("error", () => {});
  // The same for one that breaks between two statements of a transaction: the next statement reports it.
  pool.on("connect", (client) => {
    client.on("error", () => {});
  });
  return createDatabase({ kind: "server", pool, faultPoint: options.faultPoint });
}
