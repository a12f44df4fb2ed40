import { reportTo } from "./embedded.js";
import { feedbackView } from "./feedback.js";
import { followChat } from "./live-events.js";
import { element, isGazettePage, replyView, visitorView } from "./message-view.js";
import { createOutgoing } from "./outgoing.js";
import { createPagePanel } from "./page-panel.js";
import { TEXTS } from "./texts.js";
import { clock as clockOf, offerVoice } from "./voice.js";

const botKey = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const ui = Object.fromEntries(
  [
    "status",
    "language",
    "welcome",
    "greeting",
    "examples",
    "log",
    "typing",
    "latest",
    "composer",
    "text",
    "person",
  ].map((id) => [id, document.getElementById(id)]),
);
/** Longer than one sign of typing is announced for (5 s), so that repeated ones don't flicker. */
const TYPING_MS = 7_000;
/** Long enough to be read and heard. */
const NEWS_MS = 6_000;
/** What the tenant says before the first message; what is empty is ours. */
const welcome = JSON.parse(document.body.dataset.welcome ?? "{}");

let language = chosenLanguage();
let connection = "connecting";
let typingTimer;
let news;
let newsTimer;
/** Ids of messages that could not be sent at once. */
const delayed = new Set();
/** Elements of the log by the entry's id. */
const shown = new Map();
const texts = () => TEXTS[language];

const embedder = reportTo({ botKey, focus: () => ui.text.focus() });
const outgoing = createOutgoing({ botKey, changed: showOutgoing, expired: showExpired });
const pagePanel = createPagePanel({ texts, isEmbedded: embedder.isEmbedded, rest: ui.text });
const voice = welcome.hearsVoice
  ? offerVoice({
      botKey,
      form: ui.composer,
      rest: ui.text,
      languageOf: () => language,
      texts,
      tell: showNews,
      expired: showExpired,
    })
  : undefined;

ui.composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = ui.text.value.trim();
  if (text === "") return;
  ui.text.value = "";
  fitComposer();
  say({ text }, text);
  ui.text.focus();
});
ui.text.addEventListener("keydown", (event) => {
  // On a touch keyboard there is no Shift + Enter worth the name: Enter is a new line there.
  const isTouch = matchMedia("(pointer: coarse)").matches;
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || isTouch) return;
  event.preventDefault();
  ui.composer.requestSubmit();
});
ui.text.addEventListener("input", fitComposer);
ui.language.addEventListener("change", () => {
  language = ui.language.value;
  remember(language);
  showTexts();
});
ui.person.hidden = !welcome.hasDesk;
ui.person.addEventListener("click", () => {
  say({ button: "cmd:person", label: texts().person }, texts().person);
  ui.text.focus();
});
ui.latest.addEventListener("click", () => scrollToEnd("smooth"));
ui.log.addEventListener("click", (event) => {
  const anchor = event.target.closest?.("a[href]");
  // Whoever asks for a tab or a window of its own gets it.
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    return;
  if (anchor === null || anchor === undefined) return;
  const address = new URL(anchor.href);
  if (address.origin !== location.origin || !isGazettePage(address)) return;
  event.preventDefault();
  pagePanel.open(address, anchor);
});
ui.log.addEventListener("scroll", () => {
  ui.latest.hidden = isAtEnd();
});

showTexts();
for (const message of outgoing.list()) showOutgoing(message);
followChat({
  botKey,
  onEntry: showEntry,
  onTyping: showTyping,
  onReady: () => {
    ui.welcome.hidden = shown.size > 0;
    void outgoing.flush();
  },
  onState(state) {
    connection = state;
    showConnection();
  },
  onExpired: showExpired,
});
if (matchMedia("(pointer: fine)").matches && !embedder.isEmbedded) ui.text.focus();

function say(body, text) {
  outgoing.add({ ...body, language }, text);
  scrollToEnd("smooth");
}

function showEntry({ id, at, part, answer }, position) {
  embedder.see(position, part.kind !== "visitor");
  if (part.kind === "visitor") {
    outgoing.confirm(id);
    shown.get(id)?.remove();
    place(id, entryView("visitor", visitorView(saidBy(part)), part.receivedAt));
    return;
  }
  if (shown.has(id)) return;
  hideTyping();
  const view = entryView("assistant", replyView(part, texts(), pressButton), at);
  if (answer !== undefined) {
    view.append(feedbackView({ botKey, answer, texts: texts(), expired: showExpired }));
  }
  place(id, view);
}

function saidBy({ text, voice: spoken }) {
  if (spoken === undefined) return text;
  return texts().voiceNote.replace("{time}", clockOf(spoken.seconds));
}

function pressButton({ label, data }) {
  say({ button: data, label: label.slice(0, 100) }, label);
}

function showOutgoing(message) {
  const id = message.body.clientMessageId;
  if (message.state === "waiting") delayed.add(id);
  if (message.state === "sent") {
    if (delayed.delete(id) && delayed.size === 0) showNews(texts().resent);
    shown.get(id)?.querySelector(".state")?.remove();
    return;
  }
  shown.get(id)?.remove();
  const view = entryView("visitor", visitorView(message.text));
  view.append(stateView(message));
  place(id, view);
}

