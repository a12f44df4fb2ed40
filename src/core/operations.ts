import type { ChannelName } from "./channel.ts";
import type { BotId, ConversationId, MessageId, OutboxId, TenantId } from "./ids.ts";
import type { KeysetPage, KeysetRequest } from "./page.ts";
import type { RequestOrigin } from "./people.ts";

/** Who changes something, for the audit. */
export interface Author {
  /** `person:…`, `key:…`, `command-line`, `automatic`. */
  readonly actor: string;
  readonly origin?: RequestOrigin | undefined;
}

/** What is paused. What is left out means all: without anything, the whole installation. */
export interface PauseScope {
  readonly tenantId?: TenantId | undefined;
  /** Of the tenant. */
  readonly botId?: BotId | undefined;
  readonly channel?: ChannelName | undefined;
}

/**
 * Stops at the claim; accepting goes on, so nothing is lost, and what waited goes on in its order. `answers` alone is
 * a drain: what is answered already is still sent.
 */
export interface PauseOrder {
  readonly stopsAnswers: boolean;
  /** Of everything: replies, what people write, broadcasts. What is being sent at this moment is let finish. */
  readonly stopsSending: boolean;
  /** For whoever wonders, at most 500 characters. */
  readonly reason: string;
}

export interface Pause extends PauseScope, PauseOrder {
  readonly id: string;
  /** Set by the platform: nobody of the tenant can lift it. */
  readonly isPlatforms: boolean;
  readonly actor: string;
  readonly since: Date;
}

/** Pauses hold across restarts, in all processes, from the next claim on. Every change is audited. */
export interface Pauses {
  /** Of one tenant: its own, and those of the platform that concern it. */
  list(tenantId: TenantId | undefined): Promise<readonly Pause[]>;
  /**
   * A pause of the same scope and the same side (tenant or platform) is replaced. Throws `not-found` (404) for a bot
   * that is not the tenant's.
   */
  set(
    scope: PauseScope,
    order: PauseOrder & { readonly isPlatforms: boolean },
    by: Author,
  ): Promise<Pause>;
  /** `asTenant`: only what is the tenant's own. False: there is no such pause that they may lift. */
  lift(id: string, asTenant: TenantId | undefined, by: Author): Promise<boolean>;
}

/** What waits at one place of the line. */
export interface Backlog {
  readonly count: number;
  /** When the oldest came; undefined: nothing waits. */
  readonly oldestAt: Date | undefined;
}

/** The queues of one bot. */
export interface BotQueue {
  readonly tenantId: TenantId;
  readonly botId: BotId;
  readonly channel: ChannelName;
  /** Messages that wait for their answer. */
  readonly inbox: Backlog;
  /** Conversations that a process answers now. */
  readonly answering: number;
  /** Parts that wait to be sent, by priority. */
  readonly outbox: {
    readonly person: Backlog;
    readonly reply: Backlog;
    readonly broadcast: Backlog;
  };
  /** Parts that are being sent now. */
  readonly sending: number;
  /** Parts of which nobody knows whether they arrived, and nobody has decided. */
  readonly unknown: number;
  /** Messages given up, and parts refused for good, that nobody has decided on. */
  readonly deadLetters: number;
  /** Of the last five minutes, each minute: messages taken in, those of them that are answered, parts sent. */
  readonly perMinute: {
    readonly received: number;
    readonly answered: number;
    readonly sent: number;
  };
  /** Why what waits does not move; empty: it moves. */
  readonly held: readonly QueueHold[];
}

export type QueueHold =
  | { readonly kind: "paused"; readonly pauseId: string; readonly what: "answers" | "sending" }
  /** Its network asked for silence. */
  | { readonly kind: "network-pause"; readonly until: Date }
  | { readonly kind: "needs-credentials" }
  /** Its session cannot send. */
  | { readonly kind: "session-not-ready" };

export const LETTER_KINDS = ["message", "part"] as const;

/** A message that was given up, or a part that was refused for good or may not have arrived. No text. */
export interface Letter {
  readonly kind: (typeof LETTER_KINDS)[number];
  readonly id: MessageId | OutboxId;
  readonly tenantId: TenantId;
  readonly botId: BotId;
  readonly channel: ChannelName;
  readonly conversationId: ConversationId;
  /** `unknown`: nobody knows whether it arrived; `dead`: it certainly did not. */
  readonly state: "dead" | "unknown";
  readonly reason: string;
  readonly attempts: number;
  readonly at: Date;
  /** Whose passport tells more. */
  readonly passportId: string;
}

/** For staff of its own tenant. */
export interface LetterText {
  /** Undefined: it has none that can be shown (a picture, buttons), or it was erased. */
  readonly text: string | undefined;
  /** Whether `edit` can change it. */
  readonly isEditable: boolean;
}

export interface LetterFilter {
  readonly kind?: Letter["kind"] | undefined;
  readonly botId?: BotId | undefined;
  readonly reason?: string | undefined;
}

/** `gone`: there is no such letter any more, or never was; `erased`: its person was forgotten. */
export type LetterChange = "done" | "gone" | "erased";

/** What waits for a person to decide. Every change is audited, and noted in the passport. */
export interface Letters {
  /** Newest first. Without a tenant: of the whole installation. */
  list(
    tenantId: TenantId | undefined,
    filter: LetterFilter,
    page: KeysetRequest,
  ): Promise<KeysetPage<Letter>>;
  find(tenantId: TenantId | undefined, id: string): Promise<Letter | undefined>;
  /** Audited: somebody read what a person wrote, or was to be told. */
  read(letter: Letter, by: Author): Promise<LetterText>;
  /** A refused part says this from now on; it still waits for `replay`. */
  edit(letter: Letter, text: string, by: Author): Promise<LetterChange>;
  /** A message waits for its answer again; a part is sent again, which may repeat one whose outcome is unknown. */
  replay(letter: Letter, by: Author): Promise<LetterChange>;
  /** It is let be, and waits for nobody any more. */
  skip(letter: Letter, reason: string, by: Author): Promise<LetterChange>;
}

export interface Queues {
  /** One entry for each bot that is not removed. Without a tenant: of the whole installation. */
  list(tenantId: TenantId | undefined): Promise<readonly BotQueue[]>;
  /** What may be answered at this moment and is not: what is paused does not count. */
  pressure(): Promise<LinePressure>;
}

/** How far the line is behind. */
export interface LinePressure {
  /** Conversations with something due. */
  readonly waiting: number;
  /** How long the first of them has been due; 0: none is. */
  readonly waitSeconds: number;
}
