import type { GazetteDate, Passage } from "./gazette.ts";
import type { EditionId, MessageId, PassageId } from "./ids.ts";
import type { Language } from "./language.ts";

/** The tenant's own document that a passage is of, rather than a gazette. */
export interface CitedDocument {
  readonly documentId: string;
  readonly version: number;
  /** Whoever asks may open it. */
  readonly isPublic: boolean;
  /** `page` is a page; else it is the number of a section. */
  readonly isPaged: boolean;
}

/** A place in a gazette, or in a document of the tenant's own, that supports a sentence of the answer. */
export interface Citation {
  /** As printed in the answer: `[1]`. From 1. */
  readonly number: number;
  readonly passageId: PassageId;
  readonly editionId: EditionId;
  /** Slug of the source. */
  readonly source: string;
  /** The source's name with the edition's number, as people say it: `La Gaceta n.º 220`. */
  readonly edition: string;
  readonly date: GazetteDate;
  /** PDF page, from 1. */
  readonly page: number;
  /** Page number printed on the paper; undefined when none was found. */
  readonly printedPage: string | undefined;
  /** Verbatim from the passage. */
  readonly quote: string;
  /**
   * Opens the page with the quoted lines highlighted. Absolute when PUBLIC_URL is known, else a path. Empty: whoever
   * asks may not open it.
   */
  readonly url: string;
  /** The heading that the quote stands under, of a document without pages. Absent: `page` is one. */
  readonly section?: string;
}

/** What a question came to, before a channel formats it. */
export interface Answer {
  /** Plain language with `[n]` marks. When abstained: says so and names the nearest pages. */
  readonly text: string;
  readonly language: Language;
  readonly abstained: boolean;
  /** What the answer rests on; when abstained, the nearest pages. */
  readonly citations: readonly Citation[];
  /** Which link of the chain wrote it, e.g. `extractive` or `openai-compatible:gpt-5-mini`. */
  readonly model: string;
  /** Id of the message whose passport tells how the answer came about. */
  readonly passport: MessageId;
  /** Of the tenant's own, to be given once per conversation. Absent: none. */
  readonly disclaimer?: string;
}

/** Dates, sources and words that a question asks for. */
export interface RetrievalQuery {
  /** The question as the person typed it. */
  readonly question: string;
  readonly language: Language;
  /** Inclusive; either end may be open. */
  readonly dates?: { readonly from?: GazetteDate; readonly to?: GazetteDate };
  /** Slugs of sources. Empty or absent: all that the tenant may read. */
  readonly sources?: readonly string[];
  /** Names of the sets that alone may answer, whatever else is asked for. Empty or absent: all that the tenant may read. */
  readonly knowledgeSets?: readonly string[];
  /** At most this many passages, best first. */
  readonly limit: number;
}

export interface RetrievedPassage {
  readonly passage: Passage;
  readonly source: string;
  readonly sourceName: string;
  readonly editionNumber: string | undefined;
  readonly documentName: string;
  readonly date: GazetteDate;
  /** Absent: of a gazette. */
  readonly document?: CitedDocument;
  /** Comparable within one result only; higher is better. */
  readonly score: number;
  /** Which legs found it, with their own ranks from 1. */
  readonly ranks: { readonly lexical?: number; readonly vector?: number };
}

export interface Retrieval {
  /** Best first. */
  readonly passages: readonly RetrievedPassage[];
  /** Whether the passages can answer the question at all, calibrated on the dev set. */
  readonly isAnswerable: boolean;
  /** 0 to 1: how surely. */
  readonly confidence: number;
  /** Words of the question that decide, and whether the best passages cover them: shown in the passport. */
  readonly evidence: Readonly<Record<string, string | number | boolean>>;
}

/** Question → passages with what is needed to cite them. */
export interface Retriever {
  retrieve(
    tenantId: import("./ids.ts").TenantId,
    query: RetrievalQuery,
    signal: AbortSignal,
  ): Promise<Retrieval>;
}
