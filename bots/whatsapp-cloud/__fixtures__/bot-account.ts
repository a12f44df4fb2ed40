import type { BotAccount } from "../../../src/core/channel.ts";
import { asId } from "../../../src/core/ids.ts";
import type { StandInNumber } from "../../../test/stand-ins/graph/world.ts";

/** A bot account as the store would hold it, for tests. */
export function toBotAccount(number: StandInNumber): BotAccount {
  return {
    tenantId: asId("00000000-0000-4000-8000-000000000001"),
    botId: asId(`00000000-0000-4000-9000-${number.phoneNumberId.slice(-12).padStart(12, "0")}`),
    botKey: `key-${number.phoneNumberId}`,
    channel: "whatsapp-cloud",
    name: number.verifiedName,
    secrets: {
      accessToken: number.accessToken,
      appSecret: number.appSecret,
      webhookSecret: "s3cret_token-of-32-characters-abc",
    },
    settings: {
      networkId: number.phoneNumberId,
      username: number.displayPhoneNumber,
      businessAccountId: number.businessAccountId,
      throughput: "standard",
    },
  };
}

/** An account with nothing but what the test is about. */
export function accountWith(
  settings: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>> = {},
): BotAccount {
  return {
    tenantId: asId("00000000-0000-4000-8000-000000000001"),
    botId: asId("00000000-0000-4000-9000-000000000001"),
    botKey: "key",
    channel: "whatsapp-cloud",
    name: "Municipalidad",
    secrets,
    settings,
  };
}
