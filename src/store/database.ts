import pg from "pg";
import { PregoneroError } from "../core/errors.ts";
import { type FaultPoint, noFaults } from "../core/fault-point.ts";
import type { TenantId } from "../core/ids.ts";
import { mapDatabaseError } from "./map-error.ts";

/** A statement with a name is prepared once per connection; the name must be unique to the text. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
}

/** One transaction, as one role, for one tenant. Valid only inside the callback that received it. */
export interface Transaction {
  query<Row extends object>(
    statement: Statement | string,
    values?: readonly unknown[],
  ): Promise<Row[]>;
}

/**
 * The only way to the data. Every statement runs in a transaction as a role that row security binds;
 * the tenant is set for the transaction alone, so a pooled connection never carries it further.
 * A transaction must not open another: the embedded database has one session and would deadlock.
 */
export interface Database {
  readonly kind: "embedded" | "server";
  /** As `pregonero_app`: rows of this tenant, and public gazettes to read. */
  asTenant<Result>(tenantId: TenantId, work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** As `pregonero_dispatcher`: routing columns of all tenants, no content. */
  asDispatcher<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** As `pregonero_curator`: writes public gazettes. */
  asCurator<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** As `pregonero_registrar`: people, their credentials and sessions, and the audit, of the whole installation; nothing else. */
  asRegistrar<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** As `pregonero_rekeyer`: ids and envelopes of all tables, to seal them under another key; nothing else. */
  asRekeyer<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** As `pregonero_eraser`: reads and deletes this tenant's rows, of whatever table, and changes none. */
  asEraser<Result>(tenantId: TenantId, work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** As the owner of the tables, for migrations and `doctor` only. */
  asOwner<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Connections as the owner of the tables, for DDL that cannot run in `asOwner`'s transaction: the migrator, indexes built concurrently. */
  readonly ownerPool: pg.Pool;
  /** To be called after a transaction that may have changed the passage index, however it ended. */
  noteIndexChange(): void;
  /** How often that was noted in this process. What other processes change, it cannot know. */
  indexChanges(): number;
  close(): Promise<void>;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

pg.types.setTypeParser(pg.types.builtins.DATE, (value) => value);

/**
 * Wraps a pool of `pg` clients, be they of a server or of PGlite's adapter.
 * `begin` and the settings go in one round trip; the role and tenant end with the transaction.
 */
export function createDatabase(options: {
  readonly kind: Database["kind"];
  readonly pool: pg.Pool;
  /** Passed before every statement (`db:` and its name) and after every commit (`db:committed`). */
  readonly faultPoint?: FaultPoint | undefined;
  /** Runs after the pool has ended (closes the embedded database, frees its lock). */
  readonly afterClose?: () => Promise<void>;
}): Database {
  const { pool, faultPoint = noFaults } = options;
  let indexChanges = 0;

  async function transaction<Result>(
    begin: string,
    work: (tx: Transaction) => Promise<Result>,
  ): Promise<Result> {
    let client: pg.PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      throw mapDatabaseError(error);
    }
    let isBroken = false;
    try {
      await client.query(begin);
      const result = await work({
        async query<Row extends object>(
          statement: Statement | string,
          values: readonly unknown[] = [],
        ) {
          const text = typeof statement === "string" ? statement : statement.text;
          const name = typeof statement === "string" ? undefined : statement.name;
          faultPoint(`db:${name ?? "unnamed"}`);
          const answer = await client.query<Row>({
            text,
            values: [...values],
            ...(name === undefined ? {} : { name }),
          });
          return answer.rows;
        },
      });
      faultPoint("db:commit");
      await client.query("commit");
      faultPoint("db:committed");
      return result;
    } catch (error) {
      // A connection that cannot roll back is not given back to the pool.
      await client.query("rollback").catch(() => {
        isBroken = true;
      });
      throw mapDatabaseError(error);
    } finally {
      client.release(isBroken);
    }
  }

  // Nothing here runs long enough to win what its compiling costs: up to 300 ms, for statements that the planner overrates.
  const asRole = (role: string) =>
    `begin; select set_config('role', '${role}', true), set_config('jit', 'off', true)`;
  const forTenant = (role: string, tenantId: TenantId) => {
    if (!UUID.test(tenantId)) {
      throw new PregoneroError("tenant-unknown", `Tenant id "${tenantId}" is not a UUID.`, {
        status: 404,
      });
    }
    return `${asRole(role)}, set_config('pregonero.tenant_id', '${tenantId}', true)`;
  };

  return {
    kind: options.kind,
    asTenant: (tenantId, work) => transaction(forTenant("pregonero_app", tenantId), work),
    asDispatcher: (work) => transaction(asRole("pregonero_dispatcher"), work),
    asCurator: (work) => transaction(asRole("pregonero_curator"), work),
    asRegistrar: (work) => transaction(asRole("pregonero_registrar"), work),
    asRekeyer: (work) => transaction(asRole("pregonero_rekeyer"), work),
    asEraser: (tenantId, work) => transaction(forTenant("pregonero_eraser", tenantId), work),
    asOwner: (work) => transaction("begin", work),
    ownerPool: pool,
    noteIndexChange() {
      indexChanges += 1;
    },
    indexChanges: () => indexChanges,
    async close() {
      await pool.end();
      await options.afterClose?.();
    },
  };
}
