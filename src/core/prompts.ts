import type { GazetteDate } from "./gazette.ts";
import type { EditionId, PassageId, PromptId, PromptRunId, TenantId } from "./ids.ts";
import type { Language } from "./language.ts";
import type { Reason } from "./newsroom.ts";
import type { Author } from "./operations.ts";
import type { KeysetPage, KeysetRequest } from "./page.ts";
import type { MicroUsd } from "./spending.ts";
import type { AlertTopic } from "./subscriptions.ts";

/** Which acts of an edition are read: all; those of sections that have one of these names in theirs; those that match. */
export type PromptScope =
  | { readonly kind: "whole" }
  | { readonly kind: "sections"; readonly sections: readonly string[] }
  | { readonly kind: "matching"; readonly topic: AlertTopic };

/** `minute` is minutes after midnight in the time zone (IANA); `weekday` is 1, Monday, to 7. */
export type PromptSchedule =
  | { readonly kind: "each-edition" }
  | { readonly kind: "daily"; readonly minute: number; readonly timeZone: string }
  | {
      readonly kind: "weekly";
      readonly weekday: number;
      readonly minute: number;
      readonly timeZone: string;
    }
  | { readonly kind: "manual" };

export const PROMPT_KINDS = ["digest"] as const;
export type PromptKind = (typeof PROMPT_KINDS)[number];

/** `automatic`: approved without a person when nothing at all fell in the check; else it waits like the others. */
export const REVIEW_POLICIES = ["required", "automatic"] as const;
export type ReviewPolicy = (typeof REVIEW_POLICIES)[number];

/** What a version of a prompt is. Plain JSON. */
export interface PromptSettings {
  readonly kind: PromptKind;
  /** Of what it writes; dates and gazettes are put behind it. */
  readonly title: string;
  readonly language: Language;
  /** Whose chain writes. Undefined: the tenant's default assistant, or the installation's chain where it has none. */
  readonly assistant?: string | undefined;
  /** Slugs; never empty. */
  readonly sources: readonly string[];
  readonly scope: PromptScope;
  readonly schedule: PromptSchedule;
  /** What the tenant wants of it; may be empty. It changes what is chosen and how it is said, and no rule of ours. */
  readonly instructions: string;
  /** 1 to 40. */
  readonly maxStatements: number;
  readonly reviewPolicy: ReviewPolicy;
}

export interface Prompt {
  readonly promptId: PromptId;
  readonly tenantId: TenantId;
  /** Unique in the tenant. */
  readonly name: string;
  /** The newest; from 1. Older ones stay, and can be run. */
  readonly version: number;
  readonly settings: PromptSettings;
  /** Nothing runs by itself. */
  readonly isPaused: boolean;
  /** Of a daily or weekly one: when it runs next. */
  readonly nextAt: Date | undefined;
  /** Grows with every change, also of what makes no version. */
  readonly revision: number;
  readonly createdAt: Date;
}

export interface PromptVersion {
  readonly version: number;
  readonly settings: PromptSettings;
  readonly createdAt: Date;
  readonly createdBy: string;
}

/**
 * `queued` → `mapping` (batch after batch of acts is read) → `reducing` (what was found is made one text) → `checking`
 * (each statement is held against what it cites) → `waiting-for-review` → `approved` or `rejected`. `held`: what came
 * of it must not be published, the reason says why; `failed`: it could not be written; both can be tried again.
 */
export const PROMPT_RUN_STATES = [
  "queued",
  "mapping",
  "reducing",
  "checking",
  "waiting-for-review",
  "approved",
  "rejected",
  "held",
  "failed",
  "cancelled",
] as const;
export type PromptRunState = (typeof PROMPT_RUN_STATES)[number];

export const PROMPT_TRIGGERS = ["edition", "schedule", "person"] as const;
export type PromptTrigger = (typeof PROMPT_TRIGGERS)[number];

/** One document that a run reads. */
export interface PromptRunEdition {
  readonly id: EditionId;
  readonly sourceSlug: string;
  readonly sourceName: string;
  readonly date: GazetteDate;
  readonly number: string | undefined;
  readonly documentName: string;
  readonly pageCount: number;
}

