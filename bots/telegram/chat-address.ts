/** Where a message goes at Telegram: a chat, and in groups with topics the topic. */
export interface ChatAddress {
  readonly chatId: number;
  readonly threadId: number | undefined;
}

/** The chat's key: `<chat id>`, or `<chat id>:<thread id>` for a topic, so that each topic is a conversation. */
export function toChatKey(chatId: number, threadId?: number): string {
  return threadId === undefined ? String(chatId) : `${chatId}:${threadId}`;
}

export function parseChatKey(chatKey: string): ChatAddress | undefined {
  const match = /^(-?\d{1,16})(?::(\d{1,16}))?$/.exec(chatKey);
  if (match === null) return undefined;
  return {
    chatId: Number(match[1]),
    threadId: match[2] === undefined ? undefined : Number(match[2]),
  };
}
