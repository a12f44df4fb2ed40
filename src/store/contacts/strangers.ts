import { randomInt, randomUUID } from "node:crypto";
import type { Cipher } from "../../core/cipher.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { PairingCodeView, StrangerRules, Strangers } from "../../core/strangers.ts";
import type { Database, Transaction } from "../database.ts";
import { createAdmissions, hashCode } from "./admissions.ts";
import { isUuid } from "./contact-rows.ts";
import { stale } from "./segments.ts";
import { auditContact } from "./write-contact.ts";

/** 32 signs that are not taken for one another; 8 of them are 40 bits, against 5 attempts an hour. */
const SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const CODE_LENGTH = 8;
const OPEN: StrangerRules = {
  policy: "open",
  answers: "sentence",
  sentence: undefined,
  revision: 0,
};

/** Who a bot answers, on PostgreSQL. */
export function createStrangers(database: Database, cipher: Cipher): Strangers {
  return {
    ...createAdmissions(database, cipher),
    findRules: (tenantId, botId) =>
      database.asTenant(tenantId, async (tx) =>
        (await botExists(tx, tenantId, botId)) ? readRules(tx, tenantId, botId) : undefined,
      ),
    setRules: (tenantId, botId, { policy, answers, sentence }, revision, by) =>
      database.asTenant(tenantId, async (tx) => {
        if (!(await botExists(tx, tenantId, botId, "for update"))) return undefined;
        const before = await readRules(tx, tenantId, botId);
        if (revision !== undefined && revision !== before.revision) throw stale();
        await tx.query(
          `insert into stranger_policy (tenant_id, bot_id, policy, answers, sentence)
           values ($1, $2, $3, $4, $5)
           on conflict (bot_id, tenant_id) do update
             set policy = excluded.policy, answers = excluded.answers, sentence = excluded.sentence,
                 revision = stranger_policy.revision + 1, updated_at = now()`,
          [tenantId, botId, policy, answers, sentence ?? null],
        );
        await auditContact(tx, tenantId, by, "stranger-policy-set", botId, { policy, answers });
        return readRules(tx, tenantId, botId);
      }),
    listCodes: (tenantId, botId) =>
      database.asTenant(tenantId, async (tx) => {
        if (!(await botExists(tx, tenantId, botId))) return undefined;
        const rows = await tx.query<CodeRow>(
          `select ${CODE_COLUMNS} from pairing_code where tenant_id = $1 and bot_id = $2
           order by made_at desc, id limit 100`,
          [tenantId, botId],
        );
        return rows.map(toCode);
      }),
    makeCode: (tenantId, botId, expiresAt, by) =>
      database.asTenant(tenantId, async (tx) => {
        if (!(await botExists(tx, tenantId, botId))) return undefined;
        const code = Array.from({ length: CODE_LENGTH }, () => SIGNS[randomInt(SIGNS.length)]).join(
          "",
        );
        const [row] = await tx.query<CodeRow>(
          `insert into pairing_code (tenant_id, id, bot_id, code_hash, made_by, expires_at)
           values ($1, $2, $3, $4, $5, $6) returning ${CODE_COLUMNS}`,
          [tenantId, randomUUID(), botId, hashCode(cipher, botId, code), by.actor, expiresAt],
        );
        if (row === undefined) return undefined;
        await auditContact(tx, tenantId, by, "pairing-code-made", botId, { code: row.id });
        return { code: `${code.slice(0, 4)}-${code.slice(4)}`, view: toCode(row) };
      }),
    withdrawCode: (tenantId, botId, codeId, by) =>
      database.asTenant(tenantId, async (tx) => {
        if (!isUuid(codeId) || !isUuid(botId)) return false;
        const removed = await tx.query(
          "delete from pairing_code where tenant_id = $1 and bot_id = $2 and id = $3 returning id",
          [tenantId, botId, codeId],
        );
        if (removed.length === 0) return false;
        await auditContact(tx, tenantId, by, "pairing-code-withdrawn", botId, { code: codeId });
        return true;
      }),
  };
}

async function botExists(
  tx: Transaction,
  tenantId: TenantId,
  botId: string,
  lock: "" | "for update" = "",
): Promise<boolean> {
  if (!isUuid(botId)) return false;
  const found = await tx.query(
    lock === ""
      ? "select id from bot where tenant_id = $1 and id = $2 and state <> 'removed'"
      : "select id from bot where tenant_id = $1 and id = $2 and state <> 'removed' for no key update",
    [tenantId, botId],
  );
  return found.length > 0;
}

async function readRules(
  tx: Transaction,
  tenantId: TenantId,
  botId: string,
): Promise<StrangerRules> {
  const [row] = await tx.query<Omit<StrangerRules, "sentence"> & { sentence: string | null }>(
    "select policy, answers, sentence, revision from stranger_policy where tenant_id = $1 and bot_id = $2",
    [tenantId, botId],
  );
  return row === undefined ? OPEN : { ...row, sentence: row.sentence ?? undefined };
}

interface CodeRow {
  readonly id: string;
  readonly made_by: string;
  readonly made_at: Date;
  readonly expires_at: Date;
  readonly redeemed_at: Date | null;
  readonly redeemed_by: string | null;
}

const CODE_COLUMNS = "id, made_by, made_at, expires_at, redeemed_at, redeemed_by";

function toCode(row: CodeRow): PairingCodeView {
  return {
    codeId: row.id,
    madeBy: row.made_by,
    madeAt: row.made_at,
    expiresAt: row.expires_at,
    redeemedAt: row.redeemed_at ?? undefined,
    redeemedBy: row.redeemed_by === null ? undefined : asId(row.redeemed_by),
  };
}
