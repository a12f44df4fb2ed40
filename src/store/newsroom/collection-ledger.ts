import { randomUUID } from "node:crypto";
import type {
  BegunAttempt,
  CollectionFigures,
  CollectionLedger,
  SourceLease,
} from "../../core/collection.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type SourceId, type TenantId } from "../../core/ids.ts";
import type { CollectedDocument, EditionState } from "../../core/newsroom.ts";
import type { Database, Transaction } from "../database.ts";
import { sourceColumns, sourceOf } from "../gazette-rows.ts";
import { readDocuments } from "./edition-history.ts";
import {
  asOwnerOf,
  type CollectedSourceRow,
  changeState,
  EXPECTATION_COLUMNS,
  type ExpectationRow,
  insertPlanned,
  SET_NEXT_LOOK,
  toExpectation,
} from "./newsroom-rows.ts";
import { tellOverdue } from "./overdue-editions.ts";

/** Whatever happens, a source is looked at again this soon: for the next day's plan. */
const LOOK_AGAIN_MS = 15 * 60_000;
const LAPSED = { code: "process-lost", detail: "The process that was at it ended in the middle." };

export function createCollectionLedger(database: Database): CollectionLedger {
  return {
    claim: (owner, now, leaseMs) => database.asDispatcher((tx) => claim(tx, owner, now, leaseMs)),

    keep: ({ sourceId, fence }, now, leaseMs) =>
      database.asDispatcher(async (tx) => {
        const kept = await tx.query(
          "update source_collection set lease_until = $3 where source_id = $1 and fence = $2 returning 1 as kept",
          [sourceId, fence, later(now, leaseMs)],
        );
        return kept.length > 0;
      }),

    release: (lease, now) =>
      asOwnerOf(database, lease.tenantId, async (tx) => {
        const [held] = await tx.query(
          "select 1 from source_collection where source_id = $1 and fence = $2 for update",
          [lease.sourceId, lease.fence],
        );
        if (held === undefined) return;
        await tx.query(SET_NEXT_LOOK, [lease.sourceId, later(now, LOOK_AGAIN_MS)]);
        await tx.query(
          "update source_collection set lease_owner = null, lease_until = null where source_id = $1",
          [lease.sourceId],
        );
      }),

    read: (lease) =>
      asOwnerOf(database, lease.tenantId, async (tx) => {
        const [row] = await tx.query<CollectedSourceRow & { planned_until: string }>(
          `select ${sourceColumns}, c.settings, c.is_paused, c.planned_until
             from source_collection c join source s on s.id = c.source_id
            where c.source_id = $1 and c.fence = $2`,
          [lease.sourceId, lease.fence],
        );
        if (row === undefined) return undefined;
        return {
          source: sourceOf(row),
          settings: row.settings,
          isPaused: row.is_paused,
          plannedUntil: row.planned_until,
        };
      }),

    plan: (lease, planned, plannedUntil, now) =>
      held(database, lease, async (tx) => {
        await insertPlanned(tx, lease.tenantId, lease.sourceId, planned, now);
        await tx.query("update source_collection set planned_until = $2 where source_id = $1", [
          lease.sourceId,
          plannedUntil,
        ]);
      }),

    begin: (lease, now) => held(database, lease, (tx) => begin(tx, lease, now)),

    noteDocument: (lease, expectationId, document) =>
      held(database, lease, (tx) => noteDocument(tx, lease, expectationId, document)),

    settle: (lease, begun, settlement, now) =>
      held(database, lease, async (tx) => {
        const { state, reason, outcome, step } = settlement;
        await changeState(tx, lease.tenantId, begun.expectation, { state, reason }, now);
        await tx.query(
          `update edition_expectation set failures = $2, next_attempt_at = $3, rechecks_left = $4, state_before = null
            where id = $1`,
          [
            begun.expectation.id,
            settlement.failures,
            settlement.nextAttemptAt ?? null,
            settlement.rechecksLeft,
          ],
        );
        await tx.query(
          `update collection_attempt set ended_at = $2, outcome = $3, reason_code = $4, reason = $5, step = $6,
                  byte_count = $7, document_count = $8, page_key = $9, screenshot_key = $10 where id = $1`,
          [
            begun.attemptId,
            now,
            outcome,
            reason?.code ?? null,
            reason?.detail ?? null,
            step ?? null,
            settlement.byteCount,
            settlement.documentCount,
            settlement.evidence?.pageKey ?? null,
            settlement.evidence?.screenshotKey ?? null,
          ],
        );
      }),

    tellOverdue: (lease, now) => held(database, lease, (tx) => tellOverdue(tx, lease, now)),
  };
}

/** One statement claims; nothing of the row is trusted but what it returns. */
async function claim(
  tx: Transaction,
  owner: string,
  now: Date,
  leaseMs: number,
): Promise<SourceLease | undefined> {
  const [row] = await tx.query<{ source_id: string; tenant_id: string | null; fence: number }>(
    `update source_collection set lease_owner = $1, lease_until = $3, fence = fence + 1
      where source_id = (select source_id from source_collection
                          where next_look_at <= $2 and (lease_until is null or lease_until <= $2)
                          order by next_look_at, source_id limit 1 for update skip locked)
      returning source_id, tenant_id, fence::double precision as fence`,
    [owner, now, later(now, leaseMs)],
  );
  return (
    row && {
      sourceId: asId<SourceId>(row.source_id),
      tenantId: row.tenant_id === null ? undefined : asId<TenantId>(row.tenant_id),
      owner,
      fence: row.fence,
    }
  );
}

