import type { Cipher, CipherPlace } from "../../core/cipher.ts";
import type {
  DocumentFormat,
  DocumentVersionView,
  DocumentView,
  VersionState,
} from "../../core/documents.ts";
import type { EventDetails } from "../../core/events.ts";
import { asId, type DocumentId, type TenantId } from "../../core/ids.ts";
import type { Language } from "../../core/language.ts";
import type { Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";

/** Of each document, so many versions are told of. */
const TOLD_VERSIONS = 20;

export interface DocumentRow {
  readonly id: string;
  readonly title: string;
  readonly language: Language;
  readonly is_public: boolean;
  readonly url: Buffer | null;
  readonly checked_at: Date | null;
  readonly revision: number;
  readonly created_at: Date;
}

export const documentColumns =
  "d.id, d.title, d.language, d.is_public, d.url, d.checked_at, d.revision, d.created_at";

interface VersionRow {
  readonly document_id: string;
  readonly version: number;
  readonly state: VersionState;
  readonly is_current: boolean;
  readonly file_name: string;
  readonly format: DocumentFormat | null;
  readonly byte_count: string;
  readonly content_hash: string | null;
  readonly page_count: number | null;
  readonly done: number;
  readonly total: number | null;
  readonly problem_code: string | null;
  readonly problem: string | null;
  readonly created_at: Date;
  readonly ready_at: Date | null;
}

export function urlPlace(tenantId: TenantId, id: string): CipherPlace {
  return { tenantId, table: "document", column: "url", rowId: id };
}

/** In the order of the rows. */
export async function toViews(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  rows: readonly DocumentRow[],
): Promise<readonly DocumentView[]> {
  const versions = await tx.query<VersionRow>(
    `select v.* from unnest($1::uuid[]) wanted(id) cross join lateral (
       select dv.document_id, dv.version, dv.state, dv.is_current, dv.file_name, dv.format, dv.byte_count,
              dv.content_hash, e.page_count, dv.done, dv.total, dv.problem_code, dv.problem, dv.created_at,
              dv.ready_at
         from document_version dv left join edition e on e.id = dv.edition_id
        where dv.document_id = wanted.id order by dv.version desc limit ${TOLD_VERSIONS}) v`,
    [rows.map(({ id }) => id)],
  );
  return rows.map((row) => ({
    id: asId<DocumentId>(row.id),
    title: row.title,
    language: row.language,
    isPublic: row.is_public,
    url: row.url === null ? null : cipher.decrypt(urlPlace(tenantId, row.id), row.url),
    checkedAt: row.checked_at?.toISOString() ?? null,
    revision: row.revision,
    createdAt: row.created_at.toISOString(),
    versions: versions.filter(({ document_id }) => document_id === row.id).map(toVersion),
  }));
}

function toVersion(row: VersionRow): DocumentVersionView {
  return {
    version: row.version,
    state: row.state,
    isCurrent: row.is_current,
    fileName: row.file_name,
    format: row.format,
    bytes: Number(row.byte_count),
    contentHash: row.content_hash,
    pages: row.page_count,
    progress: { done: row.done, total: row.total },
    problem:
      row.problem === null ? null : { code: row.problem_code ?? "failed", message: row.problem },
    createdAt: row.created_at.toISOString(),
    readyAt: row.ready_at?.toISOString() ?? null,
  };
}

/** Who follows is told, in the transaction of the change. */
export async function tellDocument(
  tx: Transaction,
  tenantId: TenantId,
  id: string,
  state: EventDetails["document-changed"]["state"],
  progress?: number,
): Promise<void> {
  const documentId = asId<DocumentId>(id);
  const detail = { documentId, state, ...(progress === undefined ? {} : { progress }) };
  await appendEvents(tx, tenantId, [{ kind: "document-changed", detail }]);
}

/** In the transaction of the change that it tells of. */
export async function audit(
  tx: Transaction,
  tenantId: TenantId,
  actor: string,
  action: string,
  subject: string,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await tx.query(
    "insert into audit (tenant_id, actor, action, subject, detail) values ($1, $2, $3, $4, $5)",
    [tenantId, actor, action, subject, JSON.stringify(detail)],
  );
}
