// What the visitor said and the server has not yet stored. Kept in the browser until the server says that it
// has it; sent again under the same id, so that the server stores it once.

const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 30_000];

/**
 * `changed(message)` is called when a message's state changes: `pending`, `waiting` (will be sent again),
 * `failed` (the server refused it for good) or `sent`.
 */
export function createOutgoing({ botKey, changed, expired }) {
  const storageKey = `pregonero-outgoing-${botKey}`;
  let messages = load(storageKey);
  let isSending = false;
  let attempt = 0;
  let timer;

  const save = () => {
    try {
      localStorage.setItem(storageKey, JSON.stringify(messages));
    } catch {
      // Private windows may refuse: the message is then kept for as long as the page.
    }
  };

  const set = (message, state) => {
    message.state = state;
    if (state === "sent") messages = messages.filter((one) => one !== message);
    save();
    changed(message);
  };

  async function flush() {
    clearTimeout(timer);
    if (isSending) return;
    isSending = true;
    try {
      for (;;) {
        const message = messages.find((one) => one.state !== "failed");
        if (message === undefined) return;
        const waitMs = await send(message);
        if (waitMs !== undefined) {
          timer = setTimeout(flush, waitMs);
          return;
        }
      }
    } finally {
      isSending = false;
    }
  }

  /** Undefined when the message is settled, else the pause before the next attempt, in milliseconds. */
  async function send(message) {
    let response;
    try {
      response = await fetch(`/api/v1/chat/${encodeURIComponent(botKey)}/messages`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(message.body),
        signal: AbortSignal.timeout(15_000),
      });
    } catch {
      return later(message);
    }
    if (response.ok) {
      attempt = 0;
      set(message, "sent");
      return undefined;
    }
    if (response.status === 429 || response.status >= 500 || response.status === 408) {
      const seconds = Number(response.headers.get("Retry-After"));
      return later(message, seconds > 0 ? seconds * 1_000 : undefined, response.status === 429);
    }
    if (response.status === 401) expired();
    set(message, "failed");
    return undefined;
  }

  function later(message, waitMs, isTooMany = false) {
    message.isTooMany = isTooMany;
    set(message, "waiting");
    return waitMs ?? RETRY_MS[Math.min(attempt++, RETRY_MS.length - 1)];
  }

  return {
    list: () => [...messages],
    add(body, text) {
      const message = { body: { clientMessageId: newId(), ...body }, text, state: "pending" };
      messages.push(message);
      save();
      changed(message);
      void flush();
    },
    /** The log shows it, so the server has it, whatever became of the answer to our call. */
    confirm(clientMessageId) {
      const message = messages.find((one) => one.body.clientMessageId === clientMessageId);
      if (message) set(message, "sent");
    },
    retry(message) {
      set(message, "pending");
      void flush();
    },
    flush,
  };
}

function load(storageKey) {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => one?.body?.clientMessageId) : [];
  } catch {
    return [];
  }
}

/** `crypto.randomUUID` exists on secure pages only; a town hall's test server may be plain http. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
