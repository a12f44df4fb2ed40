import type { Citation } from "./answer.ts";
import type { ChannelName, ChannelPart, Pace } from "./channel.ts";
import type { Judgement } from "./feedback.ts";
import type { ExpiredHold, PhoneReply, SpokenTo } from "./hand-over.ts";
import type {
  BotId,
  ContactId,
  ConversationId,
  MessageId,
  OutboxId,
  PersonId,
  TenantId,
} from "./ids.ts";
import type { Language } from "./language.ts";
import type { KeysetPage, KeysetRequest } from "./page.ts";
import type { Turn } from "./turn.ts";

export const DESK_STATES = ["open", "waiting-for-person", "with-person", "closed"] as const;
export type DeskState = (typeof DESK_STATES)[number];

/** Every condition holds; absent: any. */
export interface ConversationQuery extends KeysetRequest {
  readonly botId?: BotId | undefined;
  readonly channel?: ChannelName | undefined;
  readonly state?: DeskState | undefined;
  /** `nobody`, or whose. */
  readonly assignee?: PersonId | "nobody" | undefined;
  readonly tag?: string | undefined;
  /** Of the viewer: the citizen wrote since they last looked. */
  readonly isUnread?: boolean | undefined;
  /** Some part of an answer failed, or nobody knows whether it arrived. */
  readonly hasTrouble?: boolean | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Words that a citizen or a person said, or of the citizen's name: each must occur, in whatever form. */
  readonly words?: string | undefined;
}

/** The hand-over as it stands. */
export interface HoldView {
  /** Undefined: somebody writes from the phone itself. */
  readonly personId: PersonId | undefined;
  readonly since: Date;
  readonly until: Date;
}

export interface ConversationEntry {
  readonly conversationId: ConversationId;
  readonly botId: BotId;
  readonly botName: string;
  readonly channel: ChannelName;
  readonly kind: "private" | "group";
  readonly contactId: ContactId | undefined;
  /** As the network gave it; undefined: it did not, or was erased. */
  readonly contactName: string | undefined;
  readonly state: DeskState;
  readonly hold: HoldView | undefined;
  readonly assignee: PersonId | undefined;
  readonly askedAt: Date | undefined;
  readonly askedWhy: string | undefined;
  readonly tags: readonly string[];
  /** Of the viewer; at most 100. */
  readonly unread: number;
  readonly hasTrouble: boolean;
  readonly isReachable: boolean;
  readonly createdAt: Date;
  readonly lastMessageAt: Date;
  /** The beginning of what was said last. */
  readonly excerpt: string | undefined;
}

/** One part as it was sent, or not. */
export interface PartView {
  readonly outboxId: OutboxId;
  /** `queued`, `attempting`, `sent`, `failed`, `unknown`. */
  readonly state: string;
  /** The network's word: `sent`, `delivered`, `read`, `failed`. */
  readonly delivery: string | undefined;
  /** Of a failure: stable kebab-case, e.g. `outside-window`. */
  readonly reason: string | undefined;
  readonly createdAt: Date;
  readonly settledAt: Date | undefined;
  readonly deliveredAt: Date | undefined;
  readonly readAt: Date | undefined;
  /** It was sent again under this id. */
  readonly resentAs: OutboxId | undefined;
}

/** A file that a person sent along; its bytes are kept until it is sent. */
export interface SentFile {
  readonly fileName: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
}

