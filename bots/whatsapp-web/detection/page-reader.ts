import type { Locator } from "playwright-core";
import type { Clock } from "../../../src/core/clock.ts";
import type { Logger } from "../../../src/core/logger.ts";
import type { SelectorPack } from "./pack-schema.ts";
import type { PageElement } from "./page-elements.ts";

/**
 * What the engine reads from a WhatsApp Web page. Everything here comes from a page that we do not control:
 * it is parsed, bounded in length, and `undefined` or `unknown` wherever the page did not say it clearly.
 */

/** A modal that lies over the page. `PageReader.dismiss` knows how to close it. */
export interface Popup {
  readonly kind: "whats-new" | "invalid-number" | "conflict" | "notice" | "unknown";
  /** How it is closed: a button of the pack, else the Escape key; `none`: nothing that we know closes it. */
  readonly dismissal: "button" | "escape" | "none";
  /** Words of the pack that were found. Never names, never message text. */
  readonly evidence: string;
}

export type Banner = "phone-offline" | "computer-offline";

/** Where the page stands. `evidence` is one English sentence without names, codes or message text. */
export type ScreenReading = { readonly evidence: string } & (
  | { readonly kind: "loading"; readonly percent?: number }
  /** `ref` is what the QR encodes, a live credential; absent while the page is still fetching it, and once it expired. */
  | { readonly kind: "qr"; readonly ref?: string; readonly isExpired: boolean }
  /** The eight characters, without the hyphen. A live credential. */
  | { readonly kind: "pairing-code"; readonly code: string }
  | {
      readonly kind: "main";
      readonly banner?: Banner;
      readonly popup?: Popup;
      /** `<era>/<version>` of the pack that reads this page. */
      readonly pack: string;
    }
  /** Another window of the same account has taken over: `dismiss(popup)` takes it back. */
  | { readonly kind: "conflict"; readonly popup: Popup }
  /** The linking page without a QR yet, after a session that was there. Never concluded from absence. */
  | { readonly kind: "logged-out" }
  | { readonly kind: "update-needed" }
  | { readonly kind: "database-error" }
  /** No page of WhatsApp's came at all: no network, a wrong address, or WhatsApp itself is away. */
  | { readonly kind: "unreachable" }
  /**
   * Nothing that we know is on the page. Not a sign of having been logged out. `isBlank`: nothing is drawn at all, so
   * the page died; a redesign draws something.
   */
  | { readonly kind: "unknown"; readonly isBlank?: true }
);

export type ChatKind = "private" | "group" | "unknown";

export interface ChatRow {
  /** Full, without the bidi marks and the unread count that the page mixes in. Two chats may have the same title. */
  readonly title: string;
  readonly jid?: string;
  /** Digits with country code, when the title is a number or the page gives the jid of a phone. */
  readonly phone?: string;
  readonly kind: ChatKind;
  /** 0 when there is no badge; 1 at least for a chat marked unread without a number. */
  readonly unreadCount: number;
  readonly hasMention: boolean;
  /** True only when a tick proves it; undefined: the list does not say. */
  readonly isLastOurs?: boolean;
  readonly preview?: string;
  /** Our own notes ("(You)"). */
  readonly isSelf: boolean;
  readonly isMuted: boolean;
  /** False for rows that nobody can be answered in: channels, the archive. */
  readonly isConversation: boolean;
}

/** What the header of the open conversation says. */
export interface OpenConversation {
  readonly title: string;
  readonly kind: ChatKind;
  readonly jid?: string;
  readonly phone?: string;
  readonly isSelf: boolean;
}

export type Direction = "in" | "out" | "unknown";

export type Tick = "pending" | "sent" | "delivered" | "read" | "failed" | "unknown";

export type MessageRowKind =
  | "text"
  | "photo"
  | "video"
  | "voice"
  | "audio"
  | "document"
  | "sticker"
  | "location"
  | "contact"
  | "poll"
  | "album"
  | "system"
  | "deleted"
  | "unknown";

