import type { EditionState } from "../core/newsroom.ts";
import type { SourceRequest } from "../newsroom/collection/source-admin.ts";
import type { CommandContext } from "./ports.ts";

/** Public sources of the installation, on the command line. A source is named by its slug. */
export interface SourceCommandPorts {
  listCollectedSources(
    input: Record<string, never>,
    context: CommandContext,
  ): Promise<readonly SourceRowView[]>;
  addSource(input: AddSourceInput, context: CommandContext): Promise<SourceRowView>;
  pauseSource(
    input: { readonly source: string; readonly isPaused: boolean },
    context: CommandContext,
  ): Promise<SourceRowView>;
  /** Its editions stay. */
  removeSource(
    input: { readonly source: string },
    context: CommandContext,
  ): Promise<{ readonly slug: string }>;
  /** Without a date: today's, where the gazette is published. */
  collectSource(
    input: { readonly source: string; readonly date?: string | undefined },
    context: CommandContext,
  ): Promise<{ readonly date: string }>;
  backfillSource(
    input: { readonly source: string; readonly from: string; readonly until: string },
    context: CommandContext,
  ): Promise<{ readonly days: number }>;
  /** `month` as `2026-11`; without it: this one. */
  showCalendar(
    input: { readonly source: string; readonly month?: string | undefined },
    context: CommandContext,
  ): Promise<CalendarView>;
}

export interface AddSourceInput {
  /** As a file says it; then nothing else counts. */
  readonly request?: SourceRequest | undefined;
  readonly preset?: string | undefined;
  /** Instead of the preset's address; with `{yyyy}`, `{MM}` and `{dd}`. */
  readonly url?: string | undefined;
  readonly hosts?: readonly string[] | undefined;
  readonly since?: string | undefined;
}

export interface SourceRowView {
  readonly slug: string;
  readonly name: string;
  readonly isPaused: boolean;
  readonly pauseReason: string | null;
  readonly since: string;
  readonly lastCollectedOn: string | null;
}

export interface CalendarView {
  readonly month: string;
  readonly days: readonly {
    readonly date: string;
    readonly state: EditionState;
    readonly attempts: number;
    readonly reason: string | null;
  }[];
}
