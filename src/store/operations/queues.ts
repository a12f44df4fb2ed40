import type { ChannelName } from "../../core/channel.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { Backlog, BotQueue, QueueHold, Queues } from "../../core/operations.ts";
import type { Database } from "../database.ts";
import { pausedBots } from "./pauses.ts";

/** Rates are of this time. Ids are UUIDv7: what is younger is found by the primary key. */
const RATE_MINUTES = 5;

interface Row {
  readonly tenant_id: string;
  readonly id: string;
  readonly channel: ChannelName;
  readonly state: string;
  readonly paused_until: Date | null;
  readonly cannot_send: boolean;
  readonly inbox: number | null;
  readonly inbox_at: Date | null;
  readonly inbox_dead: number | null;
  readonly answering: number | null;
  readonly person: number | null;
  readonly person_at: Date | null;
  readonly reply: number | null;
  readonly reply_at: Date | null;
  readonly broadcast: number | null;
  readonly broadcast_at: Date | null;
  readonly sending: number | null;
  readonly unknown: number | null;
  readonly outbox_dead: number | null;
  readonly received: number | null;
  readonly answered: number | null;
  readonly sent: number | null;
  readonly pauses: readonly { id: string; answers: boolean; sending: boolean }[] | null;
}

export function createQueues(database: Database): Queues {
  return {
    list: (tenantId) =>
      database.asDispatcher(async (tx) => {
        const since = idAt(Date.now() - RATE_MINUTES * 60_000);
        const rows = await tx.query<Row>(LIST, [tenantId ?? null, since]);
        return rows.map(toQueue);
      }),
    pressure: () =>
      database.asDispatcher(async (tx) => {
        const [row] = await tx.query<{ waiting: number; seconds: number | null }>(PRESSURE);
        return { waiting: row?.waiting ?? 0, waitSeconds: Math.max(0, row?.seconds ?? 0) };
      }),
  };
}

/** The lowest UUIDv7 of a millisecond. */
function idAt(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

function toQueue(row: Row): BotQueue {
  const backlog = (count: number | null, oldestAt: Date | null): Backlog => ({
    count: count ?? 0,
    oldestAt: oldestAt ?? undefined,
  });
  const rate = (count: number | null) => (count ?? 0) / RATE_MINUTES;
  return {
    tenantId: asId<TenantId>(row.tenant_id),
    botId: asId(row.id),
    channel: row.channel,
    inbox: backlog(row.inbox, row.inbox_at),
    answering: row.answering ?? 0,
    outbox: {
      person: backlog(row.person, row.person_at),
      reply: backlog(row.reply, row.reply_at),
      broadcast: backlog(row.broadcast, row.broadcast_at),
    },
    sending: row.sending ?? 0,
    unknown: row.unknown ?? 0,
    deadLetters: (row.inbox_dead ?? 0) + (row.outbox_dead ?? 0),
    perMinute: {
      received: rate(row.received),
      answered: rate(row.answered),
      sent: rate(row.sent),
    },
    held: holdsOf(row),
  };
}

function holdsOf({ state, paused_until, cannot_send, pauses }: Row): readonly QueueHold[] {
  return [
    ...(pauses ?? []).flatMap(({ id, answers, sending }): QueueHold[] => [
      ...(answers ? [{ kind: "paused", pauseId: id, what: "answers" } as const] : []),
      ...(sending ? [{ kind: "paused", pauseId: id, what: "sending" } as const] : []),
    ]),
    ...(state === "needs-auth" ? [{ kind: "needs-credentials" } as const] : []),
    ...(paused_until === null ? [] : [{ kind: "network-pause", until: paused_until } as const]),
    ...(cannot_send ? [{ kind: "session-not-ready" } as const] : []),
  ];
}

/** Of the whole ledger only what waits is read, by the indexes that the claims use; and the last minutes, by id. */
const LIST = `
  with waiting as (
    select bot_id, count(*) filter (where state = 'pending')::int as pending,
           min(received_at) filter (where state = 'pending') as pending_at,
           count(*) filter (where state = 'dead')::int as dead
    from inbox where state in ('pending', 'dead') and ($1::uuid is null or tenant_id = $1) group by bot_id
  ), leased as (
    select bot_id, count(*)::int as answering from conversation
    where due_at is not null and lease_expires_at > now() and ($1::uuid is null or tenant_id = $1) group by bot_id
  ), parts as (
    select bot_id,
           count(*) filter (where state = 'queued' and priority = 0)::int as person,
           min(created_at) filter (where state = 'queued' and priority = 0) as person_at,
           count(*) filter (where state = 'queued' and priority = 1)::int as reply,
           min(created_at) filter (where state = 'queued' and priority = 1) as reply_at,
           count(*) filter (where state = 'queued' and priority = 2)::int as broadcast,
           min(created_at) filter (where state = 'queued' and priority = 2) as broadcast_at,
           count(*) filter (where state = 'attempting')::int as sending
    from outbox where state in ('queued', 'attempting') and ($1::uuid is null or tenant_id = $1) group by bot_id
  ), letters as (
    select bot_id, count(*) filter (where state = 'unknown')::int as unknown,
           count(*) filter (where state = 'failed')::int as dead
    from outbox where state in ('failed', 'unknown') and skip_reason is null
      and ($1::uuid is null or tenant_id = $1) group by bot_id
  ), coming as (
    select bot_id, count(*)::int as received, count(*) filter (where state = 'answered')::int as answered
    from inbox where id >= $2 and ($1::uuid is null or tenant_id = $1) group by bot_id
  ), going as (
    select bot_id, count(*) filter (where state = 'sent')::int as sent
    from outbox where id >= $2 and ($1::uuid is null or tenant_id = $1) group by bot_id
  )
  select b.tenant_id, b.id, b.channel, b.state,
         case when b.paused_until > now() then b.paused_until end as paused_until,
         b.is_held and not b.may_send as cannot_send,
         waiting.pending as inbox, waiting.pending_at as inbox_at, waiting.dead as inbox_dead,
         leased.answering, person, person_at, reply, reply_at, broadcast, broadcast_at, sending,
         letters.unknown, letters.dead as outbox_dead, received, answered, sent,
         (select json_agg(json_build_object('id', p.id, 'answers', p.stops_answers, 'sending', p.stops_sending)
                          order by p.since)
          from pause p
          where (p.tenant_id is null or p.tenant_id = b.tenant_id) and (p.bot_id is null or p.bot_id = b.id)
            and (p.channel is null or p.channel = b.channel)) as pauses
  from bot b
  left join waiting on waiting.bot_id = b.id left join leased on leased.bot_id = b.id
  left join parts on parts.bot_id = b.id left join letters on letters.bot_id = b.id
  left join coming on coming.bot_id = b.id left join going on going.bot_id = b.id
  where b.state <> 'removed' and ($1::uuid is null or b.tenant_id = $1)
  order by waiting.pending_at nulls last, b.tenant_id, b.id`;

const PRESSURE = `
  select count(*)::int as waiting, extract(epoch from now() - min(due_at))::float8 as seconds
  from conversation where due_at <= now() and bot_id <> all (${pausedBots("stops_answers")})`;
