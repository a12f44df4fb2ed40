import type { DocumentFormat, FileFacts } from "../../core/documents.ts";
import { asId, type DocumentId, type TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";
import { unindexEdition } from "../passage-index.ts";
import { audit, tellDocument } from "./document-rows.ts";

/**
 * Everything that was read of the document goes in this transaction: pages, passages, postings, vectors, its share of
 * the statistics. The row stays, marked, until its files are gone, so that whoever comes after a crash finds them.
 */
export async function beginRemoval(
  tx: Transaction,
  tenantId: TenantId,
  id: DocumentId,
  at: Date,
  actor: string,
): Promise<boolean> {
  const [document] = await tx.query<{ source_id: string }>(
    `update document set deleting_at = $2, title = '', url = null
      where id = $1 and deleting_at is null returning source_id`,
    [id, at],
  );
  if (document === undefined) return false;
  const editions = await tx.query<{ id: string }>("select id from edition where source_id = $1", [
    document.source_id,
  ]);
  for (const edition of editions) await unindexEdition(tx, asId(edition.id));
  await tx.query(
    `update document_version set edition_id = null, file_name = '', problem = null, lease_owner = null
      where document_id = $1`,
    [id],
  );
  await tx.query("delete from edition where source_id = $1", [document.source_id]);
  await tx.query("update source set name = '' where id = $1", [document.source_id]);
  await tx.query("delete from knowledge_set_document where document_id = $1", [id]);
  await audit(tx, tenantId, actor, "document-removed", id, { versions: editions.length });
  await tellDocument(tx, tenantId, id, "removed");
  return true;
}

export async function listRemovals(
  tx: Transaction,
): Promise<readonly { readonly tenantId: TenantId; readonly id: DocumentId }[]> {
  const rows = await tx.query<{ tenant_id: string; id: string }>(
    "select tenant_id, id from document where deleting_at is not null limit 100",
  );
  return rows.map((row) => ({
    tenantId: asId<TenantId>(row.tenant_id),
    id: asId<DocumentId>(row.id),
  }));
}

export async function listFiles(tx: Transaction, id: DocumentId): Promise<readonly string[]> {
  const rows = await tx.query<{ file_key: string }>(
    "select file_key from document_version where document_id = $1 and file_key is not null",
    [id],
  );
  return rows.map(({ file_key }) => file_key);
}

export async function finishRemoval(tx: Transaction, id: DocumentId): Promise<void> {
  const [gone] = await tx.query<{ source_id: string }>(
    "delete from document where id = $1 and deleting_at is not null returning source_id",
    [id],
  );
  if (gone !== undefined) await tx.query("delete from source where id = $1", [gone.source_id]);
}

/** The current version's, unless another is named. */
export async function findFile(
  tx: Transaction,
  id: DocumentId,
  version: number | undefined,
): Promise<FileFacts | undefined> {
  const [row] = await tx.query<{
    file_name: string;
    file_key: string;
    format: DocumentFormat;
    content_hash: string;
    byte_count: string;
  }>(
    `select v.file_name, v.file_key, v.format, v.content_hash, v.byte_count
       from document_version v join document d on d.id = v.document_id
      where v.document_id = $1 and d.deleting_at is null and v.content_hash is not null
        and v.file_key is not null and (v.version = $2 or ($2::integer is null and v.is_current))`,
    [id, version ?? null],
  );
  return (
    row && {
      fileName: row.file_name,
      fileKey: row.file_key,
      format: row.format,
      contentHash: row.content_hash,
      byteCount: Number(row.byte_count),
    }
  );
}

export async function ownerOfPublic(
  tx: Transaction,
  id: DocumentId,
): Promise<TenantId | undefined> {
  const [row] = await tx.query<{ tenant_id: string }>(
    "select tenant_id from document where id = $1 and is_public and deleting_at is null",
    [id],
  );
  return row && asId<TenantId>(row.tenant_id);
}
