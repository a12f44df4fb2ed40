import type { Cipher } from "../../core/cipher.ts";
import type { Metrics } from "../../core/metrics.ts";
import type { Admission, AskedNow, QuestionLimits } from "../../core/plans.ts";
import { hashAlias } from "../contacts/identify.ts";
import type { Database, Transaction } from "../database.ts";
import { createGroupRead } from "../group-read.ts";

/** Of everybody together. Sorts before every other subject, so that all lock it first. */
const ALL = "";

interface PlanRow {
  readonly questions_per_day: number | null;
  readonly questions_per_contact_day: number | null;
  readonly day: string;
  readonly ends_at: Date;
}

/**
 * `QuestionLimits` over PostgreSQL: one short transaction before a question is answered; without a plan, one look for
 * all that come together.
 */
export function createQuestionLimits(
  database: Database,
  cipher: Cipher,
  metrics: Metrics,
): QuestionLimits {
  const hasPlan = createGroupRead(database, async (tx, _, asked: readonly AskedNow[]) => {
    const plan = await readPlan(tx);
    return asked.map(() => plan !== undefined);
  });
  return {
    async admit(asked) {
      if (!(await hasPlan(asked))) return { kind: "admitted" };
      const admission = await database.asTenant(asked.tenantId, (tx) => admit(tx, cipher, asked));
      if (admission.kind === "refused") {
        metrics.count("questions_refused_total", { limit: admission.by });
      }
      return admission;
    },
  };
}

async function readPlan(tx: Transaction): Promise<PlanRow | undefined> {
  const [plan] = await tx.query<PlanRow>({
    name: "plan-of-tenant",
    text: `select p.questions_per_day, p.questions_per_contact_day, today.day::text as day,
                  (today.day + 1)::timestamp at time zone t.time_zone as ends_at
           from tenant_plan p join tenant t on t.id = p.tenant_id
           cross join lateral (select (now() at time zone t.time_zone)::date as day) today`,
  });
  return plan;
}

async function admit(tx: Transaction, cipher: Cipher, asked: AskedNow): Promise<Admission> {
  const plan = await readPlan(tx);
  if (plan === undefined) return { kind: "admitted" };
  const subject = await subjectOf(tx, cipher, asked);
  const counts = await lockCounts(tx, asked.tenantId, plan.day, subject);
  // Under the lock: of two processes that ask about one message the second finds what the first wrote.
  const [known] = await tx.query<{ refused_by: "day" | "contact-day" | null }>(
    {
      name: "question-known",
      text: "select refused_by from counted_question where message_id = $1",
    },
    [asked.messageId],
  );
  const refusedBy = known === undefined ? whatRefuses(plan, counts, subject) : known.refused_by;
  if (known === undefined) await count(tx, asked, plan.day, { subject, refusedBy });
  if (refusedBy === null) return { kind: "admitted" };
  const limit = refusedBy === "day" ? plan.questions_per_day : plan.questions_per_contact_day;
  return { kind: "refused", by: refusedBy, limit: limit ?? 0, day: plan.day, endsAt: plan.ends_at };
}

/** The person over all their contacts; who is not known, by the chat that they write in. Undefined: a program. */
async function subjectOf(
  tx: Transaction,
  cipher: Cipher,
  { tenantId, who }: AskedNow,
): Promise<string | undefined> {
  if (who === undefined) return undefined;
  const alias =
    who.contactId === undefined ? hashAlias(cipher, tenantId, who.channel, who.senderKey) : null;
  const [row] = await tx.query<{ id: string }>(
    {
      name: "question-subject",
      text: `select coalesce(k.merged_into, k.id) as id from contact k
             where k.id = coalesce($1::uuid, (select a.contact_id from contact_alias a
                                              where a.alias_hash = $2::bytea and a.channel = $3 limit 1))`,
    },
    [who.contactId ?? null, alias, who.channel],
  );
  return row?.id ?? `chat:${who.conversationId}`;
}

/** Whoever counts meanwhile is waited for; all lock in one order. */
async function lockCounts(
  tx: Transaction,
  tenantId: string,
  day: string,
  subject: string | undefined,
): Promise<ReadonlyMap<string, number>> {
  const subjects = subject === undefined ? [ALL] : [ALL, subject];
  const begun = await tx.query<{ subject: string }>(
    {
      name: "question-count-begin",
      text: `insert into question_count (tenant_id, day, subject)
             select $1::uuid, $2::date, s from unnest($3::text[]) as s order by s
             on conflict do nothing returning subject`,
    },
    [tenantId, day, subjects],
  );
  if (begun.some((row) => row.subject === ALL)) await forgetOld(tx, tenantId, day);
  const rows = await tx.query<{ subject: string; questions: number }>(
    {
      name: "question-count-lock",
      text: `select subject, questions from question_count
             where day = $1 and subject = any ($2::text[]) order by subject for update`,
    },
    [day, subjects],
  );
  return new Map(rows.map((row) => [row.subject, row.questions]));
}

/** The first question of a day clears what is of no more use; of yesterday there may be turns that are taken again. */
async function forgetOld(tx: Transaction, tenantId: string, day: string): Promise<void> {
  // The tenant is named, for no index answers to row security: else every tenant's rows would be looked through.
  for (const table of ["question_count", "counted_question"]) {
    await tx.query(`delete from ${table} where tenant_id = $1 and day < $2::date - 1`, [
      tenantId,
      day,
    ]);
  }
}

function whatRefuses(
  plan: PlanRow,
  counts: ReadonlyMap<string, number>,
  subject: string | undefined,
): "day" | "contact-day" | null {
  const isReached = (limit: number | null, of: string) =>
    limit !== null && (counts.get(of) ?? 0) >= limit;
  if (subject !== undefined && isReached(plan.questions_per_contact_day, subject)) {
    return "contact-day";
  }
  return isReached(plan.questions_per_day, ALL) ? "day" : null;
}

async function count(
  tx: Transaction,
  { tenantId, messageId }: AskedNow,
  day: string,
  counted: {
    readonly subject: string | undefined;
    readonly refusedBy: "day" | "contact-day" | null;
  },
): Promise<void> {
  const { subject, refusedBy } = counted;
  await tx.query(
    {
      name: "question-counted",
      text: `insert into counted_question (tenant_id, message_id, day, refused_by) values ($1, $2, $3, $4)`,
    },
    [tenantId, messageId, day, refusedBy],
  );
  if (refusedBy !== null) return;
  await tx.query(
    {
      name: "question-count",
      text: "update question_count set questions = questions + 1 where day = $1 and subject = any ($2::text[])",
    },
    [day, subject === undefined ? [ALL] : [ALL, subject]],
  );
}
