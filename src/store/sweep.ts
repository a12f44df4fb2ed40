import type { Cipher } from "../core/cipher.ts";
import { asId, type TenantId } from "../core/ids.ts";
import type { DuePart, Sweep } from "../core/ledgers.ts";
import type { Database } from "./database.ts";
import { byTenant } from "./group-by-tenant.ts";
import { readParts } from "./outbox.ts";

/** Finds over all tenants, by routing columns alone, what no process is working on any more. */
export function createSweep(database: Database, cipher: Cipher): Sweep {
  return {
    async findUnknown(channels, withinMs) {
      const rows = await database.asDispatcher((tx) =>
        tx.query<{ tenant_id: string; id: string }>(
          `select o.tenant_id, o.id from outbox o
           join bot b on b.tenant_id = o.tenant_id and b.id = o.bot_id
           where o.state = 'unknown' and b.channel = any($1)
             and o.settled_at > now() - $2 * interval '1 millisecond'
           order by o.settled_at limit 100`,
          [channels, withinMs],
        ),
      );
      const parts: Omit<DuePart, "claimedAt">[] = [];
      const claimed = rows.map((row) => ({ tenantId: asId<TenantId>(row.tenant_id), id: row.id }));
      for (const [tenantId, group] of byTenant(claimed, (row) => row.tenantId)) {
        parts.push(
          ...(await database.asTenant(tenantId, (tx) =>
            readParts(tx, cipher, tenantId, { owner: undefined, claimed: group }),
          )),
        );
      }
      return parts;
    },
    settleAbandoned: (olderThanMs) =>
      database.asDispatcher(async (tx) => {
        const rows = await tx.query<{ id: string }>(
          `with abandoned as (
             update outbox set state = 'unknown', reason = 'process-died', settled_at = now()
             where state = 'attempting' and attempted_at < now() - $1 * interval '1 millisecond'
             returning tenant_id, id, message_id, attempts
           ), noted as (
             insert into passport_event (tenant_id, message_id, kind, detail)
             select tenant_id, coalesce(message_id, id), 'unknown',
                    jsonb_build_object('outbox', id, 'attempt', attempts, 'reason', 'process-died')
             from abandoned
           )
           select id from abandoned`,
          [olderThanMs],
        );
        return rows.length;
      }),
    wakeForgotten: () =>
      database.asDispatcher(async (tx) => {
        const rows = await tx.query<{ id: string }>(
          `update conversation c set due_at = now()
           from (select distinct tenant_id, conversation_id from inbox where state = 'pending') i
           where c.tenant_id = i.tenant_id and c.id = i.conversation_id and c.due_at is null
           returning c.id`,
        );
        return rows.length;
      }),
  };
}
