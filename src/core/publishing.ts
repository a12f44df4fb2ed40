import type { GazetteDate } from "./gazette.ts";
import type { BotId, PromptId, PromptRunId, TenantId } from "./ids.ts";
import type { KeysetPage, KeysetRequest } from "./page.ts";
import type { RequestOrigin } from "./people.ts";
import type { ApprovedText } from "./prompts.ts";

/** Where approved texts are published; also the names of the adapters. */
export const TARGET_KINDS = [
  "x",
  "telegram-channel",
  "whatsapp-template",
  "edition-page",
  "email",
  "webhook",
] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** `needs-attention`: its credentials are refused, and nothing is published there until a person acts. */
export const TARGET_STATES = ["active", "paused", "needs-attention"] as const;
export type TargetState = (typeof TARGET_STATES)[number];

export type XCredentials =
  | {
      readonly kind: "oauth1";
      readonly appKey: string;
      readonly appSecret: string;
      readonly accessToken: string;
      readonly accessSecret: string;
    }
  | {
      readonly kind: "oauth2";
      readonly clientId: string;
      /** Of confidential clients. */
      readonly clientSecret?: string | undefined;
      readonly accessToken: string;
      /** Good for one use: each refresh gives another. */
      readonly refreshToken: string;
      /** ISO 8601; undefined: not known, so that it is used until X refuses it. */
      readonly expiresAt?: string | undefined;
    };

/** How a target is reached, credentials included. Plain JSON, stored sealed, never logged. */
export type TargetSettings =
  | {
      readonly kind: "x";
      readonly credentials: XCredentials;
      /** As X names it, once it was asked. */
      readonly account?: { readonly id: string; readonly name: string } | undefined;
      /** A picture of the title goes with the first post. */
      readonly hasCard?: boolean | undefined;
    }
  /** A bot of the tenant that may post there; the chat as Telegram numbers it, `-1001234567890`. */
  | { readonly kind: "telegram-channel"; readonly botId: BotId; readonly chatKey: string }
  /** To a segment, by the line of campaigns: consent, pace and approval are theirs. */
  | {
      readonly kind: "whatsapp-template";
      readonly botId: BotId;
      readonly segmentId: string;
      readonly template: {
        readonly name: string;
        readonly language: string;
        /** With `{title}`, `{source}`, `{date}`, `{link}`, `{count}` and `{summary}`. */
        readonly parameters: readonly string[];
      };
    }
  | { readonly kind: "edition-page" }
  | {
      readonly kind: "email";
      readonly host: string;
      readonly port: number;
      /** `none`: only where the operator allows the address. */
      readonly security: "tls" | "starttls" | "none";
      readonly userName?: string | undefined;
      readonly password?: string | undefined;
      /** Address alone. */
      readonly from: string;
      readonly fromName?: string | undefined;
      /** One message each; a mailing list is one address. */
      readonly recipients: readonly string[];
      /** `mailto:` or `https:`, for List-Unsubscribe (RFC 2369). */
      readonly unsubscribe: string;
    }
  /** To whoever has a webhook for `publication-published`. */
  | { readonly kind: "webhook" };

export type SettingsOf<Kind extends TargetKind> = Extract<TargetSettings, { kind: Kind }>;

export interface PublishingTarget {
  readonly targetId: string;
  readonly name: string;
  readonly settings: TargetSettings;
  readonly state: TargetState;
  /** One sentence for people, of `needs-attention`. */
  readonly attention: string | undefined;
  /** What is approved of these is published here by itself. */
  readonly promptIds: readonly PromptId[];
  readonly createdAt: Date;
  readonly revision: number;
}

export interface TargetDraft {
  readonly name: string;
  readonly settings: TargetSettings;
  readonly promptIds: readonly PromptId[];
}

export interface TargetChange {
  readonly name?: string | undefined;
  readonly settings?: TargetSettings | undefined;
  readonly promptIds?: readonly PromptId[] | undefined;
  /** `active` after `needs-attention`: a person says that it is mended. */
  readonly state?: "active" | "paused" | undefined;
}

/**
 * One approved text on its way to one target. `scheduled` → `publishing` (its posts go one after the other; waits
 * between them included) → `published`; `failed`: certainly refused, a person may have it tried again; `unknown`: one
 * post may or may not be there, and a person says which; `cancelled`: what is not posted yet never is.
 */
export const PUBLICATION_STATES = [
  "scheduled",
  "publishing",
  "published",
  "unknown",
  "failed",
  "cancelled",
] as const;
export type PublicationState = (typeof PUBLICATION_STATES)[number];

/** `attempting` is on record before the call: found later, its process died, and nobody knows. */
export const POST_STATES = ["pending", "attempting", "sent", "unknown", "refused"] as const;
export type PostState = (typeof POST_STATES)[number];

export interface Publication {
  readonly publicationId: string;
  readonly runId: PromptRunId;
  readonly targetId: string;
  readonly targetName: string;
  readonly targetKind: TargetKind;
  readonly state: PublicationState;
  /** Code of why it waits, failed or is unknown. */
  readonly reason: string | undefined;
  readonly scheduledFor: Date;
  /** IANA, in which a person chose the time. */
  readonly timeZone: string | undefined;
  /** Of `scheduled` and `publishing`. */
  readonly nextAttemptAt: Date | undefined;
  readonly askedBy: string;
  readonly createdAt: Date;
  readonly publishedAt: Date | undefined;
}

