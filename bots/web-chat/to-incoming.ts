import { createHash } from "node:crypto";
import type { Language } from "../../src/core/language.ts";
import type { IncomingMessage } from "../../src/core/message.ts";

/** What the page posts, already checked. */
export interface VisitorMessage {
  /** Made by the page once per message, kept when it is sent again: the idempotency key. */
  readonly clientMessageId: string;
  /** Typed text, or the `data` of a button of ours. */
  readonly said: { readonly text: string } | { readonly button: string };
  readonly language?: Language;
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
    content:
      "text" in said
        ? { kind: "text", text: said.text }
        : { kind: "button", data: said.button, callbackKey: clientMessageId },
  };
}
