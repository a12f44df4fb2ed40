// Follows the conversation. The browser reconnects by itself after a cut; after a refusal it does not, so we do.

export function followChat({ botKey, onEntry, onTyping, onReady, onState, onExpired }) {
  let lastPosition = 0;
  let source;
  let attempt = 0;
  let timer;

  function open() {
    clearTimeout(timer);
    source?.close();
    onState("connecting");
    source = new EventSource(
      `/api/v1/chat/${encodeURIComponent(botKey)}/events?after=${lastPosition}`,
    );
    source.addEventListener("open", () => {
      attempt = 0;
      onState("online");
    });
    source.addEventListener("entry", (event) => {
      const position = Number(event.lastEventId);
      if (position <= lastPosition) return;
      lastPosition = position;
      onEntry(JSON.parse(event.data), position);
    });
    source.addEventListener("typing", onTyping);
    source.addEventListener("ready", onReady);
    source.addEventListener("error", async () => {
      onState(navigator.onLine ? "connecting" : "offline");
      if (source.readyState !== EventSource.CLOSED) return;
      if (await isExpired(botKey)) {
        onExpired();
        return;
      }
      timer = setTimeout(open, Math.min(30_000, 1_000 * 2 ** attempt++));
    });
  }

  addEventListener("online", open);
  addEventListener("offline", () => onState("offline"));
  // A phone that slept may hold a dead connection that nobody has told it of.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && source?.readyState !== EventSource.OPEN) open();
  });
  open();
}

/** The stream's refusal has no status that a script could read: ask again in a way that has. */
async function isExpired(botKey) {
  const ask = new AbortController();
  try {
    const response = await fetch(`/api/v1/chat/${encodeURIComponent(botKey)}/events`, {
      signal: ask.signal,
    });
    return response.status === 401 || response.status === 404;
  } catch {
    return false;
  } finally {
    ask.abort();
  }
}