/** One post of a publication: a message, a post of a thread, a letter to one address. */
export interface PublicationPost {
  /** From 0, in the order in which they go. */
  readonly position: number;
  readonly state: PostState;
  readonly attempts: number;
  /** The network's id; undefined: not sent, or a person said that it is there. */
  readonly networkId: string | undefined;
  readonly reason: string | undefined;
  readonly attemptedAt: Date | undefined;
  readonly planned: PlannedPost;
}

/** What will be posted, word for word. Plain JSON. */
export interface PlannedPost {
  /** As people see it. */
  readonly text: string;
  /** As the network counts it. */
  readonly length: number;
  readonly limit: number;
  /** What the picture that goes with it shows, in words. */
  readonly picture?: string | undefined;
  /** What the adapter sends; undefined: nothing goes out, the text is shown by us. */
  readonly content?: Readonly<Record<string, unknown>> | undefined;
}

export interface PublishingActor {
  readonly actor: string;
  readonly origin?: RequestOrigin | undefined;
}

export interface ScheduleRequest {
  readonly publicationId: string;
  readonly runId: PromptRunId;
  readonly targetId: string;
  readonly scheduledFor: Date;
  readonly timeZone: string | undefined;
}

/** What a person does to a publication; each is refused with `publication-state` (409) where it does not fit. */
export type PublicationStep =
  /** Of what is scheduled, or was cancelled before anything was posted. */
  | { readonly kind: "schedule"; readonly at: Date; readonly timeZone: string | undefined }
  | { readonly kind: "cancel" }
  /** Of what failed: from the post on that was refused. */
  | { readonly kind: "retry" }
  /**
   * Of what is unknown: the post in doubt goes again (`resend`), or is taken for sent (`accept`); all of them where no
   * position is given.
   */
  | { readonly kind: "resend" | "accept"; readonly position?: number | undefined };

export interface PublicationFilter {
  readonly state?: PublicationState | undefined;
  readonly targetId?: string | undefined;
  readonly runId?: PromptRunId | undefined;
}

/** Targets and publications at rest, as a tenant's people see them. Every change is audited, and told as an event. */
export interface PublishingStore {
  /**
   * Throws `too-many-targets` (409), `bot-unknown` (404), `prompt-unknown` (404), `edition-pages-closed` (403). The same
   * id again changes nothing.
   */
  addTarget(
    tenantId: TenantId,
    targetId: string,
    draft: TargetDraft,
    by: PublishingActor,
  ): Promise<PublishingTarget>;
  listTargets(tenantId: TenantId): Promise<readonly PublishingTarget[]>;
  findTarget(tenantId: TenantId, targetId: string): Promise<PublishingTarget | undefined>;
  /** Undefined: there is none. Throws `stale` (412) when `revision` is given and is not the present one. */
  changeTarget(
    tenantId: TenantId,
    targetId: string,
    change: TargetChange,
    revision: number | undefined,
    by: PublishingActor,
  ): Promise<PublishingTarget | undefined>;
  /** With its publications; what is posted stays where it is. Throws `target-busy` (409) while something is posted. */
  removeTarget(tenantId: TenantId, targetId: string, by: PublishingActor): Promise<boolean>;
  /**
   * All or none. Throws `target-unknown` (404), `publication-exists` (409): a text goes to a target once. The same id
   * again changes nothing.
   */
  schedule(
    tenantId: TenantId,
    requests: readonly ScheduleRequest[],
    by: PublishingActor,
  ): Promise<void>;
  list(
    tenantId: TenantId,
    filter: PublicationFilter,
    page: KeysetRequest,
  ): Promise<KeysetPage<Publication>>;
  find(
    tenantId: TenantId,
    publicationId: string,
  ): Promise<
    { readonly publication: Publication; readonly posts: readonly PublicationPost[] } | undefined
  >;
  /** Throws `publication-unknown` (404), `publication-state` (409). */
  take(
    tenantId: TenantId,
    publicationId: string,
    step: PublicationStep,
    by: PublishingActor,
  ): Promise<void>;
  /** Texts on the public page of an edition, newest first, of all tenants that may speak there. */
  listOnEdition(sourceSlug: string, publishedOn: GazetteDate): Promise<readonly ShownPublication[]>;
  /** As above, for the feed of a gazette: those published last. */
  listOnSource(sourceSlug: string, limit: number): Promise<readonly ShownPublication[]>;
  /** Whether who manages the installation lets it speak on pages that are everybody's. */
  mayPublishOnEditions(tenantId: TenantId): Promise<boolean>;
}

/** What stands on a public page: whose it is, and where its text is found. */
export interface ShownPublication {
  readonly tenantId: TenantId;
  /** The tenant's name. */
  readonly institution: string;
  readonly runId: PromptRunId;
  readonly at: Date;
}

/** To whoever publishes for a tenant that may not: when a target is made, and when it may no longer. */
export const EDITION_PAGES_CLOSED =
  "Pages of editions are read by everybody, and this institution may not publish there: ask whoever manages the installation.";

/** A text that is shown on the public pages of its editions. */
export interface PublishedDigest {
  /** The name of the tenant that answers for it. */
  readonly institution: string;
  readonly text: ApprovedText;
  readonly publishedAt: Date;
}

export interface PublishedDigests {
  /** Newest first. */
  onEdition(sourceSlug: string, date: GazetteDate): Promise<readonly PublishedDigest[]>;
  /** Those published last of one gazette, newest first. */
  onSource(sourceSlug: string, limit: number): Promise<readonly PublishedDigest[]>;
}
