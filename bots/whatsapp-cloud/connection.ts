import { createHmac } from "node:crypto";
import type { BotAccount, ChannelHealth } from "../../src/core/channel.ts";
import { PregoneroError } from "../../src/core/errors.ts";
import type { Logger } from "../../src/core/logger.ts";
import type { GraphAnswer, GraphClient } from "./graph-client.ts";
import { toPregoneroError } from "./map-error.ts";
import { isNumberId } from "./send-part.ts";
import { throughputOf } from "./throughput.ts";
import { verifyTokenOf } from "./verify-webhook.ts";

const IDENTITY_FIELDS =
  "display_phone_number,verified_name,quality_rating,throughput,is_on_biz_app,platform_type";
const HEALTH_FIELDS =
  "display_phone_number,quality_rating,throughput,health_status,webhook_configuration";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Looks the number up with the token and a proof under the app's secret, so that all three are known to be right.
 * `given`: the secrets `accessToken` and `appSecret`, the settings `phoneNumberId` and, optional, `businessAccountId`.
 */
export async function identifyNumber(
  graph: GraphClient,
  given: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const { accessToken = "", appSecret = "", phoneNumberId = "", businessAccountId = "" } = given;
  if (accessToken === "" || !/^\S{1,1024}$/.test(accessToken)) {
    throw badCredentials("The access token is missing: it is at Meta, WhatsApp > API setup");
  }
  if (!/^[0-9a-f]{32}$/i.test(appSecret)) {
    throw badCredentials(
      "The app secret is missing or no secret (32 hexadecimal digits): it is at Meta, App settings > Basic",
    );
  }
  if (!isNumberId(phoneNumberId)) {
    throw badCredentials(
      "The phone number id is missing or not a number: it is at Meta, WhatsApp > API setup, below the phone number",
    );
  }
  if (businessAccountId !== "" && !isNumberId(businessAccountId)) {
    throw badCredentials("The WhatsApp Business account id is not a number");
  }
  const answer = await graph.call({
    method: "GET",
    path: phoneNumberId,
    query: {
      fields: IDENTITY_FIELDS,
      appsecret_proof: createHmac("sha256", appSecret).update(accessToken).digest("hex"),
    },
    accessToken,
    signal,
  });
  if (answer.kind !== "ok") throw toIdentityError(answer, phoneNumberId);
  const { display_phone_number: phone, verified_name: name } = answer.body;
  return {
    networkId: phoneNumberId,
    username: typeof phone === "string" ? phone.slice(0, 40) : phoneNumberId,
    ...(typeof name === "string" && name !== "" && { name: name.slice(0, 200) }),
    ...(businessAccountId !== "" && { businessAccountId }),
    throughput: String(readThroughput(answer.body)),
  };
}

function readThroughput(fields: Fields) {
  const level = (fields.throughput as { level?: unknown } | undefined)?.level;
  return throughputOf({
    level: typeof level === "string" ? level : undefined,
    isOnBusinessApp: fields.is_on_biz_app === true && fields.platform_type === "CLOUD_API",
  });
}

function toIdentityError(
  failure: Exclude<GraphAnswer, { kind: "ok" }>,
  phoneNumberId: string,
): PregoneroError {
  if (failure.kind === "error") {
    if (/appsecret_proof/i.test(failure.error.details)) {
      return badCredentials("The app secret is not that of the app which the access token is for");
    }
    if (failure.error.code === 100) {
      return badCredentials(
        `The access token opens no phone number ${phoneNumberId}: check the id, and that the system user has this WhatsApp account`,
      );
    }
  }
  return toPregoneroError(failure, "the phone number");
}

/**
 * Subscribes the app to the account's messages and points the number's webhook at us; Meta asks our address at once
 * whether it is ours. A token that may not do this is no failure: a person may paste the address into Meta's page,
 * and `inspectNumber` says so.
 */
export async function connectNumber(
  ports: { readonly graph: GraphClient; readonly logger: Logger },
  bot: BotAccount,
  webhookUrl: string,
  signal: AbortSignal,
): Promise<void> {
  const { graph, logger } = ports;
  const { businessAccountId } = bot.settings;
  const accessToken = bot.secrets.accessToken ?? "";
  if (businessAccountId !== undefined) {
    const subscribed = await graph.call({
      method: "POST",
      path: `${businessAccountId}/subscribed_apps`,
      accessToken,
      signal,
    });
    if (subscribed.kind !== "ok") handToPerson(logger, bot, subscribed, "the app's subscription");
  }
  const answer = await setOverride(graph, bot, signal, {
    override_callback_uri: webhookUrl,
    verify_token: verifyTokenOf(bot),
  });
  if (answer.kind !== "ok") handToPerson(logger, bot, answer, "the number's webhook");
}

