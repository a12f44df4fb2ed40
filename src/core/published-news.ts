import type { EditionFindings } from "./gazette-archive.ts";
import type { BotId, EditionId, TenantId } from "./ids.ts";
import type { Language } from "./language.ts";
import type { CollectionSettings, EditionState } from "./newsroom.ts";
import type { AlertEdition, PublishedPeriod } from "./subscriptions.ts";

/** A bot, and so the gazettes that its assistant speaks of. */
interface AskedBot {
  readonly tenantId: TenantId;
  readonly botId: BotId;
}

/** Where a subject is looked for. */
export interface AskedWhere {
  readonly tenantId: TenantId;
  readonly period: PublishedPeriod;
  /** Slugs; empty: all gazettes. */
  readonly sources: readonly string[];
  /** Names of the sets that alone may answer; undefined or empty: all that the tenant may read. */
  readonly knowledgeSets: readonly string[] | undefined;
}

/** What was found of a subject in a time. */
export interface PublishedFindings extends Pick<EditionFindings, "total" | "acts"> {
  /** By the passages' edition. */
  readonly editions: ReadonlyMap<EditionId, AlertEdition>;
}

/**
 * Why a gazette has nothing of a day, by the calendar of its own zone. `holiday`, `no-publication-day`: none is
 * expected. `not-yet`: it is, and not late. `late`, `missing`: it should be there. `not-published`: a person said so.
 */
export type Absence =
  | "holiday"
  | "no-publication-day"
  | "not-yet"
  | "late"
  | "missing"
  | "not-published";

interface AbsentEdition {
  readonly sourceName: string;
  readonly absence: Absence;
  /** `06:00`: when it is looked for, by the clock of the gazette's zone. */
  readonly expectedAt: string;
}

/** What the conversation asks of days and weeks, besides lists of editions. */
export interface PublishedNews {
  /** Acts of that time that have all the words, best first, at most `limit`. */
  findSubject(
    where: AskedWhere,
    wanted: { readonly subject: string; readonly limit: number },
    now: Date,
  ): Promise<PublishedFindings>;
  /** Of gazettes that are collected by a calendar and have nothing of the day, in the order of their names. Empty for longer times. */
  whyNothing(bot: AskedBot, period: PublishedPeriod, now: Date): Promise<readonly AbsentEdition[]>;
}

/** What the store knows of a gazette's days. */
export interface CollectedDays {
  readonly sourceName: string;
  readonly timeZone: string;
  readonly settings: CollectionSettings;
  /** Of the days that are near, by date. */
  readonly states: ReadonlyMap<string, EditionState>;
  /** Of those days, the dates with an edition, collected or ingested by hand. */
  readonly published: ReadonlySet<string>;
}

/** Reads for `PublishedNews`; implemented in `src/store`. */
export interface PublishedDays {
  /** Current editions of the time, at most 2,000, newest first. */
  listEditions(
    where: AskedWhere,
    now: Date,
  ): Promise<readonly (AlertEdition & { readonly language: Language })[]>;
  /** Gazettes that are collected and not paused, with the last days before and after `now`. */
  listCollected(bot: AskedBot, now: Date): Promise<readonly CollectedDays[]>;
}
