import type { Clock } from "../../src/core/clock.ts";

/**
 * Telegram's 429 does not say whether it was the chat's bucket or the bot's that ran over. No documented
 * bucket of a chat needs more than a minute to refill (20 messages a minute to a group; Bot FAQ, "My bot
 * is hitting limits"), so that a longer wait concerns the bot.
 */
const LONGEST_CHAT_WAIT_MS = 60_000;

/** Two private chats refused within this time did not both run over by themselves: the bot did. */
const EVIDENCE_MS = 5_000;
/**
 * Unless so many others were let through between them: of a bot that has run over nearly all is refused, and many
 * messages to many people meet a full chat now and then, for which nobody else has to wait.
 */
const SENT_BETWEEN = 3;

interface Refusal {
  readonly chatId: number;
  readonly atMs: number;
  /** To other private chats, since then. */
  sent: number;
}

/**
 * Decides whom a 429 concerns. A group's bucket is the tightest, so a short wait there is the group's.
 * A private chat's is believed to be its own until another private chat of the same bot is refused soon after.
 * Remembers one refusal per bot.
 */
export function createFloodScope(clock: Clock) {
  const lastByBot = new Map<string, Refusal>();
  return {
    scopeOf(botId: string, chatId: number, retryAfterMs: number): "chat" | "bot" {
      if (retryAfterMs > LONGEST_CHAT_WAIT_MS) return "bot";
      if (chatId < 0) return "chat";
      const atMs = clock.now().getTime();
      const last = lastByBot.get(botId);
      lastByBot.set(botId, { chatId, atMs, sent: 0 });
      const isSecondChat =
        last !== undefined && last.chatId !== chatId && atMs - last.atMs <= EVIDENCE_MS;
      return isSecondChat && last.sent < SENT_BETWEEN ? "bot" : "chat";
    },
    noteSent(botId: string, chatId: number): void {
      const last = lastByBot.get(botId);
      if (last !== undefined && chatId > 0 && chatId !== last.chatId) last.sent += 1;
    },
    forget(botId: string): void {
      lastByBot.delete(botId);
    },
  };
}
