import type { IncomingMessage as HttpRequest, ServerResponse } from "node:http";
import type { Acceptor } from "../core/acceptor.ts";
import type { BotRegistry } from "../core/bot-registry.ts";
import {
  answersChallenge,
  type BotAccount,
  type Channel,
  type ChannelName,
  receivesWebhooks,
  reportsReactions,
  reportsReceipts,
  seesPhoneReplies,
} from "../core/channel.ts";
import { PregoneroError } from "../core/errors.ts";
import type { Reaction, ReactionNoter } from "../core/feedback.ts";
import type { PhoneReplies, PhoneReply } from "../core/hand-over.ts";
import type { Logger } from "../core/logger.ts";
import type { IncomingMessage } from "../core/message.ts";
import type { Metrics } from "../core/metrics.ts";
import type { Receipt, Receipts } from "../core/receipt.ts";
import type { SecurityEvents } from "../core/security-events.ts";
import { webhookPath } from "../core/webhook-address.ts";
import { mapHttpError } from "./map-error.ts";
import { addressBehind } from "./operations/note-refusals.ts";
import { notFound, retryAfterSeconds } from "./problem.ts";
import { MAX_BODY_BYTES, parseJson, readBody } from "./read-body.ts";

export interface WebhookPorts {
  readonly registry: BotRegistry;
  readonly acceptor: Acceptor;
  readonly receipts: Receipts;
  readonly phoneReplies: PhoneReplies;
  readonly feedback: ReactionNoter;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly securityEvents: SecurityEvents;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly config: { readonly trustedProxies: number };
}

const ROUTE = /^(\/webhooks\/[a-z0-9-]{1,32}\/([A-Za-z0-9_-]{1,128}))(?:\?(.*))?$/;

/** Cloud API: payloads of webhooks are up to 3 MB (docs/whatsapp-cloud.md). */
const MAX_UPDATE_BYTES: Partial<Readonly<Record<ChannelName, number>>> = {
  "whatsapp-cloud": 3 * 1024 * 1024,
};

export function isWebhook(request: HttpRequest): boolean {
  return request.url?.startsWith("/webhooks/") ?? false;
}

/**
 * Networks call here hundreds of times a second, so the request goes past Express and its headers for
 * browsers. In this order: known bot (404), size (413), secret over the raw bytes (401), JSON (400),
 * update (400), commit (503 when the store is away: the network repeats), and only then 200. Some networks first
 * ask by GET whether the address is ours (403 when the secret in the question is wrong).
 */
export function createWebhookHandler(
  ports: WebhookPorts,
): (request: HttpRequest, response: ServerResponse) => Promise<void> {
  const { logger, metrics } = ports;
  return async (request, response) => {
    const startedAt = performance.now();
    let bot: BotAccount | undefined;
    try {
      bot = findBot(ports, request);
      const challenge = request.method === "GET" ? answerChallenge(ports, bot, request) : undefined;
      if (challenge === undefined) await store(ports, bot, await readUpdate(ports, bot, request));
      answer(response, 200, { text: challenge });
    } catch (thrown) {
      const error = mapHttpError(thrown);
      const status = error.status ?? 500;
      const channel = bot?.channel ?? "unknown";
      if (error.code === "wrong-secret" && bot !== undefined) noteForgery(ports, bot, request);
      if (status >= 500) {
        logger.error("webhook-failed", { channel, code: error.code, error: thrown });
      } else {
        logger.info("webhook-refused", { channel, code: error.code });
      }
      answer(response, status, { retryAfter: retryAfterSeconds(error) });
    }
    metrics.observe("webhook_seconds", (performance.now() - startedAt) / 1000, {
      channel: bot?.channel ?? "unknown",
      status: String(response.statusCode),
    });
  };
}

function noteForgery(
  { securityEvents, config }: WebhookPorts,
  { tenantId, botId }: BotAccount,
  request: HttpRequest,
): void {
  const source = addressBehind(request, config.trustedProxies);
  securityEvents.note({ kind: "webhook-forged", tenantId, source, subject: `bot:${botId}` });
}

