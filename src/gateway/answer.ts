import type { BotRegistry } from "../core/bot-registry.ts";
import { type Channel, type ChannelName, holdsSessions } from "../core/channel.ts";
import type { Clock } from "../core/clock.ts";
import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import type { FaultPoint } from "../core/fault-point.ts";
import { createGroupCommit } from "../core/group-commit.ts";
import type {
  AnsweredMessage,
  CommitResult,
  Conversations,
  DueMessage,
  FailedMessage,
  Follower,
  UnreadableMessage,
} from "../core/ledgers.ts";
import type { Logger } from "../core/logger.ts";
import type { IncomingMessage, Reply } from "../core/message.ts";
import type { Metrics } from "../core/metrics.ts";
import type { PassportEvent } from "../core/passport.ts";
import type { Conversation, ConversationMemory } from "../core/turn.ts";
import type { WakeUps } from "../core/wake-up.ts";
import { keepLeases } from "./keep-leases.ts";
import { mergeBurst } from "./merge-burst.ts";
import { showTypingMeanwhile, stopButtonSpinner } from "./signs-of-life.ts";
import { createWorkPool } from "./work-pool.ts";

/** A lease outlives three missed renewals; a dead worker's conversation waits at most this long. */
const LEASE_MS = 30_000;
/** Pauses before the second and further attempts at a message whose turn failed. */
const RETRY_PAUSES_MS = [1_000, 5_000, 20_000, 60_000];
/** A message over which this many workers in a row died is given up. */
const MAX_CRASHES = 3;
const MAX_LEASES_PER_CLAIM = 50;
/** `ConversationMemory.answeredMessageIds` keeps this many. */
const MAX_ANSWERED_IDS = 50;
const TURN_OUTCOMES = {
  done: "answered",
  more: "answered",
  lost: "lease-lost",
  edited: "edited",
  "handed-over": "handed-over",
} as const satisfies Record<CommitResult, string>;

/** The turn was not written, and is due again. */
const AGAIN: ReadonlySet<CommitResult> = new Set(["edited", "handed-over"]);

export interface AnswerHopPorts {
  /** Unique per process: who holds the lease. */
  readonly owner: string;
  readonly conversations: Conversations;
  readonly conversation: Conversation;
  readonly registry: BotRegistry;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly wakeUps: WakeUps;
  /** Whether a text is a turn of its own, never part of a burst. */
  readonly isCommand: (text: string) => boolean;
  /** What a citizen is told when a message is given up. */
  readonly apology: (due: Pick<DueMessage, "memory"> | undefined) => Reply;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly faultPoint: FaultPoint;
  /** Conversations answered at once by this process; half of them are one tenant's at most. */
  readonly concurrency: number;
}

/**
 * Hop 2. One owner per conversation, in order within it, concurrent across. Everything a turn produces
 * commits together under the lease's fencing token, or not at all.
 */
