import { randomUUID } from "node:crypto";
import type {
  AskedQuestion,
  QuestionGroup,
  QuestionRun,
  QuestionRuns,
} from "../../core/analytics.ts";
import type { Cipher } from "../../core/cipher.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { Database, Transaction } from "../database.ts";

/** As far back as analytics are asked for. */
const KEPT_DAYS = 400;
const PAGE = 1_000;
/** A tenant's questions are looked through so often, when there are others than before. */
const EVERY = "interval '6 hours'";
/** A process that has not finished by then is gone. */
const GIVEN_UP = "interval '10 minutes'";
/** Messages whose group is written at once. */
const BATCH = 5_000;

/** Who asked: the whole contact, or a group's chat as one. */
export const ASKER = "coalesce(k.merged_into, c.contact_id, c.id)";

/** Questions on their way into groups (migrations/0022_feedback.sql). */
export function createQuestionRuns(database: Database, cipher: Cipher): QuestionRuns {
  return {
    async claim() {
      const due = await database.asDispatcher(findDue);
      for (const tenantId of due) {
        const run = await database.asTenant(tenantId, (tx) => begin(tx, tenantId));
        if (run !== undefined) return run;
      }
      return undefined;
    },
    async *read({ tenantId }, limit) {
      let after: Place | undefined;
      for (let read = 0; read < limit; read += PAGE) {
        const rows = await database.asTenant(tenantId, (tx) =>
          readPage(tx, tenantId, after, Math.min(PAGE, limit - read)),
        );
        yield rows.flatMap((row) => toAsked(cipher, tenantId, row) ?? []);
        const last = rows.at(-1);
        if (rows.length < PAGE || last === undefined) return;
        after = { day: last.day, messageId: last.message_id };
      }
    },
    finish: (run, groups) =>
      database.asTenant(run.tenantId, (tx) => replace(tx, cipher, run, groups)),
  };
}

/** Tenants of which nobody has looked for a while; whether something is new is seen by `begin`. */
async function findDue(tx: Transaction): Promise<readonly TenantId[]> {
  const rows = await tx.query<{ id: string }>(
    `select t.id from tenant t left join question_run r on r.tenant_id = t.id
     where t.state in ('active', 'suspended')
       and (r.tenant_id is null or r.is_stale or r.finished_at is null or r.finished_at < now() - ${EVERY})
       and (r.started_at is null or r.started_at < now() - ${GIVEN_UP})
     order by r.finished_at nulls first, t.id limit 50`,
  );
  return rows.map(({ id }) => asId<TenantId>(id));
}

/** Undefined: another process has it, or nothing was asked since. */
async function begin(tx: Transaction, tenantId: TenantId): Promise<QuestionRun | undefined> {
  await tx.query("insert into question_run (tenant_id) values ($1) on conflict do nothing", [
    tenantId,
  ]);
  const locked = await tx.query(
    `select 1 from question_run where tenant_id = $1
       and (is_stale or finished_at is null or finished_at < now() - ${EVERY})
       and (started_at is null or started_at < now() - ${GIVEN_UP})
     for update skip locked`,
    [tenantId],
  );
  if (locked.length === 0) return undefined;
  const [run] = await tx.query<{ token: string }>(
    `update question_run r set token = token + 1, started_at = now(), is_stale = false
     where tenant_id = $1 and (is_stale or exists (
       select 1 from question_asked q where q.tenant_id = $1 and q.noted_at > coalesce(r.finished_at, 'epoch')))
     returning token`,
    [tenantId],
  );
  if (run !== undefined) return { tenantId, token: run.token };
  await tx.query("update question_run set finished_at = now() where tenant_id = $1", [tenantId]);
  return undefined;
}

interface Place {
  readonly day: string;
  readonly messageId: string;
}

interface AskedRow {
  readonly day: string;
  readonly message_id: string;
  readonly asker: string;
  readonly content: Buffer;
}

function readPage(
  tx: Transaction,
  tenantId: TenantId,
  after: Place | undefined,
  limit: number,
): Promise<AskedRow[]> {
  return tx.query<AskedRow>(
    {
      name: "questions-read",
      text: `select to_char(q.day, 'YYYY-MM-DD') as day, q.message_id, ${ASKER} as asker, said.content
             from question_asked q
             join conversation c on c.id = q.conversation_id and c.tenant_id = q.tenant_id
             left join contact k on k.id = c.contact_id and k.tenant_id = q.tenant_id
             join lateral (select content from turn said where said.message_id = q.message_id
                             and said.speaker = 'citizen' order by said.id limit 1) said on true
             where q.tenant_id = $1 and q.day > current_date - ${KEPT_DAYS}
               and ($2::date is null or (q.day, q.message_id) < ($2, $3::uuid))
             order by q.day desc, q.message_id desc limit $4`,
    },
    [tenantId, after?.day ?? null, after?.messageId ?? null, limit],
  );
}

function toAsked(cipher: Cipher, tenantId: TenantId, row: AskedRow): AskedQuestion | undefined {
  const place = { tenantId, table: "turn", column: "content", rowId: `${row.message_id} citizen` };
  const { text } = JSON.parse(cipher.decrypt(place, row.content)) as { readonly text: string };
  return { messageId: asId(row.message_id), asker: row.asker, text };
}

/** Whoever was erased since the run began made it stale: nothing of it is written, and the next one begins at once. */
async function replace(
  tx: Transaction,
  cipher: Cipher,
  { tenantId, token }: QuestionRun,
  groups: readonly QuestionGroup[],
): Promise<boolean> {
  const held = await tx.query(
    `update question_run set started_at = null, finished_at = case when is_stale then finished_at else started_at end
     where tenant_id = $1 and token = $2 returning is_stale`,
    [tenantId, token],
  );
  const [state] = held as readonly { readonly is_stale: boolean }[];
  if (state === undefined || state.is_stale) return false;
  await tx.query("delete from question_cluster where tenant_id = $1", [tenantId]);
  const members: { cluster: string; message: string }[] = [];
  for (const { label, messageIds } of groups) {
    const id = randomUUID();
    const place = { tenantId, table: "question_cluster", column: "label", rowId: id };
    await tx.query("insert into question_cluster (tenant_id, id, label) values ($1, $2, $3)", [
      tenantId,
      id,
      cipher.encrypt(place, label),
    ]);
    members.push(...messageIds.map((message) => ({ cluster: id, message })));
  }
  for (let begin = 0; begin < members.length; begin += BATCH) {
    const batch = members.slice(begin, begin + BATCH);
    await tx.query(
      `update question_asked q set cluster_id = m.cluster
       from unnest($2::uuid[], $3::uuid[]) as m (message, cluster)
       where q.message_id = m.message and q.tenant_id = $1`,
      [tenantId, batch.map(({ message }) => message), batch.map(({ cluster }) => cluster)],
    );
  }
  return true;
}
