import type { BotAccount } from "./channel.ts";
import type { MessageId } from "./ids.ts";
import type { IncomingMessage } from "./message.ts";

export interface AcceptedMessage {
  /** The passport's id; for a duplicate, that of the first arrival. */
  readonly messageId: MessageId;
  readonly isDuplicate: boolean;
}

/** Hop 1. Resolves after the messages are committed to the inbox: only then acknowledge to the network. */
export interface Acceptor {
  /** One result per message, in order. Rejects with `store-unavailable` (503): acknowledge nothing. */
  accept(
    bot: BotAccount,
    messages: readonly IncomingMessage[],
  ): Promise<readonly AcceptedMessage[]>;
}
