import {
  type AnalyticsRange,
  MIN_ASKERS,
  type TopQuestion,
  type TopQuestions,
} from "../../core/analytics.ts";
import type { Cipher } from "../../core/cipher.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";
import { ASKER } from "./question-runs.ts";

const IN_RANGE = `q.tenant_id = $1 and q.day between $2::date and $3::date
  and ($4::text is null or q.bot_id::text = $4)`;

export async function readTopQuestions(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  range: AnalyticsRange & { readonly only: "abstained" | undefined },
  limit: number,
): Promise<TopQuestions> {
  const values = [tenantId, range.from, range.to, range.botId ?? null];
  const [sums] = await tx.query<{ total: string; abstained: string; grouped_at: Date | null }>(
    {
      name: "questions-total",
      text: `select count(*) as total, count(*) filter (where q.is_abstained) as abstained,
                    (select finished_at from question_run where tenant_id = $1) as grouped_at
             from question_asked q where ${IN_RANGE}`,
    },
    values,
  );
  const groups = await tx.query<GroupRow>({ name: "questions-top", text: GROUPS }, [
    ...values,
    range.only === "abstained",
    limit,
  ]);
  return {
    questions: groups.map((row) => toTopQuestion(cipher, tenantId, row)),
    total: Number(sums?.total ?? 0),
    totalAbstained: Number(sums?.abstained ?? 0),
    groupedAt: sums?.grouped_at ?? undefined,
  };
}

/** As many people within the range as the whole group needs: a narrow range shows nobody's question. */
const GROUPS = `
  with counted as (
    select q.cluster_id, count(*) as questions, count(distinct ${ASKER}) as askers,
           count(*) filter (where q.is_abstained) as abstained,
           to_char(min(q.day), 'YYYY-MM-DD') as first_on, to_char(max(q.day), 'YYYY-MM-DD') as last_on
    from question_asked q
    join conversation c on c.id = q.conversation_id and c.tenant_id = q.tenant_id
    left join contact k on k.id = c.contact_id and k.tenant_id = q.tenant_id
    where ${IN_RANGE} and q.cluster_id is not null and (q.is_abstained or not $5)
    group by q.cluster_id
    having count(distinct ${ASKER}) >= ${MIN_ASKERS}
  )
  select g.id, g.label, counted.* from counted join question_cluster g on g.id = counted.cluster_id
  where g.tenant_id = $1
  order by counted.questions desc, counted.askers desc, g.id limit $6`;

interface GroupRow {
  readonly id: string;
  readonly label: Buffer;
  readonly questions: string;
  readonly askers: string;
  readonly abstained: string;
  readonly first_on: string;
  readonly last_on: string;
}

function toTopQuestion(cipher: Cipher, tenantId: TenantId, row: GroupRow): TopQuestion {
  const place = { tenantId, table: "question_cluster", column: "label", rowId: row.id };
  return {
    label: cipher.decrypt(place, row.label),
    questions: Number(row.questions),
    askers: Number(row.askers),
    abstained: Number(row.abstained),
    firstOn: row.first_on,
    lastOn: row.last_on,
  };
}
