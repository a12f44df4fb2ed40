import { asId, type EditionId } from "../../core/ids.ts";
import type {
  AttemptOutcome,
  CollectedDocument,
  CollectionAttempt,
  EditionState,
  ExpectationChange,
} from "../../core/newsroom.ts";
import type { Transaction } from "../database.ts";
import { type ReasonColumns, reasonOf } from "./newsroom-rows.ts";

interface DocumentRow {
  readonly id: string;
  readonly url: string | null;
  readonly document_name: string;
  readonly state: CollectedDocument["state"];
  readonly content_hash: string;
  readonly file_key: string;
  readonly byte_count: number;
  readonly etag: string | null;
  readonly last_modified: string | null;
  readonly edition_id: string | null;
  readonly fetched_at: Date;
}

export async function readDocuments(
  tx: Transaction,
  expectationId: string,
): Promise<readonly CollectedDocument[]> {
  const rows = await tx.query<DocumentRow>(
    `select id, url, document_name, state, content_hash, file_key, byte_count::double precision as byte_count, etag,
            last_modified, edition_id, fetched_at
       from collected_document where expectation_id = $1 order by fetched_at, document_name, id`,
    [expectationId],
  );
  return rows.map((row) => ({
    id: row.id,
    url: row.url ?? undefined,
    documentName: row.document_name,
    state: row.state,
    contentHash: row.content_hash,
    fileKey: row.file_key,
    byteCount: row.byte_count,
    etag: row.etag ?? undefined,
    lastModified: row.last_modified ?? undefined,
    editionId: row.edition_id === null ? undefined : asId<EditionId>(row.edition_id),
    fetchedAt: row.fetched_at,
  }));
}

export async function readAttempts(
  tx: Transaction,
  expectationId: string,
): Promise<readonly CollectionAttempt[]> {
  const rows = await tx.query<
    ReasonColumns & {
      id: string;
      number: number;
      owner: string;
      started_at: Date;
      ended_at: Date | null;
      outcome: AttemptOutcome | null;
      step: string | null;
      pages_done: number | null;
      pages_total: number | null;
      byte_count: number;
      document_count: number;
      page_key: string | null;
      screenshot_key: string | null;
    }
  >(
    `select id, number, owner, started_at, ended_at, outcome, reason_code, reason, step, pages_done, pages_total,
            byte_count::double precision as byte_count, document_count, page_key, screenshot_key
       from collection_attempt where expectation_id = $1 order by number desc limit 100`,
    [expectationId],
  );
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    owner: row.owner,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    outcome: row.outcome ?? undefined,
    reason: reasonOf(row),
    step: row.step ?? undefined,
    pages: pagesOf(row),
    byteCount: row.byte_count,
    documentCount: row.document_count,
    evidence:
      row.page_key === null
        ? undefined
        : { pageKey: row.page_key, screenshotKey: row.screenshot_key ?? undefined },
  }));
}

/** Of an attempt that has ended, they say nothing more. */
function pagesOf(row: {
  readonly ended_at: Date | null;
  readonly pages_done: number | null;
  readonly pages_total: number | null;
}) {
  const { ended_at, pages_done: done, pages_total: total } = row;
  return ended_at !== null || done === null || total === null ? undefined : { done, total };
}

export async function readChanges(
  tx: Transaction,
  expectationId: string,
): Promise<readonly ExpectationChange[]> {
  const rows = await tx.query<
    ReasonColumns & { from_state: EditionState | null; to_state: EditionState; changed_at: Date }
  >(
    `select from_state, to_state, reason_code, reason, changed_at
       from expectation_change where expectation_id = $1 order by id desc limit 200`,
    [expectationId],
  );
  return rows.map((row) => ({
    from: row.from_state ?? undefined,
    to: row.to_state,
    reason: reasonOf(row),
    at: row.changed_at,
  }));
}
