import type { Citation } from "./answer.ts";
import type { BotAccount } from "./channel.ts";
import type { AskedWhy, Hold } from "./hand-over.ts";
import type { ContactId, ConversationId, MessageId, TenantId } from "./ids.ts";
import type { Language } from "./language.ts";
import type { IncomingMessage, Reply } from "./message.ts";
import type { PassportEventKind } from "./passport.ts";
import type { ChangeSubscriptionEffect, SubscribeEffect, Subscribing } from "./subscriptions.ts";

/** One thing said in a conversation, by the citizen, the assistant or a person of the tenant's staff. */
export interface Turn {
  readonly speaker: "citizen" | "assistant" | "person";
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly saidAt: Date;
}

/** What a citizen chose once for all questions, by `/preferencias`. */
export interface Preferences {
  /** `simple`: short sentences in everyday words, and short quotations. Undefined: `normal`. */
  readonly readingLevel?: "simple" | "normal";
  /**
   * A gazette (its slug) or the gazettes of a country (ISO 3166-1 alpha-2), read first when a question names
   * none. Undefined: all alike.
   */
  readonly interest?: { readonly source: string } | { readonly country: string };
}

/** A question that is no longer among the last turns, and what its answer cited. */
export interface RememberedQuestion {
  readonly question: string;
  /** Places as people say them: `La Gaceta n.º 220, 2014-11-14, p. 21`. */
  readonly cited: readonly string[];
}

/** What was talked about before the last turns, in about 600 tokens at most. Data from outside, as the turns are. */
export interface ConversationSummary {
  /** Newest first. */
  readonly questions: readonly RememberedQuestion[];
  /** A model's summary of what came before `questions`; undefined: none wrote one. */
  readonly text?: string;
}

/** What is remembered of a conversation between turns. Plain JSON, stored encrypted. */
export interface ConversationMemory {
  /** Chosen by `/idioma`, else as last detected. */
  readonly language: Language | undefined;
  readonly languageIsChosen: boolean;
  /** The "not legal advice" notice is given once per conversation. */
  readonly disclaimerGiven: boolean;
  /** Network message ids whose text has been answered, newest last, at most 50: an edit of one is not answered again. */
  readonly answeredMessageIds: readonly string[];
  /** Undefined: nothing was chosen. */
  readonly preferences?: Preferences;
  /** The day, as the tenant counts, on which the person was last told that the tenant is closed. ISO date. */
  readonly closedNoticeOn?: string;
  /** As `closedNoticeOn`, when they were told that no more questions are answered that day. */
  readonly limitNoticeOn?: string;
  /** Of private conversations longer than the history; undefined: the history is all. */
  readonly summary?: ConversationSummary;
  /** How often in a row the last questions found nothing; absent: not once. */
  readonly abstentionsInARow?: number;
  /** The person is in the middle of subscribing to something; undefined: in nothing. */
  readonly subscribing?: Subscribing | undefined;
}

/** Everything needed to answer one message. Read under the conversation's lease. */
export interface TurnInput {
  readonly tenantId: TenantId;
  readonly bot: BotAccount;
  readonly conversationId: ConversationId;
  readonly contactId: ContactId | undefined;
  readonly messageId: MessageId;
  readonly message: IncomingMessage;
  readonly memory: ConversationMemory;
  /** The last turns, oldest first, at most 10. */
  readonly history: readonly Turn[];
  /**
   * Messages accepted in this chat during the last minute, this one included: for the limit per person. In a
   * group only those that were answered, since people also talk among themselves.
   */
  readonly messagesLastMinute: number;
  /**
   * More than three quarters of this process's places for turns are taken, or of those that this tenant or bot
   * may have: what can be spared is. Absent: no.
   */
  readonly isBusy?: boolean;
  /** Between the bot and people. Absent: the bot's alone. */
  readonly hold?: Hold;
  /** Notes an event in the passport; committed with the turn. */
  readonly note: (kind: PassportEventKind, detail: Readonly<Record<string, unknown>>) => void;
}

/** What a turn changes besides what is said. Carried out in the turn's own transaction. */
export type TurnEffect =
  /** Erases the contact: messages, turns, memory, alias. What is still to be sent of this turn is kept until sent. */
  | { readonly kind: "erase-contact" }
  /** The person blocked the bot, or came back. */
  | { readonly kind: "set-reachable"; readonly reachable: boolean }
  /** The person asked for no broadcasts, digests and alerts (`BAJA`), or for them again (`ALTA`). */
  | { readonly kind: "set-broadcasts"; readonly taken: boolean }
  /** A person is to come, unless one is asked for already; or none is needed any more. */
  | { readonly kind: "ask-for-person"; readonly why: AskedWhy }
  | { readonly kind: "need-no-person" }
  | SubscribeEffect
  | ChangeSubscriptionEffect
  | { readonly kind: "migrate-chat"; readonly newChatKey: string };

/** The whole result of one turn; commits together or not at all. */
export interface TurnOutcome {
  /** In the order in which they are sent. Empty: silence is the answer (group talk, stickers in groups). */
  readonly replies: readonly Reply[];
  /** Said in this turn, to be remembered. */
  readonly turns: readonly Turn[];
  readonly memory: ConversationMemory;
  readonly effects: readonly TurnEffect[];
}

/** The conversation: commands, limits, language, else plan → retrieve → write. No I/O of its own but its ports. */
export interface Conversation {
  takeTurn(input: TurnInput, signal: AbortSignal): Promise<TurnOutcome>;
}
