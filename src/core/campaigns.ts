import type { ChannelName, ChannelPart } from "./channel.ts";
import type { Identifier } from "./contacts.ts";
import type { BotId, ContactId, ConversationId, TenantId } from "./ids.ts";
import type { KeysetPage, KeysetRequest } from "./page.ts";

/**
 * One text to many contacts, unasked; a manual send is a campaign to one. `draft` (may be edited) →
 * `awaiting-approval` (above the tenant's threshold, until a second person agrees) → `scheduled` → `sending` ⇄
 * `paused` → `done`, or `cancelled` from anywhere: what is queued is withdrawn, what is on its way settles.
 */
export const CAMPAIGN_STATES = [
  "draft",
  "awaiting-approval",
  "scheduled",
  "sending",
  "paused",
  "done",
  "cancelled",
] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

/**
 * `pending` (waits) → `queued` (in the outbox, or on its way) → `sent` → `delivered` → `read`, where the network
 * tells; `failed`; `unknown` (may have arrived, and is not sent again unasked); `skipped`, with the reason.
 */
export const RECIPIENT_STATES = [
  "pending",
  "queued",
  "sent",
  "delivered",
  "read",
  "failed",
  "unknown",
  "skipped",
] as const;
export type RecipientState = (typeof RECIPIENT_STATES)[number];
export type RecipientCounts = Readonly<Record<RecipientState, number>>;

