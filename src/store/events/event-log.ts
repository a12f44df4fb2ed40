import type { EventLog, LoggedEvent } from "../../core/events.ts";
import { asId } from "../../core/ids.ts";
import type { Database, Transaction } from "../database.ts";
import { appendEvents } from "./append-events.ts";

/** Rows that get their position in one transaction. */
const PLACED_AT_ONCE = 5_000;
/** Key of the advisory lock of whoever gives positions. */
const PLACING = "event positions";

/** The event log on PostgreSQL (migrations/0018_events.sql says how it never skips a late commit). */
export function createEventLog(database: Database): EventLog {
  return {
    append: (tenantId, events) =>
      tenantId === undefined
        ? database.asDispatcher((tx) => appendEvents(tx, undefined, events))
        : database.asTenant(tenantId, (tx) => appendEvents(tx, tenantId, events)),
    async readAfter(position, limit) {
      const isWaiting = await database.asDispatcher(hasUnplaced);
      if (isWaiting) await database.asDispatcher(placeCommitted);
      return database.asDispatcher((tx) => readPlaced(tx, position, limit));
    },
    replay: (tenantId, after, upTo, limit) =>
      database.asDispatcher((tx) => readOfTenant(tx, [tenantId, after, upTo, limit])),
    bounds: () => database.asDispatcher(readBounds),
    prune: (olderThan) => database.asDispatcher((tx) => deleteOld(tx, olderThan)),
  };
}

async function hasUnplaced(tx: Transaction): Promise<boolean> {
  const [row] = await tx.query<{ is_waiting: boolean }>({
    name: "events-has-unplaced",
    text: "select exists (select 1 from event where position is null) as is_waiting",
  });
  return row?.is_waiting ?? false;
}

/**
 * Gives positions to what is committed. One transaction at a time: the next one begins to number when this one's
 * numbers can be read, so that no reader sees a number before a lower one. The lock is taken in a statement of its
 * own: the one that numbers must see what the holder before it wrote.
 */
async function placeCommitted(tx: Transaction): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [PLACING]);
  await tx.query(
    {
      name: "events-place",
      text: `with waiting as materialized (
               select id from event where position is null order by id limit ${PLACED_AT_ONCE}
             ), numbered as materialized (
               select id, nextval('event_positions') as position from waiting
             )
             update event e set position = n.position from numbered n where e.id = n.id`,
    },
    [],
  );
}

interface Row {
  readonly tenant_id: string | null;
  readonly position: string;
  readonly kind: string;
  readonly detail: object;
  readonly happened_at: Date;
}

const COLUMNS = "tenant_id, position, kind, detail, happened_at";

async function readPlaced(tx: Transaction, position: number, limit: number) {
  const rows = await tx.query<Row>(
    {
      name: "events-read-after",
      text: `select ${COLUMNS} from event where position > $1 order by position limit $2`,
    },
    [position, limit],
  );
  return rows.map(toEvent);
}

/** As the dispatcher, by an index condition on the tenant: row security would offer the planner none. */
async function readOfTenant(
  tx: Transaction,
  values: readonly [tenantId: string, after: number, upTo: number, limit: number],
) {
  const rows = await tx.query<Row>(
    {
      name: "events-replay",
      text: `(select ${COLUMNS} from event
              where tenant_id = $1 and position > $2 and position <= $3 order by position limit $4)
             union all
             (select ${COLUMNS} from event
              where tenant_id is null and position > $2 and position <= $3 order by position limit $4)
             order by position limit $4`,
    },
    values,
  );
  return rows.map(toEvent);
}

/** While nobody gives positions: the sequence would tell of numbers whose rows cannot be read yet. */
async function readBounds(tx: Transaction): Promise<{ head: number; floor: number }> {
  await tx.query("select pg_advisory_xact_lock_shared(hashtextextended($1, 0))", [PLACING]);
  const [row] = await tx.query<{ head: string; first: string | null }>(
    `select (select case when is_called then last_value else 0 end from event_positions) as head,
            (select min(position) from event) as first`,
  );
  const head = Number(row?.head ?? 0);
  return { head, floor: row?.first == null ? head : Number(row.first) - 1 };
}

/** Ends at the first row that is young enough: rows are about as old as their ids are low. */
async function deleteOld(tx: Transaction, olderThan: Date): Promise<number> {
  const rows = await tx.query<{ count: string }>(
    `with gone as (
       delete from event where position is not null and id < coalesce(
         (select id from event where happened_at >= $1 order by id limit 1),
         (select max(id) + 1 from event))
       returning 1
     ) select count(*) as count from gone`,
    [olderThan],
  );
  return Number(rows[0]?.count ?? 0);
}

function toEvent(row: Row): LoggedEvent {
  return {
    kind: row.kind,
    detail: row.detail,
    position: Number(row.position),
    tenantId: row.tenant_id === null ? undefined : asId(row.tenant_id),
    happenedAt: row.happened_at,
  } as LoggedEvent;
}
