import { randomUUID } from "node:crypto";
import type { Cipher, CipherPlace } from "../../core/cipher.ts";
import type { Attempt, Claim, IdempotencyStore } from "../../core/idempotency.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Database, Transaction } from "../database.ts";

/** A process that died blocks its key no longer; one that lives extends it. */
export const LEASE_MS = 60_000;
/** As Stripe keeps its keys at least. */
const KEEP_MS = 24 * 3600 * 1000;

interface KeyRow {
  readonly request_hash: Buffer;
  readonly operation_id: string;
  readonly leased_until: Date;
  readonly answer: Buffer | null;
  readonly expires_at: Date;
}

export function createIdempotencyStore(database: Database, cipher: Cipher): IdempotencyStore {
  const asHolder = ({ tenantId, keyHash, fence }: Attempt, change: string, values: unknown[]) =>
    database.asTenant(tenantId, (tx) =>
      tx.query(`${change} where key_hash = $1 and fence = $2 and answer is null returning fence`, [
        keyHash,
        fence,
        ...values,
      ]),
    );

  return {
    claim: (tenantId, keyHash, requestHash, now) =>
      database.asTenant(tenantId, async (tx) => {
        const operationId = randomUUID();
        const leasedUntil = new Date(now.getTime() + LEASE_MS);
        const inserted = await tx.query(
          `insert into idempotency_key
             (tenant_id, key_hash, request_hash, operation_id, leased_until, expires_at)
           values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning fence`,
          [
            tenantId,
            keyHash,
            requestHash,
            operationId,
            leasedUntil,
            new Date(now.getTime() + KEEP_MS),
          ],
        );
        if (inserted.length > 0) {
          return { kind: "begun", attempt: { tenantId, keyHash, operationId, fence: 1 } };
        }
        const row = await lock(tx, keyHash);
        // Deleted between the two statements: whoever did it has not answered, or 24 hours have passed.
        if (row === undefined) return { kind: "under-way", retryAfterMs: 1000 };
        return row.expires_at <= now
          ? renew(tx, tenantId, keyHash, requestHash, now)
          : claimKnown(tx, row, { tenantId, keyHash, requestHash, now });
      }),
    async extend(attempt, now) {
      await asHolder(attempt, "update idempotency_key set leased_until = $3", [
        new Date(now.getTime() + LEASE_MS),
      ]);
    },
    async complete(attempt, answer) {
      const envelope = cipher.encrypt(answerPlace(attempt.tenantId, attempt.operationId), answer);
      const kept = await asHolder(attempt, "update idempotency_key set answer = $3", [envelope]);
      return kept.length > 0;
    },
    async forget(attempt) {
      await asHolder(attempt, "delete from idempotency_key", []);
    },
    async release(attempt, now) {
      await asHolder(attempt, "update idempotency_key set leased_until = $3", [now]);
    },
    async expire(now) {
      await database.asDispatcher((tx) =>
        tx.query("delete from idempotency_key where expires_at <= $1", [now]),
      );
    },
  };

  async function claimKnown(
    tx: Transaction,
    row: KeyRow,
    { tenantId, keyHash, requestHash, now }: Asked,
  ): Promise<Claim> {
    if (!row.request_hash.equals(requestHash)) return { kind: "mismatch" };
    if (row.answer !== null) {
      const answer = cipher.decrypt(answerPlace(tenantId, row.operation_id), row.answer);
      return { kind: "answered", answer };
    }
    const leftMs = row.leased_until.getTime() - now.getTime();
    if (leftMs > 0) return { kind: "under-way", retryAfterMs: Math.min(leftMs, 5000) };
    const [taken] = await tx.query<{ fence: number }>(
      `update idempotency_key set fence = fence + 1, leased_until = $2
        where key_hash = $1 returning fence`,
      [keyHash, new Date(now.getTime() + LEASE_MS)],
    );
    const fence = taken?.fence ?? 1;
    const { operation_id: operationId } = row;
    return { kind: "begun", attempt: { tenantId, keyHash, operationId, fence } };
  }
}

interface Asked {
  readonly tenantId: TenantId;
  readonly keyHash: Buffer;
  readonly requestHash: Buffer;
  readonly now: Date;
}

function answerPlace(tenantId: TenantId, operationId: string): CipherPlace {
  return { tenantId, table: "idempotency_key", column: "answer", rowId: operationId };
}

async function lock(tx: Transaction, keyHash: Buffer): Promise<KeyRow | undefined> {
  const [row] = await tx.query<KeyRow>(
    `select request_hash, operation_id, leased_until, answer, expires_at
       from idempotency_key where key_hash = $1 for update`,
    [keyHash],
  );
  return row;
}

/** The key of a day ago serves for another request: its row becomes that one's. */
async function renew(
  tx: Transaction,
  tenantId: TenantId,
  keyHash: Buffer,
  requestHash: Buffer,
  now: Date,
): Promise<Claim> {
  const operationId = randomUUID();
  const [taken] = await tx.query<{ fence: number }>(
    `update idempotency_key
        set request_hash = $2, operation_id = $3, leased_until = $4, expires_at = $5,
            answer = null, fence = fence + 1
      where key_hash = $1 returning fence`,
    [
      keyHash,
      requestHash,
      operationId,
      new Date(now.getTime() + LEASE_MS),
      new Date(now.getTime() + KEEP_MS),
    ],
  );
  return {
    kind: "begun",
    attempt: { tenantId, keyHash, operationId, fence: taken?.fence ?? 1 },
  };
}
