import { randomUUID } from "node:crypto";
import type { SourceStore } from "../../core/collection.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type SourceId } from "../../core/ids.ts";
import type { CollectedSource, NewSource, SourceOwner } from "../../core/newsroom.ts";
import type { Author } from "../../core/operations.ts";
import type { Database, Transaction } from "../database.ts";
import {
  decide,
  makeDue,
  readAnew,
  readHistory,
  requestBackfill,
  takeUpload,
} from "./asked-editions.ts";
import {
  asOwnerOf,
  type CollectedSourceRow,
  collectedColumns,
  EXPECTATION_COLUMNS,
  type ExpectationRow,
  noteSourceChange,
  readBackfills,
  SET_NEXT_LOOK,
  toCollectedSource,
  toExpectation,
} from "./newsroom-rows.ts";

const FROM = "from source_collection c join source s on s.id = c.source_id";

export function createSourceStore(database: Database): SourceStore {
  const as = <Result>(owner: SourceOwner, work: (tx: Transaction) => Promise<Result>) =>
    asOwnerOf(database, owner, work);
  /** Of this owner, and locked; throws `not-found` for anybody else's, public ones of a tenant included. */
  const change = <Result>(
    owner: SourceOwner,
    sourceId: SourceId,
    work: (tx: Transaction) => Promise<Result>,
  ) =>
    as(owner, async (tx) => {
      await lockOwn(tx, sourceId);
      return work(tx);
    });
  return {
    add: (owner, source, now, by) => as(owner, (tx) => add(tx, owner, source, now, by)),

    list: (owner) =>
      as(owner, async (tx) => {
        const rows = await tx.query<CollectedSourceRow>(
          `select ${collectedColumns} ${FROM} where c.archived_at is null order by s.name, s.id`,
        );
        return rows.map(toCollectedSource);
      }),

    find: (owner, sourceId) => as(owner, (tx) => find(tx, sourceId)),

    archive: (owner, sourceId, now, by) =>
      as(owner, async (tx) => {
        const archived = await tx.query(
          `update source_collection
              set archived_at = $2, is_paused = true, pause_reason = null, next_look_at = null,
                  revision = revision + 1
            where source_id::text = $1 and archived_at is null returning 1 as archived`,
          [sourceId, now],
        );
        if (archived.length === 0) return false;
        const note = { action: "source-archived", change: "archived" as const };
        await noteSourceChange(tx, owner, sourceId, note, by);
        return true;
      }),

    change: (owner, sourceId, asked, revision, now, by) =>
      as(owner, async (tx) => {
        const [changed] = await tx.query(
          `update source_collection
              set settings = coalesce($3::jsonb, settings), revision = revision + 1,
                  is_paused = coalesce($4, is_paused),
                  pause_reason = case when $4 is null then pause_reason else $5 end
            where source_id = $1 and archived_at is null and ($2::integer is null or revision = $2)
            returning 1 as changed`,
          [
            sourceId,
            revision ?? null,
            asked.settings === undefined ? null : JSON.stringify(asked.settings),
            asked.pause?.isPaused ?? null,
            asked.pause?.reason ?? null,
          ],
        );
        if (changed === undefined) return undefined;
        if (asked.settings !== undefined) await wakeForAttention(tx, sourceId, now);
        await tx.query(SET_NEXT_LOOK, [sourceId, now]);
        await noteSourceChange(tx, owner, sourceId, noteOf(asked), by);
        return find(tx, sourceId);
      }),

    calendar: (owner, sourceId, from, until) =>
      as(owner, async (tx) => {
        const rows = await tx.query<ExpectationRow>(
          `select ${EXPECTATION_COLUMNS} from edition_expectation
            where source_id = $1 and published_on between $2 and $3 order by published_on`,
          [sourceId, from, until],
        );
        return rows.map(toExpectation);
      }),

    history: (owner, sourceId, publishedOn) =>
      as(owner, (tx) => readHistory(tx, sourceId, publishedOn)),

    collectNow: (owner, sourceId, planned, now, by) =>
      change(owner, sourceId, (tx) => makeDue(tx, { owner, sourceId, now, by }, planned)),

    readAnew: (owner, sourceId, planned, now, by) =>
      change(owner, sourceId, (tx) => readAnew(tx, { owner, sourceId, now, by }, planned)),

    upload: (owner, sourceId, planned, document, by) =>
      change(owner, sourceId, (tx) =>
        takeUpload(tx, { owner, sourceId, now: document.fetchedAt, by }, planned, document),
      ),

    decide: (owner, sourceId, publishedOn, decision, now, by) =>
      change(owner, sourceId, (tx) =>
        decide(tx, { owner, sourceId, now, by }, publishedOn, decision),
      ),

    backfill: (owner, sourceId, range, planned, now, by) =>
      change(owner, sourceId, (tx) =>
        requestBackfill(tx, { owner, sourceId, now, by }, range, planned),
      ),

    listBackfills: (owner, sourceId) => as(owner, (tx) => readBackfills(tx, sourceId, undefined)),

    cancelBackfill: (owner, sourceId, backfillId, now, by) =>
      change(owner, sourceId, async (tx) => {
        const [row] = await tx.query<{ first_on: string; last_on: string; asked_at: Date }>(
          `update collection_backfill set cancelled_at = $3
            where id::text = $2 and source_id = $1 and cancelled_at is null
            returning first_on, last_on, asked_at`,
          [sourceId, backfillId, now],
        );
        if (row === undefined) return false;
        // What it made and nobody has begun is taken back; anything else was expected without it.
        await tx.query(
          `delete from edition_expectation
            where source_id = $1 and published_on between $2 and $3 and state = 'expected' and attempts = 0
              and created_at = $4`,
          [sourceId, row.first_on, row.last_on, row.asked_at],
        );
        const note = { action: "backfill-cancelled", change: "backfill-cancelled" as const };
        await noteSourceChange(tx, owner, sourceId, note, by);
        return true;
      }),
  };
}

