import { createGroupCommit } from "../core/group-commit.ts";
import type { TenantId } from "../core/ids.ts";
import type { Database, Transaction } from "./database.ts";
import { byTenant } from "./group-by-tenant.ts";

/** A batch is one statement's parameters; more wait for the next. */
const MAX_ASKED = 100;

/**
 * Looks up for one caller at a time while there is one, and for all of a tenant in one transaction when they come
 * together: what every message asks for would else cost every message a transaction of its own. `read` finds for each
 * that asks, in their order.
 */
export function createGroupRead<Asked extends { readonly tenantId: TenantId }, Found>(
  database: Database,
  read: (tx: Transaction, tenantId: TenantId, asked: readonly Asked[]) => Promise<readonly Found[]>,
): (asked: Asked) => Promise<Found> {
  return createGroupCommit(
    async (all: readonly Asked[]) => {
      const found = new Map<Asked, Found>();
      const readOf = async ([tenantId, asked]: readonly [TenantId, readonly Asked[]]) => {
        const rows = await database.asTenant(tenantId, (tx) => read(tx, tenantId, asked));
        for (const [place, one] of asked.entries()) found.set(one, rows[place] as Found);
      };
      await Promise.all([...byTenant(all, ({ tenantId }) => tenantId)].map(readOf));
      return all.map((one) => found.get(one) as Found);
    },
    { maxItems: MAX_ASKED },
  );
}