/** One thing in the history of a conversation, newest first in its pages. */
export type HistoryEntry = { readonly id: string; readonly at: Date } & (
  | {
      /** What the citizen wrote, as it came. */
      readonly kind: "heard";
      readonly messageId: MessageId;
      /** `text`, `edit`, `media`, `button`, `membership`, `migration`; `erased`. */
      readonly content: string;
      readonly text: string | undefined;
      readonly edits: string | undefined;
      readonly media:
        | { readonly kind: string; readonly mediaType?: string; readonly sizeBytes?: number }
        | undefined;
      /** `pending`, `answered`, `dead`, `dropped`. */
      readonly state: string;
      readonly senderName: string | undefined;
    }
  | {
      readonly kind: "answered";
      readonly messageId: MessageId;
      readonly text: string;
      readonly citations: readonly Citation[];
      /** Of each person who judged it; in a private conversation, at most one. */
      readonly judgements: readonly Judgement[];
      readonly parts: readonly PartView[];
    }
  | {
      /** By a person at the desk or at the phone, or a notice of ours about persons. */
      readonly kind: "reply" | "phone" | "notice";
      readonly author: PersonId | undefined;
      readonly text: string;
      readonly files: readonly SentFile[];
      readonly parts: readonly PartView[];
    }
  | { readonly kind: "note"; readonly author: PersonId | undefined; readonly text: string }
);

/** Parts to be queued for a citizen by the desk, before everything of the bot's. */
export interface DeskParts {
  readonly text: string;
  readonly files: readonly SentFile[];
  readonly parts: readonly ChannelPart[];
  readonly pace: Pace;
}

/** Who acts, for audit and events. */
export interface DeskActor {
  readonly personId: PersonId;
  /** As in the audit log. */
  readonly actor: string;
  readonly requestId: string;
}

export type ClaimOutcome =
  | { readonly kind: "claimed"; readonly hold: HoldView }
  /** Somebody else has it. */
  | { readonly kind: "taken"; readonly hold: HoldView }
  | { readonly kind: "unknown" };

export type ReplyOutcome =
  | { readonly kind: "queued"; readonly id: string; readonly outboxIds: readonly OutboxId[] }
  | { readonly kind: "taken"; readonly hold: HoldView }
  /** The person blocked the bot, or was erased. */
  | { readonly kind: "unreachable" }
  | { readonly kind: "unknown" };

/** What is needed to render something for a conversation. */
export interface Reach extends SpokenTo {
  /** Undefined: erased, nobody is there to write to. */
  readonly isReachable: boolean;
  readonly contactName: string | undefined;
  readonly lastInboundAt: Date | undefined;
  /** The last turns, oldest first, at most 20, since the hand-over began. */
  readonly saidSinceHold: readonly Pick<Turn, "speaker" | "text">[];
}

/**
 * The desk at rest: one transaction each, with its audit entry and its event. Ids of other tenants are unknown. Times
 * are the database's.
 */
export interface DeskStore {
  list(
    tenantId: TenantId,
    viewer: PersonId | undefined,
    query: ConversationQuery,
  ): Promise<KeysetPage<ConversationEntry>>;
  find(
    tenantId: TenantId,
    viewer: PersonId | undefined,
    conversationId: ConversationId,
  ): Promise<ConversationEntry | undefined>;
  /** Newest first. Undefined: there is no such conversation. */
  history(
    tenantId: TenantId,
    conversationId: ConversationId,
    page: KeysetRequest,
  ): Promise<KeysetPage<HistoryEntry> | undefined>;
  /** Undefined: there is no such conversation. */
  reach(tenantId: TenantId, conversationId: ConversationId): Promise<Reach | undefined>;

  /**
   * Takes the conversation until `minutes` from now, or prolongs what the person has already. What the bot has queued
   * and not begun to send is dropped. `notice` is queued when it is taken anew.
   */
  claim(
    tenantId: TenantId,
    conversationId: ConversationId,
    by: DeskActor,
    claim: { readonly minutes: number; readonly notice: DeskParts | undefined },
  ): Promise<ClaimOutcome>;
  /** False: the person does not have it. `summary` goes into the bot's memory. */
  release(
    tenantId: TenantId,
    conversationId: ConversationId,
    by: DeskActor,
    release: {
      readonly notice: DeskParts | undefined;
      readonly summary: string;
      readonly closes: boolean;
    },
  ): Promise<boolean>;
  /** Over all tenants, at most 100. */
  findExpired(): Promise<readonly ExpiredHold[]>;
  /** False: it has been prolonged, or ended, meanwhile. */
  expire(
    expired: ExpiredHold,
    ending: { readonly notice: DeskParts | undefined; readonly summary: string },
  ): Promise<boolean>;
  /** Silences the bot for `minutes`. False: as `PhoneReplies.note`. */
  notePhoneReply(reply: PhoneReply, minutes: number): Promise<boolean>;

