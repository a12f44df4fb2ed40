import type { GazetteDate, Source } from "./gazette.ts";
import type { EditionId, SourceId, TenantId } from "./ids.ts";

/**
 * How the editions of one source are found. Addresses hold `{yyyy}`, `{yy}`, `{MM}`, `{M}`, `{dd}` and `{d}` of the
 * date of publication.
 */
export type Locator =
  /** One PDF a day at an address that its date tells. */
  | { readonly kind: "address"; readonly url: string }
  /** A page, a feed or an API that names the day's PDFs: HTML, XML or JSON. */
  | {
      readonly kind: "listing";
      readonly url: string;
      /** CSS selector of the elements whose `href` or `src` counts; of HTML only. Undefined: every `a`. */
      readonly selector: string | undefined;
      /** Addresses that count, `*` stands for anything but `/` and `?`: `https://www.boe.es/boe/dias/{yyyy}/{MM}/{dd}/pdfs/*.pdf`. */
      readonly links: readonly string[];
      /** Its links are drawn by scripts of the page: it is opened in a browser. Undefined: it is read as it comes. */
      readonly render?: "browser" | undefined;
    }
  /**
   * PDFs at addresses that hold, besides the date, a number that runs through the year: `{n}`. They come on some days
   * only: of a day without, nobody is told.
   */
  | {
      readonly kind: "numbered";
      readonly url: string;
      /** Tried first in a year of which nothing is known yet. */
      readonly firstNumber: number;
      /** So many numbers one after the other that lead nowhere end a look. */
      readonly maxMisses: number;
    }
  /** PDFs that somebody puts into a folder of the operator's, below `SOURCES_DIR`. */
  | {
      readonly kind: "folder";
      readonly path: string;
      /** Names that count: with the date, as addresses have it, and `*` for anything. */
      readonly names: string;
    }
  /** People send the files. */
  | { readonly kind: "upload" };

/** 1: Monday … 7: Sunday (ISO 8601). */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export interface CollectionSettings {
  readonly locator: Locator;
  /** Hosts that may be asked, redirects included: `www.boe.es`, or `*.boe.es` for all below. */
  readonly hosts: readonly string[];
  readonly weekdays: readonly Weekday[];
  /** Wall-clock time `HH:mm` in the source's time zone from which the edition is looked for. */
  readonly expectedAt: string;
  /** Days without an edition: `2026-12-24`, `12-25` of every year, `easter-2` (Good Friday), `easter+1`. */
  readonly holidays: readonly string[];
  /** Minutes after `expectedAt` from which an edition that is not there is late, and people are told. */
  readonly lateAfterMinutes: number;
  /** Minutes after `expectedAt` from which nobody looks any more, and it is missing. Above `lateAfterMinutes`. */
  readonly missingAfterMinutes: number;
  /** Minutes between two looks while it is not there. */
  readonly lookEveryMinutes: number;
  /** Seconds between two requests to one host; a longer `Crawl-delay` of its robots.txt is kept. */
  readonly pauseSeconds: number;
  /** How many days after it was collected an edition is asked for again, once a day: for corrections. */
  readonly recheckDays: number;
  /** False: a PDF that names another date is taken all the same. */
  readonly checksDate: boolean;
}

/**
 * Where one edition of one source stands.
 *
 * `expected`: nobody has it yet. `collecting`: a process is at it. `collected`: read, indexed, answered from.
 * `late`: not there, though it should be; looked for further. `missing`: given up. `failed`: there, but it could not
 * be had or read; tried again while `nextAttemptAt` is set. `held-for-review`: its PDF names another date; a person
 * decides. `needs-attention`: its site is not laid out as the settings say; a person changes them. `corrected`: other
 * bytes came later under the same name, and took its place. `not-published`: a person said that there is none.
 */
export const EDITION_STATES = [
  "expected",
  "collecting",
  "collected",
  "late",
  "missing",
  "failed",
  "held-for-review",
  "needs-attention",
  "corrected",
  "not-published",
] as const;
export type EditionState = (typeof EDITION_STATES)[number];

/** Why a state is what it is: a stable code, and a sentence for people. */
export interface Reason {
  readonly code: string;
  readonly detail: string;
}