function findBot({ registry, channels }: WebhookPorts, request: HttpRequest): BotAccount {
  const [, path, botKey] = ROUTE.exec(request.url ?? "") ?? [];
  const bot = botKey === undefined ? undefined : registry.findByKey(botKey);
  if (bot === undefined || webhookPath(bot) !== path) throw notFound();
  const channel = channels.get(bot.channel);
  if (channel === undefined || !receivesWebhooks(channel)) throw notFound();
  const isAsked = request.method === "GET" && answersChallenge(channel);
  if (request.method !== "POST" && !isAsked) {
    throw new PregoneroError("method-not-allowed", "Webhooks are posted.", { status: 405 });
  }
  return bot;
}

function answerChallenge(
  { channels }: WebhookPorts,
  bot: BotAccount,
  request: HttpRequest,
): string | undefined {
  const channel = channels.get(bot.channel);
  if (channel === undefined || !answersChallenge(channel)) return undefined;
  const [, , , search] = ROUTE.exec(request.url ?? "") ?? [];
  const text = channel.answerChallenge(bot, queryOf(search));
  if (text !== undefined) return text;
  throw new PregoneroError("wrong-secret", "The challenge is not for this address.", {
    status: 403,
  });
}

/** A name that comes twice is left out: which of them counts would be a guess. */
function queryOf(search: string | undefined): Record<string, string | undefined> {
  const query: Record<string, string | undefined> = Object.create(null);
  const given = new URLSearchParams(search);
  for (const [name, value] of given) {
    if (given.getAll(name).length === 1) query[name] = value;
  }
  return query;
}

interface Update {
  readonly messages: readonly IncomingMessage[];
  readonly receipts: readonly Receipt[];
  readonly phoneReplies: readonly PhoneReply[];
  readonly reactions: readonly Reaction[];
}

async function readUpdate(
  { channels }: WebhookPorts,
  bot: BotAccount,
  request: HttpRequest,
): Promise<Update> {
  const channel = channels.get(bot.channel);
  if (channel === undefined || !receivesWebhooks(channel)) throw notFound();
  const rawBody = await readBody(request, MAX_UPDATE_BYTES[bot.channel] ?? MAX_BODY_BYTES);
  if (!channel.verifyWebhook(bot, { headers: headersOf(request), rawBody })) {
    throw new PregoneroError("wrong-secret", "The webhook's secret is missing or wrong.", {
      status: 401,
    });
  }
  const body = parseJson(rawBody);
  return {
    messages: channel.readUpdate(bot, body),
    receipts: reportsReceipts(channel) ? channel.readReceipts(bot, body) : [],
    phoneReplies: seesPhoneReplies(channel) ? channel.readPhoneReplies(bot, body) : [],
    reactions: reportsReactions(channel) ? channel.readReactions(bot, body) : [],
  };
}

/** All are committed when it resolves; what is repeated because one of them failed is known then. */
async function store(
  { acceptor, receipts, phoneReplies, feedback }: WebhookPorts,
  bot: BotAccount,
  update: Update,
): Promise<void> {
  if (update.messages.length > 0) await acceptor.accept(bot, update.messages);
  if (update.receipts.length > 0) await receipts.note(bot.tenantId, bot.botId, update.receipts);
  for (const reply of update.phoneReplies) await phoneReplies.note(reply);
  if (update.reactions.length > 0) await feedback.noteReactions(bot, update.reactions);
}

/** Node joins repeated headers with a comma; here a repeated one stays an array, so that it can be refused. */
function headersOf(request: HttpRequest): Record<string, string | readonly string[] | undefined> {
  const headers: Record<string, string | readonly string[] | undefined> = Object.create(null);
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    headers[name] = values?.length === 1 ? values[0] : values;
  }
  return headers;
}

function answer(
  response: ServerResponse,
  status: number,
  {
    text = "",
    retryAfter,
  }: { readonly text?: string | undefined; readonly retryAfter?: number | undefined },
): void {
  if (response.headersSent || response.destroyed) return;
  const body = Buffer.from(text);
  response.writeHead(status, {
    "Content-Length": String(body.length),
    // The text comes from whoever asked: no browser may take it for a page.
    ...(text === "" ? {} : { "Content-Type": "text/plain", "X-Content-Type-Options": "nosniff" }),
    ...(status === 405 ? { Allow: "POST" } : {}),
    ...(retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) }),
  });
  response.end(body);
}
