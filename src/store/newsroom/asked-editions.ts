import { randomUUID } from "node:crypto";
import type { GazetteDate } from "../../core/gazette.ts";
import type { SourceId } from "../../core/ids.ts";
import type {
  Backfill,
  CollectedDocument,
  EditionState,
  ExpectationHistory,
  PlannedEdition,
  SourceOwner,
} from "../../core/newsroom.ts";
import type { Author } from "../../core/operations.ts";
import type { Transaction } from "../database.ts";
import { readAttempts, readChanges, readDocuments } from "./edition-history.ts";
import {
  auditSource,
  changeState,
  EXPECTATION_COLUMNS,
  type ExpectationRow,
  insertPlanned,
  noteSourceChange,
  readBackfills,
  SET_NEXT_LOOK,
  toExpectation,
} from "./newsroom-rows.ts";

/** Whose source a person asks something of, which the caller has locked. */
interface Asked {
  readonly owner: SourceOwner;
  readonly sourceId: SourceId;
  readonly now: Date;
  readonly by: Author;
}

export async function readHistory(
  tx: Transaction,
  sourceId: SourceId,
  publishedOn: GazetteDate,
): Promise<ExpectationHistory | undefined> {
  const row = await readExpectation(tx, sourceId, publishedOn);
  if (row === undefined) return undefined;
  return {
    expectation: toExpectation(row),
    documents: await readDocuments(tx, row.id),
    attempts: await readAttempts(tx, row.id),
    changes: await readChanges(tx, row.id),
  };
}

/** Due at once. Whoever asks for it looks at what comes of it: nobody is alerted of a day that a person added. */
export async function makeDue(
  tx: Transaction,
  asked: Asked,
  planned: PlannedEdition,
): Promise<void> {
  await dueNow(tx, asked, planned);
  const detail = { publishedOn: planned.publishedOn };
  await auditSource(tx, asked.owner, asked.sourceId, "edition-asked-for", detail, asked.by);
}

async function dueNow(tx: Transaction, asked: Asked, planned: PlannedEdition): Promise<string> {
  const { owner, sourceId, now } = asked;
  await insertPlanned(tx, owner, sourceId, [planned], now);
  const [row] = await tx.query<{ id: string }>(
    `update edition_expectation
        set next_attempt_at = $3, failures = 0,
            alerted_at = case when attempts = 0 and late_at <= $3 then coalesce(alerted_at, $3) else alerted_at end
      where source_id = $1 and published_on = $2 returning id`,
    [sourceId, planned.publishedOn, now],
  );
  if (row === undefined) throw new Error("an edition that was planned is not there");
  await tx.query(SET_NEXT_LOOK, [sourceId, now]);
  return row.id;
}

/**
 * Its files are read once more at the next look, from what was kept of them: one that is to be read and has its edition
 * still is what the collector reads anew. Asked twice before that, it is read once. False: nothing of it was read, or a
 * look at it goes on.
 */
export async function readAnew(
  tx: Transaction,
  asked: Asked,
  planned: PlannedEdition,
): Promise<boolean> {
  const { owner, sourceId, by } = asked;
  const { publishedOn } = planned;
  const row = await readExpectation(tx, sourceId, publishedOn);
  if (row === undefined || row.state === "collecting") return false;
  const files = await tx.query<{ was_asked: boolean }>(
    `with before as (
       select d.id, d.state from collected_document d join edition e on e.id = d.edition_id
        where d.expectation_id = $1 and d.state in ('stored', 'fetched') and e.superseded_by is null
     )
     update collected_document d set state = 'fetched' from before where d.id = before.id
     returning before.state = 'fetched' as was_asked`,
    [row.id],
  );
  if (files.length === 0) return false;
  await dueNow(tx, asked, planned);
  if (files.every(({ was_asked }) => was_asked)) return true;
  const detail = { publishedOn, files: files.length };
  await auditSource(tx, owner, sourceId, "edition-read-anew", detail, by);
  return true;
}

