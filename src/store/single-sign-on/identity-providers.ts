import type { Cipher } from "../../core/cipher.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { TenantId } from "../../core/ids.ts";
import type { DomainRole, IdentityProviders } from "../../core/single-sign-on.ts";
import type { Requester } from "../../core/tenants.ts";
import type { Database, Transaction } from "../database.ts";
import { writeAudit } from "../people-rows.ts";

interface ProviderRow {
  readonly issuer: string;
  readonly client_id: string;
  readonly client_secret: Buffer;
  readonly domains: string[];
  readonly domain_role: DomainRole;
  readonly revision: number;
}

export function createIdentityProviders(database: Database, cipher: Cipher): IdentityProviders {
  return {
    find: (tenantId) =>
      database.asTenant(tenantId, async (tx) => {
        const row = await readRow(tx, tenantId);
        if (row === undefined) return undefined;
        const provider = {
          issuer: row.issuer,
          clientId: row.client_id,
          clientSecret: cipher.decrypt(placeOf(tenantId), row.client_secret),
          tenantId,
          domains: row.domains,
          domainRole: row.domain_role,
        };
        return { provider, revision: row.revision };
      }),
    save: (tenantId, draft, expectedRevision, by) =>
      database.asTenant(tenantId, async (tx) => {
        await tx.query("select 1 from tenant where id = $1 for update", [tenantId]);
        const known = await readRow(tx, tenantId);
        if (expectedRevision !== undefined && (known?.revision ?? 0) !== expectedRevision) {
          throw stale();
        }
        const { issuer, clientId, domains, domainRole } = draft;
        const isSame = known?.issuer === issuer && known.client_id === clientId;
        const sealed =
          draft.clientSecret === undefined
            ? isSame
              ? known.client_secret
              : undefined
            : cipher.encrypt(placeOf(tenantId), draft.clientSecret);
        if (sealed === undefined) throw secretNeeded();
        await tx.query(
          `insert into identity_provider as p
             (tenant_id, issuer, client_id, client_secret, domains, domain_role)
           values ($1, $2, $3, $4, $5, $6)
           on conflict (tenant_id) do update set issuer = $2, client_id = $3, client_secret = $4, domains = $5,
             domain_role = $6, revision = p.revision + 1, updated_at = now()`,
          [tenantId, issuer, clientId, sealed, domains, domainRole],
        );
        await note(tx, tenantId, by, "single-sign-on-saved", { issuer, domains, domainRole });
      }),
    remove: (tenantId, by) =>
      database.asTenant(tenantId, async (tx) => {
        const removed = await tx.query(
          "delete from identity_provider where tenant_id = $1 returning 1 as removed",
          [tenantId],
        );
        if (removed.length === 0) return false;
        await note(tx, tenantId, by, "single-sign-on-removed", {});
        return true;
      }),
  };
}

async function readRow(tx: Transaction, tenantId: TenantId): Promise<ProviderRow | undefined> {
  const [row] = await tx.query<ProviderRow>(
    `select issuer, client_id, client_secret, domains, domain_role, revision
     from identity_provider where tenant_id = $1`,
    [tenantId],
  );
  return row;
}

function placeOf(tenantId: TenantId) {
  const rowId: string = tenantId;
  return { tenantId, table: "identity_provider", column: "client_secret", rowId };
}

function note(
  tx: Transaction,
  tenantId: TenantId,
  { actor, origin }: Requester,
  action: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const from = origin === undefined ? {} : { origin };
  return writeAudit(tx, { tenantId, actor, action, subject: tenantId, detail, ...from });
}

function stale(): PregoneroError {
  return new PregoneroError(
    "stale",
    "Somebody changed it since you read it. Read it again, and make your change to what is there now.",
    { status: 412 },
  );
}

function secretNeeded(): PregoneroError {
  return new PregoneroError(
    "secret-needed",
    "Give the client's secret: a saved one is kept for the same issuer and client only.",
    { status: 400 },
  );
}
