import type { TenantId } from "../../core/ids.ts";
import type { Author } from "../../core/operations.ts";
import type { ApprovedStatement, RunStatement } from "../../core/prompts.ts";
import type { Transaction } from "../database.ts";
import { audit } from "./prompt-rows.ts";

/** Approves what the run says now: the row keeps a copy that nothing changes any more. The row must be locked. */
export async function freeze(
  tx: Transaction,
  { tenantId, runId }: { readonly tenantId: TenantId; readonly runId: string },
  { by, now }: { readonly by: Author; readonly now: Date },
): Promise<void> {
  const [row] = await tx.query<{ statements: readonly RunStatement[] }>(
    "select statements from prompt_run where id = $1",
    [runId],
  );
  const statements = row?.statements ?? [];
  await tx.query(
    `update prompt_run set state = 'approved', approved = $2, reviewed_by = $3, reviewed_at = $4, changed_at = $4,
            reason_code = null, reason = null, revision = revision + 1, next_attempt_at = null
      where id = $1`,
    [runId, JSON.stringify(statements.map(toApproved)), by.actor, now],
  );
  const unsupported = statements.filter(({ isSupported }) => !isSupported).length;
  const detail = { statements: statements.length, unsupportedConfirmed: unsupported };
  await audit(tx, tenantId, { action: "prompt-run-approved", subject: runId, detail }, by);
}

function toApproved({ text, citations }: RunStatement): ApprovedStatement {
  return {
    text,
    citations: citations.map(({ passageId: _, ...citation }) => citation),
  };
}
