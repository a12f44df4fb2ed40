import type { NewEvent } from "../../core/events.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";

/**
 * Appends to the event log in the caller's own transaction: what it tells of and the telling commit together or
 * not at all. One round trip for all. `tenantId` undefined: of the installation, which a tenant's own transaction may
 * not append.
 */
export async function appendEvents(
  tx: Transaction,
  tenantId: TenantId | undefined,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    {
      name: "events-append",
      text: `insert into event (tenant_id, kind, detail)
             select $1, e.kind, e.detail from jsonb_to_recordset($2::jsonb) as e (kind text, detail jsonb)`,
    },
    [tenantId ?? null, JSON.stringify(events)],
  );
}