/** One edition that should be, was, or was asked for. */
export interface Expectation {
  readonly id: string;
  readonly sourceId: SourceId;
  readonly publishedOn: GazetteDate;
  readonly state: EditionState;
  readonly reason: Reason | undefined;
  /** How often it was begun. */
  readonly attempts: number;
  /** Of those, how many failed one after the other until now. */
  readonly failures: number;
  readonly expectedAt: Date;
  readonly lateAt: Date;
  readonly closesAt: Date;
  /** Undefined: nobody tries by itself. */
  readonly nextAttemptAt: Date | undefined;
  readonly rechecksLeft: number;
  /** When people were told that something is wrong with it; once. */
  readonly alertedAt: Date | undefined;
  readonly changedAt: Date;
}

/** One file of an edition: most have one, the BOE some three hundred. */
export interface CollectedDocument {
  readonly id: string;
  /** Undefined: a person sent it. */
  readonly url: string | undefined;
  readonly documentName: string;
  /**
   * `fetched`: kept, to be read. `held`: it names another date, and a person is to decide; `accepted`: they take it,
   * and it is to be read all the same; `rejected`: they do not.
   */
  readonly state: "fetched" | "accepted" | "stored" | "held" | "rejected";
  readonly contentHash: string;
  readonly fileKey: string;
  readonly byteCount: number;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  readonly editionId: EditionId | undefined;
  readonly fetchedAt: Date;
}

export const ATTEMPT_OUTCOMES = [
  "collected",
  "corrected",
  "unchanged",
  "absent",
  "failed",
  "held",
  "layout-changed",
  "interrupted",
] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** How far the reading of a file is. */
export interface ReadingProgress {
  /** `read COMP_….pdf`, `recognise COMP_….pdf`. */
  readonly step: string;
  /** Pages done in this step. */
  readonly done: number;
  readonly total: number;
}

export interface CollectionAttempt {
  readonly id: string;
  readonly number: number;
  readonly owner: string;
  readonly startedAt: Date;
  /** Undefined: it is under way, or its process died. */
  readonly endedAt: Date | undefined;
  readonly outcome: AttemptOutcome | undefined;
  readonly reason: Reason | undefined;
  /** The step that it is or ended at: `listing https://…`, `download https://…`, `read COMP_….pdf`. */
  readonly step: string | undefined;
  /** Pages of that step, while a file is read. */
  readonly pages: Pick<ReadingProgress, "done" | "total"> | undefined;
  readonly byteCount: number;
  readonly documentCount: number;
  /** Of a listing that is laid out otherwise. */
  readonly evidence: Evidence | undefined;
}

/** What a listing was that did not fit, by keys of the file store. */
export interface Evidence {
  /** Its first 64 KiB, as they came, or as its scripts drew them. */
  readonly pageKey: string;
  /** PNG; undefined: there was no browser, or it is no page for people. */
  readonly screenshotKey: string | undefined;
}

export interface ExpectationChange {
  readonly from: EditionState | undefined;
  readonly to: EditionState;
  readonly reason: Reason | undefined;
  readonly at: Date;
}

/** Everything about one edition, for who wonders. */
export interface ExpectationHistory {
  readonly expectation: Expectation;
  readonly documents: readonly CollectedDocument[];
  readonly attempts: readonly CollectionAttempt[];
  readonly changes: readonly ExpectationChange[];
}

export interface CollectedSource {
  readonly source: Source;
  readonly settings: CollectionSettings;
  /** Name of the preset that it was added from. */
  readonly preset: string | undefined;
  readonly isPaused: boolean;
  readonly pauseReason: string | undefined;
  /** Editions are expected from this date on. */
  readonly since: GazetteDate;
  readonly revision: number;
  /** Of the editions that stand well, the newest. */
  readonly lastCollectedOn: GazetteDate | undefined;
}

export interface NewSource {
  readonly source: Omit<Source, "sourceId" | "tenantId">;
  readonly settings: CollectionSettings;
  readonly preset: string | undefined;
  readonly isPaused: boolean;
  readonly pauseReason: string | undefined;
  readonly since: GazetteDate;
}

export interface Backfill {
  readonly id: string;
  readonly sourceId: SourceId;
  readonly from: GazetteDate;
  readonly until: GazetteDate;
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly cancelledAt: Date | undefined;
  /** Days of the range with an edition, by where they stand. */
  readonly counts: Readonly<Partial<Record<EditionState, number>>>;
  readonly total: number;
  /** Those of which nothing more is tried by itself. */
  readonly settled: number;
}

/** An expectation as it is planned. */
export type PlannedEdition = Pick<
  Expectation,
  "publishedOn" | "expectedAt" | "lateAt" | "closesAt"
>;

/**
 * Whose sources: a tenant's own (and public ones to read), or undefined: the installation's, which are public and
 * whoever operates it looks after.
 */
export type SourceOwner = TenantId | undefined;
