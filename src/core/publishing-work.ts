import type { Retry } from "./errors.ts";
import type { GazetteDate } from "./gazette.ts";
import type { PromptId, PromptRunId, TenantId } from "./ids.ts";
import type { ApprovedText } from "./prompts.ts";
import type {
  PlannedPost,
  PublicationPost,
  SettingsOf,
  TargetKind,
  TargetSettings,
} from "./publishing.ts";

/** A publication that this process works at. `claim` is a fencing token: what an older one writes is refused. */
export interface ClaimedPublication {
  readonly tenantId: TenantId;
  readonly publicationId: string;
  readonly targetId: string;
  readonly claim: number;
}

export interface OpenPublication extends ClaimedPublication {
  readonly runId: PromptRunId;
  readonly settings: TargetSettings;
  /** Refusals since the last post that went. */
  readonly failures: number;
  readonly createdAt: Date;
  /** Undefined: it is not planned yet. */
  readonly posts: readonly OpenPost[] | undefined;
}

export interface OpenPost extends PublicationPost {
  /** Milliseconds since its last attempt; undefined: there was none. */
  readonly ageMs: number | undefined;
  /** How often it was looked for since. */
  readonly lookUps: number;
}

/** How a turn at a publication ends. */
export type PublicationVerdict =
  | { readonly kind: "published" }
  /** It goes on after so long. `holdsTarget`: so does everything else of the target. */
  | {
      readonly kind: "wait";
      readonly afterMs: number;
      readonly reason: string;
      readonly isFailure: boolean;
      readonly holdsTarget: boolean;
    }
  | { readonly kind: "failed" | "unknown"; readonly reason: string }
  /** It waits with its target, until a person acts. */
  | { readonly kind: "needs-attention"; readonly reason: string; readonly sentence: string };

/** The ledger of publishing. Any number of processes may: of each target one publication at a time is worked at. */
export interface PublicationLedger {
  /** Tenants' prompts with a target to which what is approved goes by itself. */
  listLinked(): Promise<readonly { readonly tenantId: TenantId; readonly promptId: PromptId }[]>;
  /** Schedules it for now, once, on each target that was linked before it was approved. Returns how many. */
  scheduleLinked(
    tenantId: TenantId,
    run: {
      readonly runId: PromptRunId;
      readonly promptId: PromptId;
      readonly approvedAt: Date;
    },
  ): Promise<number>;
  /** Leases what is due for `leaseMs`, one of each active target. */
  claim(limit: number, leaseMs: number): Promise<readonly ClaimedPublication[]>;
  /** Undefined: it was taken away since. */
  open(claimed: ClaimedPublication): Promise<OpenPublication | undefined>;
  /** Keeps what will be posted; from then on it is this. False, as below: another process has it, nothing was written. */
  plan(
    claimed: ClaimedPublication,
    plan: {
      readonly posts: readonly PlannedPost[];
      readonly editions: readonly { readonly sourceSlug: string; readonly date: GazetteDate }[];
    },
  ): Promise<boolean>;
  /** Commits, before the call, that this post is attempted, and prolongs the lease. */
  begin(claimed: ClaimedPublication, position: number, leaseMs: number): Promise<boolean>;
  settle(
    claimed: ClaimedPublication,
    position: number,
    outcome: PostOutcome | LookUpOutcome,
  ): Promise<boolean>;
  /** Credentials that were exchanged for others. */
  keepSettings(claimed: ClaimedPublication, settings: TargetSettings): Promise<boolean>;
  /** Ends the turn, and gives the target free. */
  finish(claimed: ClaimedPublication, verdict: PublicationVerdict): Promise<boolean>;
}

/** What is known after a post: as `SendOutcome`, it is `unknown` unless proven otherwise. */
export type PostOutcome =
  | { readonly kind: "sent"; readonly networkId: string | undefined }
  | {
      readonly kind: "refused";
      readonly reason: string;
      readonly retry: Retry;
      /** The wait concerns the whole target. */
      readonly holdsTarget?: true;
      /** The network has the same words already: perhaps ours. */
      readonly isDuplicate?: true;
      /** One sentence: what a person must do before anything can be posted. */
      readonly needsAttention?: string;
    }
  | { readonly kind: "unknown"; readonly reason: string };

/** `absent`: it is certainly not there. */
export type LookUpOutcome =
  | { readonly kind: "found"; readonly networkId: string | undefined }
  | { readonly kind: "absent" }
  | { readonly kind: "unsure"; readonly reason: string };

export interface PostContext<Settings extends TargetSettings = TargetSettings> {
  readonly tenantId: TenantId;
  readonly publicationId: string;
  readonly position: number;
  readonly settings: Settings;
  /** Of the post before; undefined: this is the first, or its id is not known. */
  readonly previousId: string | undefined;
  /** Nothing of it was posted before. */
  readonly createdAt: Date;
  /** Commits before it resolves; rejects when another process has the publication. */
  readonly keepSettings: (settings: Settings) => Promise<void>;
  readonly signal: AbortSignal;
}

/** What a target can do. `post` and `lookUp` never throw but for the signal's reason: they classify. */
export interface TargetAdapter<Kind extends TargetKind = TargetKind> {
  readonly kind: Kind;
  /** Its posts do not follow each other: what becomes of one keeps none of the others from going. */
  readonly areIndependent?: true;
  /** Pure: the same text gives the same posts. `publicUrl` is our own address, without a slash at the end. */
  plan(text: ApprovedText, settings: SettingsOf<Kind>, publicUrl: string): readonly PlannedPost[];
  post(
    content: Readonly<Record<string, unknown>>,
    context: PostContext<SettingsOf<Kind>>,
  ): Promise<PostOutcome>;
  /** Whether a post of doubtful outcome is there. Absent: the network cannot be asked. */
  lookUp?(
    content: Readonly<Record<string, unknown>>,
    context: PostContext<SettingsOf<Kind>>,
  ): Promise<LookUpOutcome>;
  /** Asks the network whether it takes the credentials, without posting anything. */
  check(tenantId: TenantId, settings: SettingsOf<Kind>, signal: AbortSignal): Promise<TargetCheck>;
}

/** What a look at a target may come to. */
export const TARGET_CHECK_CODES = [
  "account-known",
  "bot-connected",
  "bot-gone",
  "pages-open",
  "pages-closed",
  "webhooks-told",
  "template-unproved",
  "host-takes-sign-in",
  "credentials-refused",
  "not-usable",
  "not-reached",
] as const;

export interface TargetCheck {
  readonly isWell: boolean;
  readonly code: (typeof TARGET_CHECK_CODES)[number];
  /** Of the account, bot or host that was found there. */
  readonly name?: string;
  /** One English sentence with the evidence, and what to do. */
  readonly evidence: string;
  /** To be kept from now on. */
  readonly settings?: TargetSettings;
}
