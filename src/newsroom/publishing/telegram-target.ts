import type { BotRegistry } from "../../core/bot-registry.ts";
import type { Channel, ChannelName, ChannelPart } from "../../core/channel.ts";
import { asId, type OutboxId } from "../../core/ids.ts";
import type { Reply, Span } from "../../core/message.ts";
import type { ApprovedText } from "../../core/prompts.ts";
import type { PostOutcome, TargetAdapter } from "../../core/publishing-work.ts";
import { editionsOf, oneLine, placesOf } from "./digest-text.ts";

/** Bot API, sendMessage.text, after entities parsing. */
const MAX_LENGTH = 4096;
const BLANK: readonly Span[] = [];

export interface TelegramTargetPorts {
  readonly registry: Pick<BotRegistry, "lookUp">;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
}

/**
 * A channel on Telegram, by a bot of the tenant that may post there. The Bot API has no idempotency key and tells
 * nobody what a channel holds: a post of doubtful outcome stays in doubt until a person looks.
 */
export function createTelegramTarget({
  registry,
  channels,
}: TelegramTargetPorts): TargetAdapter<"telegram-channel"> {
  return {
    kind: "telegram-channel",
    plan(text, _settings, publicUrl) {
      const parts = channels.get("telegram")?.render(replyOf(text, publicUrl)) ?? [];
      return parts.map((part) => {
        const shown = typeof part.text === "string" ? part.text : "";
        return { text: shown, length: shown.length, limit: MAX_LENGTH, content: part };
      });
    },

    async post(content, { tenantId, publicationId, settings, signal }) {
      const channel = channels.get("telegram");
      const bot = await registry.lookUp(tenantId, settings.botId).catch(() => "unread" as const);
      // Nothing was sent: what cannot be read now is read in a while.
      if (bot === "unread") return { kind: "refused", reason: "bot-unread", retry: "backoff" };
      if (bot === undefined || channel === undefined) {
        return {
          kind: "refused",
          reason: "bot-unknown",
          retry: "never",
          needsAttention:
            "The bot of this target is gone or needs a new token: add it again, and choose it here.",
        };
      }
      const outcome = await channel.send(bot, settings.chatKey, content as ChannelPart, {
        signal,
        outboxId: asId<OutboxId>(publicationId),
      });
      if (outcome.kind === "sent") return { kind: "sent", networkId: outcome.networkMessageId };
      return outcome.kind === "unknown" ? outcome : toRefusal(outcome);
    },

    async check(tenantId, { botId }) {
      const bot = await registry.lookUp(tenantId, botId);
      const isWell = bot?.channel === "telegram";
      return {
        isWell,
        code: isWell ? "bot-connected" : "bot-gone",
        ...(isWell && { name: bot.name }),
        evidence: isWell
          ? `The bot ${bot.name} is connected. Whether it may post in the channel shows with the first post.`
          : "The bot of this target is gone or needs a new token: add it again, and choose it here.",
      };
    },
  };
}

/** What a person can mend; all else is of the one post. */
const ATTENTION: Readonly<Record<string, string>> = {
  "bad-credentials": "Telegram does not accept the bot's token: copy it again from @BotFather.",
  "chat-not-found":
    "Telegram knows no such channel, or the bot is not in it: make the bot an administrator there, and check the channel's id.",
  "no-rights": "The bot may not post in the channel: make it an administrator that may post.",
  forbidden: "The bot may not post in the channel: make it an administrator that may post.",
  kicked: "The bot was removed from the channel: add it again as an administrator that may post.",
  "chat-migrated": "The group has another id now: save the new id here.",
};

function toRefusal({
  reason,
  retry,
}: {
  readonly reason: string;
  readonly retry: "never" | "backoff" | { readonly afterMs: number };
}): PostOutcome {
  const needsAttention = ATTENTION[reason];
  return {
    kind: "refused",
    reason,
    retry: needsAttention === undefined ? retry : "never",
    ...(typeof retry === "object" ? { holdsTarget: true as const } : {}),
    ...(needsAttention === undefined ? {} : { needsAttention }),
  };
}

/** Title, editions, then the statements, each with its places as links. */
function replyOf(text: ApprovedText, publicUrl: string): Reply {
  const { language } = text;
  const paragraphs: (readonly Span[])[] = [[{ text: oneLine(text.title), style: "bold" }]];
  for (const { name, url } of editionsOf(text, publicUrl)) {
    paragraphs.push([{ text: name, style: "italic", url }]);
  }
  for (const statement of text.statements) {
    const places = placesOf(statement, language, publicUrl);
    const links = places.flatMap(({ name, url }, at): readonly Span[] => [
      { text: at === 0 ? " (" : "; " },
      { text: name, url },
    ]);
    const end: readonly Span[] = places.length === 0 ? [] : [{ text: ")" }];
    paragraphs.push(BLANK, [{ text: `• ${oneLine(statement.text)}` }, ...links, ...end]);
  }
  return { kind: "text", paragraphs };
}