/** Why somebody on the list gets nothing. */
export const SKIP_REASONS = [
  "unknown-contact",
  "duplicate",
  "blocked",
  "opted-out",
  "no-chat",
  "no-consent",
  "unreachable",
  "outside-window",
  "missing-value",
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** A template approved by the network; its parameters may hold places as the text does. */
export interface CampaignTemplate {
  readonly name: string;
  readonly language: string;
  readonly parameters: readonly string[];
}

export interface CampaignAttachment {
  readonly fileName: string;
  readonly mimeType: string;
  readonly contentBase64: string;
}

/** What is sent. Stored encrypted. */
export interface CampaignContent {
  /** For lists; no contact sees it. */
  readonly name: string;
  /** With places such as `{nombre}` or `{nombre|vecina}`, and the marks of docs/campaigns.md. */
  readonly text: string;
  /** Sent instead where the network takes nothing else (WhatsApp Cloud, 24 hours after they last wrote). */
  readonly template: CampaignTemplate | undefined;
  readonly attachment: CampaignAttachment | undefined;
}

export interface CampaignDraft extends CampaignContent {
  /** In order of preference: a contact gets it from the first that can reach them. */
  readonly bots: readonly BotId[];
  /** Contacts each minute; undefined: as fast as the bots may. */
  readonly pacePerMinute: number | undefined;
}

/** Who does it, for the audit log. */
export interface CampaignActor {
  readonly actor: string;
  readonly requestId: string;
}

export const AUDIENCE_KINDS = ["contacts", "segment", "csv"] as const;
export type AudienceKind = (typeof AUDIENCE_KINDS)[number];

/** One entry of a list or line of a CSV. */
export interface AudienceEntry {
  /** Undefined: nobody's. */
  readonly contactId: ContactId | undefined;
  readonly line: number | undefined;
  readonly variables: Readonly<Record<string, string>>;
}

export type Audience =
  | { readonly kind: "contacts" | "csv"; readonly entries: readonly AudienceEntry[] }
  | { readonly kind: "segment"; readonly segmentId: string };

export interface Campaign extends CampaignDraft {
  readonly tenantId: TenantId;
  readonly campaignId: string;
  readonly state: CampaignState;
  /** Grows with each change by a person: the ETag. */
  readonly revision: number;
  readonly audience:
    | {
        readonly kind: AudienceKind;
        readonly segmentId: string | undefined;
        /** Its recipients are all on record. Of a segment: once it is sent. */
        readonly isListed: boolean;
      }
    | undefined;
  readonly startsAt: Date | undefined;
  /** IANA, in which the start was chosen. */
  readonly timeZone: string | undefined;
  /** Why it stands still, when nobody paused it. */
  readonly pauseReason: string | undefined;
  readonly createdBy: string;
  readonly changedBy: string;
  readonly scheduledBy: string | undefined;
  readonly approvedBy: string | undefined;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly counts: RecipientCounts;
}

export interface RecipientView {
  readonly recipientId: string;
  /** Undefined: nobody's, or erased. */
  readonly contactId: ContactId | undefined;
  readonly conversationId: ConversationId | undefined;
  readonly channel: ChannelName | undefined;
  readonly line: number | undefined;
  readonly state: RecipientState;
  readonly reason: string | undefined;
  readonly changedAt: Date;
}

export interface RecipientFilter {
  readonly state?: RecipientState | undefined;
  readonly reason?: string | undefined;
}

/** What is known of somebody on the list at this moment. */
export type Judgement =
  | { readonly kind: "skip"; readonly reason: SkipReason }
  | {
      readonly kind: "reach";
      readonly botId: BotId;
      readonly conversationId: ConversationId;
      readonly channel: ChannelName;
      /** Free text may not be sent to them now: the template goes. */
      readonly needsTemplate: boolean;
      /** What places are filled with. */
      readonly values: Readonly<Record<string, string>>;
    }
  /** They never wrote, but agreed to be written to, and their phone number is known: a template can begin the chat. */
  | {
      readonly kind: "open";
      readonly botId: BotId;
      readonly channel: ChannelName;
      readonly values: Readonly<Record<string, string>>;
    };

/** Makes what one contact gets; undefined: a place has no value. */
export type Compose = (
  content: CampaignContent,
  to: {
    readonly channel: ChannelName;
    readonly needsTemplate: boolean;
    readonly values: Readonly<Record<string, string>>;
  },
) => readonly ChannelPart[] | undefined;

/** One step of a campaign's life; each is refused with `campaign-state` (409) where it does not fit. */
export type CampaignStep =
  | {
      readonly kind: "schedule";
      readonly startsAt: Date;
      readonly timeZone: string | undefined;
      /** Contacts of the audience, as counted for the threshold. */
      readonly size: number;
    }
  | { readonly kind: "unschedule" | "approve" | "reject" | "pause" | "resume" | "cancel" }
  /** Undefined: all that failed. */
  | { readonly kind: "retry-failed"; readonly recipientIds: readonly string[] | undefined }
  | { readonly kind: "resend-unknown"; readonly recipientIds: readonly string[] };

/**
 * Campaigns at rest. Every change by a person is audited in its own transaction. `revision` undefined: whichever it
 * is; another one throws `stale` (412). Throws `campaign-unknown` (404) and `campaign-state` (409).
 */
export interface CampaignStore {
  /** The same id again changes nothing. Throws `bot-unknown` (404). */
  create(
    tenantId: TenantId,
    campaignId: string,
    draft: CampaignDraft,
    by: CampaignActor,
  ): Promise<void>;
  change(
    tenantId: TenantId,
    campaignId: string,
    draft: CampaignDraft,
    revision: number | undefined,
    by: CampaignActor,
  ): Promise<void>;
  find(tenantId: TenantId, campaignId: string): Promise<Campaign | undefined>;
  list(
    tenantId: TenantId,
    filter: { readonly state?: CampaignState | undefined },
    page: KeysetRequest,
  ): Promise<KeysetPage<Campaign>>;
  /** Of a draft. */
  remove(tenantId: TenantId, campaignId: string, by: CampaignActor): Promise<void>;
  /** Of a draft; takes the place of the one before as a whole. */
  setAudience(
    tenantId: TenantId,
    campaignId: string,
    audience: Audience,
    revision: number | undefined,
    by: CampaignActor,
  ): Promise<void>;
  /** Returns how many recipients it concerned, of the steps that concern any. */
  take(
    tenantId: TenantId,
    campaignId: string,
    step: CampaignStep,
    revision: number | undefined,
    by: CampaignActor,
  ): Promise<number>;
  listRecipients(
    tenantId: TenantId,
    campaignId: string,
    filter: RecipientFilter,
    page: KeysetRequest,
  ): Promise<KeysetPage<RecipientView>>;
  /** From how many contacts on a second person must agree. */
  approvalAbove(tenantId: TenantId): Promise<number>;
  setApprovalAbove(tenantId: TenantId, contacts: number, by: CampaignActor): Promise<void>;
  /** Judges a batch of the audience without writing; `after` undefined: from the beginning. */
  judgePage(
    campaign: Campaign,
    page: KeysetRequest,
  ): Promise<KeysetPage<{ readonly entry: RecipientView; readonly judgement: Judgement }>>;
  /** As above, of contacts that are on no list yet. */
  judgeContacts(
    campaign: Pick<Campaign, "tenantId" | "bots" | "template">,
    contactIds: readonly ContactId[],
  ): Promise<readonly { readonly contactId: ContactId; readonly judgement: Judgement }[]>;
  /** Whose each identifier is, in order; `malformed`: it is none; undefined: nobody's. */
  matchIdentifiers(
    tenantId: TenantId,
    identifiers: readonly Identifier[],
  ): Promise<readonly (ContactId | "malformed" | undefined)[]>;
}

export interface RunningCampaign {
  readonly tenantId: TenantId;
  readonly campaignId: string;
}

/** What the runner does to campaigns. Any number of processes may: each step is one transaction under the campaign's lock. */
export interface CampaignRuns {
  /** Those that are due, are being sent, or were cancelled with something left. */
  listDue(): Promise<readonly RunningCampaign[]>;
  /** Contacts of its segment, of which those that are on record already are left out. */
  addListed(campaign: Campaign, contactIds: readonly ContactId[]): Promise<void>;
  /**
   * The audience is whole: it begins, or waits for the approval that it needs after all. False: something else was
   * done to it meanwhile.
   */
  begin(campaign: Campaign): Promise<boolean>;
  /**
   * Puts the next recipients into the outbox, each judged at this moment, as far as its window and pace allow; ends
   * the campaign when nothing is left. Returns how many it dealt with; undefined: another process has it.
   */
  release(campaign: Campaign, compose: Compose): Promise<number | undefined>;
  /** Of those that come next: who has no chat yet and can have one, by bot. */
  listUnopened(campaign: Campaign): Promise<ReadonlyMap<BotId, readonly ContactId[]>>;
  /** Tells whoever follows events how far it is. */
  tell(campaign: Campaign): Promise<void>;
  /** Of a cancelled one: takes back what waits. Returns how many. */
  withdraw(campaign: Campaign): Promise<number>;
}
