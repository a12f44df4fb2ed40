import { randomUUID } from "node:crypto";
import type { BotAccount, ChannelName } from "../../src/core/channel.ts";
import type { Cipher } from "../../src/core/cipher.ts";
import type { TenantId } from "../../src/core/ids.ts";
import { createBotStore } from "../../src/store/bots.ts";
import type { Database } from "../../src/store/database.ts";

const CHANNELS: readonly ChannelName[] = ["telegram", "whatsapp-cloud", "web-chat"];

/** A bot of each channel that needs no session. Its account is nobody's: nothing can be sent by it. */
export async function addSeedBots(
  database: Database,
  cipher: Cipher,
  tenantId: TenantId,
): Promise<[BotAccount, ...BotAccount[]]> {
  const store = createBotStore(database, cipher);
  const add = (channel: ChannelName) =>
    store.insert(
      tenantId,
      {
        channel,
        name: `seed ${channel}`,
        botKey: randomUUID(),
        accountKey: randomUUID(),
        secrets: { token: `0:${randomUUID()}` },
        settings: {},
      },
      "seed",
    );
  const [first, ...rest] = CHANNELS;
  const bots: [BotAccount, ...BotAccount[]] = [await add(first ?? "telegram")];
  for (const channel of rest) bots.push(await add(channel));
  return bots;
}