export const STRATEGIES = ["test-ids", "aria", "geometry", "traversal"] as const;
export type StrategyName = (typeof STRATEGIES)[number];

/** What each strategy that had an opinion said of one field, e.g. `{ direction: { aria: "in" } }`. No text, no names. */
export type Votes = Readonly<Record<string, Readonly<Partial<Record<StrategyName, string>>>>>;

export interface MessageRow {
  /** The row's `data-id` as it stands in the page. */
  readonly rawId: string;
  /** The same for `true_/false_<jid>_<id>[_participant]` and for the bare id: key everything by this one. */
  readonly canonicalId: string;
  readonly chatJid?: string;
  readonly direction: Direction;
  readonly kind: MessageRowKind;
  /** Body or caption. Without the quote, the time and hidden copies; emoji and mentions as text. */
  readonly text?: string;
  /** `key` is a jid or digits; `name` is what the person calls themselves, hostile. Absent for "out". */
  readonly sender?: { readonly name?: string; readonly key?: string };
  /** ISO 8601, UTC; only when the order of day and month and the zone are calibrated. To the minute. */
  readonly sentAt?: string;
  /** As drawn, e.g. `22:16, 3/8/2023` or `22:16`. */
  readonly rawTime?: string;
  readonly quote?: { readonly text?: string; readonly isOurs?: boolean };
  readonly isEdited: boolean;
  /** The text mentions one of `PageReaderOptions.ownNames` with an `@` of the page's own. False when none were given. */
  readonly mentionsUs: boolean;
  /** Of our own rows only. */
  readonly tick?: Tick;
  readonly media?: {
    readonly fileName?: string;
    readonly seconds?: number;
    /** As drawn, e.g. `1.2 MB`. */
    readonly sizeText?: string;
    /** Of an album: how many pictures. */
    readonly count?: number;
  };
  /** False while "Read more" hides a part of the text (`expand`), or the page waits for the message itself. */
  readonly isComplete: boolean;
  readonly votes: Votes;
}

/** Why the page woke us. Several changes within 150 ms are one. */
export type PageChange =
  | { readonly kind: "changed"; readonly areas: readonly ("chats" | "conversation" | "screen")[] }
  /** The page's own timer still runs: every 5 s. Its absence is a hang, a crash or a closed tab. */
  | { readonly kind: "heartbeat"; readonly isVisible: boolean }
  /** The page was loaded anew: whatever was open is closed. */
  | { readonly kind: "navigated" };

export interface CanaryReading {
  readonly isReadable: boolean;
  /** What must be there and is not, e.g. `chat-list: rows without a title (7 of 9)`. No names, no text. */
  readonly failures: readonly string[];
}

/**
 * Reads one page of WhatsApp Web, and does the few things that reading needs: scroll, open a chat, expand a text,
 * close a pop-up. It writes nothing and sends nothing. Made by `createPageReader` (create-page-reader.ts).
 *
 * One call at a time: it scrolls and clicks in a page that has one viewport. Each call looks at the page anew and
 * picks the pack that reads it, so an era may change between two calls. Calls reject with `PregoneroError`
 * `page-unreadable` (no pack reads what must be there: `needs-adapter`), `page-gone` (closed, crashed or navigated
 * meanwhile; retry: backoff), `chat-not-found`, or with the signal's reason.
 */
/** Others who want the page that the caller holds. */
export interface PageOthers {
  areWaiting(): boolean;
  /** Resolves when the page is the caller's again. */
  giveWay(signal: AbortSignal | undefined): Promise<void>;
}

