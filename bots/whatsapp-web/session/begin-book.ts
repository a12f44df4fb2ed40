import type { PageReader } from "../detection/page-reader.ts";
import { type ChatBook, toListDigest } from "./chat-book.ts";

/** What is there when the account is linked is nobody's question to us. */
export async function beginBook(
  book: ChatBook,
  reader: PageReader,
  now: Date,
  signal: AbortSignal,
): Promise<void> {
  const chats = await reader.chats({ signal });
  for (const chat of chats) {
    if (!chat.isConversation || chat.isSelf) continue;
    // Which of two namesakes is which, their messages tell when they are read.
    if (chats.filter(({ title }) => title === chat.title).length > 1) continue;
    const target = book.locate(chat);
    if (target === undefined) continue;
    book.noteRead(target.chatKey, [], toListDigest(chat));
    book.setFact(`unread-at-linking/${target.chatKey}`, String(chat.unreadCount));
  }
  book.setFact("linked-at", now.toISOString());
}
