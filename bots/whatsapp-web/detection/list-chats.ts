import type { ChatRow } from "./page-reader.ts";
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
 * up meanwhile, because somebody writes, is found when the top is looked at once more at the end.
 */
export async function listChats(
  view: PageView,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<readonly ChatRow[]> {
  const tally = createTally();
  let position = await scrollList(view, "top", signal);
  tally.add(await drawnChats(view, signal));
  let isMoved = false;
  for (let step = 0; step < MAX_STEPS && tally.count() < limit; step += 1) {
    if (position === undefined || position.top + position.view >= position.height - 2) break;
    const before = position.top;
    position = await scrollList(view, { by: 0.8 }, signal);
    tally.add(await drawnChats(view, signal));
    isMoved = true;
    if (position !== undefined && position.top <= before) break;
  }
  if (isMoved) {
    await scrollList(view, "top", signal);
    tally.add(await drawnChats(view, signal));
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
 * chats may have one title and one preview. A chat seen twice with different previews counts as the later one only when
 * it is the only one of its title in every drawing.
 */
function createTally() {
  const found = new Map<string, ChatRow[]>();
  const mostAtOnce = new Map<string, number>();
  const keyOf = (row: ChatRow) => JSON.stringify([row.title, row.kind]);
  const sameText = (one: ChatRow, other: ChatRow) =>
    one.preview === other.preview && one.unreadCount === other.unreadCount;

  return {
    add(drawn: readonly DrawnChat[]): void {
      const groups = new Map<string, ChatRow[]>();
      for (const { row } of drawn) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
      for (const [key, rows] of groups) {
        const known = found.get(key) ?? [];
        const most = Math.max(mostAtOnce.get(key) ?? 0, rows.length);
        mostAtOnce.set(key, most);
        found.set(key, merge(known, rows));
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
