import type { BotAccount } from "../../src/core/channel.ts";
import type { PhoneReply } from "../../src/core/hand-over.ts";
import type { Logger } from "../../src/core/logger.ts";
import { parseChatKey } from "./chat-address.ts";
import { readChanges } from "./read-changes.ts";
import { echoSchema } from "./update-schema.ts";

/** Of a message that was written before: nobody begins to speak by it. */
const CHANGES = new Set(["edit", "revoke"]);

/**
 * What somebody wrote to people from the WhatsApp Business app, or another device of the account. What we send by the
 * API is not among it.
 */
export function toPhoneReplies(
  bot: BotAccount,
  body: unknown,
  logger: Logger,
): readonly PhoneReply[] {
  return readChanges(bot, body, logger)
    .flatMap(({ echoes }) => echoes)
    .flatMap((item) => {
      const parsed = echoSchema.safeParse(item);
      const chatKey = parsed.data?.to_user_id ?? parsed.data?.to;
      if (!parsed.success || chatKey === undefined || parseChatKey(chatKey) === undefined) {
        logger.warn("whatsapp-echo-unreadable", { botId: bot.botId });
        return [];
      }
      const { id, timestamp, type, text } = parsed.data;
      if (CHANGES.has(type)) return [];
      return [
        {
          tenantId: bot.tenantId,
          botId: bot.botId,
          chatKey,
          networkMessageId: id,
          text: text?.body,
          sentAt: new Date(timestamp * 1000),
        },
      ];
    });
}
