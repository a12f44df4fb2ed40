import type { PublicationState } from "../core/publishing.ts";
import type { CommandContext } from "./ports.ts";

/** Steps that the command line takes with a publication. */
export const PUBLICATION_VERBS = ["cancel", "retry", "resend", "accept"] as const;
export type PublicationVerb = (typeof PUBLICATION_VERBS)[number];

/** Publications of the tenant that the command line acts for. */
export interface PublishCommandPorts {
  listPublications(
    input: Record<string, never>,
    context: CommandContext,
  ): Promise<readonly PublicationRowView[]>;
  listTargets(
    input: Record<string, never>,
    context: CommandContext,
  ): Promise<readonly TargetRowView[]>;
  /** `targets` by id or name; none: all that are active. */
  publishNow(
    input: { readonly run: string; readonly targets: readonly string[] },
    context: CommandContext,
  ): Promise<readonly PublicationRowView[]>;
  stepPublication(
    input: { readonly id: string; readonly verb: PublicationVerb },
    context: CommandContext,
  ): Promise<PublicationRowView>;
}

export interface PublicationRowView {
  readonly id: string;
  readonly target: string;
  readonly state: PublicationState;
  readonly reason: string | null;
  readonly scheduledFor: string;
}

export interface TargetRowView {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly state: string;
  readonly attention: string | null;
}
