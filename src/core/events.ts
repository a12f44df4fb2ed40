import type {
  AssistantId,
  BotId,
  ContactId,
  ConversationId,
  MessageId,
  OutboxId,
  PersonId,
  SessionId,
  TenantId,
} from "./ids.ts";
import type { PlatformRole, TenantRole } from "./people.ts";

/**
 * What happened, for live pages and outgoing webhooks: ids and states, by which a reader asks for more if they may.
 * Never message text, a name, an address, a phone number or a secret.
 */
export interface EventDetails {
  "message-received": {
    readonly conversationId: ConversationId;
    readonly botId: BotId;
    readonly messageId: MessageId;
  };
  "message-answered": {
    readonly conversationId: ConversationId;
    readonly botId: BotId;
    readonly messageId: MessageId;
  };
  "message-failed": {
    readonly conversationId: ConversationId;
    readonly botId: BotId;
    readonly messageId: MessageId;
    /** Code of the error after which it became a dead letter. */
    readonly reason: string;
  };
  /** One part of a reply, a manual send or a campaign came to an end, or further. */
  "delivery-changed": {
    readonly conversationId: ConversationId;
    readonly outboxId: OutboxId;
    readonly messageId?: MessageId;
    readonly state: "sent" | "failed" | "unknown" | "delivered" | "read";
  };
  "feedback-given": {
    readonly conversationId: ConversationId;
    readonly messageId: MessageId;
    readonly vote: "up" | "down" | "none";
  };
  /** A person is asked for, has taken over, prolonged it, given it back, or let it expire. */
  "conversation-handed-over": {
    readonly conversationId: ConversationId;
    readonly state: "asked" | "claimed" | "extended" | "released" | "expired";
    readonly personId?: PersonId;
  };
  /** Notes, tags, assignment, replies by a person, erasure. */
  "conversation-changed": {
    readonly conversationId: ConversationId;
    readonly change: string;
    readonly personId?: PersonId;
  };
  "contact-changed": { readonly contactId: ContactId; readonly change: string };
  "contacts-imported": { readonly importId: string; readonly state: string };
  "campaign-changed": {
    readonly campaignId: string;
    readonly state: string;
    /** Recipients by state, where they changed. */
    readonly counts?: Readonly<Record<string, number>>;
  };
  "document-changed": {
    readonly documentId: string;
    readonly state: string;
    /** 0 to 1, while it is being read. */
    readonly progress?: number;
  };
  "assistant-changed": { readonly assistantId: AssistantId; readonly change: string };
  "bot-changed": { readonly botId: BotId; readonly state: string };
  /** A queue was paused, drained or resumed, or crossed a threshold; of a bot, a tenant, or a channel. */
  "queue-changed": { readonly scope: string; readonly id?: string; readonly state: string };
  "breaker-changed": { readonly provider: string; readonly state: string };
  "platform-changed": { readonly subject: string; readonly state: string };
  /** Failed sign-ins, forged webhooks, injections: what, never whose. */
  "security-event": { readonly name: string; readonly severity?: string };
  "announcement-published": { readonly announcementId: string };
  "member-changed": { readonly personId: PersonId; readonly change: string };
  "api-key-changed": { readonly apiKeyId: string; readonly change: string };
  "tenant-changed": { readonly change: string };
  "balance-changed": {
    readonly state: "topped-up" | "low" | "exhausted" | "suspended" | "resumed";
  };
  "export-ready": { readonly exportId: string };
  "webhook-changed": {
    readonly endpointId: string;
    readonly state: "active" | "disabled" | "failing" | "removed";
    readonly reason?: string;
  };
}
export type EventKind = keyof EventDetails;

/** What a writer appends; each kind with its own detail. */
export type NewEvent = {
  readonly [Kind in EventKind]: { readonly kind: Kind; readonly detail: EventDetails[Kind] };
}[EventKind];

export type LoggedEvent = NewEvent & {
  /** Grows in the order in which events can be read; never one below what was read before. Gaps mean nothing. */
  readonly position: number;
  /** Undefined: of the installation. */
  readonly tenantId: TenantId | undefined;
  readonly happenedAt: Date;
};

