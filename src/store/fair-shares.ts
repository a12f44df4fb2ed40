import type { PlaceLimits } from "../core/ledgers.ts";

/** Below every id; the walk goes on from here when it has passed the last one. */
const LOWEST_ID = "'00000000-0000-0000-0000-000000000000'::uuid";

/**
 * SQL that shares the $2 places of a claim out: CTEs that end in `share (tenant_id, bot_id, places)`, to begin
 * with `with recursive`. Every tenant with something to claim gets as many places as the others, and so does
 * every bot within its tenant; so one message waits for a claim or two, however much another tenant has
 * waiting. Places that a share leaves over are claimed by the next claim.
 *
 * Tenants and bots are found by skipping through an index on (tenant_id, bot_id, …) from a random place on
 * and round: it reads an entry or two for each, not what each has waiting, and when there are more than
 * places, all have the same chance.
 *
 * `isDue` and `isClaimable` are conditions on a row `q` of `table`: what the index knows, and all of them.
 * `isBotReady` is one on `ready.bot_id`. `limits` is the number of the first of the four parameters that
 * `limitValues` gives.
 */
export function fairShares(rows: {
  readonly table: string;
  readonly isDue: string;
  readonly isClaimable: string;
  readonly isBotReady: string;
  readonly limits: number;
}): string {
  const { table, isDue, isClaimable, isBotReady, limits } = rows;
  const mayTake = (id: string, other: number) =>
    `coalesce((select holder.most from unnest($${limits}::uuid[], $${limits + 1}::int[]) as holder (id, most)
               where holder.id = ${id}), $${other}::int)`;
  const tenantMayTake = (id: string) => mayTake(id, limits + 2);
  const botMayTake = (id: string) => mayTake(id, limits + 3);
  const botsOfNextTenant = `
    with recursive bots as (
      select null::uuid as bot_id, false as is_ready, origin.id as after, false as is_round from origin
      union all
      select next.bot_id, next.is_ready, coalesce(next.bot_id, ${LOWEST_ID}),
             b.is_round or next.bot_id is null
      from bots b left join lateral (
        select ready.bot_id, ${botMayTake("ready.bot_id")} > 0 and ${isBotReady} and exists (
                 select 1 from ${table} q
                 where q.tenant_id = first.tenant_id and q.bot_id = ready.bot_id and ${isClaimable}) as is_ready
        from (select q.bot_id from ${table} q
              where q.tenant_id = first.tenant_id and q.bot_id > b.after and ${isDue}
              order by q.bot_id limit 1) ready
      ) next on true
      where not (b.is_round and (next.bot_id is null or next.bot_id > (select id from origin)))
    )
    select bot_id from bots where is_ready limit $2::int`;
  return `
    origin as materialized (
      select gen_random_uuid() as id
    ), tenants as (
      select null::uuid as tenant_id, null::uuid[] as bots, origin.id as after, false as is_round, 0 as found
      from origin
      union all
      select next.tenant_id, next.bots, coalesce(next.tenant_id, ${LOWEST_ID}),
             t.is_round or next.tenant_id is null, t.found + (next.bots <> '{}' and next.bots is not null)::int
      from tenants t left join lateral (
        select first.tenant_id,
               case when ${tenantMayTake("first.tenant_id")} > 0 then array(${botsOfNextTenant})
                    else '{}' end as bots
        from (select q.tenant_id from ${table} q
              where q.tenant_id > t.after and ${isDue}
              order by q.tenant_id limit 1) first
      ) next on true
      where t.found < $2::int
        and not (t.is_round and (next.tenant_id is null or next.tenant_id > (select id from origin)))
    ), share as (
      select t.tenant_id, bot.id as bot_id,
             least(greatest(1, t.places / least(cardinality(t.bots), t.places)), ${botMayTake("bot.id")}) as places
      from (select tenant_id, bots, least(greatest(1, $2::int / count(*) over ()),
                                          ${tenantMayTake("tenant_id")})::int as places
            from tenants where bots <> '{}') t
      cross join lateral unnest(t.bots[1:t.places]) as bot (id)
    )`;
}

/** The values of the parameters from `limits` on; without limits a claim of `places` may all go to one bot. */
export function limitValues(limits: PlaceLimits | undefined, places: number): readonly unknown[] {
  const holders = [...(limits?.holders ?? [])];
  return [
    holders.map(([id]) => id),
    holders.map(([, most]) => most),
    limits?.otherTenant ?? places,
    limits?.otherBot ?? places,
  ];
}

/** As many rows as anybody may take: when no more are due, who takes them is no question. */
export function placesForAll(limits: PlaceLimits | undefined, places: number): number {
  if (limits === undefined) return places;
  return Math.min(places, limits.otherTenant, limits.otherBot, ...limits.holders.values());
}
