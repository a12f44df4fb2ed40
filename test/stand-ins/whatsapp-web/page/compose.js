import { actions } from "./actions.js";
import { nameOf } from "./chat-list.js";
import { icon, testid } from "./icons.js";
import { createLexicalBox } from "./lexical-box.js";
import { ask } from "./link.js";
import { set, state } from "./state.js";
import { h } from "./vdom.js";

let box;
let boxKey = "";
let typingTimer;
/** WhatsApp stops saying that somebody types after so long a pause. */
const TYPING_PAUSE_MS = 2_500;

export function compose(chat, view) {
  const { settings, texts } = view;
  if (chat.isRestricted || settings.isRestricted) return restriction(view);
  const current = boxFor(chat, view);
  const isEmpty = current.text().trim() === "";
  const { era } = settings;
  return h(
    "footer",
    { class: "_ak1i footer" },
    state.replyTo !== undefined && replyBar(view),
    h(
      "div",
      // Keyed: the box keeps its place and the focus while the quote above it comes and goes.
      { class: "copyable-area bar", key: "bar" },
      h(
        "label",
        { class: "attach" },
        h(
          "button",
          {
            type: "button",
            title: texts.attach,
            "aria-label": texts.attach,
            "data-tab": "10",
            on: { click: (event) => event.target.closest("label").querySelector("input").click() },
          },
          icon(settings, era === "C" ? "plus-rounded" : "wds-ic-plus", "plus"),
        ),
        h("input", {
          type: "file",
          accept: "*",
          multiple: true,
          class: "hidden",
          on: { change: chooseFiles },
        }),
      ),
      h(
        "div",
        { class: "_ak1r lexical-rich-text-input box" },
        h("div", { class: "x1n2onr6", key: boxKey, node: current.el }),
        isEmpty && h("div", { class: "placeholder", "aria-hidden": "true" }, texts.typeMessage),
      ),
      h(
        "div",
        { class: "_ak1t" },
        isEmpty ? microphone(view) : sendButton(view, () => submit(current)),
      ),
    ),
  );
}

function submit(current) {
  const text = current.text();
  if (text.trim() === "") return;
  current.setText("");
  void actions.sendText(text);
}

function boxFor(chat, { settings, texts }) {
  const name = nameOf(chat, texts);
  const key = `${chat.jid} ${settings.era} ${settings.language}`;
  if (key === boxKey) return box;
  boxKey = key;
  const isD = settings.era === "D";
  const label = !isD
    ? texts.typeMessage
    : chat.kind === "group"
      ? texts.typeMessageToGroup(name)
      : texts.typeMessageTo(name);
  box = createLexicalBox({
    attributes: {
      "aria-label": label,
      "aria-placeholder": texts.typeMessage,
      "data-tab": "10",
      ...testid(settings, "conversation-compose-box-input"),
    },
    text: state.drafts.get(chat.jid) ?? "",
    onText: (text) => {
      actions.setDraft(chat.jid, text);
      tellTyping(chat.jid, text !== "");
    },
    onEnter: () => submit(box),
    onFiles: (files) => set({ attachments: files }),
  });
  // Opening a chat puts the caret into its box.
  const fresh = box;
  setTimeout(
    () => fresh.el.isConnected && document.activeElement?.dataset.tab !== "3" && fresh.el.focus(),
    0,
  );
  return box;
}

function tellTyping(chat, isTyping) {
  const wasTyping = typingTimer !== undefined;
  clearTimeout(typingTimer);
  typingTimer = isTyping ? setTimeout(() => tellTyping(chat, false), TYPING_PAUSE_MS) : undefined;
  if (wasTyping !== isTyping) void ask("typing", { chat, isTyping });
}

export function sendButton({ settings, texts }, onSend) {
  return h(
    "button",
    {
      type: "button",
      "aria-label": texts.send,
      "data-tab": "11",
      class: "send",
      on: { click: onSend },
    },
    icon(settings, "wds-ic-send-filled", "send"),
  );
}

function microphone({ settings, texts }) {
  return h(
    "button",
    { type: "button", "aria-label": texts.voiceMessage, "data-tab": "11", class: "send" },
    icon(settings, settings.era === "C" ? "mic-outlined" : "wds-ic-mic", "mic"),
  );
}

function replyBar({ settings, texts }) {
  const { replyTo } = state;
  return h(
    "div",
    { class: "reply-bar", key: "reply" },
    h(
      "div",
      { class: "quoted" },
      h("div", { class: "quoted-author" }, replyTo.isOwn ? texts.you : replyTo.author?.name),
      h("div", { class: "quoted-text" }, replyTo.text.slice(0, 200)),
    ),
    h(
      "button",
      {
        type: "button",
        "aria-label": texts.close,
        on: { click: () => set({ replyTo: undefined }) },
      },
      icon(settings, settings.era === "C" ? "x" : "wds-ic-close", "plus", { class: "turned" }),
    ),
  );
}

function restriction({ settings, texts }) {
  return h(
    "footer",
    { class: "_ak1i footer" },
    h(
      "div",
      { class: "blocked", ...testid(settings, "block-message") },
      h("div", testid(settings, "reachout-timelock-compose-bar"), h("span", {}, texts.restricted)),
    ),
  );
}

function chooseFiles(event) {
  const files = [...event.target.files];
  event.target.value = "";
  if (files.length > 0) set({ attachments: files });
}
