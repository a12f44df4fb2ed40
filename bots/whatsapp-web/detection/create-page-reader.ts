import type { Page } from "playwright-core";
import { PregoneroError } from "../../../src/core/errors.ts";
import { blackOut } from "./black-out.ts";
import { checkCanary } from "./check-canary.ts";
import { dismissPopup } from "./dismiss-popup.ts";
import { downloadMedia } from "./download-media.ts";
import { drawnChats, listChats } from "./list-chats.ts";
import { openChat } from "./open-chat.ts";
import { createPageCalls } from "./page-calls.ts";
import type { PageElement } from "./page-elements.ts";
import type { PageReader, PageReaderOptions, ScreenReading } from "./page-reader.ts";
import { createPageView } from "./page-view.ts";
import { readConversation } from "./read-conversation.ts";
import { readRestriction, readScreen, screenScope } from "./read-screen.ts";
import { drawnRows, expandRow, openRows, walkRows } from "./walk-rows.ts";
import { watchPage } from "./watch-page.ts";

/** The number of chats that WhatsApp keeps pinned, archived and listed has no bound; an hour of scrolling has. */
const DEFAULT_CHAT_LIMIT = 1000;

/** Reads `page` for as long as it lives, whatever is loaded into it. Throws `bad-selector-pack` without packs. */
export function createPageReader(page: Page, options: PageReaderOptions): PageReader {
  const [newest] = options.packs;
  if (newest === undefined) {
    throw new PregoneroError("bad-selector-pack", "WhatsApp Web is read with at least one pack");
  }
  const view = createPageView(createPageCalls(page), newest, options);

  async function screen(signal?: AbortSignal): Promise<ScreenReading> {
    const look = await view.look((pack) => ({ screen: screenScope(pack) }), signal);
    return readScreen(look.collected, look.pack, look.phrases);
  }

  /** Of every era: the one on the page may change before the locator is used. */
  function element(name: PageElement) {
    const selectors = new Set(options.packs.flatMap(({ elements }) => elements[name]));
    return page.locator([...selectors].join(", ")).first();
  }

  return {
    screen,
    async chats({ unreadOnly = false, limit = DEFAULT_CHAT_LIMIT, others, signal } = {}) {
      const rows = await listChats(view, limit, others, signal);
      return unreadOnly ? rows.filter(({ unreadCount }) => unreadCount > 0) : rows;
    },
    chatsDrawn: async (signal) => (await drawnChats(view, signal)).map(({ row }) => row),
    open: (chat, signal) => openChat(page, view, chat, { box: element("search") }, signal),
    openTitle: async () => (await readConversation(view))?.title,
    conversation: () => readConversation(view),
    openRows: (signal) => openRows(view, signal),
    rows: (signal) => drawnRows(view, signal),
    rowsAfter: (lastReadIds, limit, signal) =>
      view.times.whileScrolling(() => walkRows(view, lastReadIds, limit, signal)),
    expand: (row, signal) => expandRow(view, row, signal),
    async isRestricted() {
      const look = await view.look((pack) => ({ screen: screenScope(pack) }));
      return readRestriction(look.collected, look.phrases);
    },
    element,
    composer: () => element("composer"),
    sendButton: () => element("send"),
    captionBox: () => element("caption"),
    fileInput: () => element("file-input"),
    download: (row, limits) => downloadMedia(page, view, row, limits),
    watch: (onChange, signal) => watchPage(page, options.packs, onChange, signal),
    dismiss: (popup, signal) =>
      dismissPopup(
        page,
        popup,
        {
          confirm: element("confirm-ok"),
          useHere: element("use-here"),
          screen: () => screen(signal),
        },
        signal,
      ),
    blackOut,
    pack: () => view.pack().name,
    canary: () => checkCanary(view),
  };
}
