import { PregoneroError } from "../../core/errors.ts";
import type { TenantId } from "../../core/ids.ts";
import { EDITION_PAGES_CLOSED, type TargetSettings } from "../../core/publishing.ts";
import type { Transaction } from "../database.ts";

/** Within a transaction of the tenant. */
export async function isEditionPublisher(tx: Transaction, tenantId: TenantId): Promise<boolean> {
  const found = await tx.query("select 1 from edition_publisher where tenant_id = $1", [tenantId]);
  return found.length > 0;
}

/** Throws `edition-pages-closed` (403) for a target that this tenant may not have. */
export async function requireOpenPages(
  tx: Transaction,
  tenantId: TenantId,
  { kind }: TargetSettings,
): Promise<void> {
  if (kind !== "edition-page" || (await isEditionPublisher(tx, tenantId))) return;
  throw new PregoneroError("edition-pages-closed", EDITION_PAGES_CLOSED, { status: 403 });
}
