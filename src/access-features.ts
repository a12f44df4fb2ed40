import { rm } from "node:fs/promises";
import path from "node:path";
import type { Cipher } from "./core/cipher.ts";
import type { Clock } from "./core/clock.ts";
import { createApiKeys } from "./store/api-keys.ts";
import { createBalances } from "./store/balance/balances.ts";
import type { Database } from "./store/database.ts";
import { createTenantChores } from "./store/tenants/chores.ts";
import { createTenantExports } from "./store/tenants/exports.ts";
import { createTenants } from "./store/tenants.ts";

export interface AccessFeaturePorts {
  readonly database: Database;
  readonly cipher: Cipher;
  readonly clock: Clock;
  /** Where a process keeps the browser profiles of bots, a folder each. */
  readonly profilesDirectory: string;
  /** Where the files of tenants are, by their keys. */
  readonly filesDirectory: string;
  readonly readFile: (key: string) => Promise<Buffer | undefined>;
  /** Under which a payment provider signs; undefined: none does. */
  readonly paymentSecret: string | undefined;
}

/** Keys and tenants of an installation. */
export function createAccessFeatures(ports: AccessFeaturePorts) {
  const { database, cipher, clock, profilesDirectory, filesDirectory, readFile } = ports;
  return {
    apiKeys: createApiKeys(database, clock),
    tenants: createTenants(database),
    exports: createTenantExports(database, cipher),
    balances: createBalances(database),
    paymentSecret: ports.paymentSecret,
    chores: createTenantChores({
      database,
      cipher,
      readFile,
      removeFile: (key) => rm(path.join(filesDirectory, ...key.split("/")), { force: true }),
      forgetBot: (botId) =>
        rm(path.join(profilesDirectory, botId), { recursive: true, force: true, maxRetries: 3 }),
    }),
  };
}
