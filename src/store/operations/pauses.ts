import { randomUUID } from "node:crypto";
import type { ChannelName } from "../../core/channel.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId } from "../../core/ids.ts";
import type { Author, Pause, PauseScope, Pauses } from "../../core/operations.ts";
import type { Database, Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { writeAudit } from "../people-rows.ts";
import { isForeignKeyViolation } from "./foreign-key.ts";

interface Row {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly bot_id: string | null;
  readonly channel: string | null;
  readonly stops_answers: boolean;
  readonly stops_sending: boolean;
  readonly is_platforms: boolean;
  readonly reason: string;
  readonly actor: string;
  readonly since: Date;
}

const COLUMNS =
  "id, tenant_id, bot_id, channel, stops_answers, stops_sending, is_platforms, reason, actor, since";

export function createPauses(database: Database): Pauses {
  return {
    list: (tenantId) =>
      database.asRegistrar(async (tx) => {
        const rows = await tx.query<Row>(
          `select ${COLUMNS} from pause where $1::uuid is null or tenant_id is null or tenant_id = $1
           order by since desc, id`,
          [tenantId ?? null],
        );
        return rows.map(toPause);
      }),

    async set(scope, order, by) {
      const place = [scope.tenantId ?? null, scope.botId ?? null, scope.channel ?? null];
      try {
        return await database.asRegistrar(async (tx) => {
          // Of a scope with nulls, `on conflict` needs the constraint that takes them for equal.
          const [row] = await tx.query<Row>(
            `insert into pause (tenant_id, bot_id, channel, id, stops_answers, stops_sending, is_platforms, reason, actor)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             on conflict (tenant_id, bot_id, channel, is_platforms) do update
             set stops_answers = excluded.stops_answers, stops_sending = excluded.stops_sending,
                 reason = excluded.reason, actor = excluded.actor, since = now()
             returning ${COLUMNS}`,
            [
              ...place,
              randomUUID(),
              order.stopsAnswers,
              order.stopsSending,
              order.isPlatforms,
              order.reason,
              by.actor,
            ],
          );
          if (row === undefined) throw new Error("an insert returned no row");
          const pause = toPause(row);
          await note(tx, "line-paused", pause, by);
          await tell(tx, pause, pause.stopsSending ? "paused" : "draining");
          return pause;
        });
      } catch (error) {
        if (isForeignKeyViolation(error)) {
          throw new PregoneroError("not-found", "There is no such bot.", { status: 404 });
        }
        throw error;
      }
    },

    lift: (id, asTenant, by) =>
      database.asRegistrar(async (tx) => {
        const [row] = await tx.query<Row>(
          `delete from pause where id::text = $1
             and ($2::uuid is null or tenant_id = $2 and not is_platforms) returning ${COLUMNS}`,
          [id, asTenant ?? null],
        );
        if (row === undefined) return false;
        await note(tx, "line-resumed", toPause(row), by);
        await tell(tx, toPause(row), "resumed");
        return true;
      }),
  };
}

/**
 * SQL: the ids of bots for which this is stopped. Asked once for each claim; while nothing is paused, which is the
 * rule, it reads an empty table.
 */
export function pausedBots(what: "stops_answers" | "stops_sending"): string {
  return `array(select paused.id from pause join bot paused
                  on (pause.tenant_id is null or pause.tenant_id = paused.tenant_id)
                 and (pause.bot_id is null or pause.bot_id = paused.id)
                 and (pause.channel is null or pause.channel = paused.channel)
                where pause.${what})`;
}

function toPause(row: Row): Pause {
  return {
    id: row.id,
    tenantId: row.tenant_id === null ? undefined : asId(row.tenant_id),
    botId: row.bot_id === null ? undefined : asId(row.bot_id),
    channel: (row.channel as ChannelName | null) ?? undefined,
    stopsAnswers: row.stops_answers,
    stopsSending: row.stops_sending,
    isPlatforms: row.is_platforms,
    reason: row.reason,
    actor: row.actor,
    since: row.since,
  };
}

async function note(tx: Transaction, action: string, pause: Pause, by: Author): Promise<void> {
  const { id, tenantId, stopsAnswers, stopsSending, reason } = pause;
  await writeAudit(tx, {
    tenantId,
    actor: by.actor,
    action,
    subject: id,
    detail: { scope: nameOf(pause), stopsAnswers, stopsSending, reason },
    ...(by.origin && { origin: by.origin }),
  });
}

function tell(
  tx: Transaction,
  { id, tenantId, botId, channel }: Pause,
  state: "paused" | "draining" | "resumed",
): Promise<void> {
  const detail = { pauseId: id, ...(botId && { botId }), ...(channel && { channel }), state };
  return appendEvents(tx, tenantId, [{ kind: "queue-changed", detail }]);
}

function nameOf({ tenantId, botId, channel }: PauseScope): string {
  if (botId !== undefined) return `bot:${botId}`;
  if (channel !== undefined) return `channel:${channel}`;
  return tenantId === undefined ? "installation" : `tenant:${tenantId}`;
}
