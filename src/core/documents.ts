import type { GazetteDate } from "./gazette.ts";
import type { ActDraft, PageDraft, PlacedPassage } from "./gazette-store.ts";
import type { DocumentId, TenantId } from "./ids.ts";
import type { Language } from "./language.ts";
import type { KeysetPage, KeysetRequest } from "./page.ts";

export const DOCUMENT_FORMATS = ["pdf", "docx", "html", "markdown", "text"] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

/**
 * What becomes of a version. `receiving`: its bytes come in. `queued`: nobody has begun. `fetching`: its address is
 * asked. `reading`: it is read page by page. `indexing`: what was read is stored. `ready`: it answers, or a later one
 * does. `failed`: it never will; `problem` says why.
 */
export const VERSION_STATES = [
  "receiving",
  "queued",
  "fetching",
  "reading",
  "indexing",
  "ready",
  "failed",
] as const;
export type VersionState = (typeof VERSION_STATES)[number];

/** Plain JSON. */
export interface DocumentVersionView {
  /** From 1. One that failed keeps its number. */
  readonly version: number;
  readonly state: VersionState;
  /** Answers come from it. */
  readonly isCurrent: boolean;
  readonly fileName: string;
  readonly format: DocumentFormat | null;
  readonly bytes: number;
  /** SHA-256, lower-case hex; null: not all of it is here. */
  readonly contentHash: string | null;
  /** Pages of a PDF, sections of another; null until it is ready. */
  readonly pages: number | null;
  /** Of the step under way: bytes while receiving, pages while reading; `total` null: not known. */
  readonly progress: { readonly done: number; readonly total: number | null };
  readonly problem: { readonly code: string; readonly message: string } | null;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly readyAt: string | null;
}

/** Plain JSON. */
export interface DocumentView {
  readonly id: DocumentId;
  readonly title: string;
  readonly language: Language;
  /** Whoever has the address of a page may open it, so that citizens can follow a citation. */
  readonly isPublic: boolean;
  /** Null: it is uploaded. */
  readonly url: string | null;
  /** ISO 8601; when its address was last asked. */
  readonly checkedAt: string | null;
  /** Grows with each change of title, language or visibility. */
  readonly revision: number;
  readonly createdAt: string;
  /** Newest first, at most 20. */
  readonly versions: readonly DocumentVersionView[];
}

export interface DocumentDraft {
  readonly title: string;
  readonly language: Language;
  readonly isPublic: boolean;
  /** Fetched at once, and again when asked. Undefined: its bytes are sent. */
  readonly url: string | undefined;
}

export type DocumentChange = Partial<Pick<DocumentDraft, "title" | "isPublic">>;

/** What one tenant may keep, all versions together. */
export interface DocumentQuota {
  readonly documents: number;
  readonly bytes: number;
}

export interface DocumentUsage {
  readonly documents: number;
  readonly bytes: number;
}

/** A file that is read or downloaded. */
export interface DocumentFile {
  readonly fileName: string;
  readonly format: DocumentFormat;
  readonly contentHash: string;
  readonly bytes: Buffer;
}

/** One page of a PDF, or one section of another document, as a reader sees it. */
export interface DocumentPage {
  readonly document: Pick<DocumentView, "id" | "title" | "language" | "isPublic">;
  readonly version: number;
  readonly isCurrent: boolean;
  readonly format: DocumentFormat;
  readonly contentHash: string;
  readonly fileKey: string;
  readonly pageCount: number;
  readonly readyOn: GazetteDate;
  readonly page: PageDraft;
  /** Null: the heading of the section is not known, or it is a page of a PDF. */
  readonly section: string | null;
  /** The passage of `highlight`, when it is of this version. */
  readonly cited: PlacedPassage | undefined;
}

