import { createHash, randomBytes, randomUUID } from "node:crypto";
import { type ApiKeys, type ApiKeyView, actorOfKey, type FoundApiKey } from "../core/api-keys.ts";
import type { Clock } from "../core/clock.ts";
import { asId, type TenantId } from "../core/ids.ts";
import type { RequestOrigin } from "../core/people.ts";
import type { TenantState } from "../core/tenants.ts";
import type { Database, Transaction } from "./database.ts";
import { appendEvents } from "./events/append-events.ts";
import { atOf, type PlacedRow, toKeysetPage } from "./keyset.ts";
import { writeAudit } from "./people-rows.ts";

/** The prefix lets secret scanners recognise a leaked key. */
const PREFIX = "prg_";
/** How often the use of a key is written, and a refused one audited: once in this time, by each process. */
const NOTED_EVERY_MS = 60_000;
/** Keys remembered for that. */
const MAX_NOTED = 10_000;

const COLUMNS = "id, name, scopes, created_at, created_by, last_used_at, expires_at, revoked_at";

interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: string[];
  readonly created_at: Date;
  readonly created_by: string;
  readonly last_used_at: Date | null;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
}

interface FoundRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly scopes: string[];
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly state: TenantState;
}

export function createApiKeys(database: Database, clock: Clock): ApiKeys {
  const isDue = createOncePer(NOTED_EVERY_MS, clock);
  return {
    async create(tenantId, name, scopes, { actor = "command-line", origin, expiresAt } = {}) {
      const key = `${PREFIX}${randomBytes(32).toString("base64url")}`;
      const id = randomUUID();
      await database.asTenant(tenantId, async (tx) => {
        await tx.query(
          `insert into api_key (tenant_id, id, name, key_hash, scopes, expires_at, created_by)
           values ($1, $2, $3, $4, $5, $6, $7)`,
          [tenantId, id, name, hashKey(key), scopes, expiresAt ?? null, actor],
        );
        const detail = { scopes, expiresAt: expiresAt?.toISOString() ?? null };
        await note(tx, tenantId, { actor, action: "key-added", subject: id, detail, origin });
        await tell(tx, tenantId, id, "added");
      });
      return { key, id };
    },
    async list(tenantId, { after, limit }) {
      const rows = await database.asTenant(tenantId, (tx) =>
        tx.query<KeyRow & PlacedRow>(
          `select ${COLUMNS}, ${atOf("created_at")} as at from api_key
           where tenant_id = $1 and ($2::timestamptz is null or (created_at, id) > ($2, $3::uuid))
           order by created_at, id limit $4`,
          [tenantId, after?.at ?? null, after?.id ?? null, limit + 1],
        ),
      );
      return toKeysetPage(rows, limit, toView);
    },
    async findView(tenantId, id) {
      const [row] = await database.asTenant(tenantId, (tx) =>
        tx.query<KeyRow>(`select ${COLUMNS} from api_key where tenant_id = $1 and id::text = $2`, [
          tenantId,
          id,
        ]),
      );
      return row && toView(row);
    },
    revoke: (tenantId, id, actor, origin) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query(
          `update api_key set revoked_at = now()
           where tenant_id = $1 and id::text = $2 and revoked_at is null returning id`,
          [tenantId, id],
        );
        if (rows.length === 0) return false;
        await note(tx, tenantId, { actor, action: "key-revoked", subject: id, origin });
        await tell(tx, tenantId, id, "revoked");
        return true;
      }),
    async find(key, origin) {
      if (!key.startsWith(PREFIX)) return undefined;
      const [row] = await database.asDispatcher((tx) =>
        tx.query<FoundRow>(
          {
            name: "api-keys-find",
            text: `select k.id, k.tenant_id, k.scopes, k.expires_at, k.revoked_at, t.state
                   from api_key k join tenant t on t.id = k.tenant_id where k.key_hash = $1`,
          },
          [hashKey(key)],
        ),
      );
      if (row === undefined) return undefined;
      const reason = whyRefused(row, clock.now());
      const { id, scopes, state: tenantState } = row;
      const found = { id, tenantId: asId<TenantId>(row.tenant_id), scopes, tenantState };
      if (isDue(`${row.id} ${reason ?? "used"}`)) {
        await database.asTenant(found.tenantId, (tx) => noteUse(tx, found, reason, origin));
      }
      return reason === undefined ? found : undefined;
    },
  };
}

function hashKey(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

function whyRefused(row: FoundRow, now: Date): "revoked" | "expired" | undefined {
  if (row.revoked_at !== null) return "revoked";
  return row.expires_at !== null && row.expires_at <= now ? "expired" : undefined;
}

async function noteUse(
  tx: Transaction,
  { id, tenantId }: FoundApiKey,
  reason: string | undefined,
  origin: RequestOrigin | undefined,
): Promise<void> {
  if (reason === undefined) {
    await tx.query(
      "update api_key set last_used_at = date_trunc('minute', now()) where tenant_id = $1 and id = $2",
      [tenantId, id],
    );
    return;
  }
  const actor = actorOfKey(id);
  await note(tx, tenantId, {
    actor,
    action: "key-refused",
    subject: id,
    detail: { reason },
    origin,
  });
  await tell(tx, tenantId, id, "refused");
}

async function tell(
  tx: Transaction,
  tenantId: TenantId,
  apiKeyId: string,
  change: "added" | "revoked" | "refused",
): Promise<void> {
  await appendEvents(tx, tenantId, [{ kind: "api-key-changed", detail: { apiKeyId, change } }]);
}

function note(
  tx: Transaction,
  tenantId: TenantId,
  entry: Omit<Parameters<typeof writeAudit>[1], "tenantId" | "origin"> & {
    readonly origin: RequestOrigin | undefined;
  },
): Promise<void> {
  const { origin, ...rest } = entry;
  return writeAudit(tx, { tenantId, ...rest, ...(origin === undefined ? {} : { origin }) });
}

/** Whether something was last let pass long enough ago. What is forgotten for room is let pass once more. */
function createOncePer(intervalMs: number, clock: Clock): (name: string) => boolean {
  const passedAt = new Map<string, number>();
  return (name) => {
    const now = clock.now().getTime();
    const last = passedAt.get(name);
    if (last !== undefined && now - last < intervalMs) return false;
    if (passedAt.size >= MAX_NOTED) passedAt.clear();
    passedAt.set(name, now);
    return true;
  };
}

function toView(row: KeyRow): ApiKeyView {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.created_at,
    createdBy: row.created_by,
    lastUsedAt: row.last_used_at ?? undefined,
    expiresAt: row.expires_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
  };
}
