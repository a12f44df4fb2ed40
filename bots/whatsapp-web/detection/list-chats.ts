import type { ChatRow, PageOthers } from "./page-reader.ts";
import type { PageView } from "./page-view.ts";
import { chatScope, type DrawnChat, readChats } from "./read-chats.ts";

/** Enough for any account: WhatsApp keeps no more on the list of a web client than a few thousand. */
const MAX_STEPS = 600;

/** What is drawn of the list now. */
export async function drawnChats(
  view: PageView,
  signal: AbortSignal | undefined,
): Promise<readonly DrawnChat[]> {
  const { collected, pack, phrases } = await view.look(
    (each) => ({ chats: chatScope(each) }),
    signal,
  );
  return readChats(collected, pack, phrases);
}

/**
 * All of the list, by scrolling through it: of 485 chats about 70 are drawn at a time (reference, §1.2). A chat that moves
 * up meanwhile, because somebody writes, is found when the top is looked at once more at the end. `others` get the list
 * as they expect it, from its top on.
 */
export async function listChats(
  view: PageView,
  limit: number,
  others: PageOthers | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly ChatRow[]> {
  const tally = createTally();
  let position = await scrollList(view, "top", signal);
  tally.add(await drawnChats(view, signal));
  let isMoved = false;
  for (let step = 0; step < MAX_STEPS && tally.count() < limit; step += 1) {
    if (position === undefined || position.top + position.view >= position.height - 2) break;
    if (others?.areWaiting() === true) {
      await scrollList(view, "top", signal);
      await others.giveWay(signal);
      position = (await scrollList(view, { by: position.top / position.view }, signal)) ?? position;
    }
    const before = position.top;
    position = await scrollList(view, { by: 0.8 }, signal);
    tally.add(await drawnChats(view, signal));
    isMoved = true;
    if (position !== undefined && position.top <= before) break;
  }
  if (isMoved) {
    await scrollList(view, "top", signal);
    tally.addLast(await drawnChats(view, signal));
  }
  return tally.rows().slice(0, limit);
}

export function scrollList(
  view: PageView,
  to: "top" | "end" | { readonly by: number },
  signal: AbortSignal | undefined,
) {
  const { root, row } = view.pack().list;
  return view.calls.scroll({ scroller: root, around: row, to }, signal);
}

/**
 * Chats have no id in the list. Two rows are one chat when they say the same, but for as many as are drawn at once: two
 * chats may have one title and one preview. What the last look at the top shows of a title that was never drawn twice
 * at once is that chat, moved up by a new message.
 */
function createTally() {
  const found = new Map<string, ChatRow[]>();
  const shared = new Set<string>();
  const keyOf = (row: ChatRow) => JSON.stringify([row.title, row.kind]);
  const sameText = (one: ChatRow, other: ChatRow) =>
    one.preview === other.preview && one.unreadCount === other.unreadCount;

  function grouped(drawn: readonly DrawnChat[]): ReadonlyMap<string, ChatRow[]> {
    const groups = new Map<string, ChatRow[]>();
    for (const { row } of drawn) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
    for (const [key, rows] of groups) if (rows.length > 1) shared.add(key);
    return groups;
  }

  return {
    add(drawn: readonly DrawnChat[]): void {
      for (const [key, rows] of grouped(drawn)) found.set(key, merge(found.get(key) ?? [], rows));
    },
    addLast(drawn: readonly DrawnChat[]): void {
      for (const [key, rows] of grouped(drawn)) {
        found.set(key, shared.has(key) ? merge(found.get(key) ?? [], rows) : rows);
      }
    },
    count: () => [...found.values()].reduce((sum, rows) => sum + rows.length, 0),
    rows: () => [...found.values()].flat(),
  };

  /** Rows that say the same are one; drawn at once they are as many as are drawn. */
  function merge(known: readonly ChatRow[], drawn: readonly ChatRow[]): ChatRow[] {
    const merged = [...known];
    const taken = new Set<ChatRow>();
    for (const row of drawn) {
      const match = merged.find((each) => !taken.has(each) && sameText(each, row));
      if (match === undefined) merged.push(row);
      taken.add(match ?? row);
    }
    return merged;
  }
}
