import type { MessageRow, OpenRows, PageReader } from "../detection/page-reader.ts";
import { until } from "../detection/pause.ts";
import { toListDigest } from "./chat-book.ts";
import type { EngineChat, EngineInbox, EngineTarget } from "./engine.ts";

/** Rows of one chat that are read at once; what is older waits for a person, who is told by the log. */
const MOST_ROWS = 500;
/** The header of a chat may be drawn before the message that raised its badge. */
const DRAWN_WITHIN_MS = 2_000;

type ChatReader = Pick<PageReader, "open" | "openRows" | "openTitle" | "rowsAfter" | "expand">;

export interface ReadChatPorts {
  readonly reader: ChatReader;
  readonly inbox: Pick<EngineInbox, "locate" | "take">;
}

export interface ListedChat {
  readonly chat: EngineChat;
  /** A chat of another name: opened first where the header cannot tell this chat from its namesake. */
  readonly elsewhere: EngineChat | undefined;
  /** Scrolls even where what is drawn seems to be all. */
  readonly isThorough: boolean;
}

/**
 * Opens a chat of the list and hands over what is new in it. `short`: less than its badge promised was drawn, so that
 * it must be read again; `untold`: which chat it is cannot be told.
 */
export async function readListedChat(
  { reader, inbox }: ReadChatPorts,
  { chat, elsewhere, isThorough }: ListedChat,
  signal: AbortSignal,
): Promise<"whole" | "short" | "untold"> {
  const listDigest = toListDigest(chat);
  await leaveNamesake(reader, chat, elsewhere, signal);
  await reader.open(chat, signal);
  const opened = await reader.openRows(signal);
  if (opened?.conversation.title !== chat.title) return "untold";
  const target = await inbox.locate(
    withIds(chat, opened.conversation, opened.rows),
    idsOf(opened.rows),
  );
  if (target === undefined) return "untold";
  const { unreadCount = 0 } = chat;
  const drawn = await untilPromised(reader, target, unreadCount, opened, signal);
  const isDrawn = !isThorough && holdsAllNew(drawn, target, unreadCount);
  const read = isDrawn
    ? { rows: drawn, isComplete: true }
    : await scrollThrough(reader, target, chat, drawn, signal);
  const isShort = countNew(read.rows, target) < unreadCount;
  await inbox.take(target, {
    rows: await expandAll(reader, read.rows, target, signal),
    // What the list shows is not taken for read before it was seen in the chat.
    isComplete: read.isComplete && !isShort,
    unreadCount,
    listDigest,
  });
  return isShort ? "short" : "whole";
}

/** The rows, once as many are new as the badge promised, or when the time for it is over. */
async function untilPromised(
  reader: ChatReader,
  target: EngineTarget,
  unreadCount: number,
  opened: OpenRows,
  signal: AbortSignal,
): Promise<readonly MessageRow[]> {
  let { rows } = opened;
  const { title } = opened.conversation;
  const isPromised = () => countNew(rows, target) >= Math.min(unreadCount, 1);
  if (isPromised()) return rows;
  await until(
    async () => {
      const again = await reader.openRows(signal);
      if (again?.conversation.title === title) rows = again.rows;
      return isPromised() ? true : undefined;
    },
    { withinMs: DRAWN_WITHIN_MS, signal },
  );
  return rows;
}

function countNew(rows: readonly MessageRow[], { lastReadIds }: EngineTarget): number {
  const known = new Set(lastReadIds);
  const last = rows.findLastIndex(({ canonicalId }) => known.has(canonicalId));
  return rows.slice(last + 1).filter(({ direction }) => direction !== "out").length;
}

/** With a chat of this name open, another of this name would seem to be open already. */
export async function leaveNamesake(
  reader: ChatReader,
  chat: EngineChat,
  elsewhere: EngineChat | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (chat.isTitleShared !== true || elsewhere === undefined) return;
  if ((await reader.openTitle()) === chat.title) await reader.open(elsewhere, signal);
}

