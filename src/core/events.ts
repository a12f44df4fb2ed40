import type { CampaignState, RecipientState } from "./campaigns.ts";
import type { ChannelName } from "./channel.ts";
import type { VersionState } from "./documents.ts";
import type { GazetteDate } from "./gazette.ts";
import type {
  AssistantId,
  BotId,
  ContactId,
  ConversationId,
  DocumentId,
  MessageId,
  OutboxId,
  PersonId,
  PromptId,
  PromptRunId,
  SessionId,
  SourceId,
  TenantId,
} from "./ids.ts";
import type { EditionState } from "./newsroom.ts";
import type { PlatformRole, TenantRole } from "./people.ts";
import type { PromptRunState } from "./prompts.ts";
import type { PublicationState, TargetKind, TargetState } from "./publishing.ts";
import type { SecurityEventKind } from "./security-events.ts";
import type { SessionState } from "./session.ts";
import type { Feature } from "./switches.ts";

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
  "conversation-changed": {
    readonly conversationId: ConversationId;
    readonly change:
      | "reply"
      | "resend"
      | "closed"
      | "reopened"
      | "assigned"
      | "tagged"
      | "note-added"
      | "note-removed"
      | "person-not-needed";
    readonly personId?: PersonId;
  };
  "contact-changed": {
    readonly contactId: ContactId;
    readonly change:
      | "created"
      | "changed"
      | "merged"
      | "merge-undone"
      | "blocked"
      | "unblocked"
      | "allowed"
      | "opted-in"
      | "opted-out"
      | "erased";
  };
  /** An import came to its end; its contacts are told of by this alone. */
  "contacts-imported": {
    readonly created: number;
    readonly updated: number;
    readonly skipped: number;
  };
  "campaign-changed": {
    readonly campaignId: string;
    readonly state: CampaignState | "removed";
    /** What a person did; absent: it went on by itself. */
    readonly change?: string;
    /** Recipients by state, at most once a second. */
    readonly counts?: Readonly<Partial<Record<RecipientState, number>>>;
  };
  "document-changed": {
    readonly documentId: DocumentId;
    readonly state: "created" | "changed" | "removed" | VersionState;
    /** 0 to 1, while it is being read, at most once a second. */
    readonly progress?: number;
  };
  "source-changed": {
    readonly sourceId: SourceId;
    readonly change:
      | "added"
      | "changed"
      | "paused"
      | "resumed"
      | "archived"
      | "backfill-asked"
      | "backfill-cancelled";
  };
  /** One edition of a source stands otherwise than before. */
  "edition-changed": {
    readonly sourceId: SourceId;
    readonly publishedOn: GazetteDate;
    readonly state: EditionState;
    /** Code of why. */
    readonly reason?: string;
  };
  /** Something is wrong with an edition, and a person may have to do something: once of each. */
  "edition-alert": {
    readonly sourceId: SourceId;
    readonly publishedOn: GazetteDate;
    readonly state: EditionState;
    readonly reason?: string;
  };
  "prompt-changed": {
    readonly promptId: PromptId;
    readonly change: "created" | "changed" | "paused" | "resumed" | "removed";
  };
  /** A run stands otherwise than before: it waits for review, was approved, is held… */
  "prompt-run-changed": {
    readonly runId: PromptRunId;
    readonly promptId: PromptId;
    readonly state: PromptRunState;
    /** Code of why. */
    readonly reason?: string;
  };
  /** One approved text on its way to one target. */
  "publication-changed": {
    readonly publicationId: string;
    readonly targetId: string;
    readonly runId: PromptRunId;
    readonly state: PublicationState;
    /** Code of why. */
    readonly reason?: string;
  };
  /** An approved text is published on a target, all of it. */
  "publication-published": {
    readonly publicationId: string;
    readonly targetId: string;
    readonly runId: PromptRunId;
    readonly target: TargetKind;
  };
  "publishing-target-changed": {
    readonly targetId: string;
    readonly state: TargetState | "added" | "removed";
  };
  "knowledge-set-changed": {
    readonly knowledgeSetId: string;
    readonly change: "saved" | "removed";
  };
  "assistant-changed": {
    readonly assistantId: AssistantId;
    readonly change: "saved" | "removed";
  };
  "bot-changed": {
    readonly botId: BotId;
    readonly state: "active" | "needs-auth" | "removed" | "assistant-chosen";
  };
  /** How a bot's session in WhatsApp Web stands. */
  "session-changed": { readonly botId: BotId; readonly state: SessionState };
  /** A queue was paused, drained (what is answered is still sent) or resumed: what is left out means all. */
  "queue-changed": {
    readonly pauseId: string;
    readonly botId?: BotId;
    readonly channel?: ChannelName;
    readonly state: "paused" | "draining" | "resumed";
  };
  /** What was given up was tried again, rewritten or let go by a person. */
  "dead-letter-changed": {
    readonly letterId: string;
    readonly change: "retried" | "dropped" | "edited";
  };
  /** `tripped` and `reset` by a person; otherwise by what calls came to, as the process saw it that tells. */
  "breaker-changed": {
    readonly model: string;
    readonly state: "open" | "probing" | "closed" | "tripped" | "reset";
  };
  "switch-changed": { readonly feature: Feature; readonly state: "on" | "off" | "as-usual" };
  "shedding-changed": { readonly level: number; readonly isAutomatic: boolean };
  /** Failed sign-ins, forged webhooks, injections: what, never whose. Once a minute each. */
  "security-event": { readonly name: SecurityEventKind };
  "announcement-changed": {
    readonly announcementId: string;
    readonly change: "published" | "changed" | "withdrawn";
  };
  "member-changed":
    | {
        readonly personId: PersonId;
        readonly change: "joined" | "changed" | "disabled" | "enabled";
      }
    | { readonly invitationId: string; readonly change: "invited" | "invitation-withdrawn" };
  /** Somebody signed in, told to themselves: of it they may not know. */
  "signed-in": { readonly personId: PersonId; readonly sessionId: SessionId };
  "api-key-changed": {
    readonly apiKeyId: string;
    readonly change: "added" | "revoked" | "refused";
  };
  "tenant-changed": {
    readonly change: "created" | "changed" | "suspended" | "opened" | "deletion-asked";
  };
  "balance-changed": { readonly state: "topped-up" | "low" | "exhausted" };
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