export function createAnswerHop(ports: AnswerHopPorts) {
  const pool = createWorkPool(ports.concurrency, () => ports.wakeUps.wake("answer"));
  const leases = keepLeases(ports.conversations, LEASE_MS, ports.logger);
  const commitAnswer = createGroupCommit(
    (answers: readonly AnsweredMessage[]) => ports.conversations.commitAnswers(answers),
    { maxItems: MAX_LEASES_PER_CLAIM },
  );

  /** Answers all that is due now; resolves when nothing more can be claimed. */
  async function look(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      await pool.untilRoom();
      const limit = Math.min(pool.room, MAX_LEASES_PER_CLAIM);
      const claimed = await ports.conversations.claim(ports.owner, limit, LEASE_MS, pool.limits());
      if (claimed.length === 0) return false;
      ports.faultPoint("answer:after-claim");
      const { due, unreadable } = await ports.conversations.readDue(claimed);
      ports.faultPoint("answer:after-read");
      for (const message of due) pool.start(() => answerOne(message), message.lease);
      for (const message of unreadable) pool.start(() => giveUp(message, message.reason, []));
    }
    return true;
  }

  async function answerOne(due: DueMessage): Promise<void> {
    if (due.lease.crashes >= MAX_CRASHES) {
      await giveUp(due, "worker-died", [], due);
      return;
    }
    const held = leases.hold(due.lease);
    const events: PassportEvent[] = [];
    try {
      const answered = await takeTurn(due, events, held.signal);
      ports.faultPoint("answer:before-commit");
      afterCommit(due, await commitAnswer(answered), answered.parts.length);
      ports.faultPoint("answer:after-commit");
    } catch (error) {
      await failed(due, error, events);
    } finally {
      held.letGo();
    }
  }

  async function takeTurn(
    due: DueMessage,
    events: PassportEvent[],
    signal: AbortSignal,
  ): Promise<AnsweredMessage> {
    const { lease, messageId, contactId, memory, history, messagesLastMinute, hold } = due;
    const { message, followers } = mergeBurst(due, ports.isCommand);
    const bot = await ports.registry.lookUp(lease.tenantId, lease.botId);
    const channel = bot && ports.channels.get(bot.channel);
    if (bot === undefined || channel === undefined) {
      throw new PregoneroError("bot-unknown", `Bot ${lease.botId} is not among the active bots.`, {
        retry: "backoff",
      });
    }
    const note: PassportEventAppender = (kind, detail) => {
      events.push({ kind, at: ports.clock.now(), detail });
    };
    note("leased", { owner: ports.owner, token: lease.token, attempt: due.attempts + 1 });
    const startedAt = performance.now();
    stopButtonSpinner(channel, bot, message, signal);
    const stopTyping = showTypingMeanwhile(channel, bot, due.chatKey, message, signal);
    try {
      const outcome = await ports.conversation.takeTurn(
        {
          tenantId: lease.tenantId,
          bot,
          conversationId: lease.conversationId,
          contactId,
          messageId,
          message,
          memory,
          history,
          messagesLastMinute,
          hold,
          isBusy: pool.isBusyFor(lease),
          note,
        },
        signal,
      );
      signal.throwIfAborted();
      const parts = outcome.replies.flatMap((reply) => channel.render(reply));
      const seconds = (performance.now() - startedAt) / 1000;
      note("answered", {
        parts: parts.length,
        milliseconds: Math.round(seconds * 1000),
        ...(followers.length > 0 && { messages: followers.length + 1 }),
      });
      ports.metrics.observe("turn_seconds", seconds, { channel: bot.channel });
      const pace =
        message.chat.kind === "group" ? channel.pace.groupChat : channel.pace.privateChat;
      const { turns, effects } = outcome;
      const kept = rememberAnswered(outcome.memory, message, followers);
      return { due, followers, turns, memory: kept, parts, pace, effects, events };
    } finally {
      stopTyping();
    }
  }

  function afterCommit(due: DueMessage, result: CommitResult, partCount: number): void {
    ports.metrics.count("turns_total", { outcome: TURN_OUTCOMES[result] });
    if (result === "lost") ports.logger.warn("lease-lost", { messageId: due.messageId });
    else if (AGAIN.has(result)) ports.logger.debug("turn-again", { messageId: due.messageId });
    else ports.logger.debug("message-answered", { messageId: due.messageId, parts: partCount });
    if (result === "more" || AGAIN.has(result)) ports.wakeUps.wake("answer");
    if (partCount > 0) wakeDelivery(due);
  }

  function wakeDelivery({ lease }: Pick<DueMessage, "lease">): void {
    const bot = ports.registry.get(lease.tenantId, lease.botId);
    const channel = bot && ports.channels.get(bot.channel);
    const isHeld = channel !== undefined && holdsSessions(channel);
    ports.wakeUps.wake(isHeld ? "deliver-held" : "deliver");
  }

  async function failed(
    due: DueMessage,
    error: unknown,
    events: readonly PassportEvent[],
  ): Promise<void> {
    const reason = isPregoneroError(error) ? error.code : "turn-threw";
    const pause = RETRY_PAUSES_MS[due.attempts];
    const isFinal = pause === undefined || (isPregoneroError(error) && error.retry === "never");
    ports.logger.warn("turn-failed", {
      messageId: due.messageId,
      reason,
      attempt: due.attempts + 1,
      isFinal,
      error,
    });
    if (isFinal) return giveUp(due, reason, events, due);
    await record({ due, reason, retryAfterMs: pause, parts: [], events });
  }

  /** Dead-letters with its reason, and tells the citizen that there will be no answer. */
  async function giveUp(
    due: UnreadableMessage | DueMessage,
    reason: string,
    events: readonly PassportEvent[],
    readable?: DueMessage,
  ): Promise<void> {
    const bot = ports.registry.get(due.lease.tenantId, due.lease.botId);
    const channel = bot && ports.channels.get(bot.channel);
    const mayReply = readable === undefined || readable.message.isAddressed;
    const parts = mayReply ? (channel?.render(ports.apology(readable)) ?? []) : [];
    ports.logger.error("message-dead-lettered", { messageId: due.messageId, reason });
    ports.metrics.count("turns_total", { outcome: "dead-lettered" });
    await record({ due, reason, retryAfterMs: undefined, parts, events });
  }

  async function record(failure: FailedMessage): Promise<void> {
    try {
      const [result] = await ports.conversations.commitFailures([failure]);
      if (result === "more") ports.wakeUps.wake("answer");
      if (failure.parts.length > 0) wakeDelivery(failure.due);
    } catch (error) {
      // The lease expires and the message is tried again: nothing is lost, only later.
      ports.logger.error("failure-not-recorded", { messageId: failure.due.messageId, error });
    }
  }

  return {
    look,
    /** Waits for the turns under way; call after the last `look`. */
    async close(): Promise<void> {
      await pool.untilIdle();
      leases.close();
    },
  };
}

/** An edit of any message of a burst is one of an answered message, when the first was answered. */
function rememberAnswered(
  memory: ConversationMemory,
  { networkMessageId }: IncomingMessage,
  followers: readonly Follower[],
): ConversationMemory {
  const ids = memory.answeredMessageIds;
  if (followers.length === 0 || networkMessageId === undefined || !ids.includes(networkMessageId)) {
    return memory;
  }
  const more = followers.flatMap(({ message }) => message.networkMessageId ?? []);
  return { ...memory, answeredMessageIds: [...ids, ...more].slice(-MAX_ANSWERED_IDS) };
}

type PassportEventAppender = (kind: PassportEvent["kind"], detail: PassportEvent["detail"]) => void;
