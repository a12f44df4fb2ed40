import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { BotAccount, WebhookRequest } from "../../src/core/channel.ts";

const SIGNATURE = /^sha256=([0-9a-f]{64})$/i;

/**
 * `X-Hub-Signature-256: sha256=<hex>` is the HMAC of the raw bytes under the app's secret; JSON that was parsed and
 * written again would differ in its escapes. Constant-time.
 */
export function verifySignature(bot: BotAccount, { headers, rawBody }: WebhookRequest): boolean {
  const secret = bot.secrets.appSecret ?? "";
  const header = headers["x-hub-signature-256"];
  if (secret === "" || typeof header !== "string") return false;
  const given = SIGNATURE.exec(header)?.[1];
  if (given === undefined) return false;
  const expected = createHmac("sha256", secret).update(rawBody).digest();
  return timingSafeEqual(expected, Buffer.from(given, "hex"));
}

/** A random text of Meta's; what is longer or stranger is none, and is not repeated to whoever asks. */
const CHALLENGE = /^[\w.-]{1,256}$/;

/** Answers the question that Meta asks before it delivers: is this address yours? */
export function answerChallenge(
  bot: BotAccount,
  query: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const expected = verifyTokenOf(bot);
  const given = query["hub.verify_token"];
  const challenge = query["hub.challenge"];
  if (query["hub.mode"] !== "subscribe" || expected === "" || given === undefined) return undefined;
  if (!timingSafeEqual(digest(expected), digest(given))) return undefined;
  return challenge !== undefined && CHALLENGE.test(challenge) ? challenge : undefined;
}

/** The one that a person chose, to be pasted into Meta's page; else the random one that every bot has. */
export function verifyTokenOf(bot: BotAccount): string {
  return bot.secrets.verifyToken || bot.secrets.webhookSecret || "";
}

/** Digests have one length, so that the length tells nothing. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
