import type { TenantId } from "../core/ids.ts";
import type { Database, Transaction } from "./database.ts";

/**
 * As `Database.asTenant`, but the transaction begins at the first statement: work that finds everything in
 * memory costs the database nothing. It is committed after `work`, rolled back when `work` rejects.
 */
export async function asTenantIfNeeded<Result>(
  database: Database,
  tenantId: TenantId,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  let begun: Begun | undefined;
  const tx: Transaction = {
    async query(statement, values) {
      begun ??= beginAsTenant(database, tenantId);
      return (await begun.tx).query(statement, values);
    },
  };
  try {
    const result = await work(tx);
    begun?.commit();
    await begun?.ended;
    return result;
  } catch (error) {
    begun?.rollBack(error);
    await begun?.ended.catch(() => {});
    throw error;
  }
}

interface Begun {
  readonly tx: Promise<Transaction>;
  readonly ended: Promise<void>;
  commit(): void;
  rollBack(reason: unknown): void;
}

function beginAsTenant(database: Database, tenantId: TenantId): Begun {
  let commit = () => {};
  let rollBack: (reason: unknown) => void = () => {};
  const work = new Promise<void>((resolve, reject) => {
    commit = resolve;
    rollBack = reject;
  });
  // Nobody awaits it when no connection could be had.
  work.catch(() => {});
  let onBegun: (tx: Transaction) => void = () => {};
  const begun = new Promise<Transaction>((resolve) => {
    onBegun = resolve;
  });
  const ended = database.asTenant(tenantId, (tx) => {
    onBegun(tx);
    return work;
  });
  // It ends before it has begun only when it could not begin, and then rejects.
  const tx = Promise.race([begun, ended.then(() => begun)]);
  return { tx, ended, commit, rollBack };
}
