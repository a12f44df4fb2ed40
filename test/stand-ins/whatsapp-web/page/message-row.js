import { icon, testid, tick } from "./icons.js";
import { mediaParts } from "./media-parts.js";
import { dataId, lot } from "./message-id.js";
import { emoji, richText } from "./rich-text.js";
import { set, state } from "./state.js";
import { clockTime, stamp } from "./times.js";
import { h } from "./vdom.js";

/** How much of a long text is shown, and how much more each click brings. */
const FIRST_PART = 768;
const NEXT_PART = 16_384;
/** Which share of the rows names its writer for screen readers. */
const NAMED_SHARE = 0.8;

/** One message. `place`: `{ chat, settings, texts, isFirst, isShell, height }`. */
export function messageRow(message, place) {
  const { settings, chat } = place;
  const id = dataId(message, chat, settings);
  const row = (...children) => h("div", { role: "row", key: message.id }, ...children);
  if (settings.era === "C") {
    return row(
      h(
        "div",
        { tabindex: "-1", class: "_amjv", "data-id": id },
        place.isShell ? shell(place) : h("div", { class: "x1n2onr6" }, body(message, place)),
      ),
    );
  }
  return row(
    h(
      "div",
      { tabindex: "-1", class: "x1n2onr6", "data-id": id, "data-testid": `conv-msg-${id}` },
      h(
        "div",
        { "data-virtualized": String(place.isShell) },
        place.isShell ? shell(place) : body(message, place),
      ),
    ),
  );
}

const shell = ({ height }) => h("div", { style: `height: ${height}px` });

function body(message, place) {
  const { settings } = place;
  if (message.kind === "system") {
    return h(
      "div",
      { class: "focusable-list-item system", tabindex: "-1" },
      h(
        "div",
        { class: "system-text" },
        h("span", { dir: "auto" }, systemText(message, place.texts)),
      ),
    );
  }
  const side = message.isOwn ? "out" : "in";
  // The classes that tell the direction are gone in D; what is left is where the bubble stands.
  const isTold = settings.era === "C";
  const className = isTold
    ? `message-${side} focusable-list-item _amjy ${message.isOwn ? "_amjw x13a6bvl" : "_amjz x1nhvcw1"}`
    : `focusable-list-item ${message.isOwn ? "x13a6bvl" : "x1nhvcw1"}`;
  return h(
    "div",
    { class: className, tabindex: "-1" },
    h(
      "div",
      { class: "_amk4 container", ...testid(settings, "msg-container") },
      place.isFirst && tail(side, settings),
      h(
        "div",
        { class: `_amk6 bubble ${place.isFirst ? "first" : ""}` },
        speaker(message, place),
        authorLine(message, place),
        quote(message, place),
        content(message, place),
        meta(message, place),
      ),
      h(
        "div",
        { class: "row-menu", on: { click: (event) => openMenu(event, message) } },
        h(
          "div",
          { role: "button", tabindex: "0", "aria-label": place.texts.contextMenu },
          icon(settings, settings.era === "C" ? "down-context" : "ic-chevron-down-menu", "down"),
        ),
      ),
      reactions(message, place),
    ),
  );
}

function openMenu(event, message) {
  event.stopPropagation();
  const { x, y } = event.currentTarget?.getBoundingClientRect?.() ?? event;
  set({ menuFor: { message, x: event.clientX ?? x, y: event.clientY ?? y } });
}

function tail(side, settings) {
  const name = `tail-${side}`;
  const attributes =
    settings.era === "C"
      ? { class: `_amk5 tail ${name}` }
      : { class: `tail ${name}`, "data-testid": name };
  return icon(settings, name, name, attributes);
}

function speaker(message, { texts, settings }) {
  if (settings.era === "D" && lot(message.id, 11) >= NAMED_SHARE) return undefined;
  const name = message.isOwn ? texts.you : (message.author?.name ?? "");
  return h("span", { "aria-label": `${name}:` });
}

function authorLine(message, { chat, isFirst, settings }) {
  if (chat.kind !== "group" || message.isOwn || !isFirst || message.author === null)
    return undefined;
  const { name, isSaved } = message.author;
  return h(
    "div",
    { class: "_ahxj author", ...testid(settings, "author") },
    h(
      "span",
      { dir: "auto", class: "_ahxt", role: "button", "aria-label": isSaved ? undefined : name },
      name,
    ),
  );
}

