import type { IncomingMessage as HttpRequest, ServerResponse } from "node:http";
import type { Acceptor } from "../core/acceptor.ts";
import type { BotRegistry } from "../core/bot-registry.ts";
import {
  type BotAccount,
  type Channel,
  type ChannelName,
  receivesWebhooks,
} from "../core/channel.ts";
import { PregoneroError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";
import { mapHttpError } from "./map-error.ts";
import { notFound, retryAfterSeconds } from "./problem.ts";
import { parseJson, readBody } from "./read-body.ts";

export interface WebhookPorts {
  readonly registry: BotRegistry;
  readonly acceptor: Acceptor;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const ROUTE = /^\/webhooks\/([a-z0-9-]{1,32})\/([A-Za-z0-9_-]{1,128})(?:\?.*)?$/;

export function isWebhook(request: HttpRequest): boolean {
  return request.url?.startsWith("/webhooks/") ?? false;
}

/**
 * Networks call here hundreds of times a second, so the request goes past Express and its headers for
 * browsers. In this order: known bot (404), size (413), secret over the raw bytes (401), JSON (400),
 * update (400), commit (503 when the store is away: the network repeats), and only then 200.
 */
export function createWebhookHandler(
  ports: WebhookPorts,
): (request: HttpRequest, response: ServerResponse) => Promise<void> {
  const { acceptor, logger, metrics } = ports;
  return async (request, response) => {
    const startedAt = performance.now();
    let channel = "unknown";
    try {
      const bot = findBot(ports, request);
      channel = bot.channel;
      const messages = await readMessages(ports, bot, request);
      if (messages.length > 0) await acceptor.accept(bot, messages);
      answer(response, 200);
    } catch (thrown) {
      const error = mapHttpError(thrown);
      const status = error.status ?? 500;
      if (status >= 500) {
        logger.error("webhook-failed", { channel, code: error.code, error: thrown });
      } else {
        logger.info("webhook-refused", { channel, code: error.code });
      }
      answer(response, status, retryAfterSeconds(error));
    }
    metrics.observe("webhook_seconds", (performance.now() - startedAt) / 1000, {
      channel,
      status: String(response.statusCode),
    });
  };
}

function findBot({ registry }: WebhookPorts, request: HttpRequest): BotAccount {
  const [, channel, botKey] = ROUTE.exec(request.url ?? "") ?? [];
  const bot = botKey === undefined ? undefined : registry.findByKey(botKey);
  if (bot === undefined || bot.channel !== channel) throw notFound();
  if (request.method !== "POST") {
    throw new PregoneroError("method-not-allowed", "Webhooks are posted.", { status: 405 });
  }
  return bot;
}

async function readMessages({ channels }: WebhookPorts, bot: BotAccount, request: HttpRequest) {
  const channel = channels.get(bot.channel);
  if (channel === undefined || !receivesWebhooks(channel)) throw notFound();
  const rawBody = await readBody(request);
  if (!channel.verifyWebhook(bot, { headers: headersOf(request), rawBody })) {
    throw new PregoneroError("wrong-secret", "The webhook's secret is missing or wrong.", {
      status: 401,
    });
  }
  return channel.readUpdate(bot, parseJson(rawBody));
}

/** Node joins repeated headers with a comma; here a repeated one stays an array, so that it can be refused. */
function headersOf(request: HttpRequest): Record<string, string | readonly string[] | undefined> {
  const headers: Record<string, string | readonly string[] | undefined> = Object.create(null);
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    headers[name] = values?.length === 1 ? values[0] : values;
  }
  return headers;
}

function answer(response: ServerResponse, status: number, retryAfter?: number): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    "Content-Length": "0",
    ...(status === 405 ? { Allow: "POST" } : {}),
    ...(retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) }),
  });
  response.end();
}