/** A tenant's own documents: what people and programs do with them. Every change is audited. */
export interface Documents {
  list(tenantId: TenantId, page: KeysetRequest): Promise<KeysetPage<DocumentView>>;
  find(tenantId: TenantId, id: DocumentId): Promise<DocumentView | undefined>;
  usage(tenantId: TenantId): Promise<DocumentUsage & { readonly quota: DocumentQuota }>;
  /** Throws `document-quota` (409), `url-refused` (400). */
  create(tenantId: TenantId, draft: DocumentDraft, actor: string): Promise<DocumentView>;
  /** Undefined: there is no such document. Throws `stale` (412) when its revision is another. */
  change(
    tenantId: TenantId,
    id: DocumentId,
    change: DocumentChange,
    expectedRevision: number | undefined,
    actor: string,
  ): Promise<DocumentView | undefined>;
  /**
   * Takes the bytes in as they come, then queues them. The same bytes as the current version's change nothing. Rejects
   * with `document-format` (415), `document-too-large` (413), `document-quota` (409), `document-incomplete` (400),
   * `not-found` (404); then nothing is left of them.
   */
  receive(
    tenantId: TenantId,
    id: DocumentId,
    upload: {
      readonly fileName: string;
      readonly content: AsyncIterable<Uint8Array>;
      /** As the sender announced it; undefined: unknown. */
      readonly byteCount: number | undefined;
      readonly signal: AbortSignal;
    },
    actor: string,
  ): Promise<{ readonly outcome: "queued" | "unchanged"; readonly document: DocumentView }>;
  /** Reads the current version anew, or asks the address again. Throws `document-busy` (409), `not-found` (404). */
  reread(
    tenantId: TenantId,
    id: DocumentId,
    kind: "reindex" | "refetch",
    actor: string,
  ): Promise<DocumentView>;
  /**
   * What was read of it is gone when this resolves: passages, vectors, statistics, cached answers. Its files are gone
   * soon after, also when the process dies meanwhile. False: there is no such document.
   */
  remove(tenantId: TenantId, id: DocumentId, actor: string): Promise<boolean>;
  /** Undefined: there is none, or no such version. */
  download(
    tenantId: TenantId,
    id: DocumentId,
    version: number | undefined,
  ): Promise<DocumentFile | undefined>;
  /** For the tenant's own people. */
  readPage(tenantId: TenantId, place: PagePlace): Promise<DocumentPage | undefined>;
  /** For anybody: undefined unless the document is public. */
  readPublicPage(place: PagePlace): Promise<DocumentPage | undefined>;
}

export interface PagePlace {
  readonly id: DocumentId;
  readonly version: number;
  /** From 1. */
  readonly page: number;
  /** Id of the passage that is cited. */
  readonly highlight: string | undefined;
}

/** A version as it was read, before it is stored. */
export interface ReadDocument {
  readonly pages: readonly PageDraft[];
  readonly acts: readonly ActDraft[];
}

/** What is due, and for whom: claimed by one process at a time. */
export interface ClaimedVersion {
  readonly tenantId: TenantId;
  readonly documentId: DocumentId;
  readonly versionId: string;
  /** This one included. */
  readonly attempts: number;
}

/** What is known of a claimed version. */
export interface VersionWork {
  readonly state: VersionState;
  readonly language: Language;
  readonly fileName: string;
  readonly fileKey: string;
  /** Undefined: the file is not there yet. */
  readonly format: DocumentFormat | undefined;
  readonly url: string | undefined;
  /** Of the current version, for a conditional request. */
  readonly httpEtag: string | undefined;
  readonly httpLastModified: string | undefined;
}

export interface FileFacts {
  readonly fileName: string;
  readonly fileKey: string;
  readonly format: DocumentFormat;
  readonly contentHash: string;
  readonly byteCount: number;
  readonly httpEtag?: string | undefined;
  readonly httpLastModified?: string | undefined;
}

/**
 * Documents at rest. Whoever works on a version holds a lease under its own name; what is written under a lease that
 * is lost, or of a document that is being removed, changes nothing and says so (`false`, `lost`).
 */
