import { randomUUID } from "node:crypto";
import type { CannedReplies, CannedReply } from "../../core/desk.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Database, Transaction } from "../database.ts";
import { noteDesk } from "./note-desk.ts";

interface Row {
  readonly name: string;
  readonly texts: CannedReply["texts"];
  readonly revision: number;
  readonly used: number;
  readonly used_at: Date | null;
}

const COLUMNS = "name, texts, revision, used, used_at";

export function createCannedReplies(database: Database): CannedReplies {
  return {
    list: (tenantId) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query<Row>(
          `select ${COLUMNS} from canned_reply where tenant_id = $1 order by name limit 1000`,
          [tenantId],
        );
        return rows.map(toCanned);
      }),
    find: (tenantId, name) => database.asTenant(tenantId, (tx) => find(tx, tenantId, name)),
    save: (tenantId, reply, expected, by) =>
      database.asTenant(tenantId, async (tx) => {
        const [row] = await tx.query<Row>(
          `insert into canned_reply as c (tenant_id, id, name, texts)
           select $1, $2, $3, $4 where $5::int is null or $5 = 0
             or exists (select 1 from canned_reply k where k.tenant_id = $1 and k.name = $3)
           on conflict (tenant_id, name) do update
             set texts = excluded.texts, revision = c.revision + 1, updated_at = now()
             where $5::int is null or c.revision = $5
           returning ${COLUMNS}`,
          [tenantId, randomUUID(), reply.name, JSON.stringify(reply.texts), expected ?? null],
        );
        if (row === undefined) return undefined;
        await noteDesk(tx, tenantId, reply.name, by, "canned-reply-saved", {
          revision: row.revision,
        });
        return toCanned(row);
      }),
    remove: (tenantId, name, expected, by) =>
      database.asTenant(tenantId, async (tx) => {
        const removed = await tx.query(
          `delete from canned_reply where tenant_id = $1 and name = $2 and ($3::int is null or revision = $3)
           returning id`,
          [tenantId, name, expected ?? null],
        );
        if (removed.length === 0) {
          return (await find(tx, tenantId, name)) === undefined ? "unknown" : "stale";
        }
        await noteDesk(tx, tenantId, name, by, "canned-reply-removed", {});
        return "removed";
      }),
    async countUse(tenantId, name) {
      await database.asTenant(tenantId, (tx) =>
        tx.query(
          "update canned_reply set used = used + 1, used_at = now() where tenant_id = $1 and name = $2",
          [tenantId, name],
        ),
      );
    },
  };
}

async function find(
  tx: Transaction,
  tenantId: TenantId,
  name: string,
): Promise<CannedReply | undefined> {
  const [row] = await tx.query<Row>(
    `select ${COLUMNS} from canned_reply where tenant_id = $1 and name = $2`,
    [tenantId, name],
  );
  return row && toCanned(row);
}

function toCanned({ name, texts, revision, used, used_at }: Row): CannedReply {
  return { name, texts, revision, used, usedAt: used_at ?? undefined };
}
