import type { Cipher, CipherPlace } from "../../core/cipher.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type {
  AttemptResult,
  DeliveryKind,
  DueDelivery,
  WebhookQueue,
} from "../../core/outgoing-webhooks.ts";
import type { Database, Transaction } from "../database.ts";
import { byTenant } from "../group-by-tenant.ts";
import { endpointPlace, noteChange, type SealedColumn } from "./endpoint-rows.ts";

/** Endpoints that one claim looks at. */
const ENDPOINTS_AT_ONCE = 200;
const SYSTEM = { actor: "system" };

/** Deliveries on PostgreSQL. An attempt is counted before the call; a process that dies lets its lease run out. */
export function createWebhookQueue(database: Database, cipher: Cipher): WebhookQueue {
  return {
    fanOut: () => database.asDispatcher(fanOut),
    async claim({ limit, perEndpoint, leaseMs, except }) {
      const claimed = await database.asDispatcher((tx) =>
        tx.query<ClaimedRow>(CLAIM, [limit, perEndpoint, leaseMs, except]),
      );
      const due: DueDelivery[] = [];
      for (const [tenantId, group] of byTenant(claimed, (row) => asId<TenantId>(row.tenant_id))) {
        due.push(...(await database.asTenant(tenantId, (tx) => open(tx, cipher, tenantId, group))));
      }
      return due;
    },
    settle: (result, failingMs) =>
      database.asTenant(result.due.tenantId, (tx) => settle(tx, cipher, result, failingMs)),
    prune: (olderThan) =>
      database.asDispatcher(async (tx) => {
        const rows = await tx.query(
          `delete from webhook_delivery where id in (
             select id from webhook_delivery where state <> 'pending' and created_at < $1 limit 5000)
           returning id`,
          [olderThan],
        );
        return rows.length;
      }),
  };
}

export function attemptPlace(tenantId: TenantId, deliveryId: string, attempt: number): CipherPlace {
  const rowId = `${deliveryId}/${attempt}`;
  return { tenantId, table: "webhook_attempt", column: "response", rowId };
}

/**
 * Each endpoint's own position says what was fanned out; it grows in the transaction that makes the deliveries. Who
 * waited for an endpoint's row finds its new position.
 */
async function fanOut(tx: Transaction): Promise<number> {
  const [made] = await tx.query<{ count: string }>({
    name: "webhooks-fan-out",
    text: `with head as materialized (
             select coalesce(max(position), 0) as position from event
           ), behind as materialized (
             select w.tenant_id, w.id, w.kinds, w.position from webhook_endpoint w
             where w.state = 'active' and exists (
               select 1 from event e where e.tenant_id = w.tenant_id and e.position > w.position)
             order by w.id for update
           ), made as (
             insert into webhook_delivery
               (tenant_id, id, endpoint_id, event_position, kind, detail, happened_at)
             select b.tenant_id, gen_random_uuid(), b.id, e.position, e.kind, e.detail, e.happened_at
             from behind b join event e
               on e.tenant_id = b.tenant_id and e.position > b.position
              and e.position <= (select position from head) and e.kind = any(b.kinds)
             on conflict (endpoint_id, event_position) do nothing
             returning 1
           ), moved as (
             update webhook_endpoint w set position = (select position from head)
             from behind b where w.id = b.id and w.position < (select position from head)
           )
           select count(*) as count from made`,
  });
  return Number(made?.count ?? 0);
}

interface ClaimedRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly endpoint_id: string;
  readonly kind: DeliveryKind;
  readonly detail: object;
  readonly happened_at: Date;
  readonly attempts: number;
  readonly attempts_before: number;
}

/**
 * The oldest of each endpoint, one of each that fails; endpoints in the order in which they wait, so that one with
 * thousands takes no more than its share.
 */
const CLAIM = {
  name: "webhooks-claim",
  text: `with ready as materialized (
           select w.id, w.failing_since is not null as is_failing, first.next_attempt_at as since
           from webhook_endpoint w cross join lateral (
             select d.next_attempt_at from webhook_delivery d
             where d.endpoint_id = w.id and d.state = 'pending' and d.next_attempt_at <= now()
             order by d.next_attempt_at limit 1) first
           where w.state = 'active' and w.id <> all ($4::uuid[]) order by since limit ${ENDPOINTS_AT_ONCE}
         ), due as materialized (
           select d.id from ready cross join lateral (
             select o.id, row_number() over (order by o.next_attempt_at) as place from (
               select x.id, x.next_attempt_at from webhook_delivery x
               where x.endpoint_id = ready.id and x.state = 'pending' and x.next_attempt_at <= now()
               order by x.next_attempt_at limit case when ready.is_failing then 1 else $2::int end
             ) o) d
           order by d.place, ready.since limit $1
         ), locked as materialized (
           select d.id from webhook_delivery d
           where d.id in (select id from due) and d.state = 'pending' and d.next_attempt_at <= now()
           for update skip locked
         )
         update webhook_delivery d
         set attempts = d.attempts + 1, next_attempt_at = now() + $3 * interval '1 millisecond'
         from locked where d.id = locked.id
         returning d.tenant_id, d.id, d.endpoint_id, d.kind, d.detail, d.happened_at, d.attempts,
                   d.attempts_before`,
};

