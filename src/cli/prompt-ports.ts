import type { Language } from "../core/language.ts";
import type { CommandContext } from "./ports.ts";

/** Prompts of the installation's own tenant, on the command line. A prompt is named by its name, a run by its id. */
export interface PromptCommandPorts {
  listPrompts(
    input: Record<string, never>,
    context: CommandContext,
  ): Promise<readonly PromptRowView[]>;
  addPrompt(input: AddPromptInput, context: CommandContext): Promise<PromptRowView>;
  estimatePrompt(input: RunPromptInput, context: CommandContext): Promise<PromptEstimateView>;
  runPrompt(
    input: RunPromptInput,
    context: CommandContext,
  ): Promise<{ readonly id: string; readonly title: string }>;
  /** Newest first. */
  listPromptRuns(
    input: { readonly prompt?: string | undefined },
    context: CommandContext,
  ): Promise<readonly PromptRunRowView[]>;
  showPromptRun(input: { readonly run: string }, context: CommandContext): Promise<PromptRunView>;
  approvePromptRun(
    input: { readonly run: string; readonly confirmsUnsupported: boolean },
    context: CommandContext,
  ): Promise<PromptRunView>;
  rejectPromptRun(
    input: { readonly run: string; readonly reason: string },
    context: CommandContext,
  ): Promise<PromptRunView>;
  retryPromptRun(input: { readonly run: string }, context: CommandContext): Promise<PromptRunView>;
}

export interface AddPromptInput {
  readonly name: string;
  readonly title: string;
  readonly language: Language;
  readonly sources: readonly string[];
  readonly instructions: string;
  readonly assistant?: string | undefined;
  /** Sections that alone are read; empty: all. */
  readonly sections: readonly string[];
  /** Words and phrases of which an act has one; empty: all acts are read. */
  readonly about: readonly string[];
  readonly isManual: boolean;
  readonly maxStatements: number;
  readonly isAutomatic: boolean;
}

export interface RunPromptInput {
  readonly prompt: string;
  readonly source?: string | undefined;
  /** Absent: the newest date that there is. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly version?: number | undefined;
}

export interface PromptRowView {
  readonly name: string;
  readonly version: number;
  readonly sources: readonly string[];
  readonly schedule: string;
  readonly isPaused: boolean;
}

export interface PromptEstimateView {
  /** Null: no model is asked. */
  readonly model: string | null;
  readonly documents: number;
  readonly pages: number;
  readonly acts: number;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null: the model is not on the price list. */
  readonly costMicroUsd: number | null;
}

export interface PromptRunRowView {
  readonly id: string;
  readonly prompt: string;
  readonly version: number;
  readonly state: string;
  readonly title: string;
  readonly pagesRead: number;
  readonly pagesWanted: number;
  readonly askedAt: string;
}

export interface PromptRunView extends PromptRunRowView {
  readonly reason: string | null;
  readonly costMicroUsd: number | null;
  readonly statements: readonly {
    readonly text: string;
    readonly isSupported: boolean;
    readonly citations: readonly string[];
  }[];
  readonly dropped: number;
  readonly review: string | null;
}
