import { asId, type SourceId } from "../../core/ids.ts";
import type {
  Backfill,
  CollectedSource,
  CollectionSettings,
  EditionState,
  Expectation,
  PlannedEdition,
  Reason,
  SourceOwner,
} from "../../core/newsroom.ts";
import type { Author } from "../../core/operations.ts";
import type { Database, Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { type SourceRow, sourceColumns, sourceOf } from "../gazette-rows.ts";
import { writeAudit } from "../people-rows.ts";

/** Public sources are written by the curator, a tenant's own as that tenant; row security holds them apart. */
export function asOwnerOf<Result>(
  database: Database,
  owner: SourceOwner,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  return owner === undefined ? database.asCurator(work) : database.asTenant(owner, work);
}

export interface CollectedSourceRow extends SourceRow {
  readonly settings: CollectionSettings;
  readonly preset: string | null;
  readonly is_paused: boolean;
  readonly pause_reason: string | null;
  readonly since: string;
  readonly revision: number;
  readonly last_collected_on: string | null;
}

/** Of `source_collection c join source s`. */
export const collectedColumns = `${sourceColumns}, c.settings, c.preset, c.is_paused, c.pause_reason, c.since, c.revision,
  (select max(e.published_on) from edition_expectation e
    where e.source_id = c.source_id and e.state in ('collected', 'corrected')) as last_collected_on`;

export function toCollectedSource(row: CollectedSourceRow): CollectedSource {
  return {
    source: sourceOf(row),
    settings: row.settings,
    preset: row.preset ?? undefined,
    isPaused: row.is_paused,
    pauseReason: row.pause_reason ?? undefined,
    since: row.since,
    revision: row.revision,
    lastCollectedOn: row.last_collected_on ?? undefined,
  };
}

export interface ReasonColumns {
  readonly reason_code: string | null;
  readonly reason: string | null;
}

export function reasonOf({ reason_code, reason }: ReasonColumns): Reason | undefined {
  return reason_code === null ? undefined : { code: reason_code, detail: reason ?? "" };
}

export interface ExpectationRow extends ReasonColumns {
  readonly id: string;
  readonly source_id: string;
  readonly published_on: string;
  readonly state: EditionState;
  readonly attempts: number;
  readonly failures: number;
  readonly expected_at: Date;
  readonly late_at: Date;
  readonly closes_at: Date;
  readonly next_attempt_at: Date | null;
  readonly rechecks_left: number;
  readonly alerted_at: Date | null;
  readonly state_before: EditionState | null;
  readonly changed_at: Date;
}

export const EXPECTATION_COLUMNS = `id, source_id, published_on, state, reason_code, reason, attempts, failures,
  expected_at, late_at, closes_at, next_attempt_at, rechecks_left, alerted_at, state_before, changed_at`;

export function toExpectation(row: ExpectationRow): Expectation {
  return {
    id: row.id,
    sourceId: asId<SourceId>(row.source_id),
    publishedOn: row.published_on,
    state: row.state,
    reason: reasonOf(row),
    attempts: row.attempts,
    failures: row.failures,
    expectedAt: row.expected_at,
    lateAt: row.late_at,
    closesAt: row.closes_at,
    nextAttemptAt: row.next_attempt_at ?? undefined,
    rechecksLeft: row.rechecks_left,
    alertedAt: row.alerted_at ?? undefined,
    changedAt: row.changed_at,
  };
}

/**
 * Moves an edition to another state: the row, its history and the event, in the caller's transaction. What stays as
 * it is leaves no trace.
 */
export async function changeState(
  tx: Transaction,
  owner: SourceOwner,
  expectation: Pick<Expectation, "id" | "sourceId" | "publishedOn" | "state">,
  to: { readonly state: EditionState; readonly reason: Reason | undefined },
  now: Date,
): Promise<void> {
  const { id, sourceId, publishedOn, state } = expectation;
  const { code = null, detail = null } = to.reason ?? {};
  await tx.query(
    `update edition_expectation set state = $2, reason_code = $3, reason = $4,
            changed_at = case when state = $2 then changed_at else $5 end where id = $1`,
    [id, to.state, code, detail, now],
  );
  if (state === to.state) return;
  await tx.query(
    `insert into expectation_change (tenant_id, expectation_id, from_state, to_state, reason_code, reason, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [owner ?? null, id, state, to.state, code, detail, now],
  );
  await appendEvents(tx, owner, [
    {
      kind: "edition-changed",
      detail: { sourceId, publishedOn, state: to.state, ...(code !== null && { reason: code }) },
    },
  ]);
}

/** Rows for days that have none yet; those that are there stay. Returns the days that were made. */
export async function insertPlanned(
  tx: Transaction,
  owner: SourceOwner,
  sourceId: SourceId,
  planned: readonly PlannedEdition[],
  now: Date,
): Promise<readonly string[]> {
  if (planned.length === 0) return [];
  const rows = await tx.query<{ published_on: string }>(
    `insert into edition_expectation (tenant_id, id, source_id, published_on, state, expected_at, late_at, closes_at,
                                      next_attempt_at, created_at, changed_at)
     select $1::uuid, gen_random_uuid(), $2::uuid, p.published_on, 'expected', p.expected_at, p.late_at, p.closes_at,
            p.expected_at, $4::timestamptz, $4::timestamptz
       from jsonb_to_recordset($3::jsonb) as p (published_on date, expected_at timestamptz, late_at timestamptz,
                                                closes_at timestamptz)
     on conflict (source_id, published_on) do nothing returning published_on`,
    [
      owner ?? null,
      sourceId,
      JSON.stringify(
        planned.map((each) => ({
          published_on: each.publishedOn,
          expected_at: each.expectedAt,
          late_at: each.lateAt,
          closes_at: each.closesAt,
        })),
      ),
      now,
    ],
  );
  return rows.map((row) => row.published_on);
}

/** The source's next look: the first time at which anything of it is due. Null while it is paused. */
export const SET_NEXT_LOOK = `update source_collection c set next_look_at = case when c.is_paused then null else (
    select min(due) from (
      select min(e.next_attempt_at) as due from edition_expectation e where e.source_id = c.source_id
      union all
      select min(e.late_at) from edition_expectation e where e.source_id = c.source_id and e.alerted_at is null
         and e.state in ('expected', 'late', 'failed', 'missing', 'held-for-review', 'needs-attention')
         -- what comes on some days only is not late
         and not (e.state = 'expected' and c.settings -> 'locator' ->> 'kind' = 'numbered')
      union all select $2::timestamptz) as dues) end
  where c.source_id = $1`;

interface BackfillRow {
  readonly id: string;
  readonly source_id: string;
  readonly first_on: string;
  readonly last_on: string;
  readonly asked_by: string;
  readonly asked_at: Date;
  readonly cancelled_at: Date | null;
  readonly counts: Readonly<Partial<Record<EditionState, number>>> | null;
  readonly total: number;
  readonly settled: number;
}

/** Progress is read off the days themselves: whoever collected them, and whenever. */
export async function readBackfills(
  tx: Transaction,
  sourceId: SourceId,
  id: string | undefined,
): Promise<readonly Backfill[]> {
  const rows = await tx.query<BackfillRow>(
    `select b.id, b.source_id, b.first_on, b.last_on, b.asked_by, b.asked_at, b.cancelled_at, days.*
       from collection_backfill b cross join lateral (
         select jsonb_object_agg(state, n) as counts, coalesce(sum(n), 0)::integer as total,
                coalesce(sum(settled), 0)::integer as settled
           from (select e.state, count(*) as n,
                        count(*) filter (where e.state in ('collected', 'corrected')
                          or e.state <> 'collecting' and e.next_attempt_at is null) as settled
                   from edition_expectation e
                  where e.source_id = b.source_id and e.published_on between b.first_on and b.last_on
                  group by e.state) as states) as days
      where b.source_id = $1 and ($2::uuid is null or b.id = $2) order by b.asked_at desc, b.id limit 50`,
    [sourceId, id ?? null],
  );
  return rows.map((row) => ({
    id: row.id,
    sourceId: asId<SourceId>(row.source_id),
    from: row.first_on,
    until: row.last_on,
    askedBy: row.asked_by,
    askedAt: row.asked_at,
    cancelledAt: row.cancelled_at ?? undefined,
    counts: row.counts ?? {},
    total: row.total,
    settled: row.settled,
  }));
}

export async function noteSourceChange(
  tx: Transaction,
  owner: SourceOwner,
  sourceId: SourceId,
  note: {
    readonly action: string;
    readonly change:
      | "added"
      | "changed"
      | "paused"
      | "resumed"
      | "archived"
      | "backfill-asked"
      | "backfill-cancelled";
    readonly detail?: Readonly<Record<string, unknown>>;
  },
  by: Author,
): Promise<void> {
  await auditSource(tx, owner, sourceId, note.action, note.detail ?? {}, by);
  await appendEvents(tx, owner, [
    { kind: "source-changed", detail: { sourceId, change: note.change } },
  ]);
}

export async function auditSource(
  tx: Transaction,
  owner: SourceOwner,
  sourceId: SourceId,
  action: string,
  detail: Readonly<Record<string, unknown>>,
  by: Author,
): Promise<void> {
  await writeAudit(tx, {
    tenantId: owner,
    actor: by.actor,
    action,
    subject: sourceId,
    detail,
    ...(by.origin && { origin: by.origin }),
  });
}
