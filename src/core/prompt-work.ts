import type { RetrievedPassage } from "./answer.ts";
import type { GazetteDate } from "./gazette.ts";
import type { EditionId, PassageId, PromptId, PromptRunId, TenantId } from "./ids.ts";
import type { Reason } from "./newsroom.ts";
import type {
  DroppedStatement,
  PageCoverage,
  PromptRunEdition,
  PromptRunState,
  PromptSettings,
  RunEstimate,
  RunStatement,
} from "./prompts.ts";
import type { ActText, EditionText } from "./subscriptions.ts";

/** A document as a run reads it. */
export interface PromptMaterial extends EditionText {
  readonly facts: PromptRunEdition;
  readonly acts: readonly MaterialAct[];
  /** Every page of the PDF, in order. */
  readonly pages: readonly {
    readonly page: number;
    /** It has no letter and no figure. */
    readonly isBlank: boolean;
    /** Its text, where no passage stands on it. */
    readonly looseText: string | undefined;
  }[];
}

export interface MaterialAct extends ActText {
  readonly passages: readonly MaterialPassage[];
}

export type MaterialPassage = ActText["passages"][number] & {
  readonly position: number;
  readonly heading: string;
  readonly lastPage: number;
};

/** Part of a passage, which is nearly always all of it. `from` to before `until`, in UTF-16 code units. */
export interface PassagePart {
  readonly editionId: EditionId;
  readonly passageId: PassageId;
  readonly from: number;
  readonly until: number;
}

/**
 * One piece of a run's work: at level 0 a batch of passages, above it a group of statements of the level below. What
 * came of it is committed whole, and never made again.
 */
export interface PromptStep {
  /** UUIDv7; also the message on whose account the model is called. */
  readonly stepId: string;
  readonly level: number;
  /** Within the level, from 0. */
  readonly position: number;
  readonly input:
    | { readonly kind: "map"; readonly parts: readonly PassagePart[] }
    | {
        readonly kind: "reduce";
        readonly statements: readonly RunStatement[];
        readonly limit: number;
      };
  /** How often a model answered with junk. */
  readonly tries: number;
  /** How often a person asked to try the run again. */
  readonly round: number;
}

export interface StepOutput {
  readonly statements: readonly RunStatement[];
  readonly dropped: readonly DroppedStatement[];
  /** `provider:model`; undefined: none was asked. */
  readonly model: string | undefined;
}

/** A page as it is planned: what of it has to be read. */
export interface PlannedPage {
  readonly editionId: EditionId;
  readonly page: number;
  readonly duty: "read" | "blank" | "left-out";
  /** Passages in scope that stand on it. */
  readonly passages: number;
}

/** A passage with the pages that it stands on, so that its batch can be entered in the page ledger. */
export interface PagesOfPassage {
  readonly editionId: EditionId;
  readonly page: number;
  /** Passages of this batch that stand on it and end in it. */
  readonly passages: number;
}

/** Who works on a run, until when; refused once somebody else took it over. */
export interface RunLease {
  readonly tenantId: TenantId;
  readonly runId: PromptRunId;
  readonly owner: string;
  readonly fence: number;
}

export interface HeldRun {
  readonly runId: PromptRunId;
  readonly tenantId: TenantId;
  readonly promptId: PromptId;
  readonly state: PromptRunState;
  readonly settings: PromptSettings;
  readonly editions: readonly PromptRunEdition[];
  /** Of calls that failed, one after the other. */
  readonly failures: number;
  readonly coverage: PageCoverage;
}

/**
 * The ledger of runs, for who writes them. One process at a time holds a run, by a lease and a fencing token that
 * refuses what an older holder writes (`lease-lost`). Each step commits by itself.
 */
