import { actions, isHidden } from "./actions.js";
import { nameOf } from "./chat-list.js";
import { compose } from "./compose.js";
import { avatar, icon, testid } from "./icons.js";
import { lot } from "./message-id.js";
import { messageRow } from "./message-row.js";
import { changed, state } from "./state.js";
import { counted, dayName, dayOf } from "./times.js";
import { h } from "./vdom.js";

/** How far beyond the sight rows are drawn; farther ones are empty shells. */
const DRAWN_BEYOND = 1_500;
const GUESSED_HEIGHT = 60;
/** So near to the end counts as the end, where the page follows what comes. */
const NEAR_END = 80;
const NEAR_START = 400;

let rows = new Map();
let rowsFor;
let place = { jid: undefined, isAtEnd: true, top: 0, height: 800, firstId: undefined, total: 0 };

export function conversation(chat, view) {
  const { settings } = view;
  const loaded = state.conversations.get(chat.jid);
  if (place.jid !== chat.jid) place = { jid: chat.jid, isAtEnd: true, top: 0, height: 800 };
  return h(
    "div",
    { id: "main", class: "_aigw main" },
    header(chat, view),
    h(
      "div",
      { class: "x1n2onr6 messages-frame", ...testid(settings, "conversation-panel-body") },
      h(
        "div",
        {
          class: "_ajyl copyable-area panel",
          tabindex: "0",
          "data-scrolltracepolicy": "wa.web.conversation.messages",
          ...testid(settings, "conversation-panel-messages"),
          on: { scroll },
        },
        h("div", { class: "filler" }),
        h(
          "div",
          {
            role: "application",
            class: "x3psx0u rows-of-messages",
            tabindex: "-1",
            "data-tab": "8",
            "aria-label": undefined,
          },
          loaded === undefined
            ? h("div", { class: "spinner", key: "spinner" })
            : messageRows(chat, loaded, view),
        ),
      ),
    ),
    compose(chat, view),
  );
}

function header(chat, { settings, texts }) {
  const members = chat.participants.map(({ name }) => name);
  const subtitle = chat.isTyping
    ? texts.typing
    : chat.kind === "group"
      ? texts.members([...members, texts.you])
      : texts.clickForInfo;
  return h(
    "header",
    { class: "_amid conversation-header", ...testid(settings, "conversation-header") },
    h("div", { role: "button", tabindex: "0" }, avatar(settings, chat)),
    h(
      "div",
      {
        class: "_amie head",
        role: "button",
        tabindex: "0",
        ...testid(settings, "conversation-info-header"),
      },
      h(
        "div",
        { class: "_amif head-title", ...testid(settings, "conversation-info-header-chat-title") },
        h("span", { dir: "auto", class: "x1iyjqo2 _ao3e" }, nameOf(chat, texts)),
      ),
      h(
        "div",
        { class: "x1cy8zhl head-subtitle", ...testid(settings, "chat-subtitle") },
        h("span", { title: subtitle, class: "_ao3e" }, subtitle),
      ),
    ),
    h(
      "div",
      { role: "button", tabindex: "0", class: "icon-button", "aria-label": texts.menu },
      icon(settings, settings.era === "C" ? "menu" : "wds-ic-more", "menu"),
    ),
  );
}

