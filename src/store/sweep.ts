import type { Cipher } from "../core/cipher.ts";
import { asId, type TenantId } from "../core/ids.ts";
import type { DuePart, Sweep } from "../core/ledgers.ts";
import type { Database, Transaction } from "./database.ts";
import { byTenant } from "./group-by-tenant.ts";
import { readParts } from "./outbox.ts";

/** Finds over all tenants, by routing columns alone, what no process is working on any more. */
export function createSweep(database: Database, cipher: Cipher): Sweep {
  return {
    async findUnknown(channels, withinMs, heldBy) {
      const rows = await database.asDispatcher((tx) =>
        tx.query<{ tenant_id: string; id: string }>(
          `select o.tenant_id, o.id from outbox o
           join bot b on b.tenant_id = o.tenant_id and b.id = o.bot_id
           where o.state = 'unknown' and b.channel = any($1)
             and o.settled_at > now() - $2 * interval '1 millisecond'
             and case when $3::text is null then not b.is_held
                      else b.is_held and b.poll_owner = $3 and b.poll_expires_at > now() and b.may_send end
           order by o.settled_at limit 100`,
          [channels, withinMs, heldBy ?? null],
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
      database.asDispatcher((tx) =>
        giveUp(tx, "o.attempted_at < now() - $1 * interval '1 millisecond'", olderThanMs),
      ),
    settleTakenOver: (owner) =>
      database.asDispatcher((tx) =>
        giveUp(
          tx,
          `o.attempt_owner <> $1 and exists (
             select 1 from bot b
             where b.id = o.bot_id and b.is_held and b.poll_owner = $1 and b.poll_expires_at > now())`,
          owner,
        ),
      ),
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

/** Calls attempts `unknown` whose process is gone; `isGone` is a condition on a part `o`. Returns how many. */
async function giveUp(tx: Transaction, isGone: string, value: unknown): Promise<number> {
  const rows = await tx.query<{ id: string }>(
    `with abandoned as (
       update outbox o set state = 'unknown', reason = 'process-died', settled_at = now()
       where o.state = 'attempting' and ${isGone}
       returning o.tenant_id, o.id, o.conversation_id, o.message_id, o.attempts
     ), told as (
       insert into event (tenant_id, kind, detail)
       select tenant_id, 'delivery-changed', jsonb_strip_nulls(jsonb_build_object(
         'conversationId', conversation_id, 'outboxId', id, 'messageId', message_id,
         'state', 'unknown'))
       from abandoned
     ), noted as (
       insert into passport_event (tenant_id, message_id, kind, detail)
       select tenant_id, coalesce(message_id, id), 'unknown',
              jsonb_build_object('outbox', id, 'attempt', attempts, 'reason', 'process-died')
       from abandoned
     )
     select id from abandoned`,
    [value],
  );
  return rows.length;
}
