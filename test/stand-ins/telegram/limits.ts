import { ApiRefusal } from "./api-refusal.ts";

/**
 * Telegram's documented limits (Bot FAQ, "My bot is hitting limits, how do I avoid this?"): in one chat about
 * one message per second with short bursts, taken here as 5; in a group 20 in any minute.
 */
const PRIVATE_BURST = 5;
const PRIVATE_REFILL_MS = 1_000;
const GROUP_MESSAGES = 20;
const GROUP_WINDOW_MS = 60_000;

/** Throws 429 with `retry_after` when the chat has had its share. */
export function createLimits(now: () => number) {
  const privateChats = new Map<string, { tokens: number; atMs: number }>();
  const groups = new Map<string, number[]>();
  return {
    spend(botId: number, chatId: number): void {
      const key = `${botId}:${chatId}`;
      const atMs = now();
      if (chatId < 0) spendGroup(groups, key, atMs);
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

function spendGroup(groups: Map<string, number[]>, key: string, atMs: number): void {
  const recent = (groups.get(key) ?? []).filter((sentAtMs) => atMs - sentAtMs < GROUP_WINDOW_MS);
  const oldest = recent[0];
  if (recent.length >= GROUP_MESSAGES && oldest !== undefined)
    throw tooMany(oldest + GROUP_WINDOW_MS - atMs);
  recent.push(atMs);
  groups.set(key, recent);
}

function tooMany(waitMs: number): ApiRefusal {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new ApiRefusal(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
}