/** As many new messages in one run as the list called unread, and nothing between them and what is known. */
function holdsAllNew(
  drawn: readonly MessageRow[],
  { lastReadIds }: EngineTarget,
  unreadCount: number,
): boolean {
  const known = new Set(lastReadIds);
  const last = drawn.findLastIndex(({ canonicalId }) => known.has(canonicalId));
  if (last === -1 && (lastReadIds.length > 0 || unreadCount === 0)) return false;
  const fresh = drawn.slice(last + 1).filter(({ direction }) => direction === "in");
  return fresh.length >= unreadCount;
}

async function scrollThrough(
  reader: ChatReader,
  target: EngineTarget,
  chat: EngineChat,
  drawn: readonly MessageRow[],
  signal: AbortSignal,
): Promise<{ readonly rows: readonly MessageRow[]; readonly isComplete: boolean }> {
  const { rows, ended } = await reader.rowsAfter(
    target.lastReadIds,
    limitFor(target, chat),
    signal,
  );
  const isFirst = target.lastReadIds.length === 0;
  return {
    rows: mergeRows(drawn, rows),
    isComplete: isFirst || ended === "met" || ended === "beginning",
  };
}

/** A chat that was never read may have years of history, of which only the end is for us. */
function limitFor({ lastReadIds }: EngineTarget, { unreadCount = 0 }: EngineChat): number {
  return lastReadIds.length > 0 ? MOST_ROWS : Math.min(MOST_ROWS, Math.max(40, unreadCount + 20));
}

/** What changed in the chat that is open. */
export async function readOpenChat(
  { reader, inbox }: ReadChatPorts,
  signal: AbortSignal,
): Promise<void> {
  const opened = await reader.openRows(signal);
  if (opened === undefined || opened.conversation.isSelf || opened.rows.length === 0) return;
  const { conversation: open, rows: drawn } = opened;
  // With messages of its own in view, a title that others have too does not matter.
  const target = await inbox.locate(withIds(open, open, drawn), idsOf(drawn));
  if (target === undefined) return;
  const known = new Set(target.lastReadIds);
  const hasMet = drawn.some(({ canonicalId }) => known.has(canonicalId));
  const rows = hasMet
    ? drawn
    : mergeRows(drawn, (await reader.rowsAfter(target.lastReadIds, MOST_ROWS, signal)).rows);
  await inbox.take(target, {
    rows: await expandAll(reader, rows, target, signal),
    isComplete: hasMet,
    unreadCount: 0,
  });
}

/** Ids that the rows carry (`true_<jid>_…`) say which chat this is, in eras whose header does not. */
export function withIds(
  chat: EngineChat,
  open: Pick<EngineChat, "jid" | "phone" | "kind">,
  rows: readonly MessageRow[],
): EngineChat {
  const jid =
    chat.jid ?? open.jid ?? rows.findLast(({ chatJid }) => chatJid !== undefined)?.chatJid;
  const phone = chat.phone ?? open.phone;
  const kind = chat.kind === "unknown" ? open.kind : chat.kind;
  return {
    ...chat,
    kind,
    ...(jid !== undefined && { jid }),
    ...(phone !== undefined && { phone }),
  };
}

export function idsOf(rows: readonly MessageRow[]): readonly string[] {
  return rows.map(({ canonicalId }) => canonicalId);
}

/** `second`, with the rows that only `first` has behind those that they follow there. */
export function mergeRows(
  first: readonly MessageRow[],
  second: readonly MessageRow[],
): readonly MessageRow[] {
  const merged = [...second];
  let at = -1;
  for (const row of first) {
    const found = merged.findIndex(({ canonicalId }) => canonicalId === row.canonicalId);
    if (found === -1) merged.splice(at + 1, 0, row);
    at = found === -1 ? at + 1 : found;
  }
  return merged;
}

/** Texts that are new or corrected, whole. What is known was read whole already, and is cut again at each visit. */
async function expandAll(
  reader: ChatReader,
  rows: readonly MessageRow[],
  { lastReadIds }: EngineTarget,
  signal: AbortSignal,
): Promise<readonly MessageRow[]> {
  const known = new Set(lastReadIds);
  const expanded: MessageRow[] = [];
  for (const row of rows) {
    const isWanted = row.isEdited || !known.has(row.canonicalId);
    const isCut = !row.isComplete && row.kind === "text" && row.direction !== "out";
    expanded.push(isWanted && isCut ? await reader.expand(row, signal) : row);
  }
  return expanded;
}
