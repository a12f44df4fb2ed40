import { actions } from "./actions.js";
import { avatar, icon, testid, tick } from "./icons.js";
import { lot } from "./message-id.js";
import { set, state } from "./state.js";
import { counted, listTime } from "./times.js";
import { h } from "./vdom.js";

const ROW = 72;
/** Rows drawn above and below those in sight. */
const OVERSCAN = 12;
const seats = new Map();
let nextSeat = 0;

/** What is listed: chats by their last message, or what the search finds, with headings. */
export function listed(texts) {
  const needle = state.search.trim().toLocaleLowerCase();
  const chats = [...state.chats.values()].filter(
    (chat) => chat.last !== null || chat.kind === "self",
  );
  const byTime = (a, b) =>
    (b.last?.atMs ?? 0) - (a.last?.atMs ?? 0) || (b.last?.version ?? 0) - (a.last?.version ?? 0);
  if (needle === "") return chats.filter(FILTERS[state.filter]).sort(byTime);
  const all = [...state.chats.values()];
  const digits = needle.replace(/\D/g, "");
  const names = all
    .filter(
      ({ name, jid }) =>
        name.toLocaleLowerCase().includes(needle) || (digits.length > 3 && jid.includes(digits)),
    )
    .sort(byTime);
  const groups = all.filter(
    (chat) =>
      !names.includes(chat) &&
      chat.participants.some(({ name }) => name.toLocaleLowerCase().includes(needle)),
  );
  const found = all
    .filter((chat) => chat.last?.text.toLocaleLowerCase().includes(needle))
    .sort(byTime);
  const section = (heading, rows, kind) =>
    rows.length === 0 ? [] : [{ heading }, ...rows.map((chat) => ({ ...chat, kindOfHit: kind }))];
  return [
    ...section(texts.chats, names, "chat"),
    ...section(texts.groupsInCommon, groups, "group"),
    ...section(texts.messages, found, "message"),
  ];
}

const FILTERS = [
  () => true,
  ({ unread }) => unread > 0,
  () => false,
  ({ kind }) => kind === "group",
];

export function chatList(view) {
  const { settings, texts } = view;
  const entries = listed(texts);
  const height = state.paneHeight ?? 800;
  const first = Math.max(0, Math.floor(state.listScroll / ROW) - OVERSCAN);
  const last = Math.ceil((state.listScroll + height) / ROW) + OVERSCAN;
  const rows = entries.slice(first, last).map((entry, at) => row(entry, first + at, view));
  return h(
    "div",
    {
      id: "pane-side",
      class: "_ak9y pane-side",
      tabindex: "-1",
      on: {
        scroll: (event) =>
          set({ listScroll: event.target.scrollTop, paneHeight: event.target.clientHeight }),
      },
    },
    h(
      "div",
      testid(settings, "chat-list"),
      h(
        "div",
        {
          role: "grid",
          "aria-label": state.search === "" ? texts.chatList : texts.searchResults,
          "aria-rowcount": String(entries.length),
          class: "x1n2onr6 rows",
          style: `height: ${entries.length * ROW}px`,
        },
        // In the order of their seats: the place in the document says nothing about the place on the screen.
        rows.sort((a, b) => a.seat - b.seat).map(({ node }) => node),
      ),
    ),
  );
}

function row(entry, at, view) {
  const { settings } = view;
  const key =
    entry.heading === undefined
      ? `${entry.kindOfHit ?? "chat"} ${entry.jid}`
      : `# ${entry.heading}`;
  if (!seats.has(key)) {
    seats.set(key, nextSeat);
    nextSeat += 1;
  }
  const style = `z-index: ${at}; transition: none; height: ${ROW}px; transform: translateY(${at * ROW}px)`;
  const inner =
    entry.heading === undefined
      ? chatCell(entry, view)
      : h("div", { class: "heading" }, entry.heading);
  const node =
    settings.era === "C"
      ? h("div", { key, role: "listitem", class: "x10l6tqk list-row", style }, inner)
      : h(
          "div",
          { key, class: "x10l6tqk list-row", style, "data-testid": `list-item-${at}` },
          h("div", { role: "row", "aria-selected": String(entry.jid === state.openChat) }, inner),
        );
  return { seat: seats.get(key), node };
}

