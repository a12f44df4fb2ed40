import { createHash } from "node:crypto";
import type { Language } from "../../src/core/language.ts";
import type { IncomingContent, IncomingMessage } from "../../src/core/message.ts";

/** What the page posts, already checked. */
export interface VisitorMessage {
  /** Made by the page once per message, kept when it is sent again: the idempotency key. */
  readonly clientMessageId: string;
  /** Typed text, the `data` of a button of ours, or a recording that is kept. */
  readonly said:
    | { readonly text: string }
    | { readonly button: string }
    | { readonly voice: VoiceNote };
  readonly language?: Language;
}

/** A recording in `MediaFiles`. */
export interface VoiceNote {
  readonly fileKey: string;
  /** By its content. */
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** As the page measured it. */
  readonly seconds: number;
}

/** A visitor's message in the words that every channel shares. One visitor is one private chat. */
export function toIncoming(
  visitorId: string,
  message: VisitorMessage,
  receivedAt: Date,
): IncomingMessage {
  const { clientMessageId, said, language } = message;
  return {
    // A digest: update keys are stored in clear, and the visitor's id is not for readers of the database.
    updateKey: createHash("sha256").update(`${visitorId} ${clientMessageId}`).digest("hex"),
    chat: { key: visitorId, kind: "private" },
    sender: { key: visitorId, ...(language === undefined ? {} : { language }) },
    networkMessageId: clientMessageId,
    sentAt: receivedAt.toISOString(),
    isAddressed: true,
    content: toContent(said, clientMessageId),
  };
}

function toContent(said: VisitorMessage["said"], clientMessageId: string): IncomingContent {
  if ("text" in said) return { kind: "text", text: said.text };
  if ("voice" in said) return { kind: "media", media: "voice", ...said.voice };
  return { kind: "button", data: said.button, callbackKey: clientMessageId };
}
