import type { BrowserContext, Page } from "playwright-core";
import type { BotAccount } from "../../../src/core/channel.ts";
import type { Clock } from "../../../src/core/clock.ts";
import type { Logger } from "../../../src/core/logger.ts";
import type { Receipt } from "../../../src/core/receipt.ts";
import type { CanaryReading, ChatRow, MessageRow, PageReader } from "../detection/page-reader.ts";
import type { WhatsAppWebPart } from "../render.ts";

/** A chat as the page (or its modules) names it. Only the title is sure to be there. */
export type EngineChat = Pick<ChatRow, "title" | "kind"> &
  Partial<ChatRow> & {
    /** Another chat in the list has this title: the title alone proves nothing. */
    readonly isTitleShared?: boolean;
  };

/** Where a part goes: everything by which the chat book knows the chat. */
export interface EngineTarget extends EngineChat {
  readonly chatKey: string;
  /** Canonical ids of messages read in this chat: one of them on the page proves that it is this chat. */
  readonly lastReadIds: readonly string[];
}

/** What the session gives an engine that it starts. The page is signed in and is the only one of its profile. */
export interface EngineHost {
  readonly bot: BotAccount;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly reader: PageReader;
  /** `http://127.0.0.1:<port>` for engines that attach by themselves (`needsDebuggingPort`). */
  readonly browserUrl?: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pauses: HumanPauses;
}

/** Pauses as a person makes them; injected, so that tests run fast and repeat. Each resolves early when aborted. */
export interface HumanPauses {
  /** Before one keystroke, milliseconds. */
  keystrokeMs(): number;
  /** Longest time that one part is typed for; what is longer is inserted in pieces. */
  readonly maxTypingMs: number;
  /** How long the tick of what was sent is waited for, before it is unknown. */
  readonly tickWithinMs: number;
  /** A short hesitation: after a chat opened, before Enter. */
  hesitate(signal: AbortSignal): Promise<void>;
}

/** What an engine asks of the session while it reads. */
export interface EngineInbox {
  /**
   * The chat's key and the ids that were read there, so that reading begins after them. `seenIds`: canonical ids of
   * messages in the open conversation, which tell two chats of one title apart. Undefined: not to be read.
   */
  locate(chat: EngineChat, seenIds?: readonly string[]): Promise<EngineTarget | undefined>;
  /**
   * Messages of one chat, oldest first, both directions, those after `lastReadIds` and perhaps some before (they are
   * known). Resolves after they were accepted and the mark moved; rejects when not: the same rows are given again.
   */
  take(target: EngineTarget, batch: EngineBatch): Promise<void>;
  /** What the ticks of our own messages say. Repeats are fine. */
  receipts(receipts: readonly Receipt[]): Promise<void>;
  /**
   * Chats that must be looked at though the list does not call them unread: the digest of what the list shows
   * (`toListDigest`) differs from the one under which the chat was last read to its end.
   */
  needsReading(chat: EngineChat): boolean;
}

export interface EngineBatch {
  readonly rows: readonly MessageRow[];
  /** False: older messages after the mark may be missing (limit, or the page loads no more). */
  readonly isComplete: boolean;
  /** As the list said before the chat was opened. */
  readonly unreadCount: number;
  /** Of what the list showed (`toListDigest`) before the rows were read; absent: the list was not looked at. */
  readonly listDigest?: string;
}

/** Of one attempt to send. `not-sent` is certain. */
export type EngineOutcome =
  | { readonly kind: "sent"; readonly canonicalId: string }
  | {
      readonly kind: "not-sent";
      readonly reason:
        | "aborted"
        | "chat-not-found"
        | "wrong-chat"
        | "behind"
        | "restricted"
        | "page-unreadable"
        | "page-gone"
        | "composer-refused"
        | "not-there"
        | "message-failed"
        | "media-refused";
    }
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * One way to read and write WhatsApp Web. The session starts it once the page shows the chats and stops it when it
 * does not; screens, codes, conflicts and the browser's life stay with the session. Calls may overlap: the engine
 * takes them one after the other where it has to. Errors are `PregoneroError` (`page-gone`, `page-unreadable`).
 */
export interface Engine {
  readonly name: "dom" | "modules";
  /** Resolves when changes are watched; they are reported to `inbox` until `signal` aborts or `stop`. */
  start(host: EngineHost, inbox: EngineInbox, signal: AbortSignal): Promise<void>;
  /** Looks at every chat and gives `inbox` whatever is new: catching up, and the slow pass that depends on no event. */
  reconcile(signal: AbortSignal): Promise<void>;
  send(target: EngineTarget, part: WhatsAppWebPart, signal: AbortSignal): Promise<EngineOutcome>;
  /** Whether the part is among our last messages there. `since`: when the attempt began. */
  findSent(
    target: EngineTarget,
    part: WhatsAppWebPart,
    since: Date | undefined,
    signal: AbortSignal,
  ): Promise<EngineOutcome>;
  /** Best effort. */
  showTyping(target: EngineTarget, signal: AbortSignal): Promise<void>;
  /** Rejects with `media-gone` or `media-too-large`. Only while the row is in the chat that `take` was given. */
  download(
    row: MessageRow,
    options: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<Uint8Array>;
  /** Whether it still hears and reads: what a silent page or a renamed module breaks. */
  canary(signal: AbortSignal): Promise<CanaryReading>;
  /** Leaves the browser as it is. Never rejects. */
  stop(): Promise<void>;
}

/** How the session gets its engines: the setting `engine` of the bot chooses, `dom` by default. */
export interface EngineMaker {
  readonly name: Engine["name"];
  /** Starts Chromium with a debugging port on loopback. */
  readonly needsDebuggingPort: boolean;
  make(): Engine;
}
