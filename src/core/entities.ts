import type { RetrievedPassage } from "./answer.ts";
import type { GazetteDate } from "./gazette.ts";
import type { EditionId, PassageId, TenantId } from "./ids.ts";
import type { Language } from "./language.ts";

/** What acts speak of. `norm`: a law, decree or order by its number or date. */
export const ENTITY_KINDS = [
  "body",
  "norm",
  "company",
  "person",
  "place",
  "amount",
  "date",
] as const;
export type EntityKind = (typeof ENTITY_KINDS)[number];

/** How one act bears on another. `annuls` is part of `derogates`: what is left without effect does not hold. */
export const RELATIONS = [
  "derogates",
  "corrects",
  "modifies",
  "adds",
  "extends",
  "regulates",
] as const;
export type Relation = (typeof RELATIONS)[number];

/** Where something stands in an act: passage by its place in the act, from 0, and UTF-16 code units of its text. */
export interface PlaceInAct {
  readonly passage: number;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** One thing that an act speaks of, at the first place where it does. */
export interface ActEntity extends PlaceInAct {
  readonly kind: EntityKind;
  /**
   * The same for all ways to write it: names folded, a company's without its legal form, `law:7983`,
   * `CRC 12345000` (minor units), `2014-11-14`.
   */
  readonly key: string;
  /** As it is written there. */
  readonly name: string;
  readonly mentions: number;
}

/** Which law, decree or order an act is. */
export interface NormIdentity {
  /** `law:7983`, `ordinance:2/2019`, `decree@2019-02-21` of one without a number. */
  readonly key: string;
  /** As its title has it. */
  readonly name: string;
  readonly enactedOn: GazetteDate | undefined;
}

/** What an act says that it changes. */
interface ReferenceTarget {
  /** As `NormIdentity.key`; `gazette@2014-11-12` where no norm is named, but the edition is. */
  readonly key: string;
  readonly name: string;
  readonly enactedOn: GazetteDate | undefined;
  /** Of the edition that it was published in, as far as it is named. */
  readonly gazetteNumber: string | undefined;
  readonly gazetteOn: GazetteDate | undefined;
  readonly gazettePage: number | undefined;
}

/** One act bearing on another, with the sentence that says so. The place is the sentence's. */
export interface ActReference extends PlaceInAct {
  readonly relation: Relation;
  /** Of a part only: an article, an annex, one of the acts that a decree holds together. */
  readonly isPartial: boolean;
  readonly target: ReferenceTarget;
}

/** What rules read in one act. */
export interface ActReading {
  readonly norm: NormIdentity | undefined;
  readonly entities: readonly ActEntity[];
  readonly references: readonly ActReference[];
}

/** An act as rules read it. */
export interface ReadableAct {
  readonly section: string;
  readonly issuingBody: string;
  readonly title: string;
  readonly passages: readonly { readonly text: string }[];
}

/** Where a gazette is published decides how its laws are numbered, and what a `$` is. */
export interface ReadingContext {
  readonly language: Language;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** An edition that was read by older rules than ours, or by none. */
export interface UnreadEdition {
  readonly editionId: EditionId;
  /** Undefined: public. */
  readonly tenantId: TenantId | undefined;
}

/** Keeps what is read of acts. Any number of processes may read at once: they repeat each other at worst. */
export interface ReadingLedger {
  /** The newest current edition that rules of `version` have not read, but for those named. */
  findUnread(version: number, except: readonly EditionId[]): Promise<UnreadEdition | undefined>;
  /** Undefined: it is gone. */
  open(
    edition: UnreadEdition,
  ): Promise<
    { readonly context: ReadingContext; readonly acts: readonly ReadableAct[] } | undefined
  >;
  /** In one transaction, in place of what was read before; nothing, when newer rules have read it. One reading for each act. */
  keep(edition: UnreadEdition, version: number, readings: readonly ActReading[]): Promise<void>;
}

/** Another act that bears on one that is cited. */
export interface ActChange {
  /** Of the passages asked about, the first one of the act that is changed. */
  readonly passageId: PassageId;
  readonly relation: Relation;
  readonly isPartial: boolean;
  /** What changes it: its title, or what it is called where it is mentioned. */
  readonly by: string;
  /** Verbatim from the passage found. */
  readonly sentence: string;
  /** Where that sentence stands. */
  readonly found: RetrievedPassage;
}

/** Finds what changes an act, whichever of the two was taken in first. */
export interface ActChanges {
  /**
   * Later acts, as far as the tenant may read them and the knowledge sets hold them (empty or absent: all), that say
   * they change the acts of these passages: newest first.
   */
  changesOf(
    tenantId: TenantId,
    passageIds: readonly PassageId[],
    knowledgeSets: readonly string[] | undefined,
  ): Promise<readonly ActChange[]>;
}

/** One thing with the number of acts that speak of it. */
export interface CountedEntity {
  readonly kind: EntityKind;
  readonly key: string;
  /** As it is written most often. */
  readonly name: string;
  readonly actCount: number;
}

/** What editions speak of, as their readers leaf through them. Every read is as one tenant. */
export interface EntityIndex {
  /** With the most acts first, at most `limit` of each kind. */
  listFrequent(
    tenantId: TenantId,
    editionIds: readonly EditionId[],
    wanted: { readonly kinds: readonly EntityKind[]; readonly limit: number },
  ): Promise<readonly CountedEntity[]>;
  /** Positions of the acts that speak of it, ascending, by edition; undefined: none does. */
  findActs(
    tenantId: TenantId,
    editionIds: readonly EditionId[],
    entity: { readonly kind: EntityKind; readonly key: string },
  ): Promise<
    | { readonly name: string; readonly positions: ReadonlyMap<EditionId, readonly number[]> }
    | undefined
  >;
}