/** The same file again changes nothing but that it is read again where it had not been. */
export async function takeUpload(
  tx: Transaction,
  asked: Asked,
  planned: PlannedEdition,
  document: Omit<CollectedDocument, "id" | "state" | "editionId">,
): Promise<void> {
  const expectationId = await dueNow(tx, asked, planned);
  await tx.query(
    `insert into collected_document (tenant_id, id, expectation_id, document_name, state, content_hash, file_key,
                                     byte_count, fetched_at)
     values ($1, $2, $3, $4, 'fetched', $5, $6, $7, $8)
     on conflict (expectation_id, document_name, content_hash) do update set state = 'fetched'
      where collected_document.state <> 'stored'`,
    [
      asked.owner ?? null,
      randomUUID(),
      expectationId,
      document.documentName,
      document.contentHash,
      document.fileKey,
      document.byteCount,
      document.fetchedAt,
    ],
  );
  const detail = { publishedOn: planned.publishedOn, contentHash: document.contentHash };
  await auditSource(tx, asked.owner, asked.sourceId, "edition-uploaded", detail, asked.by);
}

const DECIDABLE: Readonly<Record<"accept" | "reject" | "not-published", readonly EditionState[]>> =
  {
    accept: ["held-for-review"],
    reject: ["held-for-review"],
    "not-published": [
      "expected",
      "late",
      "missing",
      "failed",
      "held-for-review",
      "needs-attention",
    ],
  };

export async function decide(
  tx: Transaction,
  asked: Asked,
  publishedOn: GazetteDate,
  decision: "accept" | "reject" | "not-published",
): Promise<boolean> {
  const { owner, sourceId, now, by } = asked;
  const row = await readExpectation(tx, sourceId, publishedOn);
  if (row === undefined || !DECIDABLE[decision].includes(row.state)) return false;
  if (decision === "not-published") {
    const reason = { code: "said-so", detail: "A person said that there is none." };
    await changeState(tx, owner, toExpectation(row), { state: "not-published", reason }, now);
  } else {
    await tx.query(
      "update collected_document set state = $2 where expectation_id = $1 and state = 'held'",
      [row.id, decision === "accept" ? "accepted" : "rejected"],
    );
  }
  await tx.query(
    "update edition_expectation set next_attempt_at = $2, failures = 0 where id = $1",
    [row.id, decision === "not-published" ? null : now],
  );
  await tx.query(SET_NEXT_LOOK, [sourceId, now]);
  await auditSource(tx, owner, sourceId, "edition-decided", { publishedOn, decision }, by);
  return true;
}

export async function requestBackfill(
  tx: Transaction,
  asked: Asked,
  range: { readonly from: GazetteDate; readonly until: GazetteDate },
  planned: readonly PlannedEdition[],
): Promise<Backfill> {
  const { owner, sourceId, now, by } = asked;
  const id = randomUUID();
  await tx.query(
    `insert into collection_backfill (tenant_id, id, source_id, first_on, last_on, asked_by, asked_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [owner ?? null, id, sourceId, range.from, range.until, by.actor, now],
  );
  await insertPlanned(tx, owner, sourceId, planned, now);
  // Of days gone by, the progress tells what is amiss: nobody is alerted of each.
  await tx.query(
    `update edition_expectation
        set next_attempt_at = $4, failures = 0, alerted_at = coalesce(alerted_at, $4)
      where source_id = $1 and published_on between $2 and $3 and late_at <= $4
        and state in ('expected', 'late', 'missing', 'failed')`,
    [sourceId, range.from, range.until, now],
  );
  await tx.query(SET_NEXT_LOOK, [sourceId, now]);
  const note = { action: "backfill-asked", change: "backfill-asked" as const, detail: range };
  await noteSourceChange(tx, owner, sourceId, note, by);
  const [backfill] = await readBackfills(tx, sourceId, id);
  if (backfill === undefined) throw new Error("an inserted back-fill is not there");
  return backfill;
}

async function readExpectation(
  tx: Transaction,
  sourceId: SourceId,
  publishedOn: GazetteDate,
): Promise<ExpectationRow | undefined> {
  const [row] = await tx.query<ExpectationRow>(
    `select ${EXPECTATION_COLUMNS} from edition_expectation where source_id::text = $1 and published_on = $2`,
    [sourceId, publishedOn],
  );
  return row;
}
