import type { Cipher } from "../../core/cipher.ts";
import type { TenantId } from "../../core/ids.ts";
import type {
  DeliveryKind,
  DeliveryState,
  WebhookAttempt,
  WebhookDelivery,
  WebhookStore,
} from "../../core/outgoing-webhooks.ts";
import type { Database, Transaction } from "../database.ts";
import { noteChange } from "./endpoint-rows.ts";
import { attemptPlace } from "./webhook-queue.ts";

type DeliveryPart = Pick<
  WebhookStore,
  "listDeliveries" | "findDelivery" | "replay" | "replayRange"
>;

interface Row {
  readonly id: string;
  readonly kind: DeliveryKind;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly next_attempt_at: Date;
  readonly happened_at: Date;
  readonly created_at: Date;
  readonly at: string;
  readonly settled_at: Date | null;
}

const COLUMNS = `id, kind, state, attempts, next_attempt_at, happened_at, created_at, settled_at,
  to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function createWebhookDeliveries(database: Database, cipher: Cipher): DeliveryPart {
  return {
    async listDeliveries(tenantId, endpointId, state, { after, limit }) {
      if (!UUID.test(endpointId)) return { entries: [], next: undefined };
      const rows = await database.asTenant(tenantId, (tx) =>
        tx.query<Row>(
          `select ${COLUMNS} from webhook_delivery
           where tenant_id = $1 and endpoint_id = $2 and ($3::text is null or state = $3)
             and ($4::timestamptz is null or (created_at, id) < ($4, $5::uuid))
           order by created_at desc, id desc limit $6`,
          [tenantId, endpointId, state ?? null, after?.at ?? null, after?.id ?? null, limit + 1],
        ),
      );
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return { entries: rows.slice(0, limit).map(toDelivery), next: last };
    },
    async findDelivery(tenantId, endpointId, deliveryId) {
      if (!UUID.test(endpointId) || !UUID.test(deliveryId)) return undefined;
      return database.asTenant(tenantId, async (tx) => {
        const [row] = await tx.query<Row>(
          `select ${COLUMNS} from webhook_delivery
           where tenant_id = $1 and endpoint_id = $2 and id = $3`,
          [tenantId, endpointId, deliveryId],
        );
        if (row === undefined) return undefined;
        const attempts = await readAttempts(tx, cipher, tenantId, deliveryId);
        return { delivery: toDelivery(row), attempts };
      });
    },
    async replay(tenantId, endpointId, deliveryId, by) {
      if (!UUID.test(endpointId) || !UUID.test(deliveryId)) return false;
      return database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query<{ is_settled: boolean }>(
          `select state <> 'pending' as is_settled from webhook_delivery
           where tenant_id = $1 and endpoint_id = $2 and id = $3 for update`,
          [tenantId, endpointId, deliveryId],
        );
        if (rows[0] === undefined) return false;
        if (rows[0].is_settled) {
          await tx.query(`${REPLAY} where tenant_id = $1 and id = $2`, [tenantId, deliveryId]);
        }
        const detail = { deliveryId };
        const action = "webhook-replayed";
        await noteChange(tx, { tenantId, endpointId, action, state: undefined, detail }, by);
        return true;
      });
    },
    async replayRange(tenantId, endpointId, { from, to, all }, by) {
      if (!UUID.test(endpointId)) return undefined;
      return database.asTenant(tenantId, async (tx) => {
        const found = await tx.query(
          "select 1 from webhook_endpoint where tenant_id = $1 and id = $2 for update",
          [tenantId, endpointId],
        );
        if (found.length === 0) return undefined;
        const values = [tenantId, endpointId, from, to];
        const again = await tx.query(
          `${REPLAY} where tenant_id = $1 and endpoint_id = $2 and happened_at >= $3 and happened_at < $4
             and state <> 'pending' and (state <> 'delivered' or $5) returning id`,
          [...values, all],
        );
        const missed = await tx.query(MISSED, values);
        const count = again.length + missed.length;
        const detail = { from, to, all, count };
        const action = "webhook-range-replayed";
        await noteChange(tx, { tenantId, endpointId, action, state: undefined, detail }, by);
        return count;
      });
    },
  };
}

/** Attempts go on counting, so that none that is still under way settles this one; their schedule begins anew. */
const REPLAY = `update webhook_delivery
  set state = 'pending', next_attempt_at = now(), settled_at = null, attempts_before = attempts`;

/** Events before the endpoint's position that no delivery was made of. */
const MISSED = `insert into webhook_delivery (tenant_id, id, endpoint_id, event_position, kind, detail, happened_at)
  select w.tenant_id, gen_random_uuid(), w.id, e.position, e.kind, e.detail, e.happened_at
  from webhook_endpoint w join event e
    on e.tenant_id = w.tenant_id and e.kind = any(w.kinds) and e.position <= w.position
  where w.tenant_id = $1 and w.id = $2 and e.happened_at >= greatest($3, w.created_at) and e.happened_at < $4
  on conflict (endpoint_id, event_position) do nothing returning id`;

async function readAttempts(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  deliveryId: string,
): Promise<readonly WebhookAttempt[]> {
  const rows = await tx.query<{
    attempt: number;
    attempted_at: Date;
    duration_ms: number;
    status: number | null;
    error: string | null;
    response: Buffer | null;
  }>(
    `select attempt, attempted_at, duration_ms, status, error, response from webhook_attempt
     where tenant_id = $1 and delivery_id = $2 order by id desc limit 50`,
    [tenantId, deliveryId],
  );
  return rows.map((row) => ({
    attempt: row.attempt,
    attemptedAt: row.attempted_at,
    durationMs: row.duration_ms,
    status: row.status ?? undefined,
    error: row.error ?? undefined,
    response:
      row.response === null
        ? undefined
        : cipher.decrypt(attemptPlace(tenantId, deliveryId, row.attempt), row.response),
  }));
}

function toDelivery(row: Row): WebhookDelivery {
  return {
    deliveryId: row.id,
    kind: row.kind,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: row.state === "pending" ? row.next_attempt_at : undefined,
    happenedAt: row.happened_at,
    createdAt: row.created_at,
    settledAt: row.settled_at ?? undefined,
  };
}
