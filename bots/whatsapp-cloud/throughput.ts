import type { BotAccount, SendOutcome } from "../../src/core/channel.ts";
import type { Clock } from "../../src/core/clock.ts";

/**
 * Messages in one second over a number, in and out together (Cloud API, "Throughput", May 2026): 20 for a number that
 * is also in the Business app, 1,000 after Meta's upgrade, else 80.
 */
const PER_SECOND: Readonly<Record<string, number>> = { coexistence: 20, standard: 80, high: 1_000 };
/** What we leave to the messages that come in, which count as well. */
const SHARE_OUT = 0.75;

/** Name of the number's throughput, as `settings.throughput` keeps it. */
export function throughputOf(number: {
  readonly level: string | undefined;
  readonly isOnBusinessApp: boolean;
}): keyof typeof PER_SECOND {
  if (number.isOnBusinessApp) return "coexistence";
  return number.level?.toUpperCase() === "HIGH" ? "high" : "standard";
}

/**
 * Keeps this process below a number's throughput, so that Graph's 130429 stays the exception: a refusal of ours costs
 * no call, and pauses the bot in all processes as Graph's own would.
 */
export function createThroughputGuard(clock: Clock) {
  const spentByBot = new Map<string, { second: number; count: number }>();
  return {
    /** Undefined: go on. */
    take(bot: BotAccount): SendOutcome | undefined {
      const limit = (PER_SECOND[bot.settings.throughput ?? ""] ?? 80) * SHARE_OUT;
      const nowMs = clock.now().getTime();
      const second = Math.floor(nowMs / 1000);
      const spent = spentByBot.get(bot.botId);
      if (spent?.second !== second) {
        spentByBot.set(bot.botId, { second, count: 1 });
        return undefined;
      }
      if (spent.count < limit) {
        spent.count += 1;
        return undefined;
      }
      const afterMs = 1000 - (nowMs % 1000);
      return { kind: "refused", reason: "own-throughput", retry: { afterMs }, scope: "bot" };
    },
    forget(botId: string): void {
      spentByBot.delete(botId);
    },
  };
}