/** Whom a kind is told. */
export interface EventAudience {
  /** Whoever may read one of these resources is told what happens to them, and nobody else. */
  readonly reads: readonly `GET /api/v1/${string}`[];
  /** To the person alone that it is about. */
  readonly isOwn?: true;
  /** What happens to the installation is told to the people of all tenants too, who read it there. */
  readonly isForAll?: true;
}

/** Each kind names what must be readable to be told of it: roles are said in one place, the table of routes. */
export const EVENT_AUDIENCES: Readonly<Record<EventKind, EventAudience>> = {
  "message-received": { reads: ["GET /api/v1/conversations"] },
  "message-answered": { reads: ["GET /api/v1/conversations"] },
  "message-failed": { reads: ["GET /api/v1/dead-letters"] },
  "delivery-changed": { reads: ["GET /api/v1/conversations"] },
  "feedback-given": { reads: ["GET /api/v1/conversations"] },
  "conversation-handed-over": { reads: ["GET /api/v1/conversations"] },
  "conversation-changed": { reads: ["GET /api/v1/conversations"] },
  "contact-changed": { reads: ["GET /api/v1/contacts"] },
  "contacts-imported": { reads: ["GET /api/v1/contacts"] },
  "campaign-changed": { reads: ["GET /api/v1/campaigns"] },
  "document-changed": { reads: ["GET /api/v1/documents"] },
  "source-changed": { reads: ["GET /api/v1/sources"] },
  "edition-changed": { reads: ["GET /api/v1/sources"] },
  "edition-alert": { reads: ["GET /api/v1/sources"] },
  "prompt-changed": { reads: ["GET /api/v1/prompts"] },
  "prompt-run-changed": { reads: ["GET /api/v1/prompt-runs"] },
  "publication-changed": { reads: ["GET /api/v1/publications"] },
  "publication-published": { reads: ["GET /api/v1/publications"] },
  "publishing-target-changed": { reads: ["GET /api/v1/publishing-targets"] },
  "knowledge-set-changed": { reads: ["GET /api/v1/knowledge-sets"] },
  "assistant-changed": { reads: ["GET /api/v1/assistants"] },
  "bot-changed": { reads: ["GET /api/v1/bots"] },
  "session-changed": { reads: ["GET /api/v1/bots/:botId/session", "GET /api/v1/health"] },
  "queue-changed": { reads: ["GET /api/v1/pauses"], isForAll: true },
  "dead-letter-changed": { reads: ["GET /api/v1/dead-letters"] },
  "breaker-changed": { reads: ["GET /api/v1/breakers"] },
  "switch-changed": { reads: ["GET /api/v1/switches"], isForAll: true },
  "shedding-changed": { reads: ["GET /api/v1/shedding"] },
  "security-event": { reads: ["GET /api/v1/security-events"] },
  "announcement-changed": { reads: ["GET /api/v1/announcements"], isForAll: true },
  "member-changed": { reads: ["GET /api/v1/members"] },
  "signed-in": { reads: ["GET /api/v1/sessions"], isOwn: true },
  "api-key-changed": { reads: ["GET /api/v1/api-keys"] },
  "tenant-changed": { reads: ["GET /api/v1/tenant", "GET /api/v1/tenants"] },
  "balance-changed": { reads: ["GET /api/v1/balance"] },
  "export-ready": { reads: ["GET /api/v1/tenant/exports"] },
  "webhook-changed": { reads: ["GET /api/v1/webhooks"] },
};

export const EVENT_KINDS = Object.keys(EVENT_AUDIENCES) as [EventKind, ...EventKind[]];

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
