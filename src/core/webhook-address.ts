import type { BotAccount, ChannelName } from "./channel.ts";

/** Institutions know the network by this name; the session of WhatsApp Web takes no webhooks. */
const SEGMENTS: Partial<Readonly<Record<ChannelName, string>>> = { "whatsapp-cloud": "whatsapp" };

/** Path under which the network delivers to a bot, from the root of the site. */
export function webhookPath({ channel, botKey }: Pick<BotAccount, "channel" | "botKey">): string {
  return `/webhooks/${SEGMENTS[channel] ?? channel}/${botKey}`;
}
