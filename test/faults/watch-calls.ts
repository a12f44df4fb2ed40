import type { Database, Transaction } from "../../src/store/database.ts";

/** Called at every named place; what it does there (nothing, note, die) is the run's plan. */
export type Hit = (point: string) => void;

/** The same port, with a place before and after each call of each method that returns a promise. */
export function watchCalls<Port extends object>(name: string, port: Port, hit: Hit): Port {
  return new Proxy(port, {
    get(target, method, receiver) {
      const value: unknown = Reflect.get(target, method, receiver);
      if (typeof value !== "function" || typeof method !== "string") return value;
      return (...args: unknown[]) => {
        hit(`${name}.${method}: before`);
        const result: unknown = value.apply(target, args);
        if (!(result instanceof Promise)) return result;
        return result.finally(() => hit(`${name}.${method}: after`));
      };
    },
  });
}

/**
 * The same database, with a place after each statement inside a transaction: what was written so far is
 * not committed there. `area` tells whose transaction it is.
 */
export function watchStatements(area: string, database: Database, hit: Hit): Database {
  const watch = (tx: Transaction): Transaction => ({
    async query(statement, values) {
      const rows = await tx.query(statement, values);
      hit(`${area}: ${nameOf(statement)}`);
      return rows as never;
    },
  });
  return {
    ...database,
    asTenant: (tenantId, work) => database.asTenant(tenantId, (tx) => work(watch(tx))),
    asDispatcher: (work) => database.asDispatcher((tx) => work(watch(tx))),
  };
}

function nameOf(statement: Parameters<Transaction["query"]>[0]): string {
  if (typeof statement !== "string" && statement.name !== undefined) return statement.name;
  const text = typeof statement === "string" ? statement : statement.text;
  return text.trim().split(/\s+/).slice(0, 4).join(" ");
}