export interface PromptWork {
  claim(owner: string, now: Date, leaseMs: number): Promise<RunLease | undefined>;
  /** False: somebody else has it. */
  keep(lease: RunLease, now: Date, leaseMs: number): Promise<boolean>;
  /** It is looked at again at `nextAt`. */
  release(lease: RunLease, nextAt: Date): Promise<void>;
  /** Undefined: it is nobody's to work on any more, or somebody else's. */
  read(lease: RunLease): Promise<HeldRun | undefined>;
  materials(
    tenantId: TenantId,
    editionIds: readonly EditionId[],
  ): Promise<readonly PromptMaterial[]>;
  /** `queued` → `mapping`, with all that is to be read. */
  plan(
    lease: RunLease,
    plan: {
      readonly steps: readonly (readonly PassagePart[])[];
      readonly pages: readonly PlannedPage[];
      readonly estimate: RunEstimate;
    },
    now: Date,
  ): Promise<void>;
  /** The first that is not done, of the highest level. */
  nextStep(lease: RunLease): Promise<PromptStep | undefined>;
  /** A batch enters the pages that it has read. */
  commitStep(
    lease: RunLease,
    step: PromptStep,
    output: StepOutput,
    pages: readonly PagesOfPassage[],
    now: Date,
  ): Promise<void>;
  /** A model answered with junk. */
  noteJunk(lease: RunLease, step: PromptStep, now: Date): Promise<void>;
  /** What came of the highest level, in order, and what was dropped on all. */
  outputs(lease: RunLease): Promise<{
    readonly level: number;
    readonly statements: readonly RunStatement[];
    readonly dropped: readonly DroppedStatement[];
    /** How many statements stood at level 0. */
    readonly mapped: number;
  }>;
  /** `reducing`: the next level. */
  planReduction(
    lease: RunLease,
    level: number,
    groups: readonly { readonly statements: readonly RunStatement[]; readonly limit: number }[],
    now: Date,
  ): Promise<void>;
  /** → `checking`. */
  startChecking(lease: RunLease, now: Date): Promise<void>;
  /** The end of the work; `approved` freezes the text, and nobody but the policy did it. */
  finish(
    lease: RunLease,
    end: {
      readonly state: "waiting-for-review" | "approved" | "held" | "failed" | "cancelled";
      readonly reason: Reason | undefined;
      /** Undefined: as they are. */
      readonly text?:
        | {
            readonly statements: readonly RunStatement[];
            readonly dropped: readonly DroppedStatement[];
          }
        | undefined;
    },
    now: Date,
  ): Promise<void>;
  /** A call failed and may go well later: how often in a row. */
  noteFailure(lease: RunLease, reason: Reason, now: Date): Promise<void>;
}

/** Passages to cite, of gazettes that the tenant may read, in no order; those that are gone are left out. */
export type ReadPassages = (
  tenantId: TenantId,
  passageIds: readonly PassageId[],
) => Promise<readonly RetrievedPassage[]>;

/** Current documents of gazettes. */
export type FindEditions = (
  tenantId: TenantId,
  wanted: {
    readonly sources: readonly string[];
    /** Inclusive; undefined: the newest date that any of the sources has. */
    readonly dates: { readonly from: GazetteDate; readonly until: GazetteDate } | undefined;
  },
) => Promise<readonly PromptRunEdition[]>;

/** A prompt that has something to run. */
export interface DuePrompt {
  readonly tenantId: TenantId;
  readonly promptId: PromptId;
}

/**
 * Makes the runs that are due: the rows of editions are the messages. An edition is run once by each prompt, whatever
 * happens in between and however many processes look.
 */
export interface DueRuns {
  listPrompts(now: Date): Promise<readonly DuePrompt[]>;
  /**
   * `compose` makes the title; `nextAt` says when a daily or weekly one is due again. Returns how many runs it made.
   */
  make(
    due: DuePrompt,
    now: Date,
    how: {
      readonly title: (settings: PromptSettings, editions: readonly PromptRunEdition[]) => string;
      readonly nextAt: (settings: PromptSettings, after: Date) => Date | undefined;
    },
  ): Promise<number>;
}
