import { randomUUID } from "node:crypto";
import type { Cipher } from "../../core/cipher.ts";
import type {
  ClaimedVersion,
  DocumentFormat,
  DocumentQuota,
  FileFacts,
  VersionState,
  VersionWork,
} from "../../core/documents.ts";
import { asId, type DocumentId, type TenantId } from "../../core/ids.ts";
import type { Language } from "../../core/language.ts";
import type { Transaction } from "../database.ts";
import { lockQuota, quotaReached, readUsage } from "./document-list.ts";
import { audit, tellDocument, urlPlace } from "./document-rows.ts";

/** Whoever works says so every few seconds: what a process that died held is due again this much later. */
const LEASE = "interval '1 minute'";
const UNDER_WAY = "('receiving', 'queued', 'fetching', 'reading', 'indexing')";

export async function beginVersion(
  tx: Transaction,
  tenantId: TenantId,
  documentId: DocumentId,
  begun: {
    readonly state: "receiving" | "queued";
    readonly fileName: string;
    readonly fileKey: string;
    readonly owner: string;
    readonly at: Date;
  },
  actor: string,
): Promise<string | undefined> {
  const { state, fileName, fileKey, owner, at } = begun;
  const isReceiving = state === "receiving";
  // Locked, so that of two at once each has a number of its own.
  const [document] = await tx.query(
    "select id from document where id = $1 and deleting_at is null for update",
    [documentId],
  );
  if (document === undefined) return undefined;
  const id = randomUUID();
  const [made] = await tx.query<{ version: number }>(
    `insert into document_version (tenant_id, id, document_id, version, state, file_name, file_key,
                                   lease_owner, lease_until, created_at)
     select $1, $2, $3, coalesce((select max(version) from document_version where document_id = $3), 0) + 1,
            $4, $5, $6, $7, case when $7::text is null then null else now() + ${LEASE} end, $8
     returning version`,
    [tenantId, id, documentId, state, fileName, fileKey, isReceiving ? owner : null, at],
  );
  await audit(tx, tenantId, actor, "document-version-begun", documentId, {
    version: made?.version,
  });
  await tellDocument(tx, tenantId, documentId, state);
  return id;
}

export async function attachFile(
  tx: Transaction,
  tenantId: TenantId,
  versionId: string,
  file: Omit<FileFacts, "fileKey">,
  next: {
    readonly state: "queued" | "reading";
    readonly owner: string;
    readonly quota: DocumentQuota;
  },
): Promise<"attached" | "unchanged" | "lost"> {
  await lockQuota(tx, tenantId);
  const [held] = await tx.query<{ document_id: string; current_hash: string | null }>(
    `select v.document_id, (select c.content_hash from document_version c
                             where c.document_id = v.document_id and c.is_current) as current_hash
       from document_version v join document d on d.id = v.document_id
      where v.id = $1 and v.lease_owner = $2 and d.deleting_at is null for update of v`,
    [versionId, next.owner],
  );
  if (held === undefined) return "lost";
  if (held.current_hash === file.contentHash) return "unchanged";
  const { bytes } = await readUsage(tx);
  if (bytes + file.byteCount > next.quota.bytes) {
    throw quotaReached(
      `Its ${file.byteCount} bytes would be more than the ${next.quota.bytes} that may be kept.`,
    );
  }
  await tx.query(
    `update document_version set state = $2, file_name = $3, format = $4, content_hash = $5,
            byte_count = $6, http_etag = $7, http_last_modified = $8, done = 0, total = null,
            lease_owner = case when $2 = 'queued' then null else lease_owner end,
            lease_until = case when $2 = 'queued' then null else now() + ${LEASE} end
      where id = $1`,
    [
      versionId,
      next.state,
      file.fileName,
      file.format,
      file.contentHash,
      file.byteCount,
      file.httpEtag ?? null,
      file.httpLastModified ?? null,
    ],
  );
  await tellDocument(tx, tenantId, held.document_id, next.state);
  return "attached";
}

export async function dropVersion(
  tx: Transaction,
  tenantId: TenantId,
  versionId: string,
): Promise<void> {
  const [dropped] = await tx.query<{ document_id: string }>(
    "delete from document_version where id = $1 and edition_id is null returning document_id",
    [versionId],
  );
  if (dropped !== undefined) await tellDocument(tx, tenantId, dropped.document_id, "changed");
}

export async function requeueCurrent(
  tx: Transaction,
  tenantId: TenantId,
  documentId: DocumentId,
  actor: string,
): Promise<"queued" | "busy" | "missing"> {
  const [document] = await tx.query<{ is_busy: boolean }>(
    `select exists (select from document_version v where v.document_id = d.id
                     and v.state in ${UNDER_WAY}) as is_busy
       from document d where d.id = $1 and d.deleting_at is null for update`,
    [documentId],
  );
  if (document === undefined) return "missing";
  if (document.is_busy) return "busy";
  const queued = await tx.query(
    `update document_version set state = 'queued', attempts = 0, done = 0, total = null, problem = null,
            problem_code = null, lease_owner = null, lease_until = null
      where document_id = $1 and is_current returning id`,
    [documentId],
  );
  if (queued.length === 0) return "missing";
  await audit(tx, tenantId, actor, "document-reindex-asked", documentId);
  await tellDocument(tx, tenantId, documentId, "queued");
  return "queued";
}

