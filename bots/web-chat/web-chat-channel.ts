import { createHash } from "node:crypto";
import type {
  Channel,
  DownloadsFiles,
  Reconciles,
  SendOutcome,
  ShowsTyping,
} from "../../src/core/channel.ts";
import { isPregoneroError, PregoneroError } from "../../src/core/errors.ts";
import type { BotId } from "../../src/core/ids.ts";
import type { MediaFiles } from "../../src/core/media-files.ts";
import type { LiveEvents } from "../../src/core/wake-up.ts";
import type { WebChatLog } from "../../src/core/web-chat-log.ts";
import { renderReply } from "./render.ts";

/**
 * The chat of our own web page. To send is to append to the log, once per outbox id, and then to tell
 * the pages that are open to look: what is lost on the way is read from the log when a page reconnects.
 */
export function createWebChatChannel(ports: {
  readonly log: WebChatLog;
  readonly liveEvents: LiveEvents;
  /** Where what visitors say aloud is kept. */
  readonly files: Pick<MediaFiles, "read">;
}): Channel & DownloadsFiles & Reconciles & ShowsTyping {
  const { log, liveEvents, files } = ports;
  return {
    name: "web-chat",
    // Nobody limits us but the reader: a part each 20 ms keeps a burst of one bot from starving the others.
    pace: {
      privateChat: { intervalMs: 20, burst: 20 },
      groupChat: { intervalMs: 20, burst: 20 },
      bulk: { intervalMs: 20, burst: 20, batch: 10 },
    },
    typingLastsMs: 5_000,
    render: renderReply,
    async send(bot, chatKey, part, { signal, outboxId }): Promise<SendOutcome> {
      if (signal.aborted) return { kind: "refused", reason: "aborted", retry: "backoff" };
      try {
        const position = await log.append(bot.tenantId, bot.botId, chatKey, outboxId, part);
        liveEvents.publish(webChatTopic(bot.botId, chatKey), "entry");
        return { kind: "sent", networkMessageId: String(position) };
      } catch (error) {
        if (isPregoneroError(error, "chat-unknown")) {
          return { kind: "refused", reason: "chat-unknown", retry: "never", contactLost: true };
        }
        // The commit may have been carried out; reconcile looks.
        return { kind: "unknown", reason: isPregoneroError(error) ? error.code : "append-failed" };
      }
    },
    async reconcile(bot, chatKey, _part, { signal, outboxId }): Promise<SendOutcome> {
      if (signal.aborted) return { kind: "unknown", reason: "aborted" };
      try {
        const position = await log.find(bot.tenantId, bot.botId, chatKey, outboxId);
        return position === undefined
          ? { kind: "refused", reason: "not-in-the-log", retry: "backoff" }
          : { kind: "sent", networkMessageId: String(position) };
      } catch (error) {
        return { kind: "unknown", reason: isPregoneroError(error) ? error.code : "log-unreadable" };
      }
    },
    async showTyping(bot, chatKey) {
      liveEvents.publish(webChatTopic(bot.botId, chatKey), "typing");
    },
    async downloadFile(bot, fileKey, { maxBytes }) {
      const bytes = await files.read(bot.tenantId, bot.botId, fileKey);
      if (bytes === undefined) {
        throw new PregoneroError("media-gone", "The recording is kept no longer", { status: 404 });
      }
      if (bytes.length > maxBytes) {
        const message = `The recording has more than ${maxBytes} bytes`;
        throw new PregoneroError("media-too-large", message, { status: 413 });
      }
      return bytes;
    },
  };
}

/**
 * Topic of the live events of one chat; payloads are `entry` (look into the log) and `typing`.
 * A digest: the chat's key is what a visitor is recognised by, and topics show in Redis.
 */
export function webChatTopic(botId: BotId, chatKey: string): string {
  return `web-chat:${createHash("sha256").update(`${botId} ${chatKey}`).digest("base64url")}`;
}