export interface DocumentStore {
  list(tenantId: TenantId, page: KeysetRequest): Promise<KeysetPage<DocumentView>>;
  find(tenantId: TenantId, id: DocumentId): Promise<DocumentView | undefined>;
  usage(tenantId: TenantId): Promise<DocumentUsage>;
  /** Throws `document-quota`. */
  insert(
    tenantId: TenantId,
    document: DocumentDraft & { readonly id: DocumentId; readonly at: Date },
    quota: DocumentQuota,
    actor: string,
  ): Promise<void>;
  change(
    tenantId: TenantId,
    id: DocumentId,
    change: DocumentChange,
    expectedRevision: number | undefined,
    actor: string,
  ): Promise<"changed" | "missing" | "stale">;
  /** Undefined: there is no such document. `receiving` is under the lease of `owner` from the start. */
  beginVersion(
    tenantId: TenantId,
    id: DocumentId,
    begun: {
      readonly state: "receiving" | "queued";
      readonly fileName: string;
      /** Where its file will be: known before it is there, so that no crash leaves one that nobody knows. */
      readonly fileKey: string;
      readonly owner: string;
      readonly at: Date;
    },
    actor: string,
  ): Promise<string | undefined>;
  /** `unchanged`: the current version has the same bytes; nothing was written. Throws `document-quota`. */
  attachFile(
    tenantId: TenantId,
    versionId: string,
    file: Omit<FileFacts, "fileKey">,
    next: {
      readonly state: "queued" | "reading";
      readonly owner: string;
      readonly quota: DocumentQuota;
    },
  ): Promise<"attached" | "unchanged" | "lost">;
  /** The version never was. */
  dropVersion(tenantId: TenantId, versionId: string): Promise<void>;
  /** Queues the current version again. `busy`: something of the document is under way. */
  requeueCurrent(
    tenantId: TenantId,
    id: DocumentId,
    actor: string,
  ): Promise<"queued" | "busy" | "missing">;
  /** The version that is due and nobody works on, of the tenant that has fewest under way; none of those not yet due. */
  claim(owner: string): Promise<ClaimedVersion | undefined>;
  readWork(claimed: ClaimedVersion): Promise<VersionWork | undefined>;
  /** Also extends the lease. False: it is lost. */
  noteProgress(
    tenantId: TenantId,
    versionId: string,
    owner: string,
    progress: {
      readonly state: VersionState;
      readonly done: number;
      readonly total: number | undefined;
    },
  ): Promise<boolean>;
  /** Makes what was read the current version, in one transaction. `overtaken`: a later one is. */
  storeRead(
    claimed: ClaimedVersion,
    owner: string,
    read: ReadDocument,
    at: Date,
  ): Promise<"stored" | "lost" | "overtaken">;
  /** The current version stays, and keeps answering. Returns the key of a file that nothing needs any more. */
  fail(
    tenantId: TenantId,
    versionId: string,
    problem: { readonly code: string; readonly message: string },
  ): Promise<string | undefined>;
  /** Its file is removed. */
  forgetFile(tenantId: TenantId, versionId: string): Promise<void>;
  /** For a process that is alone with the database: what another held is due at once. */
  freeLeases(): Promise<void>;
  /** Due again after so long. */
  postpone(tenantId: TenantId, versionId: string, afterMs: number): Promise<void>;
  /** The address was asked, and what it gave is known already. */
  noteChecked(tenantId: TenantId, id: DocumentId, at: Date): Promise<void>;
  /** Takes out all that was read. False: there is no such document. */
  beginRemoval(tenantId: TenantId, id: DocumentId, at: Date, actor: string): Promise<boolean>;
  /** Documents whose removal has begun and not ended, of all tenants. */
  listRemovals(): Promise<readonly { readonly tenantId: TenantId; readonly id: DocumentId }[]>;
  /** Keys of the files of all its versions. */
  listFiles(tenantId: TenantId, id: DocumentId): Promise<readonly string[]>;
  finishRemoval(tenantId: TenantId, id: DocumentId): Promise<void>;
  findFile(
    tenantId: TenantId,
    id: DocumentId,
    version: number | undefined,
  ): Promise<FileFacts | undefined>;
  readPage(tenantId: TenantId, place: PagePlace): Promise<DocumentPage | undefined>;
  /** Whose public document it is; undefined: it is not there, or not public. */
  ownerOfPublic(id: DocumentId): Promise<TenantId | undefined>;
  /** Tenants that have documents. */
  listOwners(): Promise<readonly TenantId[]>;
}

/** Files of documents, under names that say nothing. Implemented in `src/store`. */
export interface DocumentFiles {
  newKey(tenantId: TenantId): string;
  /**
   * Writes the stream under the key, whole or not at all. Rejects with `document-too-large` beyond `maxBytes`, and with
   * what `onStart` throws of the first bytes (at most 4,096, fewer only when there are no more).
   */
  receive(
    key: string,
    content: AsyncIterable<Uint8Array>,
    options: {
      readonly maxBytes: number;
      readonly signal: AbortSignal;
      readonly onStart: (head: Buffer) => void;
      readonly onProgress: (bytes: number) => void;
    },
  ): Promise<{ readonly byteCount: number; readonly contentHash: string }>;
  read(key: string): Promise<Buffer | undefined>;
  /** Of a file that is not there: nothing to do. */
  remove(key: string): Promise<void>;
}