function stateView(message) {
  const { pending, waiting, failed, tooMany, retry } = texts();
  const state = element("p", "state");
  if (message.state === "failed") {
    const again = element("button", undefined, retry);
    again.type = "button";
    again.addEventListener("click", () => outgoing.retry(message));
    state.append(`${failed} `, again);
  } else if (message.state === "waiting") {
    state.append(message.isTooMany ? tooMany : waiting);
  } else {
    state.append(pending);
  }
  return state;
}

/** `at` is undefined for what the server has not stored yet: it stands at the end. */
function entryView(speaker, bubble, at) {
  const item = element("div", `entry ${speaker}`);
  item.dataset.at = at ?? "9";
  item.append(element("span", "sr", `${speaker === "visitor" ? texts().you : texts().assistant}:`));
  item.append(bubble);
  if (at !== undefined) {
    const time = element("time", undefined, clock(at));
    time.dateTime = at;
    item.append(time);
  }
  return item;
}

/** In the order in which things were said: a question stands before its answer, whichever arrives first. */
function place(id, item) {
  const stay = isAtEnd();
  ui.welcome.hidden = true;
  let before = null;
  for (let other = ui.log.lastElementChild; other; other = other.previousElementSibling) {
    if (other.dataset.at <= item.dataset.at) break;
    before = other;
  }
  ui.log.insertBefore(item, before);
  shown.set(id, item);
  if (stay) scrollToEnd();
  else ui.latest.hidden = false;
}

function showTyping() {
  const stay = isAtEnd();
  ui.typing.hidden = false;
  ui.log.append(ui.typing.parentElement === ui.log ? ui.typing : typingItem());
  clearTimeout(typingTimer);
  typingTimer = setTimeout(hideTyping, TYPING_MS);
  if (stay) scrollToEnd();
}

/** The sign stands in the log, after the last message, but isn't one of its messages. */
function typingItem() {
  const item = document.getElementById("typing-item") ?? element("div", "entry assistant");
  item.id = "typing-item";
  item.dataset.at = "99";
  item.append(ui.typing);
  return item;
}

function hideTyping() {
  clearTimeout(typingTimer);
  document.getElementById("typing-item")?.remove();
}

function showExpired() {
  connection = "expired";
  showConnection();
  if (!embedder.isEmbedded || document.getElementById("own-tab")) return;
  // A browser that keeps no cookie in a frame of another site: the chat works in a tab of its own.
  const anchor = element("a", "own-tab", texts().ownTab);
  anchor.id = "own-tab";
  anchor.href = location.pathname;
  anchor.target = "_blank";
  anchor.rel = "noopener";
  ui.composer.before(anchor);
}

/** In the place of the connection's state, for a while. */
function showNews(text) {
  news = text;
  showConnection();
  clearTimeout(newsTimer);
  newsTimer = setTimeout(() => {
    news = undefined;
    showConnection();
  }, NEWS_MS);
}

function showConnection() {
  const isUp = connection === "online" || connection === "connecting";
  ui.status.textContent = isUp && news !== undefined ? news : texts()[connection];
  ui.status.dataset.state = connection;
}

function showTexts() {
  document.documentElement.lang = language;
  ui.language.value = language;
  for (const node of document.querySelectorAll("[data-text]")) {
    node.textContent = texts()[node.dataset.text];
  }
  ui.greeting.textContent = welcome.greeting || texts().welcome;
  ui.text.placeholder = texts().placeholder;
  ui.log.setAttribute("aria-label", document.title);
  const questions = welcome.questions?.length > 0 ? welcome.questions : texts().examples;
  ui.examples.replaceChildren(
    ...questions.map((question) => {
      const button = element("button", undefined, question);
      button.type = "button";
      button.addEventListener("click", () => say({ text: question }, question));
      const item = element("li");
      item.append(button);
      return item;
    }),
  );
  showConnection();
  voice?.showTexts();
}

function fitComposer() {
  ui.text.style.height = "auto";
  ui.text.style.height = `${ui.text.scrollHeight}px`;
}

function isAtEnd() {
  return ui.log.scrollHeight - ui.log.scrollTop - ui.log.clientHeight < 80;
}

function scrollToEnd(behavior = "instant") {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  ui.log.scrollTo({ top: ui.log.scrollHeight, behavior: calm ? "instant" : behavior });
  ui.latest.hidden = true;
}

function clock(at) {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  const format = isToday ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(language, format).format(date);
}

function chosenLanguage() {
  let kept;
  try {
    kept = localStorage.getItem("pregonero-language");
  } catch {
    kept = null;
  }
  return Object.hasOwn(TEXTS, kept ?? "") ? kept : document.documentElement.lang;
}

function remember(value) {
  try {
    localStorage.setItem("pregonero-language", value);
  } catch {
    // Private windows may refuse: the choice then lasts as long as the page.
  }
}
