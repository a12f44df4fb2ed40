import { ATTEMPT_DUE, CLAIMED, HAS_BROADCASTS, isFirstInConversation } from "./attempt-parts.ts";
import type { Transaction } from "./database.ts";
import { pausedBots } from "./operations/pauses.ts";

/**
 * Condition on a bot: $1 holds its session, which says that it can send, and nothing of $1's is on its way. The
 * session has one box to write in, so its parts go one after the other; what a holder before left `attempting`
 * binds nobody.
 */
export function isHeldAndFree(bot: string): string {
  return `${bot}.is_held and ${bot}.poll_owner = $1 and ${bot}.poll_expires_at > now() and ${bot}.may_send
          and not exists (select 1 from outbox sending
                          where sending.bot_id = ${bot}.id and sending.state = 'attempting'
                            and sending.attempt_owner = $1)`;
}

/** The next part of each held bot, in the shape of `ClaimedRow`. Begins with the bots, of which few are held. */
export function claimHeldParts<Row extends object>(
  tx: Transaction,
  owner: string,
  limit: number,
): Promise<Row[]> {
  return tx.query<Row>(
    {
      name: "outbox-claim-held",
      text: `with held as materialized (
               select b.tenant_id, b.id from bot b
               where ${isHeldAndFree("b")} and b.state = 'active'
                 and b.id <> all (${pausedBots("stops_sending")})
                 and (b.paused_until is null or b.paused_until <= now())
             ), due as materialized (
               select part.* from held cross join lateral (
                 select o.tenant_id, o.id from outbox o
                 where o.tenant_id = held.tenant_id and o.bot_id = held.id
                   and o.state = 'queued' and o.priority < 2 and o.not_before <= now()
                   and ${isFirstInConversation("o")}
                 order by o.priority, o.not_before limit 1
                 for no key update skip locked) part
               limit $2::int
             ), ${ATTEMPT_DUE}, broadcasting as (select ${HAS_BROADCASTS}, false as is_crowded)
             ${CLAIMED}`,
    },
    [owner, limit],
  );
}