function messageRows(chat, loaded, view) {
  const { settings, texts } = view;
  if (rowsFor !== settings) {
    rows = new Map();
    rowsFor = settings;
  }
  const { messages } = loaded;
  const drawn = isHidden() ? messages.slice(-1) : messages;
  const sight = place.isAtEnd
    ? undefined
    : { from: place.top - DRAWN_BEYOND, to: place.top + place.height + DRAWN_BEYOND };
  const heights = drawn.map(({ id }) => loaded.heights.get(id) ?? GUESSED_HEIGHT);
  const total = heights.reduce((sum, height) => sum + height, 0);
  let top = 0;
  let day;
  let previous;
  return drawn.flatMap((message, at) => {
    const bottom = top + heights[at];
    const isSeen =
      sight === undefined
        ? bottom >= total - place.height - DRAWN_BEYOND
        : bottom >= sight.from && top <= sight.to;
    top = bottom;
    const isFirst =
      previous === undefined ||
      previous.isOwn !== message.isOwn ||
      previous.author?.jid !== message.author?.jid ||
      previous.kind === "system" ||
      dayOf(message.atMs) !== day;
    const isNewDay = dayOf(message.atMs) !== day;
    const divider = isNewDay ? [dayDivider(message, view)] : [];
    const isFirstUnread = message.id === state.firstUnreadId;
    if (isFirstUnread && !isHidden()) divider.push(unreadDivider(view));
    day = dayOf(message.atMs);
    previous = message;
    return [
      ...divider,
      cachedRow(message, { chat, settings, texts, isFirst, isShell: !isSeen, height: heights[at] }),
    ];
  });
}

function cachedRow(message, rowPlace) {
  const blobs = message.media.map(({ id }) => state.blobs.get(id)?.version ?? 0).join();
  const { chat, isFirst, isShell, height } = rowPlace;
  const signature = [
    message.version,
    message.ack,
    isFirst,
    isShell,
    isShell ? height : "",
    state.expanded.get(message.id) ?? "",
    blobs,
    chat.isSaved,
  ].join("|");
  const known = rows.get(message.id);
  if (known?.signature === signature) return known.node;
  const node = messageRow(message, rowPlace);
  rows.set(message.id, { signature, node });
  return node;
}

function dayDivider(message, { settings, texts }) {
  const name = dayName(message.atMs, settings, texts);
  return h(
    "div",
    {
      key: `day ${dayOf(message.atMs)}`,
      class: "focusable-list-item _amjc system",
      tabindex: "-1",
    },
    h(
      "div",
      { class: "system-text day" },
      h("span", { dir: "auto", "aria-hidden": lot(name, 1) > 0.5 ? "true" : undefined }, name),
    ),
  );
}

function unreadDivider({ settings, texts }) {
  const number = state.unreadAtOpening;
  return h(
    "div",
    { key: "unread", class: "focusable-list-item system", tabindex: "-1" },
    h(
      "div",
      { class: "system-text" },
      h(
        "span",
        { "aria-live": "polite" },
        texts.unreadDivider(number, counted(number, settings.language)),
      ),
    ),
  );
}

function scroll(event) {
  const { scrollTop, clientHeight, scrollHeight } = event.target;
  const wasAtEnd = place.isAtEnd;
  const isFar = Math.abs(scrollTop - place.top) > DRAWN_BEYOND / 3;
  place.isAtEnd = scrollTop + clientHeight >= scrollHeight - NEAR_END;
  if (isFar || wasAtEnd !== place.isAtEnd) {
    place.top = scrollTop;
    place.height = clientHeight;
    changed();
  }
  if (scrollTop < NEAR_START) void actions.loadOlder();
  if (place.isAtEnd) actions.markRead();
}

/** After a drawing: keeps what is in sight in its place, and learns how high the rows are. */
export function settleScroll() {
  const panel = document.querySelector("#main .panel");
  const loaded = state.conversations.get(state.openChat);
  if (panel === null || loaded === undefined) return;
  for (const { id } of loaded.messages) {
    const el = rows.get(id)?.node.el;
    if (el?.isConnected && el.offsetHeight > 0) loaded.heights.set(id, el.offsetHeight);
  }
  const firstId = loaded.messages[0]?.id;
  if (place.isAtEnd) panel.scrollTop = panel.scrollHeight;
  else if (place.firstId !== undefined && place.firstId !== firstId) {
    // Older rows came above.
    panel.scrollTop += panel.scrollHeight - place.total;
    place.top = panel.scrollTop;
    changed();
  }
  place.firstId = firstId;
  place.total = panel.scrollHeight;
  place.height = panel.clientHeight;
}

/** Own messages bring the end into sight. */
export function goToEnd() {
  place.isAtEnd = true;
}
