import type { ActReading } from "./entities.ts";
import type { Edition, GazetteDate, Passage, PlacedLine, Source } from "./gazette.ts";
import type { EditionId, PassageId, SourceId, TenantId } from "./ids.ts";

/** An edition as extracted and segmented, before it is stored. */
export interface EditionDraft {
  readonly source: Source;
  readonly publishedOn: GazetteDate;
  readonly number: string | undefined;
  readonly documentName: string;
  readonly contentHash: string;
  readonly fileKey: string;
  readonly pages: readonly PageDraft[];
  readonly acts: readonly ActDraft[];
  /** What rules read in the acts, one reading for each. Absent: they are read later. */
  readonly readings?: { readonly version: number; readonly ofActs: readonly ActReading[] };
  /** The edition of the same bytes that this is another reading of: it is superseded, as by a correction. */
  readonly insteadOf?: EditionId;
}

export interface PageDraft {
  /** PDF page, from 1. */
  readonly page: number;
  readonly printedPage: string | undefined;
  /** Points, as displayed. */
  readonly width: number;
  readonly height: number;
  readonly origin: "text-layer" | "ocr" | "empty";
  /** 0 to 100: what the recogniser believes of the words that it read. Absent: none were recognised. */
  readonly confidence?: number;
  /** Its image was not read, or not to the end. Absent: it was, or did not need to be. */
  readonly givenUp?: GivenUp;
  /** Reading order, lines separated by `\n`; running heads and feet dropped. */
  readonly text: string;
}

/** Why a page was not read, and when that is tried again. */
export interface GivenUp {
  /** Code: `pdf-too-slow`, `pdf-too-hungry`, `pdf-broken`; `ocr-off` while nothing was recognised at all. */
  readonly reason: string;
  /** So far. */
  readonly tries: number;
  /** Undefined: no more. */
  readonly nextTryAt: Date | undefined;
}

export interface ActDraft {
  readonly section: string;
  readonly issuingBody: string;
  readonly title: string;
  readonly page: number;
  readonly lastPage: number;
  readonly passages: readonly PassageDraft[];
}

export interface PassageDraft {
  readonly heading: string;
  readonly text: string;
  readonly page: number;
  readonly lastPage: number;
  readonly printedPage: string | undefined;
  readonly lines: readonly PlacedLine[];
}

/** A passage with what is needed to highlight it. */
export interface PlacedPassage {
  readonly passage: Passage;
  readonly lines: readonly PlacedLine[];
}

/** Keeps gazettes. Implemented in `src/store`. Every read is as one tenant: public rows and its own. */
export interface GazetteStore {
  /** Finds a source visible to the tenant by slug. */
  findSource(tenantId: TenantId, slug: string): Promise<Source | undefined>;
  listSources(
    tenantId: TenantId,
  ): Promise<
    readonly (Source & { editionCount: number; lastPublishedOn: GazetteDate | undefined })[]
  >;
  /** Creates the public source if its slug is free, else returns the one that is there. */
  ensurePublicSource(source: Omit<Source, "sourceId" | "tenantId">): Promise<Source>;
  /** The current one of those that had these bytes, when one of them is. */
  findEditionByHash(sourceId: SourceId, contentHash: string): Promise<EditionId | undefined>;
  /**
   * Stores the whole edition with its index in one transaction. The same bytes change nothing
   * (`unchanged`) but for `insteadOf`; other bytes for the same source, date and document name supersede the older edition.
   */
  storeEdition(
    draft: EditionDraft,
  ): Promise<{ editionId: EditionId; outcome: "stored" | "unchanged" | "superseded-older" }>;
  getEdition(
    tenantId: TenantId,
    editionId: EditionId,
  ): Promise<(Edition & { fileKey: string }) | undefined>;
  /** Current (not superseded) documents of one source and date, by document name. */
  listEditions(
    tenantId: TenantId,
    sourceSlug: string,
    publishedOn: GazetteDate,
  ): Promise<readonly (Edition & { fileKey: string; actCount: number })[]>;
  /** The newest date with an edition, over the sources given (all when empty). */
  latestDate(tenantId: TenantId, sourceSlugs: readonly string[]): Promise<GazetteDate | undefined>;
  /** Acts of an edition in order, for `/hoy` and the edition page. */
  listActs(
    tenantId: TenantId,
    editionId: EditionId,
  ): Promise<readonly Omit<ActDraft, "passages">[]>;
  getPassage(tenantId: TenantId, passageId: PassageId): Promise<PlacedPassage | undefined>;
  /** One page as read, for people who cannot use its image; undefined when the edition has no such page. */
  getPage(tenantId: TenantId, editionId: EditionId, page: number): Promise<PageDraft | undefined>;
}

/** Files by key: PDFs of editions. Embedded: a folder of the data directory. */
export interface FileStore {
  /** Writes whole or not at all; the same key again is a no-op. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  get(key: string): Promise<Buffer | undefined>;
}
