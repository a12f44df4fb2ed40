import type { AuditLog, AuditRow } from "../../core/audit-log.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { Database } from "../database.ts";

interface Row {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly happened_at: Date;
}

export function createAuditLog(database: Database): AuditLog {
  return {
    async list(tenantId, filter, { before, limit }) {
      const values = [
        filter.actor ?? null,
        filter.action ?? null,
        filter.subject ?? null,
        filter.requestId ?? null,
        filter.from ?? null,
        filter.until ?? null,
        before ?? null,
        limit + 1,
        tenantId ?? null,
      ];
      const rows =
        tenantId === undefined
          ? await database.asRegistrar((tx) => tx.query<Row>(LIST, values))
          : await database.asTenant(tenantId, (tx) => tx.query<Row>(LIST, values));
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return {
        entries: shown.map((row) => toEntry(row, tenantId)),
        next: rows.length > limit && last !== undefined ? Number(last.id) : undefined,
      };
    },
  };
}

const LIST = `
  select id, tenant_id, actor, action, subject, detail, happened_at from audit
  where ($1::text is null or actor = $1) and ($2::text is null or action = $2)
    and ($3::text is null or subject = $3)
    and ($4::text is null or detail ? 'requestId' and detail ->> 'requestId' = $4)
    and ($5::timestamptz is null or happened_at >= $5) and ($6::timestamptz is null or happened_at < $6)
    and ($7::bigint is null or id < $7)
    -- row security says the same, in a way that no index answers
    and ($9::uuid is null or tenant_id = $9::uuid)
  order by id desc limit $8`;

function toEntry(row: Row, reader: TenantId | undefined): AuditRow {
  const detail = reader === undefined ? row.detail : withoutForeign(row.detail, reader);
  return {
    id: Number(row.id),
    tenantId: row.tenant_id === null ? undefined : asId(row.tenant_id),
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    detail,
    at: row.happened_at,
  };
}

/** A tenant's rows tell of the tenant; fields that name another are left out (S13). */
function withoutForeign(
  detail: AuditRow["detail"],
  reader: TenantId,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(detail).filter(([name, value]) => {
      const namesTenant = /tenant/i.test(name);
      return !namesTenant || value === reader;
    }),
  );
}
