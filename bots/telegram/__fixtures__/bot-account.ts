import type { BotAccount } from "../../../src/core/channel.ts";
import { asId } from "../../../src/core/ids.ts";

/** A bot account as the store would hold it, for tests. */
export function toBotAccount(bot: { token: string; id: number; username: string; name: string }): BotAccount {
  return {
    tenantId: asId("00000000-0000-4000-8000-000000000001"),
    botId: asId(`00000000-0000-4000-9000-${String(bot.id).padStart(12, "0")}`),
    botKey: `key-${bot.id}`,
    channel: "telegram",
    name: bot.name,
    secrets: { token: bot.token, webhookSecret: "s3cret_token-of-32-characters-abc" },
    settings: { username: bot.username, networkId: String(bot.id) },
  };
}