async function add(
  tx: Transaction,
  owner: SourceOwner,
  added: NewSource,
  now: Date,
  by: Author,
): Promise<CollectedSource> {
  const { slug, name, language, country, timeZone } = added.source;
  await tx.query(
    `insert into source (id, tenant_id, slug, name, language, country, time_zone)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [randomUUID(), owner ?? null, slug, name, language, country, timeZone],
  );
  // Whoever ingested a file of it before made its row.
  const [row] = await tx.query<{ id: string; kind: string }>(
    "select id, kind from source where slug = $1 and tenant_id is not distinct from $2::uuid",
    [slug, owner ?? null],
  );
  if (row === undefined) throw new Error("an inserted source is not there");
  if (row.kind !== "gazette") throw exists(slug);
  const sourceId = asId<SourceId>(row.id);
  const [made] = await tx.query(
    `insert into source_collection (tenant_id, source_id, settings, preset, is_paused, pause_reason, since,
                                    planned_until, next_look_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $7, case when $5 then null else $8::timestamptz end, $8)
     on conflict (source_id) do update
        set settings = excluded.settings, preset = excluded.preset, is_paused = excluded.is_paused,
            pause_reason = excluded.pause_reason, planned_until = excluded.planned_until,
            next_look_at = excluded.next_look_at, revision = source_collection.revision + 1, archived_at = null
      where source_collection.archived_at is not null
     returning 1 as made`,
    [
      owner ?? null,
      sourceId,
      JSON.stringify(added.settings),
      added.preset ?? null,
      added.isPaused,
      added.pauseReason ?? null,
      added.since,
      now,
    ],
  );
  if (made === undefined) throw exists(slug);
  const detail = { slug, preset: added.preset ?? null };
  await noteSourceChange(
    tx,
    owner,
    sourceId,
    { action: "source-added", change: "added", detail },
    by,
  );
  const stored = await find(tx, sourceId);
  if (stored === undefined) throw new Error("an added source is not there");
  return stored;
}

async function find(tx: Transaction, sourceId: SourceId): Promise<CollectedSource | undefined> {
  const [row] = await tx.query<CollectedSourceRow>(
    `select ${collectedColumns} ${FROM} where c.source_id::text = $1 and c.archived_at is null`,
    [sourceId],
  );
  return row && toCollectedSource(row);
}

async function lockOwn(tx: Transaction, sourceId: SourceId): Promise<void> {
  const [row] = await tx.query(
    "select 1 from source_collection where source_id::text = $1 and archived_at is null for update",
    [sourceId],
  );
  if (row !== undefined) return;
  throw new PregoneroError("not-found", "There is no such source of yours.", { status: 404 });
}

/** Other settings may be what it waited for. */
async function wakeForAttention(tx: Transaction, sourceId: SourceId, now: Date): Promise<void> {
  await tx.query(
    `update edition_expectation set next_attempt_at = $2, failures = 0
      where source_id = $1 and (state = 'needs-attention' or state = 'failed' and next_attempt_at is not null)`,
    [sourceId, now],
  );
}

function noteOf(asked: Parameters<SourceStore["change"]>[2]) {
  const { pause } = asked;
  if (pause === undefined) return { action: "source-changed", change: "changed" as const };
  return pause.isPaused
    ? {
        action: "source-paused",
        change: "paused" as const,
        detail: { reason: pause.reason ?? null },
      }
    : { action: "source-resumed", change: "resumed" as const };
}

function exists(slug: string): PregoneroError {
  return new PregoneroError(
    "source-exists",
    `There is a source "${slug}" already: change that one, or choose another slug.`,
    { status: 409 },
  );
}
