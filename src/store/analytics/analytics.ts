import {
  ANSWER_TIME_BOUNDS_MS,
  type AnalyticsDay,
  type AnalyticsStore,
} from "../../core/analytics.ts";
import type { Cipher } from "../../core/cipher.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { Database, Transaction } from "../database.ts";
import { type FiguresRow, listTenantFigures, readTotal, toFigures } from "./tenant-figures.ts";
import { readTopActs } from "./top-acts.ts";
import { readTopQuestions } from "./top-questions.ts";

/** Events that one transaction counts. */
const BATCH = 2_000;
const COUNTED = "('message-received', 'message-answered', 'message-failed')";

/** Figures kept up from the event log (migrations/0021_analytics.sql). */
export function createAnalytics(database: Database, cipher: Cipher): AnalyticsStore {
  return {
    topActs: (tenantId, range, limit) =>
      database.asTenant(tenantId, (tx) => readTopActs(tx, tenantId, range, limit)),
    topQuestions: (tenantId, range, limit) =>
      database.asTenant(tenantId, (tx) => readTopQuestions(tx, cipher, tenantId, range, limit)),
    listTenants: (range, page) => database.asDispatcher((tx) => listTenantFigures(tx, range, page)),
    total: (range) => database.asDispatcher((tx) => readTotal(tx, range)),
    async read(tenantId, { from, to, botId }) {
      const rows = await database.asTenant(tenantId, (tx) =>
        tx.query<DayRow>(
          `select bot_id, to_char(day, 'YYYY-MM-DD') as day, messages, answered, abstained, handed_over, failed,
                  thumbs_up, thumbs_down, cost_micro_usd, answer_times
           from analytics_day
           where tenant_id = $1 and day between $2::date and $3::date
             and ($4::text is null or bot_id::text = $4)
           order by day, bot_id`,
          [tenantId, from, to, botId ?? null],
        ),
      );
      return rows.map(toDay);
    },
    async countNext(tenants) {
      const due = await database.asDispatcher((tx) => findDue(tx, tenants));
      let counted = 0;
      for (const tenantId of due) {
        counted += await database.asTenant(tenantId, (tx) => countBatch(tx, tenantId));
      }
      return counted;
    },
  };
}

async function findDue(tx: Transaction, limit: number): Promise<readonly TenantId[]> {
  const rows = await tx.query<{ id: string }>(
    `select t.id from tenant t left join analytics_cursor c on c.tenant_id = t.id
     where exists (select 1 from event e where e.tenant_id = t.id and e.position > coalesce(c.position, 0))
     limit $1`,
    [limit],
  );
  return rows.map(({ id }) => asId<TenantId>(id));
}

/**
 * Counts what follows the cursor, and moves it. Whoever waited for the cursor's lock begins after what was counted:
 * the events are read in a statement of their own.
 */
async function countBatch(tx: Transaction, tenantId: TenantId): Promise<number> {
  await tx.query(
    "insert into analytics_cursor (tenant_id, position) values ($1, 0) on conflict do nothing",
    [tenantId],
  );
  await tx.query("select 1 from analytics_cursor where tenant_id = $1 for update", [tenantId]);
  const [row] = await tx.query<{ count: string }>({ name: "analytics-count", text: COUNT }, [
    tenantId,
    ANSWER_TIME_BOUNDS_MS,
  ]);
  return Number(row?.count ?? 0);
}

const CLASSES = ANSWER_TIME_BOUNDS_MS.length + 1;