/** Runs while the lease is this one; the row is locked, so that nobody takes it in between. */
function held<Result>(
  database: Database,
  lease: SourceLease,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  return asOwnerOf(database, lease.tenantId, async (tx) => {
    const [row] = await tx.query(
      "select 1 from source_collection where source_id = $1 and fence = $2 for update",
      [lease.sourceId, lease.fence],
    );
    if (row === undefined) {
      throw new PregoneroError("lease-lost", "Another process collects this source by now.");
    }
    return work(tx);
  });
}

async function begin(
  tx: Transaction,
  lease: SourceLease,
  now: Date,
): Promise<BegunAttempt | undefined> {
  // What can still be on time comes before what is made up for: a year's back-fill keeps nobody waiting today.
  const [row] = await tx.query<ExpectationRow>(
    `select ${EXPECTATION_COLUMNS} from edition_expectation
      where source_id = $1 and (next_attempt_at <= $2 or state = 'collecting')
      order by closes_at <= $2, published_on limit 1 for update`,
    [lease.sourceId, now],
  );
  if (row === undefined) return undefined;
  const found = toExpectation(row);
  // Only one process holds the source: what is still being collected was left by one that died.
  const before = row.state === "collecting" ? (row.state_before ?? "expected") : row.state;
  if (row.state === "collecting") {
    await tx.query(
      `update collection_attempt set ended_at = $2, outcome = 'interrupted', reason_code = $3, reason = $4
        where expectation_id = $1 and ended_at is null`,
      [found.id, now, LAPSED.code, LAPSED.detail],
    );
  }
  await changeState(tx, lease.tenantId, found, { state: "collecting", reason: found.reason }, now);
  await tx.query(
    "update edition_expectation set attempts = attempts + 1, next_attempt_at = null, state_before = $2 where id = $1",
    [found.id, before],
  );
  const attemptId = randomUUID();
  await tx.query(
    `insert into collection_attempt (tenant_id, id, expectation_id, number, owner, started_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [lease.tenantId ?? null, attemptId, found.id, found.attempts + 1, lease.owner, now],
  );
  const expectation = { ...found, state: "collecting" as const, attempts: found.attempts + 1 };
  const documents = await readDocuments(tx, found.id);
  const earlierUrls = await readEarlierUrls(tx, found);
  return { attemptId, startedAt: now, expectation, before, documents, earlierUrls };
}

/** More than comes in the few days in which a number may be looked for in vain. */
const EARLIER_URLS = 50;

async function readEarlierUrls(
  tx: Transaction,
  { sourceId, publishedOn }: BegunAttempt["expectation"],
): Promise<readonly string[]> {
  const rows = await tx.query<{ url: string }>(
    `select d.url from collected_document d join edition_expectation e on e.id = d.expectation_id
      where e.source_id = $1 and e.published_on < $2 and e.published_on >= date_trunc('year', $2::date)
        and d.url is not null and d.state = 'stored'
      order by e.published_on desc, d.document_name desc limit ${EARLIER_URLS}`,
    [sourceId, publishedOn],
  );
  return rows.map(({ url }) => url);
}

async function noteDocument(
  tx: Transaction,
  lease: SourceLease,
  expectationId: string,
  document: CollectedDocument,
): Promise<void> {
  await tx.query(
    `insert into collected_document (tenant_id, id, expectation_id, url, document_name, state, content_hash, file_key,
                                     byte_count, etag, last_modified, edition_id, fetched_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     on conflict (expectation_id, document_name, content_hash) do update
        set state = excluded.state, url = excluded.url, etag = excluded.etag, last_modified = excluded.last_modified,
            edition_id = excluded.edition_id`,
    [
      lease.tenantId ?? null,
      document.id,
      expectationId,
      document.url ?? null,
      document.documentName,
      document.state,
      document.contentHash,
      document.fileKey,
      document.byteCount,
      document.etag ?? null,
      document.lastModified ?? null,
      document.editionId ?? null,
      document.fetchedAt,
    ],
  );
}

/** Of all tenants together, and of public sources by name. */
export async function readCollectionFigures(database: Database): Promise<CollectionFigures> {
  const states = await database.asDispatcher((tx) =>
    tx.query<{ state: EditionState; n: number }>(
      "select state, count(*)::integer as n from edition_expectation group by state",
    ),
  );
  const newest = await database.asCurator((tx) =>
    tx.query<{ slug: string; at: Date }>(
      `select s.slug, max(e.expected_at) as at from edition_expectation e
         join source s on s.id = e.source_id
         join source_collection c on c.source_id = e.source_id
        where e.state in ('collected', 'corrected') and c.archived_at is null group by s.slug`,
    ),
  );
  return {
    byState: Object.fromEntries(states.map(({ state, n }) => [state, n])),
    newestBySlug: newest.map(({ slug, at }) => ({ slug, expectedAt: at })),
  };
}

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}
