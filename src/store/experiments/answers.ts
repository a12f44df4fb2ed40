import type { TenantId } from "../../core/ids.ts";
import type { AnsweredMessage } from "../../core/ledgers.ts";
import type { Transaction } from "../database.ts";

/**
 * Of turns whose passports name an experiment: which version answered, and how long it took. In the turns' own
 * transaction, so that an answer is counted exactly when it is given.
 */
export async function noteVersions(
  tx: Transaction,
  tenantId: TenantId,
  answers: readonly AnsweredMessage[],
): Promise<void> {
  const noted = answers.flatMap((answer) => versionNoted(answer) ?? []);
  if (noted.length === 0) return;
  await tx.query(
    // One that has ended meanwhile, or went with its assistant, counts no more.
    `insert into assistant_experiment_answer
       (tenant_id, message_id, experiment_id, conversation_id, revision, is_abstained, took_ms)
     select $1, i.id, e.id, i.conversation_id, n.revision, n.is_abstained,
            -- a dead letter may be answered after months
            least(greatest(0, extract(epoch from clock_timestamp() - i.received_at) * 1000), 2147483647)::integer
     from jsonb_to_recordset($2::jsonb) as n (message uuid, experiment uuid, revision integer, is_abstained boolean)
     join inbox i on i.id = n.message
     join assistant_experiment e on e.id = n.experiment and e.ended_at is null
     on conflict (message_id, tenant_id) do nothing`,
    [tenantId, JSON.stringify(noted)],
  );
}

function versionNoted({ due, events }: AnsweredMessage) {
  const planned = events.filter(({ kind }) => kind === "planned").map(({ detail }) => detail);
  const named = planned.findLast(({ experiment }) => experiment !== undefined);
  if (named === undefined) return undefined;
  const { experiment, revision } = named;
  const isAbstained = planned.some(({ abstained }) => abstained === true);
  return { message: due.messageId, experiment, revision, is_abstained: isAbstained };
}

/** What was answered last in a conversation did not help: a person is asked for. */
export async function noteHandOver(tx: Transaction, conversationId: string): Promise<void> {
  await tx.query(
    `update assistant_experiment_answer a set is_handed_over = true
     from assistant_experiment e
     where e.id = a.experiment_id and e.ended_at is null and a.message_id = (
       select message_id from assistant_experiment_answer
       where conversation_id = $1 and answered_at > now() - interval '1 hour'
       order by answered_at desc limit 1)`,
    [conversationId],
  );
}

/** Of people who are erased: that they asked. */
export async function forgetAnswers(
  tx: Transaction,
  tenantId: TenantId,
  conversationIds: readonly string[],
): Promise<void> {
  await tx.query(
    "delete from assistant_experiment_answer where tenant_id = $1 and conversation_id = any($2)",
    [tenantId, conversationIds],
  );
}
