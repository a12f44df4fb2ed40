import type { BotAccount } from "../../src/core/channel.ts";
import type { Message } from "./update-schema.ts";

/**
 * The text or caption without what only addresses the bot (`@botname`), and whether the bot is meant:
 * always in private; in groups by a mention, a reply to one of its messages, or a command that does not name
 * another bot.
 */
export function readAddressing(
  bot: BotAccount,
  message: Message,
): { readonly text: string; readonly isAddressed: boolean } {
  const text = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities ?? [];
  const ownName = `@${bot.settings.username ?? ""}`.toLowerCase();
  const ownId = networkIdOf(bot);
  const cuts: { start: number; end: number }[] = [];
  let isAddressed = message.chat.type === "private" || message.reply_to_message?.from?.id === ownId;

  for (const { type, offset, length, user } of entities) {
    const covered = text.slice(offset, offset + length);
    if (type === "mention" && covered.toLowerCase() === ownName) {
      isAddressed = true;
      cuts.push({ start: offset, end: offset + length });
    } else if (type === "text_mention" && user?.id === ownId) {
      isAddressed = true;
      cuts.push({ start: offset, end: offset + length });
    } else if (type === "bot_command") {
      const at = covered.indexOf("@");
      const isOurs = at === -1 || covered.slice(at).toLowerCase() === ownName;
      if (isOurs && offset === 0) isAddressed = true;
      if (isOurs && at !== -1) cuts.push({ start: offset + at, end: offset + length });
    }
  }
  return { text: without(text, cuts), isAddressed };
}

/** A bot's user id is the part of its token before the colon (Bot API, "Authorizing your bot"). */
function networkIdOf(bot: BotAccount): number {
  return Number(bot.settings.networkId ?? bot.secrets.token?.split(":")[0]);
}

function without(text: string, cuts: readonly { start: number; end: number }[]): string {
  let rest = text;
  for (const { start, end } of [...cuts].sort((a, b) => b.start - a.start)) {
    const before = rest.slice(0, start);
    const after = rest.slice(end);
    // "dime @bot qué dice" must not keep two blanks.
    rest = before.endsWith(" ") && after.startsWith(" ") ? before + after.slice(1) : before + after;
  }
  return rest.trim();
}
