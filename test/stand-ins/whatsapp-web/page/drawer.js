import { actions } from "./actions.js";
import { nameOf } from "./chat-list.js";
import { avatar, icon } from "./icons.js";
import { set, state } from "./state.js";
import { h } from "./vdom.js";

/** "New chat": the contacts, as list items, unlike the chats. */
export function drawer({ settings, texts }) {
  const contacts = [...state.chats.values()]
    .filter(({ kind }) => kind !== "group")
    .sort((a, b) => a.name.localeCompare(b.name));
  return h(
    "div",
    { class: "drawer", "data-animate-drawer-title": "true", key: "drawer" },
    h(
      "header",
      { class: "side-header" },
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": texts.back,
          on: { click: () => set({ isDrawerOpen: false }) },
        },
        icon(settings, "back-refreshed", "back"),
      ),
      h("h1", { class: "side-title" }, texts.newChat),
    ),
    h(
      "div",
      { class: "drawer-list", role: "list" },
      contacts.map((chat) =>
        h(
          "div",
          {
            role: "listitem",
            key: chat.jid,
            class: "cell",
            on: { mousedown: () => actions.open(chat.jid) },
          },
          avatar(settings, chat),
          h("span", { dir: "auto", title: nameOf(chat, texts) }, nameOf(chat, texts)),
        ),
      ),
    ),
  );
}
