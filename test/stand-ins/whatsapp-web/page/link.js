import { dropSession, keepSession } from "./session-store.js";
import { changed, putMessage, set, state } from "./state.js";

const tab = crypto.randomUUID();
const RECONNECT_MS = 300;
let session = "";
let source;
let whenSignedIn;

/** Asks the server; undefined while the computer is offline. */
export async function ask(name, body = {}) {
  try {
    const response = await fetch(`/page/${name}`, {
      method: "POST",
      headers: { "x-session": session, "content-type": "application/json" },
      body: JSON.stringify({ tab, session, ...body }),
    });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

export async function fetchMedia(id) {
  const response = await fetch(`/page/media/${id}`, { headers: { "x-session": session } });
  return response.ok ? response.blob() : undefined;
}

/** Follows the server's events; `onSignedIn` is called with each snapshot. */
export function connect(token, onSignedIn) {
  session = token;
  whenSignedIn = onSignedIn;
  reconnect();
}

export function reconnect() {
  source?.close();
  source = new EventSource(`/page/events?tab=${tab}&session=${session}`);
  source.onopen = () => set({ isConnected: true });
  source.onerror = () => {
    set({ isConnected: false });
    source.close();
    setTimeout(reconnect, RECONNECT_MS);
  };
  source.onmessage = ({ data }) => take(JSON.parse(data));
}

const listeners = new Set();

/** Called with every event that the page takes, after the page's own state. */
export function onServerEvent(listener) {
  listeners.add(listener);
}

function take(event) {
  // A page that shows the conflict is cut off from what happens.
  if (state.isConflicted && (event.kind === "chat" || event.kind === "message")) return;
  act(event);
  for (const listener of listeners) listener(event);
}

function act(event) {
  switch (event.kind) {
    case "login":
      set({ login: event.view, settings: event.settings });
      if (state.phase !== "login") set({ phase: "login" });
      break;
    case "linked":
      session = event.session;
      void keepSession(session);
      break;
    case "snapshot":
      whenSignedIn(event.state);
      break;
    case "settings":
      set({ settings: event.settings });
      break;
    case "chat":
      state.chats.set(event.chat.jid, event.chat);
      changed();
      break;
    case "message":
      putMessage(event.message);
      break;
    case "conflict":
      set({ isConflicted: true });
      break;
    case "logged-out":
      // The address is what wrappers of the page look at.
      void dropSession().then(() => location.assign("/?post_logout=1&logout_reason=0"));
      break;
    case "crash":
      crash(event.how);
      break;
    case "reload":
      location.reload();
      break;
  }
}

function crash(how) {
  if (how === "blank") {
    source.close();
    document.getElementById("app").replaceChildren();
    return;
  }
  // Blocks the page's only thread for good: no script of it ever answers again.
  for (;;);
}
