import type { Conversation } from "../api/types.ts";

export interface Page {
  readonly conversations: readonly Conversation[];
  readonly next: string | null;
}

/**
 * The pages with their beginning as it is now. What changed and is not in the beginning any more, or would have to be,
 * does not match the filter any more.
 */
export function withHead(pages: readonly Page[], head: Page, changed: ReadonlySet<string>): Page[] {
  const fresh = new Set(head.conversations.map(({ conversationId }) => conversationId));
  const reach = head.next === null ? "" : (head.conversations.at(-1)?.lastMessageAt ?? "");
  const stays = (entry: Conversation) =>
    !fresh.has(entry.conversationId) &&
    !changed.has(entry.conversationId) &&
    entry.lastMessageAt < reach;
  const [first, ...others] = pages;
  if (first === undefined) return [head];
  return [
    { ...first, conversations: [...head.conversations, ...first.conversations.filter(stays)] },
    ...others.map((page) => ({ ...page, conversations: page.conversations.filter(stays) })),
  ];
}

/** As it is once this person has looked at the conversation. */
export function seenIn(page: Page, id: string): Page {
  const conversations = page.conversations.map((entry) =>
    entry.conversationId === id ? { ...entry, unread: 0 } : entry,
  );
  return { ...page, conversations };
}
