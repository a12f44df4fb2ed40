import type { BotAccount } from "./channel.ts";
import type { BotId, TenantId } from "./ids.ts";

export interface WebChatAvatar {
  readonly mediaType: "image/png" | "image/jpeg";
  readonly bytes: Uint8Array;
}

/** Pictures of web chats at rest. Every change is audited, and known to this process when it resolves. */
export interface WebChatAvatars {
  read(tenantId: TenantId, botId: BotId): Promise<WebChatAvatar | undefined>;
  /** Undefined takes the picture away. False: the tenant has no such web chat. */
  change(
    tenantId: TenantId,
    botId: BotId,
    avatar: WebChatAvatar | undefined,
    actor: string,
  ): Promise<boolean>;
}

/** Names the bot's picture, and another one otherwise; undefined: it has none. */
export function avatarVersionOf({ settings }: Pick<BotAccount, "settings">): string | undefined {
  return settings.webChatAvatar || undefined;
}
