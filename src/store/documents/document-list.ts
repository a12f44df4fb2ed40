import { randomUUID } from "node:crypto";
import type { Cipher } from "../../core/cipher.ts";
import type {
  DocumentChange,
  DocumentDraft,
  DocumentQuota,
  DocumentUsage,
  DocumentView,
} from "../../core/documents.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { DocumentId, TenantId } from "../../core/ids.ts";
import type { KeysetPage, KeysetRequest } from "../../core/page.ts";
import type { Transaction } from "../database.ts";
import {
  audit,
  type DocumentRow,
  documentColumns,
  tellDocument,
  toViews,
  urlPlace,
} from "./document-rows.ts";

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;

/** Newest first. */
export async function listDocuments(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  { after, limit }: KeysetRequest,
): Promise<KeysetPage<DocumentView>> {
  const rows = await tx.query<DocumentRow & { at: string }>(
    `select ${documentColumns}, to_char(d.created_at at time zone 'UTC', ${UTC}) as at from document d
      where d.tenant_id = $1 and d.deleting_at is null
        and ($2::timestamptz is null or (d.created_at, d.id) < ($2::timestamptz, $3::uuid))
      order by d.created_at desc, d.id desc limit $4`,
    [tenantId, after?.at ?? null, after?.id ?? null, limit + 1],
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    entries: await toViews(tx, cipher, tenantId, shown),
    next: rows.length > limit && last !== undefined ? { at: last.at, id: last.id } : undefined,
  };
}

export async function findDocument(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  id: DocumentId,
): Promise<DocumentView | undefined> {
  const rows = await tx.query<DocumentRow>(
    `select ${documentColumns} from document d where d.id = $1 and d.deleting_at is null`,
    [id],
  );
  return (await toViews(tx, cipher, tenantId, rows))[0];
}

/** Counts what is being removed too, until it is gone. */
export async function readUsage(tx: Transaction): Promise<DocumentUsage> {
  const [row] = await tx.query<{ documents: number; bytes: string }>(
    `select (select count(*)::integer from document) as documents,
            (select coalesce(sum(byte_count), 0) from document_version where file_key is not null) as bytes`,
  );
  return { documents: row?.documents ?? 0, bytes: Number(row?.bytes ?? 0) };
}

/** Those who add at the same time take turns, so that none counts past the other. */
export async function lockQuota(tx: Transaction, tenantId: TenantId): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtextextended('document-quota ' || $1, 0))", [
    tenantId,
  ]);
}

export function quotaReached(what: string): PregoneroError {
  return new PregoneroError(
    "document-quota",
    `${what} Remove documents that are not needed any more, or ask the operator for more room.`,
    { status: 409 },
  );
}

/** Each document is a source of its own, which no gazette's slug can be. */
export async function insertDocument(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  document: DocumentDraft & { readonly id: DocumentId; readonly at: Date },
  quota: DocumentQuota,
  actor: string,
): Promise<void> {
  await lockQuota(tx, tenantId);
  const { documents } = await readUsage(tx);
  if (documents >= quota.documents) {
    throw quotaReached(`There are ${documents} documents, which is the most that may be kept.`);
  }
  const { id, title, language, isPublic, url, at } = document;
  const sourceId = randomUUID();
  await tx.query(
    `insert into source (id, tenant_id, slug, name, language, country, time_zone, kind)
     values ($1, $2, $3, $4, $5, '', 'UTC', 'document')`,
    [sourceId, tenantId, `document-${id}`, title, language],
  );
  await tx.query(
    `insert into document (tenant_id, id, source_id, title, language, is_public, url, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      tenantId,
      id,
      sourceId,
      title,
      language,
      isPublic,
      url === undefined ? null : cipher.encrypt(urlPlace(tenantId, id), url),
      at,
    ],
  );
  await audit(tx, tenantId, actor, "document-created", id, {
    isPublic,
    isFetched: url !== undefined,
  });
  await tellDocument(tx, tenantId, id, "created");
}

/** The index's generation grows with it, so that no process cites the old title or shows a link that is closed. */
export async function changeDocument(
  tx: Transaction,
  tenantId: TenantId,
  id: DocumentId,
  change: DocumentChange,
  expectedRevision: number | undefined,
  actor: string,
): Promise<"changed" | "missing" | "stale"> {
  const [known] = await tx.query<{ revision: number; source_id: string; language: string }>(
    "select revision, source_id, language from document where id = $1 and deleting_at is null for update",
    [id],
  );
  if (known === undefined) return "missing";
  if (expectedRevision !== undefined && known.revision !== expectedRevision) return "stale";
  await tx.query(
    `update document set title = coalesce($2, title), is_public = coalesce($3, is_public),
            revision = revision + 1 where id = $1`,
    [id, change.title ?? null, change.isPublic ?? null],
  );
  if (change.title !== undefined) {
    await tx.query("update source set name = $2 where id = $1", [known.source_id, change.title]);
  }
  await tx.query(
    "update corpus_statistic set generation = generation + 1 where tenant_id = $1 and language = $2",
    [tenantId, known.language],
  );
  await audit(tx, tenantId, actor, "document-changed", id, {
    fields: Object.keys(change).sort(),
    ...(change.isPublic === undefined ? {} : { isPublic: change.isPublic }),
  });
  await tellDocument(tx, tenantId, id, "changed");
  return "changed";
}
