import { isPregoneroError } from "../../../src/core/errors.ts";
import type { PageReader } from "../detection/page-reader.ts";
import type { EngineChat, EngineTarget } from "./engine.ts";
import { idsOf, leaveNamesake } from "./read-chat.ts";

/** Chats of one title that are tried, where the title alone does not tell which it is. */
const MOST_NAMESAKES = 10;
/** Rows that are gone through for a proof. A chat with more that is new is to be read first. */
const MOST_ROWS = 40;

/**
 * Opens a chat and proves it. Nothing may be typed after anything but `open`. `behind`: the only chat of this title has
 * so much that was not read that what was read is out of sight.
 */
export async function openChat(
  reader: PageReader,
  target: EngineTarget,
  signal: AbortSignal,
): Promise<"open" | "chat-not-found" | "wrong-chat" | "behind"> {
  if (await isOpen(reader, target, signal)) return "open";
  const first = await openAndProve(reader, target, target, signal);
  if (first !== "wrong-chat") return first;
  const listed = await reader.chats({ signal });
  const namesakes = listed.filter(({ title }) => title === target.title).slice(0, MOST_NAMESAKES);
  const elsewhere = listed.find(({ title }) => title !== target.title);
  if (namesakes.length === 1) return "behind";
  for (const chat of namesakes) {
    await leaveNamesake(reader, { ...chat, isTitleShared: true }, elsewhere, signal);
    if ((await openAndProve(reader, chat, target, signal)) === "open") return "open";
  }
  return "wrong-chat";
}

async function openAndProve(
  reader: PageReader,
  chat: EngineChat,
  target: EngineTarget,
  signal: AbortSignal,
): Promise<"open" | "chat-not-found" | "wrong-chat"> {
  try {
    await reader.open(chat, signal);
  } catch (error) {
    if (isPregoneroError(error, "chat-not-found")) return "chat-not-found";
    throw error;
  }
  if (await isOpen(reader, target, signal)) return "open";
  // What was read there may stand above what is drawn.
  if (target.lastReadIds.length === 0) return "wrong-chat";
  const { ended } = await reader.rowsAfter(target.lastReadIds, MOST_ROWS, signal);
  const open = await reader.conversation();
  return ended === "met" && open?.title === target.title ? "open" : "wrong-chat";
}

async function isOpen(
  reader: PageReader,
  target: EngineTarget,
  signal: AbortSignal,
): Promise<boolean> {
  const opened = await reader.openRows(signal);
  if (opened?.conversation.title !== target.title) return false;
  const { conversation, rows } = opened;
  return isProven(target, conversation.title, conversation.jid, idsOf(rows));
}

/** Whether the open conversation is this chat: by its title, and by an id that was read there, where there is one. */
function isProven(
  target: EngineTarget,
  title: string,
  jid: string | undefined,
  seenIds: readonly string[],
): boolean {
  if (jid !== undefined && target.jid !== undefined && kindOfJid(jid) === kindOfJid(target.jid)) {
    return jid === target.jid;
  }
  const seen = new Set(seenIds);
  if (target.lastReadIds.some((id) => seen.has(id))) return true;
  return title === target.title && target.lastReadIds.length === 0;
}

function kindOfJid(jid: string): string {
  return jid.split("@")[1] ?? "";
}
