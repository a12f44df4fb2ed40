import type { BotId, EditionId, MessageId, PassageId, TenantId } from "./ids.ts";
import type { KeysetPage, KeysetRequest } from "./page.ts";
import type { TenantState } from "./tenants.ts";

/** Upper bounds in milliseconds of the classes of answer times; what took longer is in one more class. */
export const ANSWER_TIME_BOUNDS_MS: readonly number[] = [
  100, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 7_500, 10_000, 15_000, 20_000,
  30_000, 45_000, 60_000, 120_000, 300_000, 900_000, 3_600_000,
];

/** What was counted of one bot on one day of the tenant's time zone, or of several summed. */
export interface AnalyticsFigures {
  /** That citizens wrote. */
  readonly messages: number;
  readonly answered: number;
  /** Of the answered: the gazette does not say. */
  readonly abstained: number;
  /** Of the answered: a person was asked for. */
  readonly handedOver: number;
  /** Given up after every attempt. */
  readonly failed: number;
  /** Citizens' judgements on answers as they stand now. */
  readonly thumbsUp: number;
  readonly thumbsDown: number;
  readonly costMicroUsd: number;
  /** Answers by class of `ANSWER_TIME_BOUNDS_MS`, one more than it has bounds. */
  readonly answerTimes: readonly number[];
}

export interface AnalyticsDay extends AnalyticsFigures {
  readonly botId: BotId;
  /** `2026-11-21`. */
  readonly day: string;
}

/** Days of the tenant's time zone, both included. */
export interface AnalyticsRange {
  readonly from: string;
  readonly to: string;
  readonly botId: string | undefined;
}

/** An act that answers rest on. */
export interface CitedAct {
  readonly editionId: EditionId;
  /** Order of the act within its edition, from 0. */
  readonly position: number;
  readonly source: { readonly slug: string; readonly name: string };
  readonly editionNumber: string | undefined;
  readonly publishedOn: string;
  /** The name that the PDF came under. */
  readonly documentName: string;
  /** A document of the tenant's own, rather than a gazette. */
  readonly document:
    | { readonly documentId: string; readonly version: number; readonly isPublic: boolean }
    | undefined;
  readonly section: string;
  readonly issuingBody: string;
  readonly title: string;
  /** Of the passage that was cited most: PDF page, from 1. */
  readonly page: number;
  readonly printedPage: string | undefined;
  readonly passageId: PassageId;
  /** Answers that cited it; one that cites two of its passages counts for both. */
  readonly citations: number;
}

/**
 * Whoever asked a question stays unknown: a group of questions is shown only when so many different people asked it
 * within the range (k-anonymity, Sweeney 2002).
 */
export const MIN_ASKERS = 5;
/** Of a label, words that fewer people used are not shown: a name, a case number. */
export const MIN_WORD_ASKERS = 3;

/** Questions with one meaning. */
export interface TopQuestion {
  /** One of them, with `…` for what only few of the people wrote. */
  readonly label: string;
  readonly questions: number;
  readonly askers: number;
  /** Of the questions: the gazette does not say. */
  readonly abstained: number;
  readonly firstOn: string;
  readonly lastOn: string;
}

export interface TopQuestions {
  /** The most asked first. */
  readonly questions: readonly TopQuestion[];
  /** All that were asked in the range, shown or not. */
  readonly total: number;
  readonly totalAbstained: number;
  /** When the tenant's questions were last looked through; undefined: not yet. */
  readonly groupedAt: Date | undefined;
}

/** The figures of one tenant, for who operates the installation. */
export interface TenantFigures {
  readonly tenantId: TenantId;
  readonly slug: string;
  readonly name: string;
  readonly state: TenantState;
  readonly figures: AnalyticsFigures;
}

export interface AnalyticsStore {
  /** By day, then bot. Days without anything are left out. */
  read(tenantId: TenantId, range: AnalyticsRange): Promise<readonly AnalyticsDay[]>;
  /** The most cited first, at most `limit`. What is no longer there is left out. */
  topActs(tenantId: TenantId, range: AnalyticsRange, limit: number): Promise<readonly CitedAct[]>;
  /** `abstained`: of questions that found nothing alone. */
  topQuestions(
    tenantId: TenantId,
    range: AnalyticsRange & { readonly only: "abstained" | undefined },
    limit: number,
  ): Promise<TopQuestions>;
  /** Every tenant that is not deleted, the oldest first; days are each tenant's own. */
  listTenants(
    range: Pick<AnalyticsRange, "from" | "to">,
    page: KeysetRequest,
  ): Promise<KeysetPage<TenantFigures>>;
  /** Of all tenants together. */
  total(range: Pick<AnalyticsRange, "from" | "to">): Promise<AnalyticsFigures>;
  /**
   * Counts events that were not counted yet, of at most `tenants` tenants: each once, whenever they come. Returns how
   * many; any number of processes may, and one that dies leaves nothing half counted.
   */
  countNext(tenants: number): Promise<number>;
}

/** Upper bound of the class in which the share `p` (0 to 1) of all lies; undefined: there was none. */
export function percentileMs(answerTimes: readonly number[], p: number): number | undefined {
  const total = answerTimes.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let seen = 0;
  for (const [index, count] of answerTimes.entries()) {
    seen += count;
    if (seen >= total * p) return ANSWER_TIME_BOUNDS_MS[index] ?? Number.POSITIVE_INFINITY;
  }
  return Number.POSITIVE_INFINITY;
}

/** A question as it was asked. Data from outside. */
export interface AskedQuestion {
  readonly messageId: MessageId;
  /** Whoever asked, whatever they are called. */
  readonly asker: string;
  readonly text: string;
}

export interface QuestionGroup {
  readonly label: string;
  readonly messageIds: readonly MessageId[];
}

/** The right to look through the questions of one tenant; a later one fences it out. */
export interface QuestionRun {
  readonly tenantId: TenantId;
  readonly token: string;
}

/** Where questions wait to be grouped. Any number of processes may look. */
export interface QuestionRuns {
  /** A tenant with questions that nobody looked through yet, or with somebody erased since; undefined: none is due. */
  claim(): Promise<QuestionRun | undefined>;
  /** Those of the last 400 days, newest first, in pages; at most `limit`. */
  read(run: QuestionRun, limit: number): AsyncIterable<readonly AskedQuestion[]>;
  /**
   * Takes the place of what was found before. False: nothing was written, for another process came after us, or somebody
   * was erased meanwhile.
   */
  finish(run: QuestionRun, groups: readonly QuestionGroup[]): Promise<boolean>;
}