/** Those of an endpoint that was removed or disabled meanwhile are left for when it is active again. */
async function open(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  claimed: readonly ClaimedRow[],
): Promise<readonly DueDelivery[]> {
  const rows = await tx.query<{
    id: string;
    url: Buffer;
    secret: Buffer;
    previous: Buffer | null;
  }>(
    `select id, url, secret, case when previous_secret_until > now() then previous_secret end as previous
     from webhook_endpoint where id = any($1::uuid[]) and state = 'active'`,
    [claimed.map((row) => row.endpoint_id)],
  );
  const endpoints = new Map(
    rows.map((row) => {
      const openColumn = (column: SealedColumn, envelope: Buffer) =>
        cipher.decrypt(endpointPlace(tenantId, row.id, column), envelope);
      const secrets = [openColumn("secret", row.secret)];
      if (row.previous !== null) secrets.push(openColumn("previous_secret", row.previous));
      return [row.id, { url: openColumn("url", row.url), secrets }];
    }),
  );
  return claimed.flatMap((row) => {
    const endpoint = endpoints.get(row.endpoint_id);
    if (endpoint === undefined) return [];
    return [
      {
        tenantId,
        endpointId: row.endpoint_id,
        deliveryId: row.id,
        kind: row.kind,
        detail: row.detail,
        happenedAt: row.happened_at,
        attempt: row.attempts,
        tryNumber: row.attempts - row.attempts_before,
        ...endpoint,
      },
    ];
  });
}

async function settle(
  tx: Transaction,
  cipher: Cipher,
  result: AttemptResult,
  failingMs: number,
): Promise<void> {
  const { due, verdict, response } = result;
  const { tenantId, deliveryId, attempt, endpointId } = due;
  const sealed =
    response === undefined
      ? null
      : cipher.encrypt(attemptPlace(tenantId, deliveryId, attempt), response);
  const noted = await tx.query(
    `with settled as (
       update webhook_delivery
       set state = $4, next_attempt_at = now() + $5 * interval '1 millisecond',
           settled_at = case when $4 = 'pending' then null else now() end
       where tenant_id = $1 and id = $2 and attempts = $3 and state = 'pending'
       returning id
     )
     insert into webhook_attempt (tenant_id, delivery_id, attempt, attempted_at, duration_ms, status, error, response)
     select $1, id, $3, $6, $7, $8, $9, $10 from settled returning id`,
    [
      tenantId,
      deliveryId,
      attempt,
      stateAfter(verdict),
      verdict.kind === "retry" ? verdict.afterMs : 0,
      result.attemptedAt,
      Math.round(result.durationMs),
      result.status ?? null,
      result.error ?? null,
      sealed,
    ],
  );
  if (noted.length === 0) return;
  if (verdict.kind === "delivered") {
    await tx.query(
      "update webhook_endpoint set failing_since = null, last_success_at = now() where tenant_id = $1 and id = $2",
      [tenantId, endpointId],
    );
  } else await noteFailure(tx, result, failingMs);
}

function stateAfter({ kind }: AttemptResult["verdict"]): string {
  if (kind === "retry") return "pending";
  return kind === "gone" ? "failed" : kind;
}

async function noteFailure(
  tx: Transaction,
  { due: { tenantId, endpointId }, verdict }: AttemptResult,
  failingMs: number,
): Promise<void> {
  const isGone = verdict.kind === "gone";
  const [row] = await tx.query<{ state: string; began: boolean }>(
    `update webhook_endpoint w
     set failing_since = coalesce(w.failing_since, now()),
         state = case when $3 or w.failing_since < now() - $4 * interval '1 millisecond'
                 then 'disabled' else w.state end,
         disabled_reason = case when $3 then 'gone'
           when w.failing_since < now() - $4 * interval '1 millisecond' then 'failing'
           else w.disabled_reason end
     from (select id, failing_since from webhook_endpoint
           where tenant_id = $1 and id = $2 and state = 'active' for update) before
     where w.tenant_id = $1 and w.id = before.id
     returning w.state, before.failing_since is null as began`,
    [tenantId, endpointId, isGone, failingMs],
  );
  if (row === undefined) return;
  const reason = isGone ? "gone" : "failing";
  if (row.state === "disabled") {
    const change = { tenantId, endpointId, action: "webhook-disabled", state: "disabled" } as const;
    await noteChange(tx, { ...change, reason, detail: { reason } }, SYSTEM);
  } else if (row.began) {
    const change = { tenantId, endpointId, action: "webhook-failing", state: "failing" } as const;
    await noteChange(tx, change, SYSTEM);
  }
}
