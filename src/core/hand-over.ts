import type { BotId, ContactId, ConversationId, TenantId } from "./ids.ts";
import type { Language } from "./language.ts";

/** How a conversation stands between the bot and people, as it was read. */
export interface Hold {
  /** Grows with each claim and its end: a turn prepared under another number is not written. */
  readonly token: string;
  /** A person has it: the bot says nothing. */
  readonly isHeld: boolean;
  /** A person wrote after the due message came: it is no matter of the bot's any more. */
  readonly isAnsweredByPerson: boolean;
  /** Somebody is asked for; the bot goes on answering until they come. */
  readonly isWaiting: boolean;
}

/** Why a person is asked for: by command or button, by words, or after the bot found nothing so often. */
export const ASKED_WHY = ["command", "words", "abstentions"] as const;
export type AskedWhy = (typeof ASKED_WHY)[number];

/** Somebody of the tenant wrote to a citizen from the phone itself, or from another client of the account. */
export interface PhoneReply {
  readonly tenantId: TenantId;
  readonly botId: BotId;
  readonly chatKey: string;
  /** The network's id of the message. One that we sent ourselves is no reply from the phone, and is left alone. */
  readonly networkMessageId: string;
  /** Undefined: not told, or no text. */
  readonly text: string | undefined;
  readonly sentAt: Date;
}

/** Entry for channels that see what is written from the account by others than us. */
export interface PhoneReplies {
  /**
   * Silences the bot in that chat for a while, as a claim does, and keeps what was written as a person's turn. Once
   * per message id. False: it was known, was ours, or the chat has no conversation.
   */
  note(reply: PhoneReply): Promise<boolean>;
}

/** A hand-over whose time is over. */
export interface ExpiredHold {
  readonly tenantId: TenantId;
  readonly conversationId: ConversationId;
  /** Somebody wrote from the phone: nobody was told that a person came, and nobody is told that they went. */
  readonly isByPhone: boolean;
}

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** When people answer. */
export interface WorkingHours {
  /** IANA name. */
  readonly timeZone: string;
  /** `[from, to)` as `hh:mm`, `24:00` for midnight; a day that is absent is closed. */
  readonly days: { readonly [Day in Weekday]?: readonly (readonly [string, string])[] | undefined };
  /** Closed on these, `yyyy-mm-dd` in the time zone. */
  readonly holidays: readonly string[];
}

export interface HandOverRules {
  /** No person is ever asked for, and citizens are told that nobody is there. */
  readonly isOff: boolean;
  /** A person is asked for after the bot found nothing so often in a row; 0: not for that. */
  readonly afterAbstentions: number;
  /** Whole words or phrases that ask for a person, besides our own. */
  readonly words: readonly string[];
}

/** How an assistant meets people and hands over to them. */
export interface Conduct {
  /** Begins the welcome and answers a greeting. Empty: ours. */
  readonly greeting: string;
  /** Null: people answer at any hour. */
  readonly workingHours: WorkingHours | null;
  readonly handOver: HandOverRules;
  /** Of the tenant's documents, those that answers may rest on. Empty: all. */
  readonly knowledgeSets: readonly string[];
  /** A part of which nobody knows whether it arrived is sent once more by itself. */
  readonly resendsUnknown: boolean;
}

export const DEFAULT_CONDUCT: Conduct = {
  greeting: "",
  workingHours: null,
  handOver: { isOff: false, afterAbstentions: 0, words: [] },
  knowledgeSets: [],
  resendsUnknown: false,
};

/** Undefined: as ours does. `contactId`: who writes, as of `AssistantOf`. */
export type ConductOf = (
  tenantId: TenantId,
  botId: BotId,
  contactId?: ContactId | undefined,
) => Promise<Conduct | undefined>;

/** What a citizen is told around a hand-over. */
export type DeskNotice = "taken-over" | "given-back" | "expired";

export interface SpokenTo {
  readonly botId: BotId;
  readonly kind: "private" | "group";
  readonly language: Language;
}
