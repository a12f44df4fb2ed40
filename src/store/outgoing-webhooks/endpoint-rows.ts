import type { Cipher, CipherPlace } from "../../core/cipher.ts";
import type { EventKind } from "../../core/events.ts";
import type { TenantId } from "../../core/ids.ts";
import type { WebhookActor, WebhookEndpoint } from "../../core/outgoing-webhooks.ts";
import type { Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { writeAudit } from "../people-rows.ts";

export interface EndpointRow {
  readonly id: string;
  readonly url: Buffer;
  readonly kinds: EventKind[];
  readonly state: "active" | "disabled";
  readonly disabled_reason: string | null;
  readonly failing_since: Date | null;
  readonly last_success_at: Date | null;
  readonly previous_secret_until: Date | null;
  readonly created_at: Date;
  readonly revision: number;
}

export type SealedColumn = "url" | "secret" | "previous_secret";

export const ENDPOINT_COLUMNS = `id, url, kinds, state, disabled_reason, failing_since, last_success_at,
  previous_secret_until, created_at, revision`;

export function toEndpoint(cipher: Cipher, tenantId: TenantId, row: EndpointRow): WebhookEndpoint {
  return {
    endpointId: row.id,
    url: cipher.decrypt(endpointPlace(tenantId, row.id, "url"), row.url),
    kinds: row.kinds,
    state: row.state,
    disabledReason: row.disabled_reason ?? undefined,
    failingSince: row.failing_since ?? undefined,
    lastSuccessAt: row.last_success_at ?? undefined,
    previousSecretUntil: row.previous_secret_until ?? undefined,
    createdAt: row.created_at,
    revision: row.revision,
  };
}

export function endpointPlace(
  tenantId: TenantId,
  rowId: string,
  column: SealedColumn,
): CipherPlace {
  return { tenantId, table: "webhook_endpoint", column, rowId };
}

/** What changed about an endpoint: to the audit, and to whoever follows. */
export async function noteChange(
  tx: Transaction,
  change: {
    readonly tenantId: TenantId;
    readonly endpointId: string;
    readonly action: string;
    readonly state: "active" | "disabled" | "failing" | "removed" | undefined;
    readonly detail?: Readonly<Record<string, unknown>>;
    readonly reason?: string;
  },
  by: WebhookActor,
): Promise<void> {
  const { tenantId, endpointId, action, state, detail = {}, reason } = change;
  const { actor, origin } = by;
  const from = origin === undefined ? {} : { origin };
  await writeAudit(tx, { tenantId, actor, ...from, action, subject: endpointId, detail });
  if (state === undefined) return;
  await appendEvents(tx, tenantId, [
    {
      kind: "webhook-changed",
      detail: { endpointId, state, ...(reason === undefined ? {} : { reason }) },
    },
  ]);
}

/** The newest position, which what happens from now on is beyond. */
export const NEWEST_POSITION = "coalesce((select max(position) from event), 0)";
