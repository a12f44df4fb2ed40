import { actions } from "./actions.js";
import { sendButton } from "./compose.js";
import { icon, testid } from "./icons.js";
import { createLexicalBox } from "./lexical-box.js";
import { ask } from "./link.js";
import { download } from "./media-parts.js";
import { set, state } from "./state.js";
import { takeOver } from "./tab-lock.js";
import { h } from "./vdom.js";

/** What lies over the whole page; undefined when nothing does. */
export function popup(view) {
  const { settings, texts } = view;
  if (state.isConflicted) {
    return modal(view, undefined, texts.conflict, [
      [texts.close, () => {}, "popup-controls-cancel"],
      [texts.useHere, takeOver, "popup-controls-ok"],
    ]);
  }
  if (state.alert === "invalid-number" || settings.popup === "invalid-number") {
    return modal(view, undefined, texts.invalidNumber, [[texts.ok, dismiss, "popup-controls-ok"]]);
  }
  if (settings.popup === "whats-new") {
    return modal(view, texts.whatsNew, texts.whatsNewText, [
      [texts.continue, dismiss, "popup-controls-ok"],
    ]);
  }
  if (settings.popup === "database-error") {
    return modal(view, texts.database, texts.databaseText, [
      [texts.logOut, () => ask("log-out"), "popup-controls-ok"],
    ]);
  }
  if (state.attachments.length > 0) return mediaPreview(view);
  return undefined;
}

function dismiss() {
  set({ alert: undefined });
  void ask("dismiss");
}

function modal({ settings }, title, text, buttons) {
  return h(
    "div",
    { key: "popup", class: "overlay", ...(settings.era === "D" ? { "data-testid": "popup" } : {}) },
    h(
      "div",
      {
        "data-animate-modal-popup": "true",
        role: "dialog",
        "aria-modal": "true",
        "aria-label": title ?? text,
        class: "modal",
        ...testid(settings, "confirm-popup"),
      },
      h(
        "div",
        { "data-animate-modal-body": "true", ...testid(settings, "popup-contents") },
        title !== undefined && h("h1", { class: "modal-title" }, title),
        h("div", { class: "modal-text" }, text),
      ),
      h(
        "div",
        { class: "modal-buttons" },
        buttons.map(([label, act, id]) =>
          h(
            "button",
            {
              type: "button",
              class: id.endsWith("ok") ? "primary" : "",
              ...testid(settings, id),
              on: { click: act },
            },
            h("div", {}, label),
          ),
        ),
      ),
    ),
  );
}

let captionBox;
let captionFor;

/** Also a dialog, but one of the person's own: closing it loses the files. */
function mediaPreview(view) {
  const { settings, texts } = view;
  const files = state.attachments;
  if (captionFor !== files) {
    captionFor = files;
    captionBox = createLexicalBox({
      attributes: {
        "aria-label": texts.addCaption,
        "aria-placeholder": texts.addCaption,
        "data-tab": "undefined",
      },
      onText: () => set({}),
      onEnter: send,
      onFiles: (more) => set({ attachments: [...files, ...more] }),
    });
    const fresh = captionBox;
    setTimeout(() => fresh.el.isConnected && fresh.el.focus(), 0);
  }
  return h(
    "div",
    {
      key: "media-preview",
      role: "dialog",
      class: "media-preview",
      ...testid(settings, "media-editor"),
    },
    h(
      "button",
      {
        type: "button",
        class: "close",
        "aria-label": texts.close,
        on: { click: () => set({ attachments: [] }) },
      },
      icon(settings, settings.era === "C" ? "x" : "wds-ic-close", "plus", { class: "turned" }),
    ),
    h(
      "div",
      { class: "previewed" },
      files.map((file) =>
        file.type.startsWith("image/")
          ? h("img", { alt: file.name, src: addressOf(file) })
          : h("div", { class: "file-card" }, icon(settings, "ic-document", "file"), file.name),
      ),
    ),
    h(
      "div",
      { class: "caption-bar" },
      h(
        "div",
        {
          class: "lexical-rich-text-input box",
          ...testid(settings, "media-caption-input-container"),
        },
        h("div", { key: "caption", node: captionBox.el }),
        captionBox.text() === "" &&
          h("div", { class: "placeholder", "aria-hidden": "true" }, texts.addCaption),
      ),
      sendButton(view, send),
    ),
  );

  function send() {
    void actions.sendFiles(files, captionBox.text());
  }
}

const addresses = new WeakMap();
function addressOf(file) {
  if (!addresses.has(file)) addresses.set(file, URL.createObjectURL(file));
  return addresses.get(file);
}

/** Of one message: to answer it, to load its file. */
export function messageMenu({ settings, texts }) {
  const { menuFor } = state;
  if (menuFor === undefined) return undefined;
  const { message, x, y } = menuFor;
  const item = (label, act) =>
    h(
      "li",
      { role: "button", tabindex: "0", class: "menu-item", on: { click: act } },
      h("div", { "aria-label": label }, label),
    );
  return h(
    "div",
    {
      key: "menu",
      class: "menu",
      role: "application",
      style: `left: ${Math.min(x, innerWidth - 180)}px; top: ${Math.min(y, innerHeight - 120)}px`,
      ...testid(settings, "message-menu"),
    },
    h(
      "ul",
      {},
      item(texts.reply, () => set({ replyTo: message, menuFor: undefined })),
      message.media.length > 0 &&
        item(texts.download, () => {
          for (const media of message.media) download(media);
          set({ menuFor: undefined });
        }),
    ),
  );
}

/** Stands over the chat list; there even when it has nothing to say. */
export function butterbar({ settings, texts }) {
  const [name, title] = !state.isConnected
    ? ["alert-computer", texts.computerOffline]
    : settings.isPhoneOffline
      ? ["alert-phone", texts.phoneOffline]
      : settings.popup === "update-page"
        ? ["alert-update", texts.updateText]
        : [undefined, undefined];
  return h(
    "span",
    { class: "butterbar", ...testid(settings, "chat-butterbar") },
    name !== undefined &&
      h(
        "div",
        {
          class: "banner",
          role: name === "alert-update" ? "button" : undefined,
          on: { click: () => name === "alert-update" && location.reload() },
        },
        h(
          "span",
          { "data-icon": name, "aria-hidden": "true", class: "banner-icon" },
          icon(settings, name, "alert"),
        ),
        h(
          "div",
          {},
          h("div", { class: "banner-title" }, title),
          name === "alert-computer" && h("div", { class: "banner-text" }, texts.offlineText),
        ),
      ),
  );
}