function chatCell(chat, view) {
  const { settings, texts } = view;
  const isOpen = chat.jid === state.openChat;
  const last = chat.last;
  return h(
    "div",
    {
      class: `_ak72 cell ${isOpen ? "_ak7o open" : ""} ${chat.unread > 0 ? "unread" : ""}`,
      tabindex: "-1",
      "aria-selected": settings.era === "C" ? String(isOpen) : undefined,
      ...testid(settings, "cell-frame-container"),
      // The press opens a chat, not the click: a script's click() does nothing.
      on: { mousedown: () => actions.open(chat.jid) },
    },
    h("div", { class: "_ak8h" }, avatar(settings, chat)),
    h(
      "div",
      {
        class: "_ak8l main",
        role: settings.era === "D" ? "gridcell" : undefined,
        "aria-colindex": "2",
        tabindex: settings.era === "D" ? "-1" : undefined,
        ...(chat.kind === "self" ? testid(settings, "message-yourself-row") : {}),
      },
      h(
        "div",
        { class: "_ak8o top", role: settings.era === "C" ? "gridcell" : undefined },
        h(
          "div",
          { class: "_ak8q title", ...testid(settings, "cell-frame-title") },
          settings.era === "D" && unreadText(chat, view),
          nameSpan(chat, view),
        ),
        h(
          "div",
          { class: "_ak8i when", ...testid(settings, "cell-frame-primary-detail") },
          last === null ? "" : listTime(last.atMs, settings, texts),
        ),
      ),
      h(
        "div",
        { class: "_ak8j bottom", ...testid(settings, "cell-frame-secondary") },
        h("div", { class: "_ak8k preview" }, preview(chat, view)),
        h(
          "div",
          {
            class: "_ak8i badges",
            role: "gridcell",
            ...testid(settings, "cell-frame-secondary-detail"),
          },
          badges(chat, view),
        ),
      ),
    ),
  );
}

/** Stands in the cell of the title, seen by screen readers only. */
function unreadText(chat, { settings, texts }) {
  if (chat.unread === 0) return undefined;
  return h(
    "span",
    { class: "for-readers" },
    texts.unread(chat.unread, counted(chat.unread, settings.language)),
  );
}

export function nameOf(chat, texts) {
  return chat.kind === "self" ? texts.yourself(chat.name) : chat.name;
}

function nameSpan(chat, { texts }) {
  const name = nameOf(chat, texts);
  // Numbers are embedded in marks that keep them left to right.
  const title = chat.isSaved ? name : `\u202a${name}\u202c`;
  return h("span", { dir: "auto", title, class: "x1iyjqo2 _ao3e name" }, title);
}

function preview(chat, { settings, texts }) {
  const { last } = chat;
  if (chat.isTyping) return h("span", { class: "typing", title: texts.typing }, texts.typing);
  const text = last === null ? "" : previewText(chat, last, texts);
  // Two rows of three have no title.
  const isTitled = settings.era === "C" || lot(chat.jid, 3) >= 0.68;
  const draft = state.drafts.get(chat.jid);
  const isTicked = last?.isOwn === true && !last.isDeleted && draft === undefined;
  return h(
    "span",
    {
      class: "status",
      title: isTitled ? `\u202a${text}\u202c` : undefined,
      ...testid(settings, "last-msg-status"),
    },
    isTicked && h("div", { class: "_ak8k-tick" }, tick(settings, texts, last.ack, "list")),
    chat.kind === "group" &&
      last !== null &&
      !last.isOwn &&
      h("span", { dir: "auto", class: "who" }, `${last.author?.name ?? ""}: `),
    last !== null && mediaIcon(last, settings),
    h("span", { dir: "ltr", class: "x78zum5 text" }, draft ?? text),
  );
}

function mediaIcon(last, settings) {
  const kind = last.isDeleted ? undefined : last.media[0]?.kind;
  if (kind === undefined) return undefined;
  const name = {
    image: "image",
    video: "video",
    voice: "mic",
    document: "document",
    sticker: "sticker",
  }[kind];
  return icon(
    settings,
    settings.era === "C" ? `status-${name}` : `ic-${name}`,
    kind === "voice" ? "mic" : kind === "document" ? "file" : "image",
    { class: "kind" },
  );
}

function previewText(_chat, last, texts) {
  if (last.isDeleted) return last.isOwn ? texts.deletedOwn : texts.deleted;
  if (last.text !== "") return last.text.slice(0, 500).replace(/\s+/g, " ");
  if (last.kind === "album") return texts.album(last.media.length);
  const media = last.media[0];
  if (media === undefined) return texts[last.kind] ?? "";
  return {
    image: texts.photo,
    video: texts.video,
    voice: `0:0${media.seconds}`,
    document: media.fileName,
    sticker: texts.sticker,
  }[media.kind];
}

function badges(chat, { settings, texts }) {
  const count = counted(chat.unread, settings.language);
  return h(
    "span",
    { class: "badge-row" },
    chat.isMuted &&
      icon(
        settings,
        settings.era === "C" ? "muted" : "ic-notifications-off",
        "mute",
        testid(settings, "mute-notifications-refreshed"),
      ),
    chat.isMentioned &&
      h(
        "span",
        { class: "mention-badge", ...testid(settings, "icon-mentions") },
        icon(settings, settings.era === "C" ? "mentions" : "ic-alternate-email", "at"),
      ),
    chat.unread > 0 &&
      h(
        "span",
        {
          class: "x1rg5ohu badge",
          "aria-label": texts.unread(chat.unread, count),
          ...testid(settings, "icon-unread-count"),
        },
        count,
      ),
  );
}
