import { h } from "./vdom.js";

/** Drawn with few strokes; what matters to a reader of the page is the name. */
const PATHS = {
  "tail-in": "M1.5 2.6 8 11V0H2.8C1 0 .5 1.2 1.5 2.6z",
  "tail-out": "M5.2 0H0v11l6.5-8.4C7.5 1.2 7 0 5.2 0z",
  check: "M11 3 6 10 3 7l1-1 2 2 4-6z",
  dblcheck: "M15 3 10 10 9 9l5-7zM11 3 6 10 3 7l1-1 2 2 4-6z",
  time: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zm0 1.2A4.8 4.8 0 1 1 8 12.8 4.8 4.8 0 0 1 8 3.2zM7.4 5h1.2v3l2 1.2-.6 1L7.4 8.6z",
  alert: "M8 1 1 14h14zM7.3 6h1.4v4H7.3zm0 5h1.4v1.4H7.3z",
  send: "M2 2l12 6-12 6V9.5L9 8 2 6.5z",
  mic: "M8 2a2 2 0 0 1 2 2v4a2 2 0 1 1-4 0V4a2 2 0 0 1 2-2zM4 8h1.2a2.8 2.8 0 0 0 5.6 0H12a4 4 0 0 1-3.4 3.9V14H7.4v-2.1A4 4 0 0 1 4 8z",
  plus: "M7.2 3h1.6v4.2H13v1.6H8.8V13H7.2V8.8H3V7.2h4.2z",
  menu: "M7 3h2v2H7zm0 4h2v2H7zm0 4h2v2H7z",
  down: "M3 6l1-1 4 4 4-4 1 1-5 5z",
  image: "M2 3h12v10H2zm2 8h8L9.5 7 7.5 9.5 6 8z",
  play: "M4 2l10 6-10 6z",
  search:
    "M7 2a5 5 0 1 0 3 9l3 3 1-1-3-3a5 5 0 0 0-4-8zm0 1.4a3.6 3.6 0 1 1 0 7.2 3.6 3.6 0 0 1 0-7.2z",
  mute: "M3 6v4h3l3 3V3L6 6zm8-1 3 6-1 .6-3-6z",
  at: "M8 2a6 6 0 1 0 3 11.2l-.7-1.2A4.6 4.6 0 1 1 12.6 8v.6c0 1.3-1.4 1.3-1.4 0V8A3.2 3.2 0 1 0 10 10.5c1 1.4 4 1 4-1.9V8a6 6 0 0 0-6-6zm0 4.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z",
  person: "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zm-6 6c0-3 3-4.5 6-4.5s6 1.5 6 4.5z",
  group:
    "M6 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zm5 0a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM1 13c0-2.5 2.5-4 5-4s5 1.5 5 4zm11 0c0-1.5-.5-2.5-1.3-3.3C13 9.5 15 11 15 13z",
  file: "M4 1h6l3 3v11H4zm6 1v2h2z",
  recalled:
    "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM4.5 5.3 10.7 11.5A4.6 4.6 0 0 1 4.5 5.3zm1-.9a4.6 4.6 0 0 1 6.1 6.1z",
  reload: "M8 3a5 5 0 1 0 5 5h-1.5A3.5 3.5 0 1 1 8 4.5V7l4-3.2L8 .6z",
  back: "M14 7.2H5l3.5-3.5-1-1L2 8l5.5 5.3 1-1L5 8.8h9z",
  chat: "M2 3h12v8H6l-4 3z",
};

/** How WhatsApp names an icon in each era: by `data-icon` in C, by the drawing's `<title>` in D. */
export function icon(settings, name, drawing, attributes = {}) {
  const picture = (title) =>
    h(
      "svg",
      { viewBox: "0 0 16 16", width: "1em", height: "1em", preserveAspectRatio: "xMidYMid meet" },
      title === undefined ? undefined : h("title", {}, title),
      h("path", { d: PATHS[drawing] ?? PATHS.file, fill: "currentColor" }),
    );
  if (settings.era === "C") {
    return h("span", { "aria-hidden": "true", "data-icon": name, ...attributes }, picture());
  }
  return h("span", { "aria-hidden": "true", ...attributes }, picture(name));
}

const DRAWINGS = { pending: "time", sent: "check", delivered: "dblcheck", read: "dblcheck" };
const C_NAMES = { pending: "time", sent: "check", delivered: "dblcheck", read: "dblcheck" };
/** The names lie: the single tick is called "delivered", both double ones "read". */
const D_NAMES = {
  pending: "wds-ic-pending",
  sent: "wds-ic-delivered",
  delivered: "wds-ic-read",
  read: "wds-ic-read",
};
const BLUE = "rgb(0, 123, 252)";

/** The tick of one of our messages; in D's chat list it has no label. */
export function tick(settings, texts, ack, place) {
  if (ack === "failed") return failure(settings, texts);
  const drawing = PATHS[DRAWINGS[ack]];
  const isRead = ack === "read";
  if (settings.era === "C") {
    const name = `${place === "list" ? "status" : "msg"}-${C_NAMES[ack]}`;
    const attributes = {
      "data-icon": name,
      "aria-label": texts[ack],
      class: isRead ? "xvijh9v tick" : "tick",
    };
    return h(
      "span",
      attributes,
      h(
        "svg",
        { viewBox: "0 0 16 16", width: "16", height: "15" },
        h("path", { d: drawing, fill: "currentColor" }),
      ),
    );
  }
  const svg = h(
    "svg",
    {
      viewBox: "0 0 16 16",
      width: "16",
      height: "16",
      style: isRead ? `color: ${BLUE}; fill: ${BLUE}` : undefined,
    },
    h("title", {}, D_NAMES[ack]),
    h("path", { d: drawing, fill: isRead ? BLUE : "currentColor" }),
  );
  return place === "list"
    ? h("span", { class: "tick" }, svg)
    : h("span", { "aria-label": texts[ack], class: "tick" }, svg);
}

function failure(settings, texts) {
  const attributes =
    settings.era === "C"
      ? { "data-icon": "msg-error", "aria-label": texts.failed, class: "tick failed" }
      : { "data-testid": "message-fail", "aria-label": texts.failed, class: "tick failed" };
  return h(
    "span",
    attributes,
    h(
      "svg",
      { viewBox: "0 0 16 16", width: "16", height: "16" },
      settings.era === "D" && h("title", {}, "message-fail"),
      h("path", { d: PATHS.alert, fill: "currentColor" }),
    ),
  );
}

export function avatar(settings, chat) {
  const isGroup = chat.kind === "group";
  const name = isGroup ? "default-group-refreshed" : "default-contact-refreshed";
  return h("div", { class: "avatar" }, icon(settings, name, isGroup ? "group" : "person"));
}

/** `data-testid` exists in D only. */
export const testid = (settings, id) => (settings.era === "D" ? { "data-testid": id } : {});