/** An answer's class by `width_bucket`, which counts the bounds that it reached. */
const COUNT = `with batch as materialized (
    select e.position, e.kind, e.happened_at, (e.detail->>'messageId')::uuid as message_id,
           (e.detail->>'botId')::uuid as bot_id
    from event e
    where e.tenant_id = $1 and e.position > (select position from analytics_cursor where tenant_id = $1)
    order by e.position limit ${BATCH}
  ), told as materialized (
    select b.*, (coalesce(i.received_at, b.happened_at) at time zone t.time_zone)::date as day,
           case when b.kind = 'message-answered' then
             width_bucket(extract(epoch from b.happened_at - i.received_at)::float8 * 1000, $2::float8[]) end as class,
           case when b.kind = 'message-answered' then (
             select coalesce(sum(m.cost_micro_usd), 0) from model_call m where m.message_id = b.message_id) end as cost,
           b.kind = 'message-answered' and exists (
             select 1 from passport_event p
             where p.message_id = b.message_id and p.kind = 'planned' and p.detail ? 'abstained') as has_abstained,
           b.kind = 'message-answered' and exists (
             select 1 from passport_event p
             where p.message_id = b.message_id and p.kind = 'planned' and p.detail ? 'cited') as has_cited,
           b.kind = 'message-answered' and exists (
             select 1 from passport_event p
             where p.message_id = b.message_id and p.kind = 'planned'
               and p.detail->>'person' = 'asked') as has_asked
    from batch b join tenant t on t.id = $1
    left join inbox i on i.id = b.message_id
    where b.kind in ${COUNTED}
  ), summed as (
    select bot_id, day,
           count(*) filter (where kind = 'message-received') as messages,
           count(*) filter (where kind = 'message-answered') as answered,
           count(*) filter (where has_abstained) as abstained,
           count(*) filter (where has_asked) as handed_over,
           count(*) filter (where kind = 'message-failed') as failed,
           coalesce(sum(cost), 0) as cost,
           (select array_agg((select count(*) from told x
                              where x.bot_id = told.bot_id and x.day = told.day and x.class = n) order by n)
            from generate_series(0, ${CLASSES - 1}) n) as times
    from told group by bot_id, day
  ), added as (
    insert into analytics_day as a
      (tenant_id, bot_id, day, messages, answered, abstained, handed_over, failed, cost_micro_usd, answer_times)
    select $1, bot_id, day, messages, answered, abstained, handed_over, failed, cost, times from summed
    on conflict (bot_id, day, tenant_id) do update
    set messages = a.messages + excluded.messages, answered = a.answered + excluded.answered,
        abstained = a.abstained + excluded.abstained,
        handed_over = a.handed_over + excluded.handed_over, failed = a.failed + excluded.failed,
        cost_micro_usd = a.cost_micro_usd + excluded.cost_micro_usd,
        answer_times = (select array_agg(coalesce(x, 0) + coalesce(y, 0) order by n)
                        from unnest(a.answer_times, excluded.answer_times) with ordinality as u (x, y, n))
  ), noted as (
    insert into question_asked (tenant_id, message_id, conversation_id, bot_id, day, is_abstained)
    select $1, told.message_id, i.conversation_id, told.bot_id, told.day, told.has_abstained
    from told join inbox i on i.id = told.message_id
    where (told.has_abstained or told.has_cited)
      and exists (select 1 from turn said where said.message_id = told.message_id)
    on conflict (message_id, tenant_id) do nothing
  ), passages as (
    select distinct told.message_id, told.bot_id, told.day, passage #>> '{}' as id
    from told join passport_event p on p.message_id = told.message_id and p.kind = 'planned'
    cross join lateral jsonb_path_query(p.detail, '$.cited[*]') as cited (passage)
    where told.has_cited and not told.has_abstained
  ), quoted as (
    insert into analytics_citation as a (tenant_id, bot_id, day, passage_id, citations)
    select $1, bot_id, day, id::bigint, count(*) from passages where id ~ '^[0-9]{1,18}$' group by bot_id, day, id
    on conflict (bot_id, day, passage_id, tenant_id) do update set citations = a.citations + excluded.citations
  ), moved as (
    update analytics_cursor set position = (select max(position) from batch)
    where tenant_id = $1 and exists (select 1 from batch)
  )
  select count(*) as count from batch`;

interface DayRow extends FiguresRow {
  readonly bot_id: string;
  readonly day: string;
}

function toDay(row: DayRow): AnalyticsDay {
  return { botId: asId(row.bot_id), day: row.day, ...toFigures(row) };
}
