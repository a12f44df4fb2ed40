import type { Clock } from "./core/clock.ts";
import { createApiKeys } from "./store/api-keys.ts";
import type { Database } from "./store/database.ts";
import { createTenants } from "./store/tenants.ts";

/** Keys and tenants of an installation. */
export function createAccessFeatures({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Clock;
}) {
  return { apiKeys: createApiKeys(database, clock), tenants: createTenants(database) };
}
