import type { BotAccount } from "../../core/channel.ts";
import { avatarVersionOf } from "../../core/web-chat-avatars.ts";

/** Of the picture that the tenant sent, in its present version; undefined: none. */
export function avatarPathOf(bot: Pick<BotAccount, "botKey" | "settings">): string | undefined {
  const version = avatarVersionOf(bot);
  if (version === undefined) return undefined;
  return `/chat/${encodeURIComponent(bot.botKey)}/avatar?v=${encodeURIComponent(version)}`;
}
