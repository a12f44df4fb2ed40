// What the page in a frame tells the page that holds it, and hears from it. No text of the conversation leaves it.

const PREFIX = "pregonero:";

/**
 * `see(position, isAnswer)` is told of each entry. Only pages whose origin the bot allows can hold the frame at all
 * (`frame-ancestors`), so whoever holds it may speak to it.
 */
export function reportTo({ botKey, focus }) {
  const isEmbedded = window.parent !== window;
  const seenKey = `pregonero-seen-${botKey}`;
  let seen = load(seenKey);
  let newest = seen;
  let isShown = !isEmbedded;
  let hasUnread = false;
  let parentOrigin;

  const tell = (message) => {
    if (parentOrigin !== undefined) window.parent.postMessage(PREFIX + message, parentOrigin);
  };
  const keepSeen = () => {
    hasUnread = false;
    if (newest <= seen) return;
    seen = newest;
    try {
      localStorage.setItem(seenKey, String(seen));
    } catch {
      // Private windows may refuse: the dot then shows once more.
    }
  };

  if (isEmbedded) {
    document.documentElement.dataset.embedded = "";
    addEventListener("message", ({ source, origin, data }) => {
      if (source !== window.parent || typeof data !== "string" || !data.startsWith(PREFIX)) return;
      parentOrigin = origin;
      const said = data.slice(PREFIX.length);
      if (said === "hello") {
        tell("ready");
        if (hasUnread) tell("unread");
      }
      isShown = said === "shown" || (isShown && said !== "hidden");
      if (said !== "shown") return;
      keepSeen();
      focus();
    });
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
      tell("close");
    });
  }

  return {
    isEmbedded,
    see(position, isAnswer) {
      newest = Math.max(newest, position);
      if (isShown) keepSeen();
      else if (isAnswer && position > seen) {
        hasUnread = true;
        tell("unread");
      }
    },
  };
}

function load(key) {
  try {
    return Number(localStorage.getItem(key) ?? "0") || 0;
  } catch {
    return 0;
  }
}
