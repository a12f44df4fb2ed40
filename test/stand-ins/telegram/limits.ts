import { ApiRefusal } from "./api-refusal.ts";

/**
 * Telegram's documented limits (Bot FAQ, "My bot is hitting limits, how do I avoid this?"): in one chat about
 * one message per second with short bursts, taken here as 5; in a group 20 in any minute; to chats in which
 * nobody has written lately, taken here as a minute, 30 in any second ("bulk notifications"), answers not counted.
 */
const PRIVATE_BURST = 5;
const PRIVATE_REFILL_MS = 1_000;
const GROUP_MESSAGES = 20;
const GROUP_WINDOW_MS = 60_000;
const NOTIFICATIONS = 30;
const NOTIFICATION_WINDOW_MS = 1_000;
const ANSWERED_WITHIN_MS = 60_000;

/** Throws 429 with `retry_after` when the chat, or the bot, has had its share. */
export function createLimits(now: () => number) {
  const privateChats = new Map<string, { tokens: number; atMs: number }>();
  const groups = new Map<string, number[]>();
  const notifications = new Map<string, number[]>();
  const heardAtMs = new Map<number, number>();
  return {
    /** Somebody wrote in the chat: what bots send there now are answers. */
    hear(chatId: number): void {
      heardAtMs.set(chatId, now());
    },
    spend(botId: number, chatId: number): void {
      const key = `${botId}:${chatId}`;
      const atMs = now();
      const isAnswer = atMs - (heardAtMs.get(chatId) ?? -Infinity) < ANSWERED_WITHIN_MS;
      if (!isAnswer) {
        const limit = { messages: NOTIFICATIONS, windowMs: NOTIFICATION_WINDOW_MS };
        spendWindow(notifications, String(botId), atMs, limit);
      }
      const limit = { messages: GROUP_MESSAGES, windowMs: GROUP_WINDOW_MS };
      if (chatId < 0) spendWindow(groups, key, atMs, limit);
      else spendPrivate(privateChats, key, atMs);
    },
  };
}

function spendPrivate(
  chats: Map<string, { tokens: number; atMs: number }>,
  key: string,
  atMs: number,
): void {
  const bucket = chats.get(key) ?? { tokens: PRIVATE_BURST, atMs };
  const tokens = Math.min(PRIVATE_BURST, bucket.tokens + (atMs - bucket.atMs) / PRIVATE_REFILL_MS);
  if (tokens < 1) throw tooMany((1 - tokens) * PRIVATE_REFILL_MS);
  chats.set(key, { tokens: tokens - 1, atMs });
}

function spendWindow(
  spent: Map<string, number[]>,
  key: string,
  atMs: number,
  limit: { readonly messages: number; readonly windowMs: number },
): void {
  const recent = (spent.get(key) ?? []).filter((sentAtMs) => atMs - sentAtMs < limit.windowMs);
  const oldest = recent[0];
  if (recent.length >= limit.messages && oldest !== undefined)
    throw tooMany(oldest + limit.windowMs - atMs);
  recent.push(atMs);
  spent.set(key, recent);
}

function tooMany(waitMs: number): ApiRefusal {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new ApiRefusal(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
}
