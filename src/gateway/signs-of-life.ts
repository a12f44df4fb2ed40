import {
  acknowledgesButtons,
  type BotAccount,
  type Channel,
  showsTyping,
} from "../core/channel.ts";
import type { IncomingMessage } from "../core/message.ts";

/** An answer that comes sooner needs no sign that it is being prepared. */
const SHOW_AFTER_MS = 400;
const CALL_TIMEOUT_MS = 5_000;

/** Shows "typing…" until the returned function is called, for messages that will be answered in words. */
export function showTypingMeanwhile(
  channel: Channel,
  bot: BotAccount,
  chatKey: string,
  message: IncomingMessage,
  signal: AbortSignal,
): () => void {
  const isSpoken = message.content.kind === "text" || message.content.kind === "button";
  if (!showsTyping(channel) || !message.isAddressed || !isSpoken) return () => {};
  const show = () => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
    // Best effort: an answer is worth more than the sign that it is coming.
    channel.showTyping(bot, chatKey, limit, message.networkMessageId).catch(() => {});
  };
  let repeat: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    show();
    repeat = setInterval(show, channel.typingLastsMs * 0.8);
  }, SHOW_AFTER_MS);
  return () => {
    clearTimeout(first);
    clearInterval(repeat);
  };
}

/** Ends the waiting animation on the button that was tapped, on networks that have one. */
export function stopButtonSpinner(
  channel: Channel,
  bot: BotAccount,
  message: IncomingMessage,
  signal: AbortSignal,
): void {
  if (message.content.kind !== "button" || !acknowledgesButtons(channel)) return;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
  channel.acknowledgeButton(bot, message.content.callbackKey, limit).catch(() => {});
}
