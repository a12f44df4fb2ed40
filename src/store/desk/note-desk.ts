import type { DeskActor } from "../../core/desk.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";

/** In the audit log. `by` undefined: it came about by itself. */
export async function noteDesk(
  tx: Transaction,
  tenantId: TenantId,
  subject: string,
  by: Pick<DeskActor, "actor" | "requestId"> | undefined,
  action: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tx.query(
    {
      name: "desk-note",
      text: "insert into audit (tenant_id, actor, action, subject, detail) values ($1, $2, $3, $4, $5)",
    },
    [
      tenantId,
      by?.actor ?? "system",
      action,
      subject,
      JSON.stringify(by === undefined ? detail : { ...detail, requestId: by.requestId }),
    ],
  );
}
