import { createHmac, randomBytes } from "node:crypto";

const PREFIX = "whsec_";
/** Standard Webhooks: 24 to 64 bytes. */
const SECRET_BYTES = 32;

export function newWebhookSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString("base64");
}

/**
 * The headers of Standard Webhooks 1.0 (standardwebhooks.com): HMAC-SHA-256 of `id.timestamp.body` under each secret,
 * apart by a space, so that a receiver that knows one of them is content.
 */
export function signWebhook(
  message: { readonly id: string; readonly at: Date; readonly body: string },
  secrets: readonly string[],
): Readonly<Record<string, string>> {
  const timestamp = Math.floor(message.at.getTime() / 1000);
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), "base64");
    const hmac = createHmac("sha256", key).update(`${message.id}.${timestamp}.${message.body}`);
    return `v1,${hmac.digest("base64")}`;
  });
  return {
    "webhook-id": message.id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signatures.join(" "),
  };
}
