import type { Api } from "grammy";
import type { WebhookInfo } from "grammy/types";
import type { BotAccount, ChannelHealth } from "../../src/core/channel.ts";
import type { Clock } from "../../src/core/clock.ts";
import { PregoneroError } from "../../src/core/errors.ts";
import { readFailure, toPregoneroError } from "./map-error.ts";
import { toGrammySignal } from "./signals.ts";
import { ALLOWED_UPDATES } from "./update-schema.ts";

/** Simultaneous deliveries that Telegram opens to us: Bot API's default, 40, which the acknowledging path carries easily. */
const MAX_CONNECTIONS = 40;

/** Updates waiting at Telegram from which on something is surely wrong. */
const ALARMING_BACKLOG = 100;
/** A delivery error older than this is history. */
const RECENT_ERROR_MS = 10 * 60_000;

/** The address is ours when it ends with this bot's random key, on whatever host. */
function isOurs(bot: BotAccount, url: string): boolean {
  return URL.canParse(url) && new URL(url).pathname.endsWith(`/webhooks/telegram/${bot.botKey}`);
}

/** At our own public address no program but ours answers: left by a former installation, or by a bot since removed. */
function isAtOurAddress(url: string, webhookUrl: string | undefined): boolean {
  const withoutKey = (address: string) => address.slice(0, address.lastIndexOf("/"));
  return webhookUrl !== undefined && withoutKey(url) === withoutKey(webhookUrl);
}

/** Runs one call and translates its failure. */
export async function callTelegram<T>(method: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toPregoneroError(readFailure(error), method);
  }
}

/** Points Telegram at `webhookUrl`, unless the bot belongs to another program's webhook. Keeps what is waiting. */
export async function setWebhook(
  api: Api["raw"],
  bot: BotAccount,
  webhookUrl: string,
  signal: AbortSignal,
): Promise<void> {
  const secret = bot.secrets.webhookSecret ?? "";
  if (!/^[A-Za-z0-9_-]{16,256}$/.test(secret)) {
    throw new PregoneroError(
      "bad-credentials",
      "The bot has no usable webhook secret (16 to 256 of A-Z a-z 0-9 _ -): remove the bot and add it again",
      { status: 422 },
    );
  }
  await refuseForeignOwner(api, bot, webhookUrl, signal);
  await callTelegram("setWebhook", () =>
    api.setWebhook(
      {
        url: webhookUrl,
        secret_token: secret,
        allowed_updates: ALLOWED_UPDATES,
        max_connections: MAX_CONNECTIONS,
        drop_pending_updates: false,
      },
      toGrammySignal(signal),
    ),
  );
}

/** Removes our webhook so that getUpdates works. Keeps what is waiting. */
export async function removeWebhook(
  api: Api["raw"],
  bot: BotAccount,
  signal: AbortSignal,
): Promise<void> {
  const hadOne = await refuseForeignOwner(api, bot, undefined, signal);
  if (!hadOne) return;
  await callTelegram("deleteWebhook", () =>
    api.deleteWebhook({ drop_pending_updates: false }, toGrammySignal(signal)),
  );
}

async function refuseForeignOwner(
  api: Api["raw"],
  bot: BotAccount,
  webhookUrl: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const { url = "" } = await readWebhook(api, signal);
  if (url === "") return false;
  if (isOurs(bot, url) || isAtOurAddress(url, webhookUrl)) return true;
  const host = URL.canParse(url) ? new URL(url).host : "another address";
  throw new PregoneroError(
    "webhook-owned-elsewhere",
    `The bot's messages go to a webhook at ${host}, which is not ours: remove it there (deleteWebhook), or use another bot`,
    { status: 409 },
  );
}

function readWebhook(api: Api["raw"], signal: AbortSignal): Promise<WebhookInfo> {
  return callTelegram("getWebhookInfo", () => api.getWebhookInfo(toGrammySignal(signal)));
}

/** What Telegram says of its deliveries to us. `expectedUrl` is undefined when we poll or have not connected yet. */
export async function inspectWebhook(
  ports: { readonly api: Api["raw"]; readonly bot: BotAccount; readonly clock: Clock },
  expectedUrl: string | undefined,
  signal: AbortSignal,
): Promise<ChannelHealth> {
  const { api, bot, clock } = ports;
  const info = await readWebhook(api, signal);
  const url = info.url ?? "";
  const waiting = `${info.pending_update_count} updates wait at Telegram`;
  if (url !== "" && url !== expectedUrl && !isOurs(bot, url)) {
    return {
      isHealthy: false,
      code: "webhook-elsewhere",
      evidence: `The webhook points to ${URL.canParse(url) ? new URL(url).host : "another address"}, not to us; ${waiting}.`,
      action: "Remove the webhook there (deleteWebhook), or give this bot a token of its own.",
    };
  }
  if (expectedUrl !== undefined && url !== expectedUrl) {
    return {
      isHealthy: false,
      code: "webhook-stale",
      evidence: `Telegram delivers to ${url === "" ? "no webhook" : url} instead of ${expectedUrl}; ${waiting}.`,
      action: "Restart Pregonero, or check that PUBLIC_URL is its public address.",
    };
  }
  const errorAtMs = (info.last_error_date ?? 0) * 1000;
  if (url !== "" && clock.now().getTime() - errorAtMs < RECENT_ERROR_MS) {
    return {
      isHealthy: false,
      code: "deliveries-failing",
      evidence: `The last delivery failed at ${new Date(errorAtMs).toISOString()}: ${info.last_error_message ?? "no reason given"}; ${waiting}.`,
      action:
        "Check that PUBLIC_URL is reachable from the internet over HTTPS with a valid certificate.",
    };
  }
  if (info.pending_update_count > ALARMING_BACKLOG) {
    return {
      isHealthy: false,
      code: "updates-pile-up",
      evidence: `${waiting}.`,
      action: "Check that Pregonero runs and its database answers.",
    };
  }
  const isPolled = url === "";
  return {
    isHealthy: true,
    code: isPolled ? "polling" : "webhook-set",
    evidence: `${isPolled ? "Polling" : "Webhook set"}; ${waiting}.`,
  };
}
