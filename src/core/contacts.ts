import type { ChannelName } from "./channel.ts";
import type { BotId, ContactId, ConversationId, TenantId } from "./ids.ts";
import type { Language } from "./language.ts";
import type { KeysetPage, KeysetRequest } from "./page.ts";

/** What a name of a network is. `network`: known by its hash alone, or of a kind of its own. */
export const ALIAS_KINDS = ["phone", "jid", "lid", "telegram", "visitor", "network"] as const;
export type AliasKind = (typeof ALIAS_KINDS)[number];

/** What somebody said of broadcasts; `unknown`: nothing. */
export const CONSENT_STATES = ["unknown", "granted", "refused"] as const;
export type ConsentState = (typeof CONSENT_STATES)[number];

/** Of one contact: they are opened with it, on every page of a list. */
export const MAX_CONTACT_FIELDS = 50;

/** Who has more, by a merge, keeps them, and may have some changed or taken away. */
export function hasTooManyFields(
  before: ContactProfile["fields"],
  after: ContactProfile["fields"],
): boolean {
  const count = Object.keys(after).length;
  return count > MAX_CONTACT_FIELDS && count > Object.keys(before).length;
}

/** What a tenant's staff and imports say of a contact. Plain JSON, stored encrypted. */
export interface ContactProfile {
  readonly name?: string | undefined;
  readonly language?: Language | undefined;
  /** The tenant's own fields, by their names. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface ContactAlias {
  readonly channel: ChannelName;
  readonly kind: AliasKind;
  /** Undefined: only its hash was kept. */
  readonly value: string | undefined;
  /** `network`, or who added it. */
  readonly addedBy: string;
  readonly since: Date;
}

export interface ConsentEntry {
  readonly state: Exclude<ConsentState, "unknown">;
  readonly how: "message" | "import" | "person" | "api";
  readonly channel: ChannelName | undefined;
  /** Where it can be looked up, as staff or an import said. */
  readonly evidence: string | undefined;
  readonly actor: string;
  readonly givenAt: Date;
}

export interface ContactView {
  readonly contactId: ContactId;
  /** As staff wrote it, else as the network says; undefined: neither. */
  readonly name: string | undefined;
  readonly tags: readonly string[];
  readonly consent: ConsentState;
  readonly isBlocked: boolean;
  readonly isAllowed: boolean;
  readonly source: "message" | "import" | "person";
  readonly createdAt: Date;
  /** When they last wrote, on any bot; undefined: never. */
  readonly lastSeenAt: Date | undefined;
  /** Grows with each change by staff: the ETag. */
  readonly revision: number;
}

/** One private chat of a contact. */
export interface ContactChat {
  readonly conversationId: ConversationId;
  readonly botId: BotId;
  readonly channel: ChannelName;
  readonly botName: string;
  readonly lastSeenAt: Date | undefined;
  readonly isReachable: boolean;
  readonly takesBroadcasts: boolean;
}

export interface ContactDetail extends ContactView {
  readonly profile: ContactProfile;
  /** As the network gives it. */
  readonly networkName: string | undefined;
  readonly blockReason: string | undefined;
  readonly aliases: readonly ContactAlias[];
  readonly consents: readonly ConsentEntry[];
  readonly chats: readonly ContactChat[];
  /** Others that were merged into this one. */
  readonly parts: readonly ContactId[];
  /** Other contacts with one of its identifiers: probably the same person. */
  readonly probablySame: readonly ContactId[];
  readonly noteCount: number;
}

/** A person by what staff knows of them: at least one. */
export type Identifier =
  /** In any written form with its country's code (`+506 8888-7777`). */
  | { readonly kind: "phone"; readonly value: string }
  /** The number of the account. */
  | { readonly kind: "telegram"; readonly value: string };

