import { createHash, randomBytes, randomUUID } from "node:crypto";
import { asId } from "../core/ids.ts";
import type { ApiKeys } from "../core/tenants.ts";
import type { Database } from "./database.ts";

/** The prefix lets secret scanners recognise a leaked key. */
const PREFIX = "prg_";

export function createApiKeys(database: Database): ApiKeys {
  const hashKey = (key: string) => createHash("sha256").update(key).digest();
  return {
    async create(tenantId, name, scopes) {
      const key = `${PREFIX}${randomBytes(32).toString("base64url")}`;
      const id = randomUUID();
      await database.asTenant(tenantId, async (tx) => {
        await tx.query(
          "insert into api_key (tenant_id, id, name, key_hash, scopes) values ($1, $2, $3, $4, $5)",
          [tenantId, id, name, hashKey(key), scopes],
        );
        await tx.query(
          "insert into audit (tenant_id, actor, action, subject) values ($1, 'command-line', 'key-added', $2)",
          [tenantId, id],
        );
      });
      return { key, id };
    },
    async list(tenantId) {
      const rows = await database.asTenant(tenantId, (tx) =>
        tx.query<{
          id: string;
          name: string;
          scopes: string[];
          created_at: Date;
          revoked_at: Date | null;
        }>("select id, name, scopes, created_at, revoked_at from api_key order by created_at"),
      );
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        scopes: row.scopes,
        createdAt: row.created_at,
        revokedAt: row.revoked_at ?? undefined,
      }));
    },
    revoke: (tenantId, id) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query(
          "update api_key set revoked_at = now() where tenant_id = $1 and id::text = $2 and revoked_at is null returning id",
          [tenantId, id],
        );
        return rows.length > 0;
      }),
    async find(key) {
      if (!key.startsWith(PREFIX)) return undefined;
      const [row] = await database.asDispatcher((tx) =>
        tx.query<{ tenant_id: string; scopes: string[] }>(
          "select tenant_id, scopes from api_key where key_hash = $1 and revoked_at is null",
          [hashKey(key)],
        ),
      );
      return row && { tenantId: asId(row.tenant_id), scopes: row.scopes };
    },
  };
}
