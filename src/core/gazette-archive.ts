import type { GazetteDate, Passage } from "./gazette.ts";
import type { ActDraft, PageDraft, PlacedPassage } from "./gazette-store.ts";
import type { EditionId, SourceId, TenantId } from "./ids.ts";
import type { Language } from "./language.ts";

/** One date of a gazette: its current documents together. */
export interface ArchivedDay {
  readonly publishedOn: GazetteDate;
  /** Of its first document that has a number. */
  readonly number: string | undefined;
  readonly documentCount: number;
  readonly pageCount: number;
  readonly actCount: number;
  /** When the newest of its documents was taken in: a correction makes the date new again. */
  readonly takenInAt: Date;
}

export interface ArchivedMonth {
  /** `yyyy-mm`. */
  readonly month: string;
  readonly dayCount: number;
}

export type ListedAct = Omit<ActDraft, "passages">;

/** How one page was read. */
export type PageFacts = Pick<
  PageDraft,
  "page" | "printedPage" | "origin" | "confidence" | "givenUp"
>;

/** Gazettes by date, as readers leaf through them. Every read is as one tenant: public rows and its own. */
export interface GazetteArchive {
  /** Newest first. */
  listMonths(tenantId: TenantId, sourceId: SourceId): Promise<readonly ArchivedMonth[]>;
  /** Newest first; of one month (`yyyy-mm`) when given. */
  listDays(
    tenantId: TenantId,
    sourceId: SourceId,
    options: { readonly month: string | undefined; readonly limit: number },
  ): Promise<readonly ArchivedDay[]>;
  /** Of all public gazettes, newest first. */
  listPublicDays(limit: number): Promise<
    readonly {
      readonly slug: string;
      readonly publishedOn: GazetteDate;
      readonly takenInAt: Date;
    }[]
  >;
  /** The dates with an edition next to this one, which itself may have none. */
  findNeighbours(
    tenantId: TenantId,
    sourceId: SourceId,
    publishedOn: GazetteDate,
  ): Promise<{
    readonly earlier: GazetteDate | undefined;
    readonly later: GazetteDate | undefined;
  }>;
  /** Acts of several documents at once, each in order. A document without acts is absent. */
  listActs(
    tenantId: TenantId,
    editionIds: readonly EditionId[],
  ): Promise<ReadonlyMap<EditionId, readonly ListedAct[]>>;
  /** Every page of a document, in order, also of one that was superseded. */
  listPages(tenantId: TenantId, editionId: EditionId): Promise<readonly PageFacts[]>;
  /** What stands on a page wholly or in part, in reading order, with all its lines. */
  listPassages(
    tenantId: TenantId,
    editionId: EditionId,
    page: number,
  ): Promise<readonly PlacedPassage[]>;
}

/** Where something stands in a text, in UTF-16 code units; `end` is exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What was found of one act: its passage that fits the words best. */
export interface FoundAct {
  readonly passage: Passage;
  /** Verbatim from the passage. */
  readonly quote: string;
  /** Words of the quote that fit, ascending. */
  readonly marks: readonly Stretch[];
}

export interface EditionFindings {
  /** Acts found, of which `acts` are some. */
  readonly total: number;
  /** Best first. */
  readonly acts: readonly FoundAct[];
  /** No act has all the words: these have as many of them as any has. */
  readonly isPartial: boolean;
}

/** Looks for words inside editions. */
export interface EditionSearch {
  /**
   * Acts that hold the words, in whatever form (`licencias` finds `licencia`). Words that say nothing (`de`, `the`) are
   * left out; a text of such words alone finds nothing.
   */
  search(
    tenantId: TenantId,
    wanted: {
      readonly text: string;
      readonly editionIds: readonly EditionId[];
      readonly language: Language;
      readonly offset: number;
      readonly limit: number;
    },
  ): Promise<EditionFindings>;
}
