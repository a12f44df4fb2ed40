import type { AcceptedMessage } from "./acceptor.ts";
import type {
  BotAccount,
  Channel,
  ChannelName,
  ChannelPart,
  Pace,
  SendOutcome,
} from "./channel.ts";
import type { Hold } from "./hand-over.ts";
import type { BotId, ContactId, ConversationId, MessageId, OutboxId, TenantId } from "./ids.ts";
import type { IncomingMessage } from "./message.ts";
import type { PassportEvent } from "./passport.ts";
import type { ConversationMemory, Turn, TurnEffect } from "./turn.ts";

/**
 * The life of an inbox row: `pending` (waits for its turn in its conversation) → `answered`, or after
 * too many failed attempts → `dead` (kept with its reason; never blocks what comes after it).
 */
export interface Inbox {
  /**
   * Inserts once per bot and update key, marks the conversation due, notes `received`: one transaction for
   * all arrivals, committed when it resolves. One result per arrival, in order.
   */
  accept(tenantId: TenantId, arrivals: readonly Arrival[]): Promise<readonly AcceptedMessage[]>;
}

export interface Arrival {
  readonly bot: BotAccount;
  readonly message: IncomingMessage;
  /** Its answer waits this long for what the person writes next; each further text begins the wait anew, 8 s at most. */
  readonly burstWindowMs?: number | undefined;
}

/** The right to answer in one conversation until it expires; `token` fences out an owner that outlived its lease. */
export interface Lease {
  /** How many owners in a row let this lease expire, i.e. probably died over the same message. */
  readonly crashes: number;
  readonly tenantId: TenantId;
  readonly conversationId: ConversationId;
  readonly botId: BotId;
  readonly token: string;
}

/** A message that came so soon after the one before it that both may be meant as one. */
export interface Follower {
  readonly messageId: MessageId;
  readonly message: IncomingMessage;
}

/** The first message due in a leased conversation, with what is needed to answer it. */
export interface DueMessage {
  readonly lease: Lease;
  readonly messageId: MessageId;
  readonly chatKey: string;
  readonly contactId: ContactId | undefined;
  readonly message: IncomingMessage;
  /** Those that came within its burst, in order; pending, like it. */
  readonly followers: readonly Follower[];
  readonly attempts: number;
  readonly memory: ConversationMemory;
  readonly history: readonly Turn[];
  readonly messagesLastMinute: number;
  /** Between the bot and people. */
  readonly hold: Hold;
}

export interface AnsweredMessage {
  readonly due: DueMessage;
  /** Of the due message's, those that the turn answers too. Absent: none. */
  readonly followers?: readonly Follower[];
  readonly turns: readonly Turn[];
  readonly memory: ConversationMemory;
  readonly parts: readonly ChannelPart[];
  readonly pace: Pace;
  readonly effects: readonly TurnEffect[];
  readonly events: readonly PassportEvent[];
}

/** A message that cannot be read: its bytes or its key are wrong. Never an answer, always a dead letter. */
export interface UnreadableMessage {
  readonly lease: Lease;
  readonly messageId: MessageId;
  readonly attempts: number;
  readonly reason: string;
}

export interface FailedMessage {
  readonly due: Pick<DueMessage, "lease" | "messageId" | "attempts">;
  /** Code of the error, for people who operate. */
  readonly reason: string;
  /** Undefined: give up, dead-letter. */
  readonly retryAfterMs: number | undefined;
  /** What the citizen is told when we give up; queued with the dead letter. */
  readonly parts: readonly ChannelPart[];
  readonly events: readonly PassportEvent[];
}

/**
 * `lost`: another owner has the lease, nothing was written. `more`: written, and another message waits.
 * `edited`: the message was corrected since it was read; the turn was not written, and is due again. `handed-over`: so
 * is this one, since a person took the conversation over, or gave it back, meanwhile.
 */
export type CommitResult = "done" | "more" | "lost" | "edited" | "handed-over";

/** How many more places of this process a claim may give to each tenant and each bot. */
export interface PlaceLimits {
  /** Of those who hold places. */
  readonly holders: ReadonlyMap<TenantId | BotId, number>;
  /** Of every tenant and every bot that holds none. */
  readonly otherTenant: number;
  readonly otherBot: number;
}

