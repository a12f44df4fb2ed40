import type { Response } from "express";
import type { BotAccount } from "../core/channel.ts";
import { PregoneroError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { LiveEvents } from "../core/wake-up.ts";
import type { WebChatEntry, WebChatLog } from "../core/web-chat-log.ts";

export interface EventStreams {
  /**
   * Streams a chat to a page: first what follows `afterPosition`, then what comes. The headers are sent here.
   * Throws `too-many-streams` (429, 503) before anything is sent.
   */
  open(chat: ChatAddress, afterPosition: number, response: Response): void;
  count(): number;
  /** Ends every stream; the pages reconnect elsewhere and go on after their last event. */
  close(): void;
}

export interface ChatAddress {
  readonly bot: BotAccount;
  readonly visitorId: string;
  /** Topic of the chat's live events. */
  readonly topic: string;
}

/** Open pages of this process: about 20 kB each (reliability §1.4). */
const MAX_STREAMS = 5_000;
/** Open pages of one visitor. */
const MAX_STREAMS_PER_VISITOR = 6;
/** Shorter than the 60 s after which proxies (nginx `proxy_read_timeout`) cut a silent connection. */
const HEARTBEAT_MS = 25_000;
/** A page that reads more slowly than this much is in arrears is cut off; it reconnects and reads on. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;
/** As `WebChatLog.listAfter`: a full page means that there is more. */
const PAGE = 200;

/**
 * A live event only says "look": entries always come from the log, in order, from the last position on.
 * So a lost, doubled or early event can neither lose nor repeat an entry.
 */
export function createEventStreams(ports: {
  readonly log: WebChatLog;
  readonly liveEvents: LiveEvents;
  readonly logger: Logger;
}): EventStreams {
  const open = new Map<Response, () => void>();
  const perVisitor = new Map<string, number>();
  const heartbeat = setInterval(() => {
    for (const response of open.keys()) write(response, ": still here\n\n");
  }, HEARTBEAT_MS);
  heartbeat.unref();

  return {
    open(chat, afterPosition, response) {
      const mine = perVisitor.get(chat.topic) ?? 0;
      if (mine >= MAX_STREAMS_PER_VISITOR) throw tooMany(429);
      if (open.size >= MAX_STREAMS) throw tooMany(503);
      perVisitor.set(chat.topic, mine + 1);
      sendHeaders(response);
      const unsubscribe = follow(ports, chat, afterPosition, response);
      const end = () => {
        if (!open.delete(response)) return;
        unsubscribe();
        const left = (perVisitor.get(chat.topic) ?? 1) - 1;
        if (left === 0) perVisitor.delete(chat.topic);
        else perVisitor.set(chat.topic, left);
        response.end();
      };
      open.set(response, end);
      response.once("close", end);
    },
    count: () => open.size,
    close() {
      clearInterval(heartbeat);
      for (const end of [...open.values()]) end();
    },
  };
}

function sendHeaders(response: Response): void {
  response.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    // nginx would hold events back until its buffer is full.
    "X-Accel-Buffering": "no",
  });
  response.write("retry: 2000\n\n");
}

/** Reads the log whenever told to look, never twice at once. Returns the function that stops following. */
function follow(
  { log, liveEvents, logger }: { log: WebChatLog; liveEvents: LiveEvents; logger: Logger },
  { bot, visitorId, topic }: ChatAddress,
  afterPosition: number,
  response: Response,
): () => void {
  let position = afterPosition;
  let isLooking = false;
  let mustLookAgain = false;
  let isReplayed = false;

  async function look(): Promise<void> {
    mustLookAgain = true;
    if (isLooking) return;
    isLooking = true;
    try {
      while (mustLookAgain && !response.writableEnded) {
        mustLookAgain = false;
        const entries = await log.listAfter(bot.tenantId, bot.botId, visitorId, position);
        for (const entry of entries) {
          write(response, entryEvent(entry));
          position = entry.position;
        }
        if (entries.length === PAGE) mustLookAgain = true;
      }
      if (!isReplayed) {
        isReplayed = true;
        write(response, "event: ready\ndata: {}\n\n");
      }
    } catch (error) {
      // The page reconnects after its `retry` and reads on from its last event.
      logger.warn("web-chat-log-unreadable", { error });
      response.end();
    } finally {
      isLooking = false;
    }
  }

  const unsubscribe = liveEvents.subscribe(topic, (payload) => {
    if (payload === "typing") write(response, "event: typing\ndata: {}\n\n");
    else void look();
  });
  void look();
  return unsubscribe;
}

function entryEvent({ position, outboxId, part, appendedAt, answer }: WebChatEntry): string {
  const data = JSON.stringify({ id: outboxId, at: appendedAt.toISOString(), part, answer });
  return `id: ${position}\nevent: entry\ndata: ${data}\n\n`;
}

function write(response: Response, text: string): void {
  if (response.writableEnded || response.destroyed) return;
  response.write(text);
  if (response.writableLength > MAX_BUFFERED_BYTES) response.destroy();
}

function tooMany(status: 429 | 503): PregoneroError {
  return new PregoneroError(
    "too-many-streams",
    "Too many pages of this chat are open. Close one and reload.",
    { status, retry: { afterMs: 10_000 } },
  );
}
