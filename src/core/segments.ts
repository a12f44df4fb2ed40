import type {
  ConsentState,
  ContactActor,
  ContactFilter,
  ContactProfile,
  ContactView,
  Identifier,
} from "./contacts.ts";
import type { BotId, ContactId, ConversationId, TenantId } from "./ids.ts";
import type { KeysetPage, KeysetRequest } from "./page.ts";

/** Whom something is to be sent to. */
export type RecipientList =
  | { readonly kind: "contacts"; readonly contactIds: readonly ContactId[] }
  | { readonly kind: "segment"; readonly segmentId: string }
  | { readonly kind: "filter"; readonly filter: ContactFilter }
  /** As the lines of a file name them. */
  | { readonly kind: "identifiers"; readonly identifiers: readonly Identifier[] };

/** One person, whichever and however many of their contacts and identifiers were named. */
export interface Recipient {
  readonly kind: "recipient";
  readonly contactId: ContactId;
  /** Undefined: they have no chat with this bot; `mayOpen` says whether `Contacts.openChats` can make one. */
  readonly conversationId: ConversationId | undefined;
  readonly mayOpen: boolean;
  /** They blocked the bot, or the network cannot deliver to them. */
  readonly isReachable: boolean;
  /** The strictest of what the person said anywhere. */
  readonly consent: ConsentState;
  readonly isBlocked: boolean;
  /** In the chat with this bot. */
  readonly lastInboundAt: Date | undefined;
  readonly name: string | undefined;
  readonly profile: ContactProfile;
}

/** Named, and nobody's. */
export interface UnmatchedRecipient {
  readonly kind: "unmatched";
  /** Of the list that was given, from 0. */
  readonly position: number;
  readonly rule: "unknown" | "malformed";
}

export interface SegmentView {
  readonly segmentId: string;
  readonly name: string;
  readonly kind: "filter" | "list";
  readonly filter: ContactFilter | undefined;
  readonly revision: number;
  readonly updatedAt: Date;
}

export interface SegmentDraft {
  readonly name: string;
  /** Undefined: a list. */
  readonly filter: ContactFilter | undefined;
}

export interface Segments {
  /**
   * Everybody on the list as they can be reached on this bot, each once, in batches of at most 500. Throws
   * `segment-unknown` (404).
   */
  resolve(
    tenantId: TenantId,
    botId: BotId,
    list: RecipientList,
    signal: AbortSignal,
  ): AsyncIterable<readonly (Recipient | UnmatchedRecipient)[]>;
  list(tenantId: TenantId, page: KeysetRequest): Promise<KeysetPage<SegmentView>>;
  find(tenantId: TenantId, segmentId: string): Promise<SegmentView | undefined>;
  /** Throws `segment-exists` (409) for a name that another has. */
  create(tenantId: TenantId, draft: SegmentDraft, by: ContactActor): Promise<SegmentView>;
  /** A list stays a list. Throws `segment-unknown` (404), `segment-exists` (409), `stale` (412). */
  change(
    tenantId: TenantId,
    segmentId: string,
    draft: SegmentDraft,
    revision: number | undefined,
    by: ContactActor,
  ): Promise<SegmentView>;
  /** False: there is none. */
  remove(tenantId: TenantId, segmentId: string, by: ContactActor): Promise<boolean>;
  /** Of a list. Unknown contacts throw `contact-unknown` (404). Returns how many changed. */
  changeMembers(
    tenantId: TenantId,
    segmentId: string,
    change: { readonly add: readonly ContactId[]; readonly remove: readonly ContactId[] },
    by: ContactActor,
  ): Promise<number>;
  count(tenantId: TenantId, filter: ContactFilter): Promise<number>;
  preview(
    tenantId: TenantId,
    filter: ContactFilter,
    limit: number,
  ): Promise<readonly ContactView[]>;
}