/** Throws what may pass or is the credentials' fault; notes what only a person at Meta can do. */
function handToPerson(
  logger: Logger,
  bot: BotAccount,
  failure: Exclude<GraphAnswer, { kind: "ok" }>,
  what: string,
): void {
  const error = toPregoneroError(failure, what);
  const isVerification = failure.kind === "error" && failure.error.code === 2200;
  if (error.code === "bad-credentials" || error.retry !== "never" || isVerification) throw error;
  logger.warn("whatsapp-webhook-to-paste", { botId: bot.botId, reason: error.message });
}

/** Takes our address off the number, when it is still ours. */
export async function disconnectNumber(
  graph: GraphClient,
  bot: BotAccount,
  signal: AbortSignal,
): Promise<void> {
  const answer = await readHealth(graph, bot, signal);
  if (answer.kind === "ok" && !isOurs(bot, webhooksOf(answer.body).number)) return;
  const removed = await setOverride(graph, bot, signal, { override_callback_uri: "" });
  // With a revoked token or without the right, nothing of ours can be undone.
  if (removed.kind === "no-answer") throw toPregoneroError(removed, "the webhook's removal");
}

function setOverride(
  graph: GraphClient,
  bot: BotAccount,
  signal: AbortSignal,
  configuration: Readonly<Record<string, string>>,
): Promise<GraphAnswer> {
  return graph.call({
    method: "POST",
    path: bot.settings.networkId ?? "",
    body: { json: { webhook_configuration: configuration } },
    accessToken: bot.secrets.accessToken ?? "",
    signal,
  });
}

function readHealth(graph: GraphClient, bot: BotAccount, signal: AbortSignal) {
  return graph.call({
    method: "GET",
    path: bot.settings.networkId ?? "",
    query: { fields: HEALTH_FIELDS },
    accessToken: bot.secrets.accessToken ?? "",
    signal,
  });
}

/** The number's own webhook goes before the account's, and that before the app's. */
function webhooksOf(fields: Fields) {
  const configuration = (fields.webhook_configuration ?? {}) as Fields;
  const url = (name: string) => {
    const value = configuration[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const number = url("phone_number");
  return { number, inForce: number ?? url("whatsapp_business_account") ?? url("application") };
}

function isOurs(bot: BotAccount, url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && new URL(url).pathname.endsWith(`/${bot.botKey}`);
}

/** What Meta says of the number, its quality and where its messages go. */
export async function inspectNumber(
  graph: GraphClient,
  bot: BotAccount,
  signal: AbortSignal,
): Promise<ChannelHealth> {
  const answer = await readHealth(graph, bot, signal);
  if (answer.kind !== "ok") {
    const error = toPregoneroError(answer, "the number's health");
    return {
      isHealthy: false,
      evidence: `${error.message}.`,
      ...(error.code === "bad-credentials" && {
        code: "credentials-refused",
        action: "Give the bot a valid access token.",
      }),
    };
  }
  const { inForce } = webhooksOf(answer.body);
  const quality = String(answer.body.quality_rating ?? "UNKNOWN");
  const canSend = String(
    (answer.body.health_status as Fields | undefined)?.can_send_message ?? "AVAILABLE",
  );
  const evidence = `Quality ${quality}, sending ${canSend}, throughput ${readThroughput(answer.body)}`;
  if (!isOurs(bot, inForce)) {
    const place = inForce && URL.canParse(inForce) ? new URL(inForce).host : "nobody";
    return {
      isHealthy: false,
      code: "webhook-elsewhere",
      evidence: `${evidence}; the messages go to ${place}, not to us.`,
      action: `At Meta, WhatsApp > Configuration, set the callback URL to PUBLIC_URL/webhooks/whatsapp/${bot.botKey} with the verify token that the bot was added with, and subscribe to "messages".`,
    };
  }
  if (canSend === "BLOCKED") {
    return {
      isHealthy: false,
      code: "sending-blocked",
      evidence: `${evidence}; Meta lets the number send nothing.`,
      action:
        "Look in WhatsApp Manager what the account lacks: payment, verification, or a policy.",
    };
  }
  if (quality === "RED") {
    return {
      isHealthy: false,
      code: "quality-low",
      evidence: `${evidence}; people block or report the number.`,
      action: "Send fewer notices that nobody asked for, or Meta will limit the number.",
    };
  }
  return { isHealthy: true, code: "webhook-set", evidence: `${evidence}; the webhook is ours.` };
}

function badCredentials(message: string): PregoneroError {
  return new PregoneroError("bad-credentials", message, { status: 422 });
}
