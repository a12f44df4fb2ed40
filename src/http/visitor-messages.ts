import type { Request } from "express";
import { toIncoming, type VisitorMessage } from "../../bots/web-chat/to-incoming.ts";
import { webChatTopic } from "../../bots/web-chat/web-chat-channel.ts";
import type { Acceptor } from "../core/acceptor.ts";
import type { BotAccount } from "../core/channel.ts";
import type { Clock } from "../core/clock.ts";
import { PregoneroError } from "../core/errors.ts";
import { asId } from "../core/ids.ts";
import type { LiveEvents } from "../core/wake-up.ts";
import type { WebChatLog } from "../core/web-chat-log.ts";
import type { VisitorCookie } from "./visitor-cookie.ts";

export interface StorePorts {
  readonly acceptor: Acceptor;
  readonly webChatLog: WebChatLog;
  readonly liveEvents: LiveEvents;
  readonly clock: Clock;
}

/**
 * Commits the message to the inbox, then shows it in the chat's log. A crash in between loses nothing: the
 * page was not answered, sends the same id again, and the inbox knows it while the log gets it.
 */
export async function storeMessage(
  { acceptor, webChatLog, liveEvents, clock }: StorePorts,
  {
    bot,
    visitorId,
    message,
    shown,
  }: {
    readonly bot: BotAccount;
    readonly visitorId: string;
    readonly message: VisitorMessage;
    /** What the page shows of it. */
    readonly shown: { readonly text: string; readonly [key: string]: unknown };
  },
): Promise<{ messageId: string; isDuplicate: boolean }> {
  const receivedAt = clock.now();
  const [accepted] = await acceptor.accept(bot, [toIncoming(visitorId, message, receivedAt)]);
  if (accepted === undefined) throw new PregoneroError("internal", "Nothing was accepted.");
  await webChatLog.append(bot.tenantId, bot.botId, visitorId, asId(message.clientMessageId), {
    kind: "visitor",
    ...shown,
    receivedAt: receivedAt.toISOString(),
  });
  liveEvents.publish(webChatTopic(bot.botId, visitorId), "entry");
  return { messageId: accepted.messageId, isDuplicate: accepted.isDuplicate };
}

/** Who is chatting. Throws `visitor-unknown` (401). */
export function requireVisitor(visitors: VisitorCookie, request: Request, bot: BotAccount): string {
  const visitorId = visitors.read(request, bot);
  if (visitorId === undefined) {
    throw new PregoneroError(
      "visitor-unknown",
      `Open /chat/${bot.botKey} first: it sets the cookie that a conversation is known by.`,
      { status: 401 },
    );
  }
  return visitorId;
}
