/** Generations of the page's markup; the letters are those of the reference on WhatsApp Web. */
export type Era = "C" | "D";
export type Language = "en" | "es" | "pt";
export type Ack = "pending" | "sent" | "delivered" | "read" | "failed";
export type MediaKind = "image" | "video" | "voice" | "document" | "sticker";
/** What lies over the page until it is answered. `update-page` and `database-error` cannot be answered. */
export type PopupKind =
  | "whats-new"
  | "invalid-number"
  | "update-page"
  | "database-error"
  | "old-browser";

export interface Person {
  /** `<phone>@c.us`. */
  readonly jid: string;
  /** `<number>@lid`, the form that replaces phone numbers. */
  readonly lid: string;
  readonly name: string;
  /** Unsaved people are shown by their number, with `~name` in groups. */
  readonly isSaved: boolean;
}

export interface Chat {
  /** `<phone>@c.us` or `<number>@g.us`. */
  readonly jid: string;
  readonly lid: string;
  readonly kind: "private" | "group" | "self";
  readonly name: string;
  readonly isSaved: boolean;
  readonly participants: readonly Person[];
  readonly unread: number;
  readonly isMentioned: boolean;
  readonly isMuted: boolean;
  readonly isRestricted: boolean;
  readonly isTyping: boolean;
}

export interface Media {
  readonly id: string;
  readonly kind: MediaKind;
  readonly mimeType: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly seconds: number;
}

export interface Quote {
  readonly id: string;
  readonly authorName: string;
  readonly isOwn: boolean;
  readonly text: string;
}

export interface Mention {
  /** As it stands in the text, with its @. */
  readonly label: string;
  readonly jid: string;
}

export interface Message {
  readonly id: string;
  readonly chat: string;
  /** Undefined for our own messages and for system rows. */
  readonly author: Person | undefined;
  readonly isOwn: boolean;
  readonly atMs: number;
  readonly kind: "text" | "media" | "album" | "system" | "location" | "contact" | "poll";
  readonly text: string;
  readonly media: readonly Media[];
  readonly quote: Quote | undefined;
  readonly mentions: readonly Mention[];
  readonly reactions: readonly { readonly emoji: string; readonly by: string }[];
  readonly isEdited: boolean;
  readonly isDeleted: boolean;
  readonly ack: Ack;
  /** Grows with every change, so that the page never takes an older state for a newer one. */
  readonly version: number;
}

export interface Settings {
  readonly era: Era;
  readonly language: Language;
  /** `prefixed`: `true_<jid>_<id>` as before 2026; the rollout is per account, so D is seen with both. */
  readonly ids: "bare" | "prefixed";
  /** Prefixed ids and mentions name people by `@lid`. */
  readonly usesLids: boolean;
  /** Undefined: as the language and era have it. */
  readonly clock: "12" | "24" | undefined;
  readonly dateOrder: "day-first" | "month-first" | undefined;
  /** Which share of the text rows carries `data-pre-plain-text`, 0 to 1. */
  readonly stampedShare: number;
  /** As in a tab in the background: only the last message is drawn. */
  readonly isHidden: boolean;
  readonly isPhoneOffline: boolean;
  readonly popup: PopupKind | undefined;
  /** Fallback while the account may not write to strangers. */
  readonly isRestricted: boolean;
}

export interface TickTimes {
  /** Milliseconds after the page handed the message over; undefined: never by itself. */
  readonly sentMs: number | undefined;
  readonly deliveredMs: number | undefined;
  readonly readMs: number | undefined;
}
