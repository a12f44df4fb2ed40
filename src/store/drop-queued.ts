import type { TenantId } from "../core/ids.ts";
import type { Transaction } from "./database.ts";

/** What waits for this chat is not sent any more. */
export async function dropQueued(
  tx: Transaction,
  tenantId: TenantId,
  conversationId: string,
  reason: string,
): Promise<void> {
  await tx.query(
    `update outbox set state = 'failed', reason = $3, settled_at = now()
     where tenant_id = $1 and conversation_id = $2 and state = 'queued'`,
    [tenantId, conversationId, reason],
  );
}
