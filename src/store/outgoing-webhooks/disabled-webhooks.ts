import type { Database } from "../database.ts";

/** A webhook that stopped being posted to by itself, for whoever looks after the installation. */
export interface DisabledWebhook {
  readonly tenantId: string;
  readonly endpointId: string;
  /** Since when nothing was taken. */
  readonly failingSince: Date;
}

/** Those of all tenants, the longest first; their addresses are the tenants' own. */
export function listDisabledWebhooks(database: Database): Promise<readonly DisabledWebhook[]> {
  return database.asDispatcher(async (tx) => {
    const rows = await tx.query<{ tenant_id: string; id: string; failing_since: Date }>(
      `select tenant_id, id, failing_since from webhook_endpoint
       where state = 'disabled' and failing_since is not null order by failing_since, id limit 1000`,
    );
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      endpointId: row.id,
      failingSince: row.failing_since,
    }));
  });
}
