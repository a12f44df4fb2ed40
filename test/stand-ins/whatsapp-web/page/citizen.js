import { richText } from "./rich-text.js";
import { h, render } from "./vdom.js";

/** A page to write in as a citizen, and to play the phone and the troubles of WhatsApp Web. */

const $ = (id) => document.getElementById(id);
const LOOKS = { era: "C" };
const TICKS = { pending: "…", sent: "✓", delivered: "✓✓", read: "✓✓", failed: "not sent" };
const messages = new Map();
let chats = [];
let tree;

async function command(name, body = {}) {
  const response = await fetch(`/control/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  $("problem").textContent = response.ok ? "" : await response.text();
  return response.ok ? (await response.json()).result : undefined;
}

function draw() {
  const shown = (messages.get($("chat").value) ?? []).filter(({ kind }) => kind !== "system");
  const list = h(
    "div",
    {},
    shown.map((message) => row(message)),
  );
  tree = render($("messages"), list, tree);
  $("messages").scrollTop = $("messages").scrollHeight;
}

function row(message) {
  const time = new Date(message.atMs).toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
  });
  const files = message.media.map(
    ({ kind, fileName, seconds }) => `[${kind}] ${fileName}${seconds > 0 ? ` (${seconds} s)` : ""}`,
  );
  return h(
    "li",
    { key: message.id, class: message.isOwn ? "bot" : "" },
    message.quote !== null && h("q", {}, message.quote.text.slice(0, 200)),
    files.length > 0 && h("div", {}, files.join(", ")),
    message.isDeleted ? h("em", {}, "deleted") : richText(message, message.text, LOOKS),
    h(
      "small",
      { class: message.ack === "read" ? "read" : "" },
      `${message.isEdited ? "edited " : ""}${time} ${message.isOwn ? TICKS[message.ack] : ""}`,
    ),
  );
}

function put(message) {
  const list = messages.get(message.chat) ?? [];
  const at = list.findIndex(({ id }) => id === message.id);
  if (at < 0) list.push(message);
  else if (list[at].version < message.version) list[at] = message;
  messages.set(message.chat, list);
}

function takeState({ settings, chats: known, loginViews, tabCount }) {
  chats = known;
  const chosen = $("chat").value;
  const options = chats
    .filter(({ kind }) => kind !== "self")
    .flatMap((chat) =>
      chat.kind === "group"
        ? chat.participants.map((person) => [chat, person])
        : [[chat, undefined]],
    );
  $("chat").replaceChildren(
    ...options.map(([chat, person]) => {
      const option = new Option(
        person === undefined ? chat.name : `${chat.name}: ${person.name}`,
        chat.jid,
      );
      option.dataset.from = person?.jid ?? "";
      return option;
    }),
  );
  if (chosen !== "") $("chat").value = chosen;
  for (const name of ["era", "language", "ids"]) $(name).value = settings[name];
  $("usesLids").checked = settings.usesLids;
  const login = loginViews.map(({ kind, code }) => code ?? kind).join(", ");
  $("status").textContent =
    `${tabCount} page(s) open. ${login === "" ? "" : `Signing in: ${login}.`}`;
}

async function loadChat() {
  const jid = $("chat").value;
  if (jid === "") return;
  for (const message of (await command("messages", { chat: jid })) ?? []) put(message);
  draw();
}

async function send(part) {
  const option = $("chat").selectedOptions[0];
  if (option === undefined) return;
  const from = option.dataset.from === "" ? {} : { from: option.dataset.from };
  await command("receive", { chat: option.value, ...from, ...part });
}

function toMedia(file) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    const [family] = file.type.split("/");
    const kind = { image: "image", video: "video", audio: "voice" }[family] ?? "document";
    reader.onload = () =>
      resolve({
        kind,
        fileName: file.name,
        mimeType: file.type,
        base64: String(reader.result).replace(/^[^,]*,/, ""),
      });
    reader.readAsDataURL(file);
  });
}

async function sendText() {
  const text = $("text").value.trim();
  $("text").value = "";
  if (text !== "") await send({ text });
}

const source = new EventSource("/control/events");
source.onmessage = ({ data }) => {
  const event = JSON.parse(data);
  if (event.kind === "state") {
    const isFirst = chats.length === 0;
    takeState(event.state);
    if (isFirst) void loadChat();
  }
  if (event.kind === "message") put(event.message);
  if (event.kind === "typing") $("typing").textContent = event.isTyping ? "typing…" : "";
  draw();
};

$("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  void sendText();
});
$("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  void sendText();
});
$("file").addEventListener("change", async () => {
  const media = await Promise.all([...$("file").files].map(toMedia));
  const text = $("text").value;
  $("file").value = "";
  $("text").value = "";
  await send({ media, text });
});
$("voice").addEventListener("click", () => send({ media: { kind: "voice" } }));
$("chat").addEventListener("change", loadChat);
$("new-chat").addEventListener("click", async () => {
  const phone = `346${Math.floor(Math.random() * 1e8)
    .toString()
    .padStart(8, "0")}`;
  await command("add-chat", { jid: `${phone}@c.us` });
  $("chat").value = `${phone}@c.us`;
  await loadChat();
});
$("pairing").addEventListener("submit", (event) => {
  event.preventDefault();
  void command("enter-pairing-code", { code: $("code").value });
});
for (const name of ["era", "language", "ids"]) {
  $(name).addEventListener("change", () => command("change", { [name]: $(name).value }));
}
$("usesLids").addEventListener("change", () =>
  command("change", { usesLids: $("usesLids").checked }),
);
for (const button of document.querySelectorAll("[data-do]")) {
  button.addEventListener("click", () =>
    command(button.dataset.do, JSON.parse(button.dataset.body ?? "{}")),
  );
}