/** A program with a key reads as its owner does. */
export type EventReader = TenantRole | PlatformRole;
type Reader = EventReader;
const TALK: readonly Reader[] = ["owner", "agent", "viewer"];
const BUSINESS: readonly Reader[] = ["owner", "editor", "viewer"];
const ALL: readonly Reader[] = ["owner", "editor", "agent", "viewer"];
const OWNERS: readonly Reader[] = ["owner", "platform-admin"];
const STAFF: readonly Reader[] = ["platform-admin", "operator"];

/** Who is told of which kind. Who operates sees what runs, and nobody's conversation. */
export const EVENT_READERS: Readonly<Record<EventKind, readonly Reader[]>> = {
  "message-received": TALK,
  "message-answered": TALK,
  "message-failed": [...TALK, ...STAFF],
  "delivery-changed": TALK,
  "feedback-given": TALK,
  "conversation-handed-over": TALK,
  "conversation-changed": TALK,
  "contact-changed": TALK,
  "contacts-imported": TALK,
  "campaign-changed": ALL,
  "document-changed": BUSINESS,
  "assistant-changed": BUSINESS,
  "bot-changed": [...ALL, ...STAFF],
  "queue-changed": [...ALL, ...STAFF],
  "breaker-changed": [...BUSINESS, ...STAFF],
  "platform-changed": STAFF,
  "security-event": ["owner", ...STAFF],
  "announcement-published": [...ALL, ...STAFF],
  "member-changed": OWNERS,
  "api-key-changed": OWNERS,
  "tenant-changed": [...OWNERS, "operator"],
  "balance-changed": [...OWNERS, "operator"],
  "export-ready": OWNERS,
  "webhook-changed": [...BUSINESS, ...STAFF],
};

/** Whether somebody with these roles is told of it. */
export function mayRead(kind: EventKind, roles: readonly Reader[]): boolean {
  return EVENT_READERS[kind]?.some((reader) => roles.includes(reader)) ?? false;
}

/**
 * The log, kept for `EVENTS_KEPT_DAYS`. Stores append within their own transaction
 * (`src/store/events/append-events.ts`); this is for whoever has none, and for readers.
 */
export interface EventLog {
  /** Commits before it resolves. `tenantId` undefined: of the installation, for who operates it. */
  append(tenantId: TenantId | undefined, events: readonly NewEvent[]): Promise<void>;
  /**
   * Those of all tenants after `position`, in order, at most `limit`: for the one reader of a process, that hands
   * them on by tenant. An event whose transaction commits late is read late, never skipped.
   */
  readAfter(position: number, limit: number): Promise<readonly LoggedEvent[]>;
  /** As above, of one tenant and of the installation, and only those that have a position already. */
  replay(
    tenantId: TenantId,
    after: number,
    upTo: number,
    limit: number,
  ): Promise<readonly LoggedEvent[]>;
  /** `head`: the newest position. Whoever read up to `floor` or later has missed nothing. */
  bounds(): Promise<{ readonly head: number; readonly floor: number }>;
  /** Deletes what is older. Returns how many. */
  prune(olderThan: Date): Promise<number>;
}

/** How long a reader may be away and still go on where it was. */
export const EVENTS_KEPT_DAYS = 7;

/** LiveEvents topic: something was appended. A call to look, like a wake-up. */
export const EVENTS_TOPIC = "events";

/** Who holds a stream open. */
export type StreamHolder =
  | { readonly kind: "person"; readonly sessionId: SessionId; readonly tenantId: TenantId }
  | { readonly kind: "key"; readonly keyId: string; readonly tenantId: TenantId };

/** Whether those who hold streams open still may, asked for all of a process at once. */
export interface StreamStanding {
  /**
   * The roles of each as of now, in order; undefined: signed out, expired, disabled, revoked, or of a tenant that is
   * not open any more.
   */
  rolesOf(
    holders: readonly StreamHolder[],
    now: Date,
  ): Promise<readonly (readonly EventReader[] | undefined)[]>;
}
