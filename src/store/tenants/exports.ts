import { randomUUID } from "node:crypto";
import type { Cipher, CipherPlace } from "../../core/cipher.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { TenantId } from "../../core/ids.ts";
import type { TenantExport, TenantExports } from "../../core/tenants.ts";
import type { Database } from "../database.ts";
import { writeAudit } from "../people-rows.ts";

interface ExportRow {
  readonly id: string;
  readonly state: TenantExport["state"];
  readonly asked_by: string;
  readonly asked_at: Date;
  readonly finished_at: Date | null;
  readonly expires_at: Date | null;
  readonly bytes: string | null;
  readonly reason: string | null;
}

const COLUMNS = "id, state, asked_by, asked_at, finished_at, expires_at, bytes, reason";
const LISTED = 50;

export function createTenantExports(database: Database, cipher: Cipher): TenantExports {
  return {
    ask: (tenantId, personId, { actor, origin }) =>
      database.asTenant(tenantId, async (tx) => {
        const from = origin === undefined ? {} : { origin };
        // The lock lets two who ask at once pass one after the other.
        await tx.query("select 1 from tenant where id = $1 for update", [tenantId]);
        const [row] = await tx.query<ExportRow>(
          `insert into tenant_export (tenant_id, id, asked_by) select $1, $2, $3
           where not exists (select 1 from tenant_export
                             where tenant_id = $1 and state in ('queued', 'running'))
           returning ${COLUMNS}`,
          [tenantId, randomUUID(), personId],
        );
        if (row === undefined) {
          throw new PregoneroError(
            "export-under-way",
            "An archive of this tenant is being made: wait for it.",
            { status: 409 },
          );
        }
        await writeAudit(tx, { tenantId, actor, action: "export-asked", subject: row.id, ...from });
        return toExport(row);
      }),
    async list(tenantId) {
      const rows = await database.asTenant(tenantId, (tx) =>
        tx.query<ExportRow>(
          `select ${COLUMNS} from tenant_export where tenant_id = $1
           order by asked_at desc, id limit ${LISTED}`,
          [tenantId],
        ),
      );
      return rows.map(toExport);
    },
    async find(tenantId, exportId) {
      const [row] = await database.asTenant(tenantId, (tx) =>
        tx.query<ExportRow>(
          `select ${COLUMNS} from tenant_export where tenant_id = $1 and id::text = $2`,
          [tenantId, exportId],
        ),
      );
      return row && toExport(row);
    },
    async *read(tenantId, exportId, { actor, origin }) {
      const from = origin === undefined ? {} : { origin };
      await database.asTenant(tenantId, (tx) =>
        writeAudit(tx, {
          tenantId,
          actor,
          action: "export-downloaded",
          subject: exportId,
          ...from,
        }),
      );
      for (let position = 0; ; position += 1) {
        const [row] = await database.asTenant(tenantId, (tx) =>
          tx.query<{ content: Buffer }>(
            `select c.content from tenant_export_chunk c
             join tenant_export e on e.id = c.export_id and e.tenant_id = c.tenant_id
             where c.export_id = $1 and c.position = $2 and e.state = 'ready' and e.expires_at > now()`,
            [exportId, position],
          ),
        );
        if (row === undefined) return;
        const place = chunkPlace(tenantId, exportId, position);
        yield Buffer.from(cipher.decrypt(place, row.content), "base64");
      }
    },
  };
}

export function chunkPlace(tenantId: TenantId, exportId: string, position: number): CipherPlace {
  const rowId = `${exportId}/${position}`;
  return { tenantId, table: "tenant_export_chunk", column: "content", rowId };
}

function toExport(row: ExportRow): TenantExport {
  return {
    exportId: row.id,
    state: row.state,
    askedBy: row.asked_by,
    askedAt: row.asked_at,
    finishedAt: row.finished_at ?? undefined,
    expiresAt: row.expires_at ?? undefined,
    bytes: row.bytes === null ? undefined : Number(row.bytes),
    reason: row.reason ?? undefined,
  };
}