/** A claim of a run as it stands before it is approved. */
export interface RunStatement {
  readonly text: string;
  /** Who wrote its words: a model; the gazette, word for word; a person. */
  readonly origin: "model" | "gazette" | "person";
  readonly citations: readonly RunCitation[];
  /** False: a person wrote it, and what it cites does not say so. Of a model's words never: those are dropped. */
  readonly isSupported: boolean;
}

export interface RunCitation extends ApprovedCitation {
  readonly passageId: PassageId;
}

/** What a model wrote and the check took away. */
export interface DroppedStatement {
  readonly text: string;
  /** `uncited`: it cites nothing that was shown; `unsupported`: what it cites does not say so. */
  readonly reason: "uncited" | "unsupported";
}

/** Pages of all documents of a run. `wanted` is what had to be read: all, but for blank ones and those out of scope. */
export interface PageCoverage {
  readonly pages: number;
  readonly wanted: number;
  readonly read: number;
  readonly blank: number;
  readonly leftOut: number;
}

/** One line of the page ledger. */
export interface RunPage {
  readonly editionId: EditionId;
  readonly page: number;
  readonly state: "read" | "unread" | "blank" | "left-out";
  /** Passages on it that are in scope, and of those, how many a committed batch has read. */
  readonly passages: number;
  readonly passagesRead: number;
}

/** What a run will probably take. */
export interface RunEstimate {
  /** `provider:model`; undefined: no model is asked, and nothing is paid. */
  readonly model: string | undefined;
  readonly documents: number;
  readonly pages: number;
  readonly acts: number;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Undefined: the model is not on the price list. */
  readonly costMicroUsd: MicroUsd | undefined;
}

export interface RunReview {
  readonly decision: "approved" | "rejected";
  /** `automatic`, or whom the audit names. */
  readonly by: string;
  readonly at: Date;
  readonly reason: string | undefined;
}

export interface PromptRun {
  readonly runId: PromptRunId;
  readonly tenantId: TenantId;
  readonly promptId: PromptId;
  readonly promptName: string;
  readonly version: number;
  readonly settings: PromptSettings;
  readonly trigger: PromptTrigger;
  readonly state: PromptRunState;
  readonly reason: Reason | undefined;
  readonly title: string;
  readonly editions: readonly PromptRunEdition[];
  readonly coverage: PageCoverage;
  /** Pages of its documents that had been given up were read since: what it says is not of the whole any more. */
  readonly isOutdated: boolean;
  /** Batches and reductions; more may be added by the next reduction. */
  readonly steps: { readonly done: number; readonly planned: number };
  readonly estimate: RunEstimate | undefined;
  /** What was booked; `costMicroUsd` undefined: the price of a call is not known. */
  readonly spent: { readonly calls: number; readonly costMicroUsd: MicroUsd | undefined };
  /** Empty until it was reduced. */
  readonly statements: readonly RunStatement[];
  readonly dropped: readonly DroppedStatement[];
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly changedAt: Date;
  readonly review: RunReview | undefined;
  /** Grows with each change by a person. */
  readonly revision: number;
}

/** As `PromptRun`, in a list. */
export type PromptRunSummary = Omit<PromptRun, "settings" | "statements" | "dropped" | "spent"> & {
  readonly statementCount: number;
  readonly droppedCount: number;
};

/** What a person (or the policy) approved: frozen, what is published is this and nothing newer. */
export interface ApprovedText {
  readonly runId: PromptRunId;
  readonly tenantId: TenantId;
  readonly promptId: PromptId;
  readonly promptName: string;
  readonly version: number;
  readonly language: Language;
  readonly title: string;
  readonly statements: readonly ApprovedStatement[];
  readonly editions: readonly {
    readonly id: EditionId;
    readonly sourceSlug: string;
    readonly sourceName: string;
    readonly date: GazetteDate;
  }[];
  readonly approvedBy: string;
  readonly approvedAt: Date;
}

/** One claim of a digest. Without citations only where a person took it upon themselves. */
export interface ApprovedStatement {
  readonly text: string;
  readonly citations: readonly ApprovedCitation[];
}

