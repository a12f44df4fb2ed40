import type { AuditFinding, AuditHead, AuditSeals } from "../core/audit-seals.ts";
import type { Cipher } from "../core/cipher.ts";
import type { Database, Transaction } from "./database.ts";

const BATCH = 1_000;
/** Rows commit in another order than that of their ids; one that comes later than this many is told of instead. */
const LATE_IDS = 10_000;
/** Of the advisory lock: one process seals at a time. Any number that nothing else here uses. */
const LOCK = 5_090_060;

interface AuditRow {
  readonly id: string;
  /** All columns, as text that PostgreSQL writes in one way only. */
  readonly content: string | null;
}

interface SealRow extends AuditRow {
  readonly position: string;
  readonly seal: Buffer;
}

const CONTENT = `json_build_array(a.tenant_id, a.actor, a.action, a.subject, a.detail::text,
  extract(epoch from a.happened_at)::text)::text`;

export function createAuditSeals(database: Database, cipher: Pick<Cipher, "hash">): AuditSeals {
  const sealOf = (before: string, position: number, id: string, content: string) =>
    cipher.hash("audit-seal", `${before} ${position} ${id} ${content}`);

  async function sealBatch(tx: Transaction): Promise<AuditHead | undefined> {
    const [lock] = await tx.query<{ is_ours: boolean }>(
      "select pg_try_advisory_xact_lock($1) as is_ours",
      [LOCK],
    );
    if (lock?.is_ours !== true) return undefined;
    const [last] = await tx.query<{ position: string; seal: Buffer; highest: string }>(
      `select position, seal, (select max(audit_id) from audit_seal) as highest
       from audit_seal order by position desc limit 1`,
    );
    const rows = await tx.query<{ id: string; content: string }>(
      `select a.id, ${CONTENT} as content from audit a
       where a.id > $1 and not exists (select 1 from audit_seal s where s.audit_id = a.id)
       order by a.id limit $2`,
      [Number(last?.highest ?? 0) - LATE_IDS, BATCH],
    );
    if (rows.length === 0) return undefined;
    let position = Number(last?.position ?? 0);
    let before = last?.seal.toString("hex") ?? "";
    const seals = rows.map(({ id, content }) => {
      position += 1;
      const seal = sealOf(before, position, id, content);
      before = seal.toString("hex");
      return { position, id, seal };
    });
    await tx.query(
      `insert into audit_seal (position, audit_id, seal)
       select * from unnest($1::bigint[], $2::bigint[], $3::bytea[])`,
      [
        seals.map((each) => each.position),
        seals.map(({ id }) => id),
        seals.map(({ seal }) => seal),
      ],
    );
    return { position, seal: before };
  }

  async function seal(): Promise<AuditHead | undefined> {
    let head: AuditHead | undefined;
    for (;;) {
      const next = await database.asRegistrar(sealBatch);
      if (next === undefined) return head;
      head = next;
    }
  }

  return {
    seal,
    async verify(known, signal) {
      await seal();
      const findings: AuditFinding[] = [];
      let head: AuditHead = { position: 0, seal: "" };
      for (;;) {
        signal.throwIfAborted();
        const rows = await readSeals(database, head.position);
        for (const row of rows) {
          const position = Number(row.position);
          if (position !== head.position + 1) findings.push(gap(head.position + 1, position - 1));
          const expected =
            row.content === null ? undefined : sealOf(head.seal, position, row.id, row.content);
          // Behind a gap the seal before is not known: the row itself is not blamed.
          if (expected === undefined) findings.push(finding("deleted", row.id));
          else if (position === head.position + 1 && !expected.equals(row.seal)) {
            findings.push(finding("changed", row.id));
          }
          head = { position, seal: row.seal.toString("hex") };
          if (known?.position === position && known.seal !== head.seal)
            findings.push(cutOff(known));
        }
        if (rows.length < BATCH) break;
      }
      if (known !== undefined && known.position > head.position) findings.push(cutOff(known));
      for (const id of await readUnsealed(database)) findings.push(finding("not-sealed", id));
      return { rows: head.position, head, findings };
    },
  };
}

function readSeals(database: Database, after: number): Promise<readonly SealRow[]> {
  return database.asRegistrar((tx) =>
    tx.query<SealRow>(
      `select s.position, s.audit_id as id, s.seal, case when a.id is null then null else ${CONTENT} end as content
       from audit_seal s left join audit a on a.id = s.audit_id
       where s.position > $1 order by s.position limit $2`,
      [after, BATCH],
    ),
  );
}

/** Rows behind the chain's end that have no seal: put in later under an old id, or their seal was removed. */
async function readUnsealed(database: Database): Promise<readonly string[]> {
  const rows = await database.asRegistrar((tx) =>
    tx.query<{ id: string }>(
      `select a.id from audit a where a.id <= (select max(audit_id) from audit_seal) - $1
         and not exists (select 1 from audit_seal s where s.audit_id = a.id) order by a.id limit 100`,
      [LATE_IDS],
    ),
  );
  return rows.map(({ id }) => id);
}

const WHAT = {
  changed: "was changed after it was sealed",
  deleted: "was deleted",
  "not-sealed": "has no seal: it was put in later under an old number",
} as const;

function finding(kind: keyof typeof WHAT, id: string): AuditFinding {
  return { kind, auditId: Number(id), what: `Row ${id} ${WHAT[kind]}.` };
}

function gap(from: number, to: number): AuditFinding {
  const which = from === to ? `Seal ${from} is` : `Seals ${from} to ${to} are`;
  return { kind: "seal-missing", auditId: undefined, what: `${which} missing from the chain.` };
}

function cutOff({ position }: AuditHead): AuditFinding {
  return {
    kind: "cut-off",
    auditId: undefined,
    what: `The chain no longer leads to the head that was noted at ${position}: it was cut off and written anew.`,
  };
}
