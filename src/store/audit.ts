import type { Audit } from "../core/audit.ts";
import type { Database } from "./database.ts";

export function createAudit(database: Database): Audit {
  return {
    async note(tenantId, { actor, action, subject, detail }) {
      await database.asTenant(tenantId, (tx) =>
        tx.query(
          "insert into audit (tenant_id, actor, action, subject, detail) values ($1, $2, $3, $4, $5)",
          [tenantId, actor, action, subject, JSON.stringify(detail ?? {})],
        ),
      );
    },
  };
}
