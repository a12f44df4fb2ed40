import type { Cipher } from "../../core/cipher.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { TenantId } from "../../core/ids.ts";
import type { WebhookChange, WebhookStore } from "../../core/outgoing-webhooks.ts";
import type { Database, Transaction } from "../database.ts";
import {
  ENDPOINT_COLUMNS,
  type EndpointRow,
  endpointPlace,
  NEWEST_POSITION,
  noteChange,
  type SealedColumn,
  toEndpoint,
} from "./endpoint-rows.ts";

type EndpointPart = Pick<
  WebhookStore,
  "insert" | "list" | "find" | "change" | "remove" | "replaceSecret" | "sendTest"
>;

const MAX_ENDPOINTS = 20;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function createWebhookEndpoints(database: Database, cipher: Cipher): EndpointPart {
  const seal = (tenantId: TenantId, id: string, column: SealedColumn, value: string) =>
    cipher.encrypt(endpointPlace(tenantId, id, column), value);
  return {
    insert: (tenantId, { endpointId, url, secret, kinds }, by) =>
      database.asTenant(tenantId, async (tx) => {
        await requireRoom(tx, tenantId);
        const [row] = await tx.query<EndpointRow>(
          `insert into webhook_endpoint (tenant_id, id, url, secret, kinds, position)
           values ($1, $2, $3, $4, $5, ${NEWEST_POSITION}) returning ${ENDPOINT_COLUMNS}`,
          [
            tenantId,
            endpointId,
            seal(tenantId, endpointId, "url", url),
            seal(tenantId, endpointId, "secret", secret),
            kinds,
          ],
        );
        if (row === undefined) throw new Error("An insert returned no row.");
        const change = { tenantId, endpointId, action: "webhook-added", state: "active" } as const;
        await noteChange(tx, { ...change, detail: { kinds } }, by);
        return toEndpoint(cipher, tenantId, row);
      }),
    async list(tenantId) {
      const rows = await database.asTenant(tenantId, (tx) =>
        tx.query<EndpointRow>(
          `select ${ENDPOINT_COLUMNS} from webhook_endpoint where tenant_id = $1 order by created_at, id`,
          [tenantId],
        ),
      );
      return rows.map((row) => toEndpoint(cipher, tenantId, row));
    },
    async find(tenantId, endpointId) {
      if (!UUID.test(endpointId)) return undefined;
      const [row] = await database.asTenant(tenantId, (tx) =>
        tx.query<EndpointRow>(
          `select ${ENDPOINT_COLUMNS} from webhook_endpoint where tenant_id = $1 and id = $2`,
          [tenantId, endpointId],
        ),
      );
      return row && toEndpoint(cipher, tenantId, row);
    },
    async change(tenantId, endpointId, change, revision, by) {
      if (!UUID.test(endpointId)) return undefined;
      const { url } = change;
      const sealed = url === undefined ? null : seal(tenantId, endpointId, "url", url);
      return database.asTenant(tenantId, async (tx) => {
        const row = await updateEndpoint(tx, [tenantId, endpointId], change, sealed, revision);
        if (row === undefined) return undefined;
        await noteChange(
          tx,
          {
            tenantId,
            endpointId,
            action: "webhook-changed",
            state: row.state,
            detail: { kinds: change.kinds, state: change.state, isUrlChanged: url !== undefined },
          },
          by,
        );
        return toEndpoint(cipher, tenantId, row);
      });
    },
    async remove(tenantId, endpointId, by) {
      if (!UUID.test(endpointId)) return false;
      return database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query(
          "delete from webhook_endpoint where tenant_id = $1 and id = $2 returning id",
          [tenantId, endpointId],
        );
        if (rows.length === 0) return false;
        const action = "webhook-removed";
        await noteChange(tx, { tenantId, endpointId, action, state: "removed" }, by);
        return true;
      });
    },
    async replaceSecret(tenantId, endpointId, secret, previousUntil, by) {
      if (!UUID.test(endpointId)) return false;
      return database.asTenant(tenantId, async (tx) => {
        const [before] = await tx.query<{ secret: Buffer }>(
          "select secret from webhook_endpoint where tenant_id = $1 and id = $2 for update",
          [tenantId, endpointId],
        );
        if (before === undefined) return false;
        const place = endpointPlace(tenantId, endpointId, "secret");
        const previous = cipher.decrypt(place, before.secret);
        await tx.query(
          `update webhook_endpoint set secret = $3, previous_secret = $4, previous_secret_until = $5,
                  revision = revision + 1
           where tenant_id = $1 and id = $2`,
          [
            tenantId,
            endpointId,
            seal(tenantId, endpointId, "secret", secret),
            seal(tenantId, endpointId, "previous_secret", previous),
            previousUntil,
          ],
        );
        const action = "webhook-secret-rotated";
        await noteChange(tx, { tenantId, endpointId, action, state: undefined }, by);
        return true;
      });
    },
    async sendTest(tenantId, endpointId, deliveryId, by) {
      if (!UUID.test(endpointId)) return false;
      return database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query(
          `insert into webhook_delivery (tenant_id, id, endpoint_id, kind, detail, happened_at)
           select tenant_id, $3, id, 'webhook.test', '{}', now() from webhook_endpoint
           where tenant_id = $1 and id = $2
           on conflict (id, tenant_id) do update set kind = excluded.kind returning id`,
          [tenantId, endpointId, deliveryId],
        );
        if (rows.length === 0) return false;
        const action = "webhook-test-sent";
        await noteChange(tx, { tenantId, endpointId, action, state: undefined }, by);
        return true;
      });
    },
  };
}

/** Undefined: there is none. Active again, it goes on with what happens from now on. */
async function updateEndpoint(
  tx: Transaction,
  [tenantId, endpointId]: readonly [TenantId, string],
  change: WebhookChange,
  sealedUrl: Buffer | null,
  revision: number | undefined,
): Promise<EndpointRow | undefined> {
  const [before] = await tx.query<{ revision: number }>(
    "select revision from webhook_endpoint where tenant_id = $1 and id = $2 for update",
    [tenantId, endpointId],
  );
  if (before === undefined) return undefined;
  if (revision !== undefined && before.revision !== revision) {
    throw new PregoneroError("stale", "Somebody changed this webhook since: read it again.", {
      status: 412,
    });
  }
  const [row] = await tx.query<EndpointRow>(
    `update webhook_endpoint
     set url = coalesce($3, url), kinds = coalesce($4, kinds), state = coalesce($5, state),
         position = case when $5 = 'active' and state = 'disabled' then ${NEWEST_POSITION} else position end,
         failing_since = case when $5 = 'active' then null else failing_since end,
         disabled_reason = case $5 when 'active' then null when 'disabled' then 'by-person' else disabled_reason end,
         revision = revision + 1
     where tenant_id = $1 and id = $2 returning ${ENDPOINT_COLUMNS}`,
    [tenantId, endpointId, sealedUrl, change.kinds ?? null, change.state ?? null],
  );
  return row;
}

async function requireRoom(tx: Transaction, tenantId: TenantId): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [
    `webhook_endpoint ${tenantId}`,
  ]);
  const [row] = await tx.query<{ count: string }>(
    "select count(*) as count from webhook_endpoint where tenant_id = $1",
    [tenantId],
  );
  if (Number(row?.count ?? 0) < MAX_ENDPOINTS) return;
  throw new PregoneroError(
    "too-many-webhooks",
    `A tenant has at most ${MAX_ENDPOINTS} webhooks. Remove one, or let one take more kinds.`,
    { status: 409 },
  );
}