export interface ContactChange {
  /** Null: take it away. */
  readonly name?: string | null | undefined;
  readonly language?: Language | null | undefined;
  /** Merged into what is there; null takes one away. */
  readonly fields?: Readonly<Record<string, string | null>> | undefined;
  /** Replaces all. */
  readonly tags?: readonly string[] | undefined;
  readonly isAllowed?: boolean | undefined;
  readonly identifiers?: readonly Identifier[] | undefined;
  readonly consent?: ConsentChange | undefined;
}

export interface ConsentChange {
  readonly state: "granted" | "refused";
  readonly evidence: string;
  readonly givenAt: Date;
}

/** Who does it, for the audit log. */
export interface ContactActor {
  readonly actor: string;
  readonly requestId?: string | undefined;
}

/** How a list of contacts is narrowed; each that is given must fit. */
export interface ContactQuery {
  /** A name's words, or an identifier in any written form. */
  readonly search?: string | undefined;
  readonly filter?: ContactFilter | undefined;
}

/** A condition on contacts: a closed set, of which no part becomes SQL text. Plain JSON. Times are ISO 8601. */
export type ContactFilter =
  | { readonly kind: "all" | "any"; readonly of: readonly ContactFilter[] }
  | { readonly kind: "not"; readonly of: ContactFilter }
  | { readonly kind: "tag"; readonly tag: string }
  | { readonly kind: "channel"; readonly channel: ChannelName }
  | { readonly kind: "bot"; readonly botId: string }
  | { readonly kind: "consent"; readonly consent: ConsentState }
  | { readonly kind: "blocked" | "allowed"; readonly is: boolean }
  | { readonly kind: "seen-after" | "seen-before"; readonly at: string }
  | { readonly kind: "created-after" | "created-before"; readonly at: string }
  | { readonly kind: "in-list"; readonly segmentId: string };

export interface MergeView {
  readonly mergeId: string;
  readonly from: ContactId;
  readonly into: ContactId;
  readonly mergedAt: Date;
  readonly mergedBy: string;
  readonly undoneAt: Date | undefined;
}

/**
 * A tenant's contacts. A contact that was merged into another answers as that other one. Every change is audited in
 * its own transaction. `revision` undefined: whichever it is; else throws `stale` (412) when it is another.
 * Throws `contact-unknown` (404).
 */
export interface Contacts {
  list(
    tenantId: TenantId,
    query: ContactQuery,
    page: KeysetRequest,
  ): Promise<KeysetPage<ContactView>>;
  find(tenantId: TenantId, contactId: ContactId): Promise<ContactDetail | undefined>;
  /** Throws `contact-exists` (409) when an identifier is somebody's. */
  create(tenantId: TenantId, change: ContactChange, by: ContactActor): Promise<ContactId>;
  change(
    tenantId: TenantId,
    contactId: ContactId,
    change: ContactChange,
    revision: number | undefined,
    by: ContactActor,
  ): Promise<void>;
  setBlocked(
    tenantId: TenantId,
    contactId: ContactId,
    block: { readonly isBlocked: boolean; readonly reason?: string | undefined },
    by: ContactActor,
  ): Promise<void>;
  /** `from` becomes part of `into`. Throws `merge-impossible` (409) for one contact twice. */
  merge(
    tenantId: TenantId,
    pair: { readonly from: ContactId; readonly into: ContactId },
    by: ContactActor,
  ): Promise<MergeView>;
  listMerges(tenantId: TenantId, contactId: ContactId): Promise<readonly MergeView[]>;
  /** Whatever came since stays with whom it came from. False: no such act, or it was undone. */
  undoMerge(tenantId: TenantId, mergeId: string, by: ContactActor): Promise<boolean>;
  /**
   * Chats of this bot for contacts that never wrote to it but can be written to by their phone number; makes those
   * that are missing. Contacts for whom there can be none are absent.
   */
  openChats(
    tenantId: TenantId,
    botId: BotId,
    contactIds: readonly ContactId[],
  ): Promise<ReadonlyMap<ContactId, ConversationId>>;
}
