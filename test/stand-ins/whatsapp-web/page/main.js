import { actions, isHidden } from "./actions.js";
import { chatList } from "./chat-list.js";
import { conversation, goToEnd, settleScroll } from "./conversation.js";
import { drawer } from "./drawer.js";
import { avatar, icon, testid } from "./icons.js";
import { ask, connect } from "./link.js";
import { loadingScreen, loginPage, textPage } from "./login-view.js";
import { installModules } from "./modules.js";
import { butterbar, messageMenu, popup } from "./popups.js";
import { dropSession, keepSession, readSession } from "./session-store.js";
import { changed, onChange, set, state } from "./state.js";
import { lockTab } from "./tab-lock.js";
import { textsFor } from "./texts.js";
import { h, listen, render } from "./vdom.js";

const root = document.getElementById("app");
const PROGRESS_STEPS = 20;
let tree;

function draw() {
  const { settings } = state;
  const view = { settings, texts: textsFor(settings.language) };
  document.documentElement.lang = settings.language;
  tree = render(root, page(view), tree);
  settleScroll();
  const unread = [...state.chats.values()].filter((chat) => chat.unread > 0).length;
  document.title = unread > 0 ? `(${unread}) WhatsApp` : "WhatsApp Web";
}

function page(view) {
  const { settings, texts } = view;
  const wrap = (...children) =>
    h("div", { class: `app-wrapper-web era-${settings.era.toLowerCase()}` }, ...children);
  if (settings.popup === "old-browser") return wrap(textPage(view, texts.oldBrowser));
  if (state.phase === "loading") return wrap(loadingScreen(view));
  if (state.phase === "login") return wrap(loginPage(view));
  return wrap(
    h(
      "div",
      { class: "two", tabindex: "-1", key: "two", ...testid(settings, "wa-web-main-screen") },
      side(view),
      state.openChat === undefined
        ? intro(view)
        : conversation(state.chats.get(state.openChat), view),
    ),
    messageMenu(view),
    popup(view),
  );
}

function side(view) {
  const { settings, texts } = view;
  return h(
    "div",
    { id: "side", class: "_ak9p side" },
    h(
      "header",
      { class: "_aig- side-header", ...testid(settings, "chatlist-header") },
      h("h1", { class: "side-title" }, "WhatsApp"),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": texts.newChat,
          title: texts.newChat,
          on: { click: () => set({ isDrawerOpen: true }) },
        },
        icon(settings, settings.era === "C" ? "new-chat-outline" : "new-chat-outline", "chat"),
      ),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": texts.menu,
          title: texts.menu,
          on: { click: () => set({ isMenuOpen: !state.isMenuOpen }) },
        },
        icon(settings, settings.era === "C" ? "menu" : "more-refreshed", "menu"),
      ),
      state.isMenuOpen &&
        h(
          "div",
          { class: "menu main-menu", role: "application" },
          h(
            "ul",
            {},
            h(
              "li",
              {
                role: "button",
                class: "menu-item",
                tabindex: "0",
                on: { click: () => ask("log-out") },
              },
              texts.logOut,
            ),
          ),
        ),
    ),
    butterbar(view),
    searchBox(view),
    h(
      "div",
      { role: "tablist", class: "filters", "aria-label": "chat-list-filters" },
      texts.filters.map((label, at) =>
        h(
          "button",
          {
            type: "button",
            role: "tab",
            "aria-selected": String(state.filter === at),
            class: state.filter === at ? "on" : "",
            on: { click: () => set({ filter: at }) },
          },
          label,
        ),
      ),
    ),
    chatList(view),
    state.isDrawerOpen && drawer(view),
  );
}

const contentEditable = document.createElement("div");

function searchBox({ settings, texts }) {
  const glass = icon(settings, settings.era === "C" ? "search" : "search-refreshed", "search");
  if (settings.era === "D") {
    const props = {
      type: "text",
      role: "textbox",
      "data-tab": "3",
      "aria-label": texts.search,
      placeholder: texts.search,
      ...testid(settings, "chat-list-search-input"),
    };
    return h(
      "div",
      { class: "search", key: "search-d" },
      glass,
      h("input", {
        ...props,
        on: { input: (event) => set({ search: event.target.value, listScroll: 0 }) },
      }),
    );
  }
  for (const [name, value] of Object.entries({
    contenteditable: "true",
    role: "textbox",
    "data-tab": "3",
    "aria-label": texts.search,
    title: texts.search,
    class: "selectable-text copyable-text x15bjb6t search-box",
    "data-lexical-editor": "true",
  }))
    contentEditable.setAttribute(name, value);
  return h(
    "div",
    {
      class: "search",
      key: "search-c",
      on: { input: (event) => set({ search: event.target.textContent, listScroll: 0 }) },
    },
    glass,
    h("div", { key: "box", node: contentEditable }),
    state.search === "" && h("div", { class: "search-placeholder", key: "hint" }, texts.search),
  );
}

function intro(view) {
  const { settings, texts } = view;
  return h(
    "div",
    { class: "intro", ...testid(settings, "intro-md-beta-logo-light") },
    avatar(settings, { kind: "private" }),
    h("h1", {}, texts.introTitle),
    h("div", {}, texts.introText),
  );
}

async function signedIn(snapshot) {
  const isFirst = state.phase !== "main";
  set({
    own: snapshot.own,
    settings: snapshot.settings,
    chats: new Map(snapshot.chats.map((chat) => [chat.jid, chat])),
  });
  if (!isFirst) {
    actions.resend();
    await actions.refresh();
    return;
  }
  set({ phase: "loading" });
  for (let step = 1; step <= PROGRESS_STEPS && snapshot.slowStartMs > 0; step += 1) {
    await new Promise((resolve) => setTimeout(resolve, snapshot.slowStartMs / PROGRESS_STEPS));
    set({ progress: Math.round((step / PROGRESS_STEPS) * 100) });
  }
  set({ phase: "main" });
  await lockTab();
  await openFromAddress();
}

/** `/send?phone=…&text=…` */
async function openFromAddress() {
  const query = new URLSearchParams(location.search);
  const phone = query.get("phone");
  if (location.pathname !== "/send" || phone === null) return;
  const found = await ask("find-number", { phone });
  if (found?.jid) {
    if (!state.chats.has(found.jid)) state.chats.set(found.jid, found.chat);
    if (query.get("text")) state.drafts.set(found.jid, query.get("text"));
    await actions.open(found.jid);
  } else set({ alert: "invalid-number" });
}

async function boot() {
  const given = new URLSearchParams(location.search).get("session");
  if (given !== null) await keepSession(given);
  const session = (await readSession()) ?? "";
  if (session !== "") {
    const answer = await ask("is-signed-in", { session });
    if (answer?.isSignedIn === false) await dropSession();
  }
  connect(session, signedIn);
}

let lastOwn;
onChange(() => {
  const last = state.conversations.get(state.openChat)?.messages.at(-1);
  if (last?.isOwn && last.id !== lastOwn && last.version === 0) goToEnd();
  lastOwn = last?.id;
  draw();
  actions.markRead();
});
listen(root, ["mousedown", "click", "input", "change", "submit", "scroll", "keydown"]);
addEventListener("click", () => {
  if (state.menuFor !== undefined) set({ menuFor: undefined });
});
addEventListener("resize", changed);
document.addEventListener("visibilitychange", () => {
  if (!isHidden()) actions.markRead();
  changed();
});
document.addEventListener("paste", (event) => {
  const files = [...event.clipboardData.files];
  if (files.length > 0 && state.openChat !== undefined) set({ attachments: files });
});
installModules();
changed();
await boot();