export interface PageReader {
  screen(signal?: AbortSignal): Promise<ScreenReading>;
  /** From the top of the list downwards; scrolls through all of it, and back. `unreadOnly` still looks at all. */
  chats(options?: {
    readonly unreadOnly?: boolean;
    /** Default 1,000. */
    readonly limit?: number;
    /** Who else wants the page may have it between two looks: scrolling through a long list takes many seconds. */
    readonly others?: PageOthers;
    readonly signal?: AbortSignal;
  }): Promise<readonly ChatRow[]>;
  /** What is drawn of the list now, without scrolling: cheap, for each change that `watch` reports. */
  chatsDrawn(signal?: AbortSignal): Promise<readonly ChatRow[]>;
  /**
   * Resolves when the header shows this chat's title: by a click on its row, else through the search.
   * Of two chats with one title the one with the same jid, else the same preview, is opened.
   */
  open(chat: Pick<ChatRow, "title"> & Partial<ChatRow>, signal?: AbortSignal): Promise<void>;
  /** Title in the header; undefined: no conversation is open. */
  openTitle(): Promise<string | undefined>;
  conversation(): Promise<OpenConversation | undefined>;
  /** The open conversation and what is drawn of it, of one moment: the rows are surely its own. */
  openRows(signal?: AbortSignal): Promise<OpenRows | undefined>;
  /** Messages drawn now, in order, oldest first. Virtualised shells are left out. */
  rows(signal?: AbortSignal): Promise<readonly MessageRow[]>;
  /**
   * Messages after the newest of `lastReadIds` (canonical) that is met, oldest first, texts expanded. Scrolls up until
   * it meets one of them, the beginning of the conversation, or has `limit` rows (the newest are kept).
   */
  rowsAfter(
    lastReadIds: readonly string[],
    limit: number,
    signal?: AbortSignal,
  ): Promise<RowsAfter>;
  /** The same row with its whole text. The row unchanged when it is gone from the page. */
  expand(row: MessageRow, signal?: AbortSignal): Promise<MessageRow>;
  /** The page says that this account may not start chats or write: `restricted`. */
  isRestricted(): Promise<boolean>;
  /** The element in whichever era is on the page; for real keyboard and mouse. Never rejects: Playwright waits. */
  element(name: PageElement): Locator;
  composer(): Locator;
  sendButton(): Locator;
  captionBox(): Locator;
  fileInput(): Locator;
  /** The bytes of a photo, voice note or document. Rejects with `media-gone` or `media-too-large`. */
  download(
    row: MessageRow,
    options: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<Uint8Array>;
  /**
   * Resolves when installed; reports until `signal` aborts, over navigations too. At most one call of `onChange` at
   * a time is made per 150 ms, and none is lost: a change during the wait is reported after it.
   */
  watch(onChange: (change: PageChange) => void, signal: AbortSignal): Promise<void>;
  /** True when it is gone afterwards. */
  dismiss(popup: Popup, signal?: AbortSignal): Promise<boolean>;
  /** A style sheet that hides every text, name and picture: for screenshots that may be shown. */
  blackOut(): string;
  /** `<era>/<version>` of the pack that read the page last. */
  pack(): string;
  canary(): Promise<CanaryReading>;
}

export interface OpenRows {
  readonly conversation: OpenConversation;
  readonly rows: readonly MessageRow[];
}

export interface RowsAfter {
  readonly rows: readonly MessageRow[];
  /**
   * Why it ended: `met` one of the ids (nothing is missing), `beginning` of what the page has, `limit` (older rows
   * were left out) or `stuck` (the page loads no more: look again later).
   */
  readonly ended: "met" | "beginning" | "limit" | "stuck";
}

/** A field on which the strategies differ, or a strategy that stopped working: seen before it breaks anything. */
export interface Drift {
  readonly reason: "contradiction" | "suspended" | "broken-selector";
  /** Closed set: field names of `MessageRow` and `ChatRow`, or `selector`. */
  readonly field: string;
  readonly strategy?: StrategyName;
  readonly pack: string;
}

export interface PageReaderOptions {
  /** From `loadPacks`: the newest era first. */
  readonly packs: readonly SelectorPack[];
  readonly logger: Logger;
  readonly clock: Clock;
  /** Our own profile name, jid and lid, as far as they are known: for mentions and quotes. */
  readonly ownNames?: readonly string[];
  /** BCP 47, only when the account's language is known better than the page says it, e.g. `es-CR`. */
  readonly locale?: string;
  /** Called for each row and field; count it. */
  readonly onDrift?: (drift: Drift) => void;
}
