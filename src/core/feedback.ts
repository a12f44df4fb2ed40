import type { BotAccount } from "./channel.ts";
import type { BotId, ContactId, ConversationId, MessageId, TenantId } from "./ids.ts";
import type { KeysetPage, KeysetRequest } from "./page.ts";

/** What a citizen thinks of an answer. */
export const VOTES = ["up", "down"] as const;
export type Vote = (typeof VOTES)[number];

/** Longest words with a judgement, in characters. */
export const MAX_COMMENT = 500;

/**
 * What a reaction in a network says of an answer; every other says nothing of it. Without skin tones and variation
 * selectors, which `voteOfReaction` takes off.
 */
export const REACTION_VOTES: Readonly<Record<string, Vote>> = {
  "👍": "up",
  "👏": "up",
  "🙏": "up",
  "❤": "up",
  "👌": "up",
  "💯": "up",
  "🎉": "up",
  "👎": "down",
  "😡": "down",
  "🤬": "down",
  "💩": "down",
  "🤮": "down",
};

/** Undefined: it says nothing of the answer. */
export function voteOfReaction(emoji: string): Vote | undefined {
  const bare = emoji.replace(/[\u{1F3FB}-\u{1F3FF}\uFE0E\uFE0F]/gu, "");
  return Object.hasOwn(REACTION_VOTES, bare) ? REACTION_VOTES[bare] : undefined;
}

/** What stands under a message of ours after somebody changed it, as a network tells it: late, or repeated. */
export interface Reaction {
  /** Of the chat, as `IncomingMessage.chat.key`. */
  readonly chatKey: string;
  /** Of the person, as `IncomingMessage.sender.key`. */
  readonly senderKey: string;
  /** Of the message that it stands under, as `SendOutcome` gave it. */
  readonly networkMessageId: string;
  /** `none`: none of theirs that says something stands there now. */
  readonly vote: Vote | "none";
  /** ISO 8601, UTC; the network's clock. */
  readonly at: string;
}

/** The judgement of one person on one answer, as the staff see it. */
export interface Judgement {
  readonly vote: Vote;
  readonly comment: string | undefined;
  readonly judgedAt: Date;
}

/** In a list: with what was judged. */
export interface JudgedAnswer extends Judgement {
  readonly id: string;
  readonly messageId: MessageId;
  readonly conversationId: ConversationId;
  readonly botId: BotId;
  readonly contactId: ContactId;
  /** What was asked and what was answered; undefined: not asked for, or no longer kept. */
  readonly question: string | undefined;
  readonly answer: string | undefined;
}

export interface FeedbackQuery extends KeysetRequest {
  readonly vote: Vote | undefined;
  readonly botId: BotId | undefined;
  /** Judged at this time or later, and before that one. */
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  /** Reads questions, answers and comments too: for whoever may read conversations. */
  readonly hasTexts: boolean;
}

/**
 * Judgements at rest: one of each contact on each answer, whoever says it twice, and however two of them race. Only
 * answers to questions can be judged. Figures of the day change in the same transaction.
 */
export interface FeedbackStore {
  /**
   * By whoever is in the chat. A `comment` takes the place of the one before; absent, that one stays as long as the vote
   * does. Undefined: there is no such answer in this chat. Else whether something changed.
   */
  judge(
    bot: Pick<BotAccount, "tenantId" | "botId">,
    chatKey: string,
    messageId: MessageId,
    judgement: { readonly vote: Vote | "none"; readonly comment: string | undefined },
  ): Promise<boolean | undefined>;
  /** Reactions to what is no answer of ours, and of people whom we do not know, are passed over. Returns how many changed something. */
  noteReactions(
    bot: Pick<BotAccount, "tenantId" | "botId" | "channel">,
    reactions: readonly Reaction[],
  ): Promise<number>;
  /** The last first; those that were taken back are left out. */
  list(tenantId: TenantId, query: FeedbackQuery): Promise<KeysetPage<JudgedAnswer>>;
}

/** What the line tells of reactions to whoever keeps them. Commits before it resolves. */
export type ReactionNoter = Pick<FeedbackStore, "noteReactions">;
