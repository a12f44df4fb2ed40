import type { BotAccount } from "../../src/core/channel.ts";
import { type Reaction, voteOfReaction } from "../../src/core/feedback.ts";
import type { Logger } from "../../src/core/logger.ts";
import { readChanges } from "./read-changes.ts";
import { chatOf, senderKeyOf } from "./to-incoming.ts";
import { messageSchema } from "./update-schema.ts";

/**
 * What people put under messages of ours (Cloud API, "Reaction messages webhook reference", May 2026). A reaction without
 * an emoji was taken away; one that says nothing of an answer takes the place of one that did.
 */
export function toReactions(bot: BotAccount, body: unknown, logger: Logger): readonly Reaction[] {
  return readChanges(bot, body, logger)
    .flatMap(({ messages }) => messages)
    .flatMap((item) => {
      const { data: message } = messageSchema.safeParse(item);
      if (message?.type !== "reaction" || message.reaction === undefined) return [];
      const senderKey = senderKeyOf(message);
      if (senderKey === undefined) return [];
      return [
        {
          chatKey: chatOf(message, senderKey).key,
          senderKey,
          networkMessageId: message.reaction.message_id,
          vote: voteOfReaction(message.reaction.emoji ?? "") ?? "none",
          at: new Date(message.timestamp * 1000).toISOString(),
        },
      ];
    });
}