/** Another process that claims at the same moment gets another one: the row is locked, and skipped while it is. */
export async function claim(tx: Transaction, owner: string): Promise<ClaimedVersion | undefined> {
  const [due] = await tx.query<{ id: string; tenant_id: string }>(
    `select v.id, v.tenant_id from document_version v
      where v.state in ${UNDER_WAY} and (v.lease_until is null or v.lease_until < now())
      order by (select count(*) from document_version o where o.tenant_id = v.tenant_id
                 and o.state in ${UNDER_WAY} and o.lease_until > now()), v.created_at
      limit 1 for update of v skip locked`,
  );
  if (due === undefined) return undefined;
  const [claimed] = await tx.query<{
    tenant_id: string;
    document_id: string;
    id: string;
    attempts: number;
  }>(
    `update document_version set lease_owner = $3, lease_until = now() + ${LEASE}, attempts = attempts + 1
      where id = $1 and tenant_id = $2 and state in ${UNDER_WAY}
        and (lease_until is null or lease_until < now())
      returning tenant_id, document_id, id, attempts`,
    [due.id, due.tenant_id, owner],
  );
  return (
    claimed && {
      tenantId: asId<TenantId>(claimed.tenant_id),
      documentId: asId<DocumentId>(claimed.document_id),
      versionId: claimed.id,
      attempts: claimed.attempts,
    }
  );
}

export async function readWork(
  tx: Transaction,
  cipher: Cipher,
  { tenantId, documentId, versionId }: ClaimedVersion,
): Promise<VersionWork | undefined> {
  const [row] = await tx.query<{
    state: VersionState;
    language: Language;
    file_name: string;
    file_key: string;
    format: DocumentFormat | null;
    url: Buffer | null;
    http_etag: string | null;
    http_last_modified: string | null;
  }>(
    `select v.state, d.language, v.file_name, v.file_key, v.format, d.url, c.http_etag, c.http_last_modified
       from document_version v join document d on d.id = v.document_id
       left join document_version c on c.document_id = d.id and c.is_current
      where v.id = $1 and v.file_key is not null and d.deleting_at is null`,
    [versionId],
  );
  return (
    row && {
      state: row.state,
      language: row.language,
      fileName: row.file_name,
      fileKey: row.file_key,
      format: row.format ?? undefined,
      url: row.url === null ? undefined : cipher.decrypt(urlPlace(tenantId, documentId), row.url),
      httpEtag: row.http_etag ?? undefined,
      httpLastModified: row.http_last_modified ?? undefined,
    }
  );
}

export async function noteProgress(
  tx: Transaction,
  tenantId: TenantId,
  versionId: string,
  owner: string,
  progress: {
    readonly state: VersionState;
    readonly done: number;
    readonly total: number | undefined;
  },
): Promise<boolean> {
  const { state, done, total } = progress;
  const [noted] = await tx.query<{ document_id: string }>(
    `update document_version v set state = $3, done = $4, total = $5, lease_until = now() + ${LEASE}
       from document d
      where v.id = $1 and v.lease_owner = $2 and d.id = v.document_id and d.deleting_at is null
      returning v.document_id`,
    [versionId, owner, state, done, total ?? null],
  );
  if (noted === undefined) return false;
  const part = total === undefined || total === 0 ? undefined : Math.min(1, done / total);
  await tellDocument(tx, tenantId, noted.document_id, state, part);
  return true;
}

/** The current version goes back to what it was. */
export async function fail(
  tx: Transaction,
  tenantId: TenantId,
  versionId: string,
  problem: { readonly code: string; readonly message: string },
): Promise<string | undefined> {
  const [failed] = await tx.query<{
    document_id: string;
    file_key: string | null;
    is_current: boolean;
  }>(
    `update document_version set state = case when is_current then 'ready' else 'failed' end,
            problem_code = $2, problem = $3, lease_owner = null, lease_until = null
      where id = $1 returning document_id, file_key, is_current`,
    [versionId, problem.code, problem.message.slice(0, 500)],
  );
  if (failed !== undefined) await tellDocument(tx, tenantId, failed.document_id, "failed");
  return failed?.is_current === false ? (failed.file_key ?? undefined) : undefined;
}

export async function forgetFile(tx: Transaction, versionId: string): Promise<void> {
  await tx.query("update document_version set file_key = null where id = $1 and not is_current", [
    versionId,
  ]);
}

/** Where nobody else can be at work, what a process that is gone held is due at once. */
export async function freeLeases(tx: Transaction): Promise<void> {
  await tx.query(
    `update document_version set lease_until = null where state in ${UNDER_WAY} and lease_owner is not null`,
  );
}

export async function postpone(
  tx: Transaction,
  tenantId: TenantId,
  versionId: string,
  afterMs: number,
): Promise<void> {
  const [postponed] = await tx.query<{ document_id: string }>(
    `update document_version set state = 'queued', done = 0, total = null, lease_owner = null,
            lease_until = now() + $2 * interval '1 millisecond' where id = $1 returning document_id`,
    [versionId, afterMs],
  );
  if (postponed !== undefined) await tellDocument(tx, tenantId, postponed.document_id, "queued");
}

export async function noteChecked(tx: Transaction, id: DocumentId, at: Date): Promise<void> {
  await tx.query("update document set checked_at = $2 where id = $1", [id, at]);
}
