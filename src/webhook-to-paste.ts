import type { BotAccount } from "./core/channel.ts";

/** What a person pastes at Meta, which does not let us tell it ourselves. */
export interface WebhookToPaste {
  /** Undefined: without PUBLIC_URL nobody outside reaches this installation. */
  readonly url: string | undefined;
  /** Of the address on whatever host the installation is given. */
  readonly path: string;
  readonly verifyToken: string;
}

/** Undefined for the channels whose network we tell, or ask. */
export function webhookToPaste(
  { channel, botKey, secrets }: BotAccount,
  publicUrl: string | undefined,
): WebhookToPaste | undefined {
  const verifyToken = secrets.verifyToken || secrets.webhookSecret;
  if (channel !== "whatsapp-cloud" || verifyToken === undefined) return undefined;
  const path = `/webhooks/whatsapp/${botKey}`;
  return { path, url: publicUrl === undefined ? undefined : publicUrl + path, verifyToken };
}
