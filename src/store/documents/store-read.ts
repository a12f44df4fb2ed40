import { randomUUID } from "node:crypto";
import type { ClaimedVersion, ReadDocument } from "../../core/documents.ts";
import { asId, type EditionId, type TenantId } from "../../core/ids.ts";
import type { Language } from "../../core/language.ts";
import type { Transaction } from "../database.ts";
import { insertActs, insertPages, insertPassages } from "../gazette-writes.ts";
import { indexEdition, unindexEdition } from "../passage-index.ts";
import { tellDocument } from "./document-rows.ts";

interface VersionRow {
  readonly version: number;
  readonly edition_id: string | null;
  readonly content_hash: string;
  readonly file_key: string;
  readonly source_id: string;
  readonly language: Language;
  readonly current_version: number | null;
  readonly current_edition_id: string | null;
}

/**
 * In one transaction: the edition of this version with its index, and the step back of the one that answered so far.
 * The document's row is locked, so that two versions that end together take turns.
 */
export async function storeRead(
  tx: Transaction,
  { tenantId, documentId, versionId }: ClaimedVersion,
  owner: string,
  read: ReadDocument,
  at: Date,
): Promise<"stored" | "lost" | "overtaken"> {
  const [document] = await tx.query(
    "select id from document where id = $1 and deleting_at is null for update",
    [documentId],
  );
  const [version] = await tx.query<VersionRow>(
    `select v.version, v.edition_id, v.content_hash, v.file_key, d.source_id, d.language,
            c.version as current_version, c.edition_id as current_edition_id
       from document_version v join document d on d.id = v.document_id
       left join document_version c on c.document_id = d.id and c.is_current
      where v.id = $1 and v.lease_owner = $2 for update of v`,
    [versionId, owner],
  );
  if (document === undefined || version === undefined) return "lost";
  if ((version.current_version ?? 0) > version.version) return "overtaken";
  const editionId = asId<EditionId>(randomUUID());
  const before = version.current_edition_id;
  // The one that answered must step back first, and can only point to an edition that is there.
  if (before !== null) {
    await unindexEdition(tx, asId<EditionId>(before));
    await tx.query("update edition set superseded_by = id where id = $1", [before]);
  }
  await insertEdition(tx, editionId, tenantId, version, read, at);
  if (before !== null) {
    await tx.query("update edition set superseded_by = $2 where id = $1", [before, editionId]);
  }
  await tx.query("update document_version set is_current = false where document_id = $1", [
    documentId,
  ]);
  await tx.query(
    `update document_version set state = 'ready', is_current = true, edition_id = $2, ready_at = $3,
            problem_code = null, problem = null, done = $4, total = $4, lease_owner = null, lease_until = null
      where id = $1`,
    [versionId, editionId, at, read.pages.length],
  );
  // Read anew: what was read of these bytes before is of no more use.
  if (version.edition_id !== null) await deleteEdition(tx, version.edition_id);
  await indexEdition(tx, editionId, version.language);
  await tellDocument(tx, tenantId, documentId, "ready");
  return "stored";
}

async function insertEdition(
  tx: Transaction,
  editionId: EditionId,
  tenantId: TenantId,
  version: VersionRow,
  { pages, acts }: ReadDocument,
  at: Date,
): Promise<void> {
  await tx.query(
    `insert into edition (id, tenant_id, source_id, published_on, number, document_name, content_hash, file_key,
                          page_count, ocr_page_count, act_count)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      editionId,
      tenantId,
      version.source_id,
      at.toISOString().slice(0, 10),
      String(version.version),
      `version-${version.version}`,
      version.content_hash,
      version.file_key,
      pages.length,
      pages.filter((page) => page.origin === "ocr").length,
      acts.length,
    ],
  );
  await insertPages(tx, editionId, tenantId, pages);
  await insertActs(tx, editionId, tenantId, acts);
  await insertPassages(tx, editionId, tenantId, acts);
}

/** With its pages, passages, vectors and postings. What it had superseded points to what superseded it. */
async function deleteEdition(tx: Transaction, editionId: string): Promise<void> {
  await unindexEdition(tx, asId<EditionId>(editionId));
  await tx.query(
    `update edition older set superseded_by = newer.superseded_by from edition newer
      where newer.id = $1 and older.superseded_by = $1 and older.id <> $1`,
    [editionId],
  );
  await tx.query("update document_version set edition_id = null where edition_id = $1", [
    editionId,
  ]);
  await tx.query("delete from edition where id = $1", [editionId]);
}
