import type { Experiment, VersionResult } from "../../core/assistant-experiment.ts";
import type { Transaction } from "../database.ts";

interface ResultRow {
  readonly revision: number;
  readonly people: number;
  readonly questions: number;
  readonly abstained: number;
  readonly handed_over: number;
  readonly up: number;
  readonly down: number;
  readonly cost: string;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly people_abstained: number;
  readonly people_handed_over: number;
  readonly people_judging: number;
  readonly people_disliking: number;
}

/** Of these revisions, in this order. What models cost and what people think is looked up where it is. */
export async function readResults(
  tx: Transaction,
  experimentId: string,
  [live, other]: readonly [number, number],
): Promise<Experiment["results"]> {
  const rows = await tx.query<ResultRow>(RESULTS, [experimentId]);
  const of = (revision: number) =>
    toResult(
      revision,
      rows.find((row) => row.revision === revision),
    );
  return [of(live), of(other)];
}

/** One person may write to several bots of an assistant, and is drawn once. */
const RESULTS = `with answer as (
    select a.revision, coalesce(c.contact_id, c.id) as person, a.is_abstained, a.is_handed_over, a.took_ms,
           f.up, f.down, m.cost
    from assistant_experiment_answer a
    join conversation c on c.id = a.conversation_id
    cross join lateral (
      select count(*) filter (where vote = 'up') as up, count(*) filter (where vote = 'down') as down
      from feedback where message_id = a.message_id
    ) f
    cross join lateral (
      select coalesce(sum(cost_micro_usd), 0) as cost from model_call where message_id = a.message_id
    ) m
    where a.experiment_id = $1
  ), person as (
    select revision, bool_or(is_abstained) as has_abstained, bool_or(is_handed_over) as has_asked,
           sum(up + down) > 0 as has_judged, sum(down) > 0 as has_disliked
    from answer group by revision, person
  ), people as (
    select revision, count(*)::integer as people,
           (count(*) filter (where has_abstained))::integer as people_abstained,
           (count(*) filter (where has_asked))::integer as people_handed_over,
           (count(*) filter (where has_judged))::integer as people_judging,
           (count(*) filter (where has_disliked))::integer as people_disliking
    from person group by revision
  )
  select revision, p.people, count(*)::integer as questions,
         (count(*) filter (where is_abstained))::integer as abstained,
         (count(*) filter (where is_handed_over))::integer as handed_over,
         sum(up)::integer as up, sum(down)::integer as down, sum(cost) as cost,
         percentile_disc(0.5) within group (order by took_ms) as p50,
         percentile_disc(0.95) within group (order by took_ms) as p95,
         p.people_abstained, p.people_handed_over, p.people_judging, p.people_disliking
  from answer join people p using (revision)
  group by revision, p.people, p.people_abstained, p.people_handed_over, p.people_judging, p.people_disliking`;

function toResult(revision: number, row: ResultRow | undefined): VersionResult {
  const { p50 = null, p95 = null } = row ?? {};
  return {
    revision,
    people: row?.people ?? 0,
    questions: row?.questions ?? 0,
    abstained: row?.abstained ?? 0,
    handedOver: row?.handed_over ?? 0,
    thumbsUp: row?.up ?? 0,
    thumbsDown: row?.down ?? 0,
    costMicroUsd: Number(row?.cost ?? 0),
    answerMs: p50 === null || p95 === null ? undefined : { p50, p95 },
    peopleAbstained: row?.people_abstained ?? 0,
    peopleHandedOver: row?.people_handed_over ?? 0,
    peopleJudging: row?.people_judging ?? 0,
    peopleDisliking: row?.people_disliking ?? 0,
  };
}
