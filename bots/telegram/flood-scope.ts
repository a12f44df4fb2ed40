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
 * Decides whom a 429 concerns. A group's bucket is the tightest, so a short wait there is the group's.
 * A private chat's is believed to be its own until another private chat of the same bot is refused soon after.
 * Remembers one chat per bot.
 */
export function createFloodScope(clock: Clock) {
  const lastByBot = new Map<string, { chatId: number; atMs: number }>();
  return {
    scopeOf(botId: string, chatId: number, retryAfterMs: number): "chat" | "bot" {
      if (retryAfterMs > LONGEST_CHAT_WAIT_MS) return "bot";
      if (chatId < 0) return "chat";
      const atMs = clock.now().getTime();
      const last = lastByBot.get(botId);
      lastByBot.set(botId, { chatId, atMs });
      const isSecondChat =
        last !== undefined && last.chatId !== chatId && atMs - last.atMs <= EVIDENCE_MS;
      return isSecondChat ? "bot" : "chat";
    },
    forget(botId: string): void {
      lastByBot.delete(botId);
    },
  };
}
