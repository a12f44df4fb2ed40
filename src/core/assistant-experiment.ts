import type { AssistantSettings } from "./assistant.ts";
import type { TenantId } from "./ids.ts";
import type { MicroUsd } from "./spending.ts";

/** What came of the answers of one of two versions that are compared. Counts, nothing that was said. */
export interface VersionResult {
  readonly revision: number;
  /** Who asked at least one question. Whoever is erased is no longer counted, nor is what they asked. */
  readonly people: number;
  /** That were answered, be it that the gazette does not say. */
  readonly questions: number;
  /** Of the questions: the gazette does not say. */
  readonly abstained: number;
  /** Of the questions: a person was asked for within the hour, before anything else was answered. */
  readonly handedOver: number;
  readonly thumbsUp: number;
  readonly thumbsDown: number;
  /** Of models whose price is known. */
  readonly costMicroUsd: MicroUsd;
  /** Milliseconds from the question to its answer; undefined: there is none. */
  readonly answerMs: { readonly p50: number; readonly p95: number } | undefined;
  /** Of the people: who was told at least once that the gazette does not say. */
  readonly peopleAbstained: number;
  /** Of the people: who asked for a person at least once. */
  readonly peopleHandedOver: number;
  /** Of the people: who judged at least one answer. */
  readonly peopleJudging: number;
  /** Of those: who judged at least one badly. */
  readonly peopleDisliking: number;
}

/** What is held against each other. All of them are shares of people, each of whom counts once: lower is better. */
export const MEASURES = ["abstained", "handed-over", "disliked"] as const;
export type Measure = (typeof MEASURES)[number];

/** A share of people, with its 95 % interval (Wilson). */
export interface PeopleShare {
  readonly part: number;
  readonly of: number;
  /** 0 to 1. */
  readonly low: number;
  readonly high: number;
}

/**
 * `may-be-chance`: the 95 % interval of the difference holds zero. `higher`, `lower`: it does not, and the other version's
 * share is higher or lower than the live one's. `nobody`: of one of them there is nobody yet.
 */
export type Verdict = "nobody" | "may-be-chance" | "higher" | "lower";

export interface MeasuredDifference {
  readonly measure: Measure;
  readonly live: PeopleShare;
  readonly other: PeopleShare;
  /** Of the other version's share less the live one's, -1 to 1; undefined of `nobody`. */
  readonly difference: { readonly low: number; readonly high: number } | undefined;
  readonly verdict: Verdict;
}

/** Two versions of one assistant side by side. */
export interface Experiment {
  readonly id: string;
  /** The assistant as it is: it cannot be changed while the experiment runs. */
  readonly liveRevision: number;
  readonly otherRevision: number;
  /** Of a hundred people, 1 to 99, those whom the other version answers. Each is answered by one of them throughout. */
  readonly share: number;
  /** As in the audit. */
  readonly startedBy: string;
  readonly startedAt: Date;
  /** Undefined: it runs. */
  readonly endedAt: Date | undefined;
  readonly keptRevision: number | undefined;
  /** Of the live version, then of the other; as they stood at its end, when it has ended. */
  readonly results: readonly [VersionResult, VersionResult];
}

/** What to compare. `expectedRevision` undefined: with the assistant as it is now, whichever revision that is. */
export interface ExperimentDraft {
  readonly otherRevision: number;
  readonly share: number;
  readonly expectedRevision: number | undefined;
}

/** Which experiment ends, and what answers everybody from then on. */
export interface ExperimentEnd {
  readonly experimentId: string;
  readonly kept: number;
}

/** Experiments at rest; one of an assistant runs at a time. Every change is audited. */
export interface ExperimentStore {
  /** The newest 20, newest first. Throws `assistant-unknown` (404). */
  list(tenantId: TenantId, name: string): Promise<readonly Experiment[]>;
  /**
   * From now on `AssistantStore.save` throws `experiment-running` (409), as does a second start. Throws
   * `assistant-unknown` or `assistant-version-unknown` (404), `assistant-changed` (409), or `experiment-pointless`
   * (400) for the live version against itself.
   */
  start(tenantId: TenantId, name: string, draft: ExperimentDraft, actor: string): Promise<void>;
  /**
   * Ends it, keeps its results as they are, and saves `next` as the assistant's next revision, all or nothing.
   * `next` undefined: the assistant stays as it is. Ending it again in the same way changes nothing. Throws
   * `experiment-unknown` (404) for one that is not this assistant's or does not compare that version, and
   * `experiment-ended` (409) for one that was ended in another way.
   */
  end(
    tenantId: TenantId,
    name: string,
    end: ExperimentEnd,
    next: AssistantSettings | undefined,
    actor: string,
  ): Promise<void>;
}

export interface ExperimentReport extends Experiment {
  readonly differences: readonly MeasuredDifference[];
}

/** Reads, starts and ends the experiments of one tenant. Throws as the store does. */
export interface ExperimentAdmin {
  list(tenantId: TenantId, name: string): Promise<readonly ExperimentReport[]>;
  /** What could not be saved today is not compared either: throws `assistant-invalid` (400). */
  start(
    tenantId: TenantId,
    name: string,
    draft: ExperimentDraft,
    actor: string,
  ): Promise<ExperimentReport>;
  /** When the other version is kept, it is saved as the next one, after the checks of any save. */
  end(
    tenantId: TenantId,
    name: string,
    end: ExperimentEnd,
    actor: string,
  ): Promise<ExperimentReport>;
}
