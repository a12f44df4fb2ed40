import type { AnalyticsFigures, AnalyticsRange, TenantFigures } from "../../core/analytics.ts";
import { asId } from "../../core/ids.ts";
import type { KeysetPage, KeysetRequest } from "../../core/page.ts";
import type { TenantState } from "../../core/tenants.ts";
import type { Transaction } from "../database.ts";
import { atOf, type PlacedRow, toKeysetPage } from "../keyset.ts";

type Days = Pick<AnalyticsRange, "from" | "to">;

/** Sums of days, as `FiguresRow` has them. Class by class: days before a bound was added have fewer. */
const SUMS = `coalesce(sum(d.messages), 0) as messages, coalesce(sum(d.answered), 0) as answered,
  coalesce(sum(d.abstained), 0) as abstained, coalesce(sum(d.handed_over), 0) as handed_over,
  coalesce(sum(d.failed), 0) as failed, coalesce(sum(d.thumbs_up), 0) as thumbs_up,
  coalesce(sum(d.thumbs_down), 0) as thumbs_down, coalesce(sum(d.cost_micro_usd), 0) as cost_micro_usd`;
const TIMES = (days: string) => `(select array_agg(n.sum order by n.class) from (
    select u.class, sum(u.count) as sum from analytics_day d, unnest(d.answer_times) with ordinality as u (count, class)
    where ${days} group by u.class) n) as answer_times`;
const IN_RANGE = "d.day between $1::date and $2::date";

export interface FiguresRow {
  readonly messages: string;
  readonly answered: string;
  readonly abstained: string;
  readonly handed_over: string;
  readonly failed: string;
  readonly thumbs_up: string;
  readonly thumbs_down: string;
  readonly cost_micro_usd: string;
  readonly answer_times: readonly string[] | null;
}

export function toFigures(row: FiguresRow): AnalyticsFigures {
  return {
    messages: Number(row.messages),
    answered: Number(row.answered),
    abstained: Number(row.abstained),
    handedOver: Number(row.handed_over),
    failed: Number(row.failed),
    thumbsUp: Number(row.thumbs_up),
    thumbsDown: Number(row.thumbs_down),
    costMicroUsd: Number(row.cost_micro_usd),
    answerTimes: (row.answer_times ?? []).map(Number),
  };
}

interface TenantRow extends FiguresRow, PlacedRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly state: TenantState;
}

/** Every tenant that is there, also those without anything to count. */
export async function listTenantFigures(
  tx: Transaction,
  { from, to }: Days,
  { after, limit }: KeysetRequest,
): Promise<KeysetPage<TenantFigures>> {
  const rows = await tx.query<TenantRow>(
    `with page as (
       select id, slug, name, state, created_at from tenant
       where state <> 'deleted' and ($3::timestamptz is null or (created_at, id) > ($3, $4::uuid))
       order by created_at, id limit $5
     )
     select t.id, t.slug, t.name, t.state, ${atOf("t.created_at")} as at, f.*,
            ${TIMES(`d.tenant_id = t.id and ${IN_RANGE}`)}
     from page t cross join lateral (
       select ${SUMS} from analytics_day d where d.tenant_id = t.id and ${IN_RANGE}
     ) f
     order by t.created_at, t.id`,
    [from, to, after?.at ?? null, after?.id ?? null, limit + 1],
  );
  return toKeysetPage(rows, limit, (row) => ({
    tenantId: asId(row.id),
    slug: row.slug,
    name: row.name,
    state: row.state,
    figures: toFigures(row),
  }));
}

export async function readTotal(tx: Transaction, { from, to }: Days): Promise<AnalyticsFigures> {
  const [row] = await tx.query<FiguresRow>(
    `select ${SUMS}, ${TIMES(IN_RANGE)} from analytics_day d where ${IN_RANGE}`,
    [from, to],
  );
  if (row === undefined) throw new Error("A sum without groups has one row.");
  return toFigures(row);
}
