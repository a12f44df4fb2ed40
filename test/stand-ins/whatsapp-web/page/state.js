/** Everything the page knows, and how it is changed: each change draws the page anew, once a turn. */
export const state = {
  phase: "loading",
  isConnected: true,
  isConflicted: false,
  isPhoneForm: false,
  progress: 0,
  settings: { era: "D", language: "en" },
  login: { kind: "waiting" },
  own: { jid: "", lid: "", name: "" },
  chats: new Map(),
  /** Jid to `{ messages, hasMore, isLoading }`; absent while a chat was never opened. */
  conversations: new Map(),
  openChat: undefined,
  search: "",
  filter: 0,
  drafts: new Map(),
  attachments: [],
  replyTo: undefined,
  menuFor: undefined,
  isDrawerOpen: false,
  listScroll: 0,
  expanded: new Map(),
  blobs: new Map(),
  unreadAtOpening: 0,
  alert: undefined,
};

const watchers = new Set();
let isScheduled = false;
// A message channel, for timers are slowed down in tabs of the background.
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => {
  isScheduled = false;
  for (const watch of watchers) watch();
};

export function onChange(watch) {
  watchers.add(watch);
}

export function changed() {
  if (isScheduled) return;
  isScheduled = true;
  port2.postMessage(0);
}

export function set(part) {
  Object.assign(state, part);
  changed();
}

/** Keeps the newer of two states of a message. */
export function putMessage(message) {
  const conversation = state.conversations.get(message.chat);
  if (conversation === undefined) return;
  const { messages } = conversation;
  const at = messages.findIndex(({ id }) => id === message.id);
  if (at >= 0) {
    if (messages[at].version < message.version) messages[at] = message;
  } else {
    let place = messages.length;
    while (place > 0 && messages[place - 1].atMs > message.atMs) place -= 1;
    messages.splice(place, 0, message);
  }
  changed();
}
