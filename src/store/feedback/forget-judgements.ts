import type { TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";
import { forgetAnswers } from "../experiments/answers.ts";

/**
 * Of people who are erased: what they thought of answers, and that they asked. The figures of their days stay: they
 * name nobody. Clusters that may rest on their questions are made anew.
 */
export async function forgetJudgements(
  tx: Transaction,
  tenantId: TenantId,
  conversationIds: readonly string[],
  contactIds: readonly string[],
): Promise<void> {
  await tx.query(
    "delete from feedback where tenant_id = $1 and (conversation_id = any($2) or contact_id = any($3::uuid[]))",
    [tenantId, conversationIds, contactIds],
  );
  await forgetAnswers(tx, tenantId, conversationIds);
  const asked = await tx.query(
    "delete from question_asked where tenant_id = $1 and conversation_id = any($2) returning 1 as gone",
    [tenantId, conversationIds],
  );
  if (asked.length === 0) return;
  await tx.query("update question_run set is_stale = true where tenant_id = $1", [tenantId]);
}
