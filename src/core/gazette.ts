import type { EditionId, PassageId, SourceId, TenantId } from "./ids.ts";
import type { Language } from "./language.ts";

/** A gazette that is published over and over. Data, not code. `tenantId` undefined: public, shared by all tenants, read-only. */
export interface Source {
  readonly sourceId: SourceId;
  readonly tenantId: TenantId | undefined;
  /** URL- and CLI-safe name, e.g. `la-gaceta`. */
  readonly slug: string;
  /** As its readers call it, e.g. `La Gaceta`. */
  readonly name: string;
  readonly language: Language;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** IANA name; "today" is meant in it. */
  readonly timeZone: string;
}

/** `yyyy-mm-dd`, a date in the gazette's own time zone. */
export type GazetteDate = string;

export interface Edition {
  readonly editionId: EditionId;
  readonly source: Source;
  readonly publishedOn: GazetteDate;
  /** Number printed on the edition, e.g. `220`. */
  readonly number: string | undefined;
  /** File name that the bytes came under: the document within a source and date (BOE has many a day). */
  readonly documentName: string;
  /** SHA-256 of the PDF's bytes, lower-case hex. */
  readonly contentHash: string;
  readonly pageCount: number;
}

/** Rectangle on a PDF page in points, origin at the top left, of the page as displayed. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One line of a passage where it stands on its page, so that a citation can highlight it. */
export interface PlacedLine extends Box {
  /** PDF page, from 1. */
  readonly page: number;
  /** Where the line's text begins in the passage's text, in UTF-16 code units. */
  readonly textStart: number;
}

/** The smallest citable text: part of one act, at most a page or so long. */
export interface Passage {
  readonly passageId: PassageId;
  readonly editionId: EditionId;
  /** Order within the edition, from 0. */
  readonly position: number;
  /** Order of its act within the edition, from 0. */
  readonly actPosition: number;
  /** Issuing body, section and act title: the context that the text is read in. Empty when unknown. */
  readonly heading: string;
  readonly text: string;
  /** First and last PDF page, from 1. */
  readonly page: number;
  readonly lastPage: number;
  /** The number printed on the first page, which differs from the PDF page; undefined when none was found. */
  readonly printedPage: string | undefined;
}
