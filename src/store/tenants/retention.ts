import { asId, type TenantId } from "../../core/ids.ts";
import type { Database, Transaction } from "../database.ts";
import { writeAudit } from "../people-rows.ts";

/** Rows of one table at once: some tens of milliseconds, in which the table's other rows are free. */
const BATCH = 2_000;

/**
 * What is deleted of conversations older than `$2`, at most a batch at once. Keys of updates stay, without content, so
 * that a replay is still a duplicate; so do who has opted out, and contacts, which the tenant keeps or erases itself.
 */
const RULES: Readonly<Record<string, string>> = {
  turn: `delete from turn where tenant_id = $1 and id in (
           select id from turn where tenant_id = $1 and said_at < $2 order by id limit ${BATCH})`,
  inbox: `update inbox set message = null where tenant_id = $1 and id in (
            select id from inbox where tenant_id = $1 and received_at < $2 and message is not null
              and state <> 'pending' limit ${BATCH})`,
  outbox: `update outbox set part = null where tenant_id = $1 and id in (
             select id from outbox where tenant_id = $1 and created_at < $2 and part is not null
               and state in ('sent', 'failed', 'unknown') limit ${BATCH})`,
  web_chat_entry: `delete from web_chat_entry where tenant_id = $1 and (conversation_id, entry_id) in (
                     select conversation_id, entry_id from web_chat_entry
                     where tenant_id = $1 and appended_at < $2 limit ${BATCH})`,
  conversation: `update conversation set memory = null where tenant_id = $1 and id in (
                   select id from conversation where tenant_id = $1 and updated_at < $2
                     and memory is not null and due_at is null limit ${BATCH})`,
  conversation_note: `delete from conversation_note where tenant_id = $1 and id in (
                        select id from conversation_note
                        where tenant_id = $1 and noted_at < $2 limit ${BATCH})`,
  desk_message: `delete from desk_message where tenant_id = $1 and id in (
                   select id from desk_message where tenant_id = $1 and said_at < $2 limit ${BATCH})`,
  conversation_word: `delete from conversation_word where tenant_id = $1 and (conversation_id, word_hash) in (
                        select w.conversation_id, w.word_hash from conversation_word w
                        join conversation c on c.id = w.conversation_id and c.tenant_id = w.tenant_id
                        where w.tenant_id = $1 and c.last_message_at < $2 limit ${BATCH})`,
  feedback: `delete from feedback where tenant_id = $1 and id in (
               select id from feedback where tenant_id = $1 and judged_at < $2 limit ${BATCH})`,
  assistant_experiment_answer: `delete from assistant_experiment_answer where tenant_id = $1 and message_id in (
                                  select message_id from assistant_experiment_answer
                                  where tenant_id = $1 and answered_at < $2 limit ${BATCH})`,
  question_asked: `delete from question_asked where tenant_id = $1 and message_id in (
                     select message_id from question_asked
                     where tenant_id = $1 and day < $2::date limit ${BATCH})`,
  question_cluster: `delete from question_cluster g where tenant_id = $1 and not exists (
                       select 1 from question_asked q where q.cluster_id = g.id and q.tenant_id = g.tenant_id)`,
  media_file: `delete from media_file where tenant_id = $1 and id in (
                 select id from media_file where tenant_id = $1 and expires_at < now() limit ${BATCH})`,
};

/**
 * Deletes a batch of what is older than some tenant keeps it; each tenant's turn comes once a day, and a run that was
 * cut off goes on where it stood. False: nothing is due.
 */
export async function retainNext(database: Database): Promise<boolean> {
  const tenantId = await findDue(database);
  if (tenantId === undefined) return false;
  await database.asTenant(tenantId, async (tx) => {
    const run = await beginOrGoOn(tx, tenantId);
    if (run === undefined) return;
    for (const [table, statement] of Object.entries(RULES)) {
      const rows = await tx.query(
        `${statement} returning 1 as gone`,
        parametersOf(statement, tenantId, run.cutoff),
      );
      if (rows.length === 0) continue;
      await count(tx, tenantId, table, rows.length);
      return;
    }
    await finish(tx, tenantId, run);
  });
  return true;
}

async function findDue(database: Database): Promise<TenantId | undefined> {
  const [row] = await database.asDispatcher((tx) =>
    tx.query<{ id: string }>(
      `select t.id from tenant t left join retention_run r on r.tenant_id = t.id
       where t.retention_days is not null and t.state in ('active', 'suspended', 'deleting')
         and (r.tenant_id is null or r.finished_at is null or r.finished_at < now() - interval '1 day')
       order by t.id limit 1`,
    ),
  );
  return row && asId<TenantId>(row.id);
}

interface Run {
  readonly cutoff: Date;
  readonly deleted: Readonly<Record<string, number>>;
}

/** Undefined: another process has this tenant. */
async function beginOrGoOn(tx: Transaction, tenantId: TenantId): Promise<Run | undefined> {
  const locked = await tx.query(
    "select 1 from tenant where id = $1 and retention_days is not null for update skip locked",
    [tenantId],
  );
  if (locked.length === 0) return undefined;
  const [run] = await tx.query<Run>(
    `insert into retention_run as r (tenant_id, cutoff)
     select id, now() - make_interval(days => retention_days) from tenant where id = $1
     on conflict (tenant_id) do update
       set cutoff = case when r.finished_at is null then r.cutoff else excluded.cutoff end,
           deleted = case when r.finished_at is null then r.deleted else '{}' end, finished_at = null
     returning cutoff, deleted`,
    [tenantId],
  );
  return run;
}

function parametersOf(statement: string, tenantId: TenantId, cutoff: Date): readonly unknown[] {
  return statement.includes("$2") ? [tenantId, cutoff] : [tenantId];
}

async function count(
  tx: Transaction,
  tenantId: TenantId,
  table: string,
  rows: number,
): Promise<void> {
  await tx.query(
    `update retention_run
     set deleted = deleted || jsonb_build_object($2::text, coalesce((deleted ->> $2)::int, 0) + $3::int)
     where tenant_id = $1`,
    [tenantId, table, rows],
  );
}

async function finish(tx: Transaction, tenantId: TenantId, run: Run): Promise<void> {
  await tx.query("update retention_run set finished_at = now() where tenant_id = $1", [tenantId]);
  if (Object.keys(run.deleted).length === 0) return;
  await writeAudit(tx, {
    tenantId,
    actor: "scheduler",
    action: "retention-applied",
    subject: tenantId,
    detail: { cutoff: run.cutoff.toISOString(), deleted: run.deleted },
  });
}