function quote(message, { texts, settings }) {
  if (message.quote === null) return undefined;
  return h(
    "div",
    {
      class: "_ahy0 quoted",
      role: "button",
      "aria-label": texts.quoted,
      ...testid(settings, "quoted-message"),
    },
    h(
      "div",
      { class: "_ahy2" },
      h(
        "div",
        { class: "quoted-author" },
        h("span", { dir: "auto" }, message.quote.isOwn ? texts.you : message.quote.authorName),
      ),
      h(
        "div",
        { dir: "auto", class: "x104kibb quoted-text" },
        h("span", { dir: "auto", class: "quoted-mention _ao3e" }, message.quote.text.slice(0, 300)),
      ),
    ),
  );
}

function content(message, place) {
  const { settings, texts } = place;
  if (message.isDeleted) {
    return h(
      "div",
      { class: "recalled" },
      icon(settings, settings.era === "C" ? "recalled" : "wds-ic-recalled", "recalled"),
      h("span", {}, message.isOwn ? texts.deletedOwn : texts.deleted),
    );
  }
  const parts = mediaParts(message, place);
  if (message.text === "") return parts;
  const isCaption = message.media.length > 0;
  const sender = message.isOwn ? state.own.name : (message.author?.name ?? "");
  const isStamped =
    settings.era === "C" || (!isCaption && lot(message.id, 5) < settings.stampedShare);
  return [
    ...parts,
    h(
      "div",
      {
        class: "copyable-text",
        "data-pre-plain-text": isStamped ? stamp(message.atMs, sender, settings) : undefined,
      },
      h("div", { class: "_akbu" }, textSpan(message, place), timeAgain(message, settings)),
    ),
  ];
}

function textSpan(message, { settings, texts }) {
  const shown = state.expanded.get(message.id) ?? FIRST_PART;
  const isCut = message.text.length > shown;
  const text = isCut ? `${cut(message.text, shown)}…` : message.text;
  return [
    h(
      "span",
      {
        dir: "auto",
        class: "_ao3e selectable-text copyable-text",
        ...testid(settings, "selectable-text"),
      },
      settings.era === "C"
        ? h("span", {}, richText(message, text, settings))
        : richText(message, text, settings),
    ),
    isCut &&
      h(
        "div",
        {
          role: "button",
          tabindex: "0",
          class: "x1a2a7pz read-more-button read-more",
          on: {
            click: () => {
              state.expanded.set(message.id, shown + NEXT_PART);
              set({});
            },
          },
        },
        texts.readMore,
      ),
  ];
}

/** Never within a pair of surrogates. */
function cut(text, length) {
  const code = text.charCodeAt(length - 1);
  return text.slice(0, code >= 0xd800 && code < 0xdc00 ? length - 1 : length);
}

/** Room for the time at the end of the last line; it holds the time a second time, unseen. */
function timeAgain(message, settings) {
  return h(
    "span",
    { class: "" },
    h(
      "span",
      { class: `x3nfvp2 time-again ${message.isEdited ? "wide" : ""}`, "aria-hidden": "true" },
      h("span", {}, clockTime(message.atMs, settings)),
    ),
  );
}

function meta(message, { settings, texts }) {
  const isTicked = message.isOwn && !message.isDeleted;
  return h(
    "div",
    { class: "x1n2onr6 meta", ...testid(settings, "msg-meta") },
    message.isEdited && !message.isDeleted && h("span", { class: "edited" }, `${texts.edited} `),
    h("span", { class: "x1rg5ohu", dir: "auto" }, clockTime(message.atMs, settings)),
    isTicked && h("div", { class: "_amlr" }, tick(settings, texts, message.ack, "row")),
  );
}

function reactions(message, { settings, texts }) {
  if (message.reactions.length === 0) return undefined;
  const all = message.reactions.map((reaction) => reaction.emoji);
  return h(
    "div",
    { class: "_amld reaction" },
    h(
      "button",
      {
        type: "button",
        "aria-label": texts.reaction(all.join(", ")),
        ...testid(settings, "reaction-bubble"),
      },
      all.map((character) => emoji(character)),
    ),
  );
}

function systemText(message, texts) {
  const [name, ...rest] = message.text.split("|");
  const text = texts[name];
  if (typeof text === "function") return text(...rest);
  return text ?? message.text;
}
