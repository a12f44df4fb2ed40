import type { Language } from "./language.ts";

/** What a channel understood of one update, in words that every channel shares. Plain JSON: it is stored encrypted. */
export interface IncomingMessage {
  /** The network's id of the update, unique per bot: the idempotency key of the inbox. */
  readonly updateKey: string;
  readonly chat: {
    /** The network's id of the chat, unique per bot. Replies go here, never to a re-derived address. */
    readonly key: string;
    readonly kind: "private" | "group";
  };
  readonly sender: {
    /** The network's id of the person. */
    readonly key: string;
    readonly displayName?: string;
    /** What the network says of the person's language, if it is one of ours. */
    readonly language?: Language;
  };
  /** The network's id of the message in its chat, when it has one. */
  readonly networkMessageId?: string;
  /** When the network says it was written. ISO 8601, UTC. */
  readonly sentAt: string;
  /** True in private chats; in groups only for a mention of the bot, a command to it or a reply to it. */
  readonly isAddressed: boolean;
  readonly content: IncomingContent;
}

export type MediaKind =
  | "photo"
  | "video"
  | "voice"
  | "audio"
  | "document"
  | "sticker"
  | "location"
  | "contact"
  | "poll"
  | "other";

export type IncomingContent =
  /** A command is a text that begins with `/`; channels strip `@botname` and the mention. */
  | { readonly kind: "text"; readonly text: string }
  /** A corrected text. Answered as a new message only if the original has not been answered. */
  | { readonly kind: "edit"; readonly text: string; readonly editedMessageId: string }
  /** `albumKey` is the same for all pictures of one album, which arrive as separate updates. */
  | {
      readonly kind: "media";
      readonly media: MediaKind;
      readonly caption?: string;
      readonly albumKey?: string;
      readonly fileKey?: string;
      /** As the sender's program says it; the file itself may be something else. */
      readonly mediaType?: string;
      readonly sizeBytes?: number;
      /** Length of a recording, as the sender's program says it. */
      readonly seconds?: number;
    }
  /** A tap on a button that we sent; `data` is ours, of at most 64 bytes. */
  | { readonly kind: "button"; readonly data: string; readonly callbackKey: string }
  /** The person blocked or unblocked the bot, or the bot joined or left a group. */
  | { readonly kind: "membership"; readonly change: "blocked" | "unblocked" | "joined" | "left" }
  /** The network gave the chat another key (Telegram: group became supergroup). */
  | { readonly kind: "migration"; readonly newChatKey: string };

/** A run of text with one style. Channels turn spans into their own formatting, or into plain text. */
export interface Span {
  readonly text: string;
  readonly style?: "bold" | "italic" | "code";
  /** Absolute http(s) URL; channels without links print it after the text. */
  readonly url?: string;
}

/** One tap offered under a reply. `data` comes back as `IncomingContent` of kind `button`; at most 64 bytes of UTF-8. */
export interface Button {
  readonly label: string;
  readonly data: string;
}

/** What the assistant says, before a channel splits and formats it. Plain JSON. */
export type Reply =
  | {
      readonly kind: "text";
      /** Paragraphs, each a list of spans. */
      readonly paragraphs: readonly (readonly Span[])[];
      readonly buttons?: readonly Button[];
    }
  | {
      readonly kind: "document";
      readonly fileName: string;
      readonly mimeType: string;
      /** Base64 of the file's bytes. */
      readonly contentBase64: string;
      readonly caption?: string;
    }
  /** A message approved by the network beforehand, which may be sent when free text may not. */
  | {
      readonly kind: "template";
      /** As approved for the account. */
      readonly name: string;
      /** The network's code of the language that it was approved in, e.g. `es` or `pt_BR`. */
      readonly language: string;
      /** What its numbered places are filled with, in their order. */
      readonly parameters: readonly string[];
      /** The same in plain words, one paragraph a line: what channels without templates send. */
      readonly text: string;
    };

/** A reply of one plain paragraph per line of `text`. */
export function textReply(text: string): Reply {
  return { kind: "text", paragraphs: text.split("\n").map((line) => [{ text: line }]) };
}
