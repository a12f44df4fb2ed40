import type { AcceptedMessage, Acceptor } from "../core/acceptor.ts";
import type { BotAccount, Channel, ChannelName } from "../core/channel.ts";
import { createGroupCommit } from "../core/group-commit.ts";
import type { TenantId } from "../core/ids.ts";
import type { Arrival, Inbox } from "../core/ledgers.ts";
import type { Logger } from "../core/logger.ts";
import type { IncomingMessage } from "../core/message.ts";
import type { Metrics } from "../core/metrics.ts";
import type { WakeUps } from "../core/wake-up.ts";

/** More arrivals than this in one transaction would make the first of them wait too long. */
const MAX_ARRIVALS_PER_COMMIT = 100;

/**
 * Hop 1. The origin was verified by the channel on the raw bytes; here the messages are stored, and only
 * when that is committed does the caller acknowledge them to the network. Arrivals of one tenant that
 * come while a commit is under way share the next one.
 */
export function createAcceptor(ports: {
  readonly inbox: Inbox;
  /** For their `burstWindowMs`. */
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly wakeUps: WakeUps;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): Acceptor {
  const { inbox, channels, wakeUps, logger, metrics } = ports;
  const storeByTenant = new Map<TenantId, (arrival: Arrival) => Promise<AcceptedMessage>>();

  function storeOf(tenantId: TenantId): (arrival: Arrival) => Promise<AcceptedMessage> {
    const existing = storeByTenant.get(tenantId);
    if (existing !== undefined) return existing;
    const store = createGroupCommit(
      (arrivals: readonly Arrival[]) => inbox.accept(tenantId, arrivals),
      {
        maxItems: MAX_ARRIVALS_PER_COMMIT,
      },
    );
    storeByTenant.set(tenantId, store);
    return store;
  }

  /** A look at the poll's next turn would find it too, half a second later. */
  function wakeLater(ms: number): void {
    setTimeout(() => wakeUps.wake("answer"), ms).unref();
  }

  return {
    async accept(bot: BotAccount, messages) {
      const store = storeOf(bot.tenantId);
      const windowMs = channels.get(bot.channel)?.burstWindowMs;
      const arrivals = messages.map(
        (message): Arrival =>
          mayBegin(message) ? { bot, message, burstWindowMs: windowMs } : { bot, message },
      );
      const accepted = await Promise.all(arrivals.map(store));
      for (const { messageId, isDuplicate } of accepted) {
        metrics.count("inbox_messages_total", {
          channel: bot.channel,
          outcome: isDuplicate ? "duplicate" : "accepted",
        });
        logger.debug(isDuplicate ? "message-repeated" : "message-accepted", {
          messageId,
          botId: bot.botId,
        });
      }
      const fresh = arrivals.filter((_, index) => accepted[index]?.isDuplicate === false);
      if (fresh.some((arrival) => arrival.burstWindowMs === undefined)) wakeUps.wake("answer");
      else if (fresh.length > 0) wakeLater(windowMs ?? 0);
      return accepted;
    },
  };
}

/** A text that may be the first of several; a command is whole. */
function mayBegin({ chat, content }: IncomingMessage): boolean {
  return chat.kind === "private" && content.kind === "text" && !content.text.startsWith("/");
}
