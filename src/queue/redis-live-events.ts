import { randomUUID } from "node:crypto";
import type { Logger } from "../core/logger.ts";
import type { LiveEvents } from "../core/wake-up.ts";
import { createEmbeddedLiveEvents } from "./embedded-live-events.ts";
import { endRedis, openRedis } from "./redis-connection.ts";

/**
 * Live events between processes by Redis publish/subscribe. Listeners of the publishing process are
 * served directly, so that they hear also while Redis is away; the others miss what is published then.
 */
export function createRedisLiveEvents(options: {
  readonly redisUrl: string;
  /** Separates installations that share a Redis. Default `pregonero`. */
  readonly prefix?: string;
  readonly logger: Logger;
}): LiveEvents {
  const { redisUrl, logger, prefix = "pregonero" } = options;
  const local = createEmbeddedLiveEvents();
  // Marks what this process published, and has already served itself.
  const origin = randomUUID();
  const counts = new Map<string, number>();
  const publisher = openRedis(redisUrl, "publish", logger, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 2_000,
  });
  // Resubscribes by itself after a reconnect (`autoResubscribe`).
  const subscriber = openRedis(redisUrl, "subscribe", logger, { maxRetriesPerRequest: null });
  const channelOf = (topic: string) => `${prefix}:live:${topic}`;
  subscriber.on("message", (channel: string, message: string) => {
    if (message.startsWith(origin)) return;
    local.publish(channel.slice(channelOf("").length), message.slice(origin.length));
  });

  return {
    publish(topic, payload) {
      local.publish(topic, payload);
      if (publisher.status !== "ready") return;
      publisher.publish(channelOf(topic), origin + payload).catch(() => {});
    },
    subscribe(topic, listener) {
      const end = local.subscribe(topic, listener);
      const count = counts.get(topic) ?? 0;
      counts.set(topic, count + 1);
      if (count === 0) subscriber.subscribe(channelOf(topic)).catch(() => {});
      let isEnded = false;
      return () => {
        if (isEnded) return;
        isEnded = true;
        end();
        const left = (counts.get(topic) ?? 1) - 1;
        if (left > 0) {
          counts.set(topic, left);
          return;
        }
        counts.delete(topic);
        subscriber.unsubscribe(channelOf(topic)).catch(() => {});
      };
    },
    async close() {
      await local.close();
      endRedis(publisher);
      endRedis(subscriber);
    },
  };
}
