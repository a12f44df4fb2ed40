import { rm } from "node:fs/promises";
import path from "node:path";
import type { Config } from "./config.ts";
import type { Cipher } from "./core/cipher.ts";
import type { Clock } from "./core/clock.ts";
import { createGuardedFetch } from "./guarded-fetch/guarded-fetch.ts";
import { createPasswordHasher } from "./people/password-hasher.ts";
import { createSingleSignOn } from "./people/single-sign-on.ts";
import { createOpenIdConnect } from "./single-sign-on/openid-connect.ts";
import { createApiKeys } from "./store/api-keys.ts";
import { createBalances } from "./store/balance/balances.ts";
import type { Database } from "./store/database.ts";
import { createPlans } from "./store/plans/plans.ts";
import { createIdentities } from "./store/single-sign-on/identities.ts";
import { createIdentityProviders } from "./store/single-sign-on/identity-providers.ts";
import { createTenantChores } from "./store/tenants/chores.ts";
import { createTenantExports } from "./store/tenants/exports.ts";
import { createTenants } from "./store/tenants.ts";

export interface AccessFeaturePorts
  extends Pick<Config, "oidc" | "allowedPrivateAddresses" | "exportDays"> {
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

/** Keys, tenants, their balances, and sign-in by other people's word. */
export function createAccessFeatures(ports: AccessFeaturePorts) {
  const { database, cipher, clock, profilesDirectory, filesDirectory, readFile, exportDays } =
    ports;
  return {
    apiKeys: createApiKeys(database, clock),
    tenants: createTenants(database),
    exports: createTenantExports(database, cipher),
    balances: createBalances(database),
    plans: createPlans(database),
    paymentSecret: ports.paymentSecret,
    sso: createSso(ports),
    chores: createTenantChores({
      database,
      cipher,
      readFile,
      exportDays,
      removeFolder: (tenantId) =>
        rm(path.join(filesDirectory, "documents", tenantId), { recursive: true, force: true }),
      removeFile: (key) => rm(path.join(filesDirectory, ...key.split("/")), { force: true }),
      forgetBot: (botId) =>
        rm(path.join(profilesDirectory, botId), { recursive: true, force: true, maxRetries: 3 }),
    }),
  };
}

function createSso({ database, cipher, clock, oidc, allowedPrivateAddresses }: AccessFeaturePorts) {
  const guardedFetch = createGuardedFetch({ allowed: allowedPrivateAddresses });
  return {
    openIdConnect: createOpenIdConnect({ guardedFetch, clock }),
    singleSignOn: createSingleSignOn({
      store: createIdentities(database, cipher),
      hasher: createPasswordHasher(),
      clock,
    }),
    identityProviders: createIdentityProviders(database, cipher),
    ownProvider: oidc && {
      issuer: oidc.issuer,
      clientId: oidc.clientId,
      clientSecret: oidc.clientSecret.reveal(),
      tenantId: undefined,
      domains: [],
      domainRole: "viewer" as const,
    },
  };
}