/** Hop 2's ledger. */
export interface Conversations {
  /** Leases up to `limit` conversations that are due, over all tenants; without `limits` to whom it may. */
  claim(
    owner: string,
    limit: number,
    leaseMs: number,
    limits?: PlaceLimits,
  ): Promise<readonly Lease[]>;
  /** Reads, in a statement of its own, the first pending message of each; a lease with nothing due is released. */
  readDue(leases: readonly Lease[]): Promise<{
    readonly due: readonly DueMessage[];
    readonly unreadable: readonly UnreadableMessage[];
  }>;
  /** Prolongs; returns the leases still held. */
  renew(leases: readonly Lease[], leaseMs: number): Promise<readonly Lease[]>;
  /** Turns, memory, effects, outbox rows, events, inbox state and the lease's release commit together. */
  commitAnswers(answers: readonly AnsweredMessage[]): Promise<readonly CommitResult[]>;
  commitFailures(failures: readonly FailedMessage[]): Promise<readonly CommitResult[]>;
  /** Gives leases back without doing anything (shutdown). */
  release(leases: readonly Lease[]): Promise<void>;
}

/** A part whose attempt is on record: it is sent now, by this process only. */
export interface DuePart {
  readonly tenantId: TenantId;
  readonly outboxId: OutboxId;
  readonly botId: BotId;
  readonly conversationId: ConversationId;
  readonly messageId: MessageId | undefined;
  readonly chatKey: string;
  readonly part: ChannelPart;
  /** This attempt included. */
  readonly attempts: number;
  /** How many of the attempts before it ended without the network being asked. */
  readonly waits: number;
  readonly isBroadcast: boolean;
  /** When the person last wrote in this chat, by the network's clock but never later than ours. */
  readonly lastInboundAt: Date | undefined;
  /** Of a part whose outcome is unknown. */
  readonly unknownSince: Date | undefined;
  /** `performance.now()` of this process just before the claim: how old the right to send is. */
  readonly claimedAt: number;
}

/** What a claim may take of broadcasts. */
export interface BroadcastShare {
  /** Places that broadcasts may still fill in this process; 0: none is looked for. */
  readonly room: number;
  /** The channels' limits: broadcasts spend the bot's `bulk` bucket and the chat's own. */
  readonly paces: ReadonlyMap<ChannelName, Channel["pace"]>;
  /** Whose broadcasts wait. Absent: nobody's. */
  readonly sparedTenants?: readonly TenantId[];
}

export interface ClaimedParts {
  readonly parts: readonly DuePart[];
  /** Milliseconds until a bot's bucket has its next slot for a broadcast that waits; undefined: none waits for that. */
  readonly nextBroadcastInMs: number | undefined;
}

export interface SettledPart {
  readonly due: Omit<DuePart, "claimedAt">;
  readonly outcome: SendOutcome;
  /** For a refusal that may be tried again: when. Undefined: not again. */
  readonly retryAfterMs: number | undefined;
  /** The network was looked at: an `unknown` part that is certainly not there may be queued again. */
  readonly isReconciled?: boolean;
}

/**
 * Hop 3's ledger. The life of an outbox row: `queued` → `attempting` (committed before the call) →
 * `sent` | `failed` (refused for good) | `unknown` (may have arrived) | back to `queued` (refused, to be retried).
 */
export interface Outbox {
  /**
   * Marks up to `limit` due parts `attempting` and commits; in order within a conversation, person before reply
   * before broadcast. Broadcasts take what room the others leave, and no more than their bot's bucket holds.
   * `limits` are those of all but broadcasts.
   */
  claim(
    owner: string,
    limit: number,
    broadcasts: BroadcastShare,
    limits?: PlaceLimits,
  ): Promise<ClaimedParts>;
  /**
   * Queues the same parts for each of these conversations that can be reached, all or none; returns for how
   * many. They go out at the pace of the bot's `bulk` bucket, behind everything else in their conversation.
   */
  broadcast(
    tenantId: TenantId,
    conversationIds: readonly ConversationId[],
    parts: readonly ChannelPart[],
  ): Promise<number>;
  settle(parts: readonly SettledPart[]): Promise<void>;
}

/** What a crash, a lost wake-up or an expired lease left behind. */
export interface Sweep {
  /**
   * Parts `unknown` for less than `withinMs` on these channels, to be looked up at the network. Those of bots whose
   * session a process holds are handed to this process only: `heldBy` names it, and asks for no others.
   */
  findUnknown(
    channels: readonly ChannelName[],
    withinMs: number,
    heldBy?: string,
  ): Promise<readonly Omit<DuePart, "claimedAt">[]>;
  /**
   * Parts that another process left `attempting` on bots whose session `owner` holds now: whoever lost a session
   * can send nothing more. Become `unknown`. Returns how many.
   */
  settleTakenOver(owner: string): Promise<number>;
  /** Parts `attempting` for longer than `olderThanMs`: their process is gone. Become `unknown`. Returns how many. */
  settleAbandoned(olderThanMs: number): Promise<number>;
  /** Pending messages whose conversation is not marked due are marked. Returns how many. */
  wakeForgotten(): Promise<number>;
}