  /**
   * Queues what a person writes, in the person's own hand-over, which it takes or prolongs. `id`, a UUID, becomes the
   * message's: what was queued under it before is not queued again.
   */
  reply(
    tenantId: TenantId,
    conversationId: ConversationId,
    by: DeskActor,
    reply: DeskParts & {
      readonly id: string;
      readonly minutes: number;
      readonly notice: DeskParts | undefined;
    },
  ): Promise<ReplyOutcome>;
  /**
   * Sends an `unknown` part once more, under another id. `again`: it was before. `state`: it is not unknown. `by`
   * undefined: by itself, as the tenant wants it.
   */
  resend(
    tenantId: TenantId,
    conversationId: ConversationId | undefined,
    outboxId: OutboxId,
    by: DeskActor | undefined,
  ): Promise<
    | { readonly kind: "queued"; readonly outboxId: OutboxId; readonly botId: BotId }
    | { readonly kind: "again" | "state" | "unknown" }
  >;
  /** `unknown` for `afterMs` and less than an hour, and not sent again; over all tenants, at most 100. */
  findResendable(
    channels: readonly ChannelName[],
    afterMs: number,
  ): Promise<readonly { tenantId: TenantId; outboxId: OutboxId; botId: BotId }[]>;

  /** Of those below, undefined and false: there is no such conversation, note or member. */
  setState(
    tenantId: TenantId,
    conversationId: ConversationId,
    state: "open" | "closed",
    by: DeskActor,
  ): Promise<boolean>;
  assign(
    tenantId: TenantId,
    conversationId: ConversationId,
    assignee: PersonId | undefined,
    by: DeskActor,
  ): Promise<boolean>;
  setTags(
    tenantId: TenantId,
    conversationId: ConversationId,
    tags: readonly string[],
    by: DeskActor,
  ): Promise<boolean>;
  markSeen(tenantId: TenantId, conversationId: ConversationId, viewer: PersonId): Promise<boolean>;
  addNote(
    tenantId: TenantId,
    conversationId: ConversationId,
    text: string,
    by: DeskActor,
  ): Promise<string | undefined>;
  removeNote(
    tenantId: TenantId,
    conversationId: ConversationId,
    noteId: string,
    by: DeskActor,
  ): Promise<boolean>;
  /** The key under which the network hands out what the citizen sent. */
  findFile(
    tenantId: TenantId,
    conversationId: ConversationId,
    messageId: MessageId,
  ): Promise<{ readonly botId: BotId; readonly fileKey: string } | undefined>;
  /** Whether the message, or the part, belongs to the conversation. */
  belongs(tenantId: TenantId, conversationId: ConversationId, id: string): Promise<boolean>;
}

/** A reply kept to be used again. Places: `{nombre}` the citizen's name, `{agente}` who writes, `{fecha}` today. */
export interface CannedReply {
  readonly name: string;
  readonly texts: { readonly [Name in Language]?: string | undefined };
  /** From 1. */
  readonly revision: number;
  readonly used: number;
  readonly usedAt: Date | undefined;
}

export interface CannedReplies {
  list(tenantId: TenantId): Promise<readonly CannedReply[]>;
  find(tenantId: TenantId, name: string): Promise<CannedReply | undefined>;
  /** `expected`: 0 to make it, its revision to change it, undefined for either. Undefined: it is not so any more. */
  save(
    tenantId: TenantId,
    reply: Pick<CannedReply, "name" | "texts">,
    expected: number | undefined,
    by: Pick<DeskActor, "actor" | "requestId">,
  ): Promise<CannedReply | undefined>;
  /** `stale`: it has another revision. */
  remove(
    tenantId: TenantId,
    name: string,
    expected: number | undefined,
    by: Pick<DeskActor, "actor" | "requestId">,
  ): Promise<"removed" | "stale" | "unknown">;
  countUse(tenantId: TenantId, name: string): Promise<void>;
}
