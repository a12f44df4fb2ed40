import type { Locator, Page } from "playwright-core";
import { PregoneroError } from "../../../src/core/errors.ts";
import { itemsOf } from "./found.ts";
import { drawnChats, scrollList } from "./list-chats.ts";
import { guarded } from "./page-calls.ts";
import type { ChatRow, OpenConversation } from "./page-reader.ts";
import type { PageView, View } from "./page-view.ts";
import { until } from "./pause.ts";
import { chatScope, type DrawnChat, readChats } from "./read-chats.ts";
import { headerScopes, toConversation } from "./read-conversation.ts";

type Wanted = Pick<ChatRow, "title"> & Partial<ChatRow>;

/** A row that just moved is clicked again; more often it is somebody else's doing. */
const ATTEMPTS = 3;
const CLICK_TIMEOUT_MS = 4000;
const HEADER_WITHIN_MS = 6000;

/**
 * Opens a chat by a click on its row (the row reacts to the press, which a script's `click()` does not make) and looks at
 * the header afterwards: rows move as people write, so a place in the list proves nothing.
 */
export async function openChat(
  page: Page,
  view: PageView,
  wanted: Wanted,
  search: { readonly box: Locator },
  signal: AbortSignal | undefined,
): Promise<void> {
  const first = await view.look(
    (pack) => ({ ...headerScopes(pack), chats: chatScope(pack) }),
    signal,
  );
  if (isIt(toConversation(first), wanted)) return settled(view, first, signal);
  let drawn = readChats(first.collected, first.pack, first.phrases);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) drawn = await drawnChats(view, signal);
    const found = await findInList(view, drawn, wanted, attempt === 0, signal);
    if (found === undefined) break;
    if (await press(page, view, found, wanted, signal)) return;
  }
  if (await openBySearch(page, view, wanted, search.box, signal)) return;
  throw new PregoneroError(
    "chat-not-found",
    "the chat is neither in the list nor found by the search: it was deleted or renamed",
  );
}

/** The jid decides where both sides know it. */
function isIt(open: OpenConversation | undefined, wanted: Wanted): boolean {
  if (open === undefined) return false;
  if (open.jid !== undefined && wanted.jid !== undefined && sameKind(open.jid, wanted.jid)) {
    return open.jid === wanted.jid;
  }
  return (
    open.title === wanted.title && (wanted.isSelf === undefined || open.isSelf === wanted.isSelf)
  );
}

/** A person's jid and lid differ, and both are right. */
function sameKind(one: string, other: string): boolean {
  return one.slice(one.indexOf("@")) === other.slice(other.indexOf("@"));
}

/** Where the list stands, else from the top on; the search is left to those who are far down. */
async function findInList(
  view: PageView,
  drawn: readonly DrawnChat[],
  wanted: Wanted,
  isFirst: boolean,
  signal: AbortSignal | undefined,
): Promise<Picked | undefined> {
  const here = pick(drawn, wanted);
  if (here !== undefined || !isFirst) return here;
  await scrollList(view, "top", signal);
  return pick(await drawnChats(view, signal), wanted);
}

type Picked = DrawnChat & { readonly isTitleShared: boolean };

function pick(drawn: readonly DrawnChat[], wanted: Wanted): Picked | undefined {
  const named = drawn.filter(
    ({ row }) =>
      row.title === wanted.title && (wanted.isSelf === undefined || row.isSelf === wanted.isSelf),
  );
  const picked = named.find(({ row }) => row.preview === wanted.preview) ?? named[0];
  return picked === undefined ? undefined : { ...picked, isTitleShared: named.length > 1 };
}

async function press(
  page: Page,
  view: PageView,
  chat: Picked,
  wanted: Wanted,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { list } = view.pack();
  const titled = page.locator(`[title="${chat.rawTitle.replace(/["\\\n\r\f]/g, escapeInCss)}"]`);
  const rows = page
    .locator(list.root.join(", "))
    .first()
    .locator(list.row.join(", "))
    .filter({ has: titled });
  const alike = rows.filter({ hasText: plainRun(chat.row.preview) });
  // Of two chats with one title, the one with the same preview; the page's marks may hide it.
  const isAlike = chat.isTitleShared && (await guarded(alike.count(), signal)) > 0;
  const row = (isAlike ? alike : rows).first();
  try {
    await guarded(row.click({ timeout: CLICK_TIMEOUT_MS }), signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (page.isClosed()) throw error;
    return false;
  }
  const opened = await untilOpened(view, wanted, signal);
  if (opened === undefined) return false;
  await settled(view, opened, signal);
  return true;
}

/** The longest run of letters and spaces: that much of a preview stands in the page as it was read. */
function plainRun(preview = ""): string {
  const runs = preview.match(/[\p{L}\p{N} ]+/gu) ?? [];
  return (
    runs
      .sort((one, other) => other.length - one.length)[0]
      ?.trim()
      .slice(0, 60) ?? ""
  );
}

function escapeInCss(sign: string): string {
  return sign === '"' || sign === "\\"
    ? `\\${sign}`
    : `\\${(sign.codePointAt(0) ?? 0).toString(16)} `;
}

function untilOpened(
  view: PageView,
  wanted: Wanted,
  signal: AbortSignal | undefined,
): Promise<View | undefined> {
  return until(
    async () => {
      const look = await view.look(headerScopes, signal);
      return isIt(toConversation(look), wanted) ? look : undefined;
    },
    { withinMs: HEADER_WITHIN_MS, signal },
  );
}

/** Types the title: the page takes no value that nobody typed. The box is emptied again in any case. */
async function openBySearch(
  page: Page,
  view: PageView,
  wanted: Wanted,
  box: Locator,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const options = { timeout: CLICK_TIMEOUT_MS };
  try {
    await guarded(box.click(options), signal);
    await guarded(box.press("ControlOrMeta+a", options), signal);
    await guarded(box.pressSequentially(wanted.title.slice(0, 80), { timeout: 15_000 }), signal);
    const found = await until(async () => pick(await drawnChats(view, signal), wanted), {
      withinMs: 5000,
      signal,
    });
    return found !== undefined && (await press(page, view, found, wanted, signal));
  } catch (error) {
    signal?.throwIfAborted();
    if (page.isClosed()) throw error;
    return false;
  } finally {
    await box
      .press("ControlOrMeta+a", options)
      .then(() => box.press("Backspace", options))
      .catch(() => undefined);
  }
}

/** Until the rows of the conversation are there; a conversation may have none. */
async function settled(view: PageView, last: View, signal: AbortSignal | undefined): Promise<void> {
  if (isSettled(last)) return;
  await until(async () => (isSettled(await view.look(headerScopes, signal)) ? true : undefined), {
    withinMs: 8000,
    signal,
  });
}

function isSettled(look: View): boolean {
  const [main] = itemsOf(look.collected, "header");
  return toConversation(look) !== undefined && main?.first("busy") === undefined;
}