export interface ApprovedCitation {
  readonly editionId: EditionId;
  readonly sourceName: string;
  readonly date: GazetteDate;
  /** From 1. */
  readonly pdfPage: number;
  /** As printed on the page; undefined: none was found. */
  readonly printedPage: string | undefined;
  /** Verbatim from the passage, but for line breaks. */
  readonly quote: string;
  /** Opens the page with the quoted lines highlighted: a path, which begins with `/`; who publishes puts PUBLIC_URL before it. */
  readonly link: string;
}

/** Port that publishing reads. */
export interface ApprovedTexts {
  /** Undefined: there is no such run, or it was not approved. */
  find(tenantId: TenantId, runId: PromptRunId): Promise<ApprovedText | undefined>;
  /** Oldest first, of all tenants, approved after `after`. */
  approvedSince(
    after: Date,
    limit: number,
  ): Promise<
    readonly {
      readonly tenantId: TenantId;
      readonly runId: PromptRunId;
      readonly promptId: PromptId;
      readonly approvedAt: Date;
    }[]
  >;
}

/** Prompts at rest. Every change is audited. What is of another tenant is not there. */
export interface PromptStore {
  /** The same id again changes nothing. Throws `prompt-exists` (409). */
  create(
    tenantId: TenantId,
    promptId: PromptId,
    prompt: { readonly name: string; readonly settings: PromptSettings },
    nextAt: Date | undefined,
    by: Author,
  ): Promise<void>;
  list(tenantId: TenantId): Promise<readonly Prompt[]>;
  find(tenantId: TenantId, promptId: PromptId): Promise<Prompt | undefined>;
  /** Newest first. */
  versions(tenantId: TenantId, promptId: PromptId): Promise<readonly PromptVersion[]>;
  /** Other settings are another version. Throws `stale` (412) when the revision is not `revision` any more. */
  change(
    tenantId: TenantId,
    promptId: PromptId,
    prompt: { readonly name: string; readonly settings: PromptSettings },
    nextAt: Date | undefined,
    revision: number | undefined,
    by: Author,
  ): Promise<void>;
  /** What came in while it was paused is not run. */
  pause(
    tenantId: TenantId,
    promptId: PromptId,
    isPaused: boolean,
    nextAt: Date | undefined,
    by: Author,
  ): Promise<void>;
  /** Its runs stay. False: there is none. */
  remove(tenantId: TenantId, promptId: PromptId, by: Author): Promise<boolean>;
}

export interface RunFilter {
  readonly promptId?: PromptId | undefined;
  readonly state?: PromptRunState | undefined;
}

export type ReviewStep =
  | { readonly kind: "edit"; readonly statements: readonly RunStatement[] }
  | { readonly kind: "approve"; readonly statements: readonly RunStatement[] }
  | { readonly kind: "reject"; readonly reason: string }
  | { readonly kind: "cancel" }
  | { readonly kind: "retry" };

/** Runs as people see and change them. */
export interface PromptRunStore {
  /** The same id again changes nothing. */
  create(
    tenantId: TenantId,
    run: {
      readonly runId: PromptRunId;
      readonly promptId: PromptId;
      readonly version: number;
      readonly title: string;
      readonly editionIds: readonly EditionId[];
      readonly estimate: RunEstimate;
    },
    by: Author,
  ): Promise<void>;
  list(
    tenantId: TenantId,
    filter: RunFilter,
    page: KeysetRequest,
  ): Promise<KeysetPage<PromptRunSummary>>;
  find(tenantId: TenantId, runId: PromptRunId): Promise<PromptRun | undefined>;
  pages(tenantId: TenantId, runId: PromptRunId): Promise<readonly RunPage[]>;
  /**
   * Throws `stale` (412), or `run-not-so` (409) where the run stands so that this cannot be done. What was approved is
   * frozen in the same transaction.
   */
  take(
    tenantId: TenantId,
    runId: PromptRunId,
    step: ReviewStep,
    revision: number | undefined,
    now: Date,
    by: Author,
  ): Promise<void>;
}
