import type { GazetteDate, Source } from "./gazette.ts";
import type { SourceId } from "./ids.ts";
import type {
  AttemptOutcome,
  Backfill,
  CollectedDocument,
  CollectedSource,
  CollectionSettings,
  EditionState,
  Evidence,
  Expectation,
  ExpectationHistory,
  NewSource,
  PlannedEdition,
  Reason,
  SourceOwner,
} from "./newsroom.ts";
import type { Author } from "./operations.ts";

/** What people see of sources and do with them. Every change is audited and told as an event. */
export interface SourceStore {
  /** Throws `source-exists` (409) when one of this owner and slug is collected already. */
  add(owner: SourceOwner, source: NewSource, now: Date, by: Author): Promise<CollectedSource>;
  list(owner: SourceOwner): Promise<readonly CollectedSource[]>;
  /** Also a public one, for a tenant. */
  find(owner: SourceOwner, sourceId: SourceId): Promise<CollectedSource | undefined>;
  /**
   * `revision` undefined: whichever it has. Settings that are changed wake what needs attention. Returns undefined
   * when there is no such source of this owner, or another revision.
   */
  change(
    owner: SourceOwner,
    sourceId: SourceId,
    change: {
      readonly settings?: CollectionSettings | undefined;
      readonly pause?: { readonly isPaused: boolean; readonly reason: string | undefined };
    },
    revision: number | undefined,
    now: Date,
    by: Author,
  ): Promise<CollectedSource | undefined>;
  /** False: there is no such source of this owner. One of the same slug may be added again, and goes on with it. */
  archive(owner: SourceOwner, sourceId: SourceId, now: Date, by: Author): Promise<boolean>;
  calendar(
    owner: SourceOwner,
    sourceId: SourceId,
    from: GazetteDate,
    until: GazetteDate,
  ): Promise<readonly Expectation[]>;
  history(
    owner: SourceOwner,
    sourceId: SourceId,
    publishedOn: GazetteDate,
  ): Promise<ExpectationHistory | undefined>;
  /** It is due now, whatever its state; made when it was not expected. */
  collectNow(
    owner: SourceOwner,
    sourceId: SourceId,
    planned: PlannedEdition,
    now: Date,
    by: Author,
  ): Promise<void>;
  /** Its files are read once more now, as they were kept. False: none was read yet, or a look at it goes on. */
  readAnew(
    owner: SourceOwner,
    sourceId: SourceId,
    planned: PlannedEdition,
    now: Date,
    by: Author,
  ): Promise<boolean>;
  /** A file of a person's: kept and noted, to be read now. */
  upload(
    owner: SourceOwner,
    sourceId: SourceId,
    planned: PlannedEdition,
    document: Omit<CollectedDocument, "id" | "state" | "editionId">,
    by: Author,
  ): Promise<void>;
  /** What a person says of an edition. False: its state allows no such word. */
  decide(
    owner: SourceOwner,
    sourceId: SourceId,
    publishedOn: GazetteDate,
    decision: "accept" | "reject" | "not-published",
    now: Date,
    by: Author,
  ): Promise<boolean>;
  /** Days that are there already keep what they have; those that are missing or failed are tried again. */
  backfill(
    owner: SourceOwner,
    sourceId: SourceId,
    range: { readonly from: GazetteDate; readonly until: GazetteDate },
    planned: readonly PlannedEdition[],
    now: Date,
    by: Author,
  ): Promise<Backfill>;
  listBackfills(owner: SourceOwner, sourceId: SourceId): Promise<readonly Backfill[]>;
  /** What is under way is finished; what was not begun, and nobody had, is taken back. False: there is no such one. */
  cancelBackfill(
    owner: SourceOwner,
    sourceId: SourceId,
    backfillId: string,
    now: Date,
    by: Author,
  ): Promise<boolean>;
}

/** The right of one process to collect one source. Its number grows with each: writes of an older one are refused. */
export interface SourceLease {
  readonly sourceId: SourceId;
  readonly tenantId: SourceOwner;
  readonly owner: string;
  readonly fence: number;
}

/** A source as its collector reads it. */
export interface HeldSource {
  readonly source: Source;
  readonly settings: CollectionSettings;
  readonly isPaused: boolean;
  /** Days before this one are planned. */
  readonly plannedUntil: GazetteDate;
}

export interface BegunAttempt {
  readonly attemptId: string;
  readonly startedAt: Date;
  /** As it is now: `collecting`. */
  readonly expectation: Expectation;
  /** What it was before: `collected` and `corrected` are asked for again. */
  readonly before: EditionState;
  readonly documents: readonly CollectedDocument[];
  /** Addresses of what was collected of the days before it, of the same year, newest day first; a few. */
  readonly earlierUrls: readonly string[];
}

/** How an attempt leaves its edition. */
export interface Settlement {
  readonly state: EditionState;
  readonly outcome: AttemptOutcome;
  readonly reason: Reason | undefined;
  readonly step: string | undefined;
  readonly failures: number;
  readonly nextAttemptAt: Date | undefined;
  readonly rechecksLeft: number;
  readonly byteCount: number;
  readonly documentCount: number;
  readonly evidence: Evidence | undefined;
}

/** An edition of which people are to be told that something is wrong. */
export interface EditionAlert {
  readonly sourceId: SourceId;
  readonly slug: string;
  readonly publishedOn: GazetteDate;
  readonly state: EditionState;
  readonly reason: Reason | undefined;
}

/**
 * What collectors do, of however many processes: a source is held by one at a time, and every write names the lease.
 * All but `claim`, `keep` and `release` throw `lease-lost` when somebody else holds it by now.
 */
export interface CollectionLedger {
  /** The source that has waited longest of those that are due and nobody holds. */
  claim(owner: string, now: Date, leaseMs: number): Promise<SourceLease | undefined>;
  /** False: it is lost. */
  keep(lease: SourceLease, now: Date, leaseMs: number): Promise<boolean>;
  /** It is due again at the next time at which something of it is. */
  release(lease: SourceLease, now: Date): Promise<void>;
  read(lease: SourceLease): Promise<HeldSource | undefined>;
  plan(
    lease: SourceLease,
    planned: readonly PlannedEdition[],
    plannedUntil: GazetteDate,
    now: Date,
  ): Promise<void>;
  /** The oldest edition that is due; what a process left in the middle is due at once. */
  begin(lease: SourceLease, now: Date): Promise<BegunAttempt | undefined>;
  noteDocument(
    lease: SourceLease,
    expectationId: string,
    document: CollectedDocument,
  ): Promise<void>;
  settle(lease: SourceLease, begun: BegunAttempt, settlement: Settlement, now: Date): Promise<void>;
  /** Marks what is late or missing by now, and tells people of what they were not told yet, each edition once. */
  tellOverdue(lease: SourceLease, now: Date): Promise<readonly EditionAlert[]>;
}

/** For whoever watches: of all tenants together, and of public sources one by one. */
export interface CollectionFigures {
  readonly byState: Readonly<Partial<Record<EditionState, number>>>;
  /** When the newest edition that is collected was due, by public source. */
  readonly newestBySlug: readonly { readonly slug: string; readonly expectedAt: Date }[];
}
