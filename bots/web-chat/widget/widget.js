// The chat on any site: <script src="https://host/widget.js" data-bot="KEY" async></script>
// A round button that opens the chat's page in a frame. Asks this host alone; styles are set through CSSOM, so that a
// Content-Security-Policy of the site needs no 'unsafe-inline': script-src, connect-src and frame-src of this host.
(() => {
  const script = document.currentScript;
  const bot = script?.dataset.bot ?? "";
  if (!/^[\w-]{8,200}$/.test(bot) || script.dataset.started !== undefined) return;
  script.dataset.started = "";
  const host = new URL(script.src).origin;
  const base = `${host}/chat/${bot}`;
  const PREFIX = "pregonero:";
  const USED = `pregonero-used-${bot}`;
  const TEXTS = {
    es: { open: "Abrir el chat", close: "Cerrar el chat", unread: "hay una respuesta nueva" },
    pt: { open: "Abrir o chat", close: "Fechar o chat", unread: "há uma resposta nova" },
    en: { open: "Open the chat", close: "Close the chat", unread: "there is a new answer" },
  };
  const language = (document.documentElement.lang || navigator.language || "es").slice(0, 2);
  const texts = TEXTS[language] ?? TEXTS.es;
  const STYLE = `
:host{all:initial;--size:3.5rem}
button{all:unset;box-sizing:border-box;cursor:pointer;display:grid;place-items:center}
button:focus-visible{outline:3px solid #fff;outline-offset:-5px;box-shadow:0 0 0 3px #111}
.open{position:fixed;inset:auto max(1rem,env(safe-area-inset-right)) max(1rem,env(safe-area-inset-bottom)) auto;z-index:2147483000;width:var(--size);height:var(--size);border-radius:50%;background:var(--colour,#9b2c1f);color:var(--on,#fff);box-shadow:0 6px 20px rgb(0 0 0/.3)}
.dot{position:absolute;top:0;right:0;width:.95rem;height:.95rem;border:2px solid #fff;border-radius:50%;background:#c4161c}
.panel{position:fixed;inset:auto max(1rem,env(safe-area-inset-right)) calc(max(1rem,env(safe-area-inset-bottom)) + var(--size) + .75rem) auto;z-index:2147483001;width:min(26rem,calc(100vw - 2rem));height:min(42rem,calc(100dvh - var(--size) - 3rem));overflow:hidden;border-radius:1rem;background:Canvas;box-shadow:0 16px 48px rgb(0 0 0/.35)}
.panel[hidden],.dot[hidden]{display:none}
iframe{display:block;width:100%;height:100%;border:0;color-scheme:normal}
.close{position:absolute;top:.625rem;right:.5rem;width:2.75rem;height:2.75rem;border-radius:.7rem;background:var(--colour,#9b2c1f);color:var(--on,#fff)}
@media (max-width:30rem),(max-height:26rem){.panel{inset:0;width:100vw;width:100dvw;height:100dvh;border-radius:0}}
@media print{.open,.panel{display:none}}`;

  let name = "";
  let isOpen = false;
  let isReady = false;
  let frame;
  const holder = document.createElement("pregonero-chat");
  const root = holder.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];

  const opener = button("open", drawing("M4 5h16v11H9l-5 4z"));
  opener.setAttribute("aria-haspopup", "dialog");
  const dot = element("span", "dot");
  dot.hidden = true;
  opener.append(dot);
  const panel = element("div", "panel");
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-modal", "true");
  panel.hidden = true;
  const closer = button("close", drawing("M6 6l12 12M18 6L6 18"));
  closer.setAttribute("aria-label", texts.close);
  panel.append(
    edge(() => frame?.focus()),
    closer,
    edge(() => closer.focus()),
  );
  root.append(opener, panel);
  label();

  opener.addEventListener("click", () => (isOpen ? close() : open()));
  closer.addEventListener("click", close);
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen) close();
  });
  addEventListener("message", ({ source, origin, data }) => {
    if (frame === undefined || source !== frame.contentWindow || origin !== host) return;
    if (data === `${PREFIX}ready`) {
      isReady = true;
      if (isOpen) tell("shown");
    } else if (data === `${PREFIX}unread` && !isOpen) {
      dot.hidden = false;
      label();
    } else if (data === `${PREFIX}close` && isOpen) close();
  });

  void start();

  /** A bot that this site may not hold shows nothing; a policy without connect-src, our own colours. */
  async function start() {
    try {
      const response = await fetch(`${base}/widget.json`, {
        credentials: "omit",
        signal: AbortSignal.timeout(10_000),
      });
      if (!response.ok) {
        console.warn(
          `Pregonero: ${host} does not show this chat on ${location.origin} (${response.status}). Is it in the bot's allowedOrigins?`,
        );
        return;
      }
      const looks = await response.json();
      name = String(looks.name);
      for (const [place, value] of [
        ["--colour", looks.colour],
        ["--on", looks.onColour],
      ]) {
        if (/^#[\da-f]{6}$/.test(value)) holder.style.setProperty(place, value);
      }
      label();
    } catch {
      // The button is worth having all the same: the frame says what is wrong.
    }
    if (document.body === null) await new Promise((done) => addEventListener("load", done));
    document.body.append(holder);
    // Whoever talked before is shown that an answer came meanwhile.
    if (wasUsed()) loadFrame();
  }

  function open() {
    isOpen = true;
    panel.hidden = false;
    dot.hidden = true;
    loadFrame();
    label();
    keepUsed();
    frame.focus();
    if (isReady) tell("shown");
  }

  function close() {
    isOpen = false;
    panel.hidden = true;
    label();
    tell("hidden");
    opener.focus();
  }

  function loadFrame() {
    if (frame !== undefined) return;
    frame = element("iframe");
    frame.src = `${base}?embedded=1`;
    frame.title = name || "Chat";
    frame.referrerPolicy = "origin";
    // For voice notes, if the site has one to give; the frame asks its visitor all the same.
    frame.allow = "microphone";
    // The page answers `ready`; one that loads anew is greeted anew.
    frame.addEventListener("load", () => tell("hello"));
    closer.after(frame);
  }

  function tell(message) {
    frame?.contentWindow?.postMessage(PREFIX + message, host);
  }

  function label() {
    const what = isOpen ? texts.close : texts.open;
    const news = dot.hidden ? "" : ` (${texts.unread})`;
    opener.setAttribute("aria-label", `${what}${name === "" ? "" : `: ${name}`}${news}`);
    opener.setAttribute("aria-expanded", String(isOpen));
    panel.setAttribute("aria-label", name || "Chat");
    if (frame !== undefined) frame.title = name || "Chat";
  }

  /** Focus that would leave the dialog goes round. */
  function edge(goOn) {
    const guard = element("div");
    guard.tabIndex = 0;
    guard.addEventListener("focus", goOn);
    return guard;
  }

  function button(className, child) {
    const made = element("button", className);
    made.type = "button";
    made.append(child);
    return made;
  }

  function drawing(path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    for (const [key, value] of [
      ["viewBox", "0 0 24 24"],
      ["width", "26"],
      ["height", "26"],
      ["aria-hidden", "true"],
    ]) {
      svg.setAttribute(key, value);
    }
    for (const [key, value] of [
      ["d", path],
      ["fill", "none"],
      ["stroke", "currentColor"],
      ["stroke-width", "2"],
      ["stroke-linecap", "round"],
      ["stroke-linejoin", "round"],
    ]) {
      line.setAttribute(key, value);
    }
    svg.append(line);
    return svg;
  }

  function element(tag, className) {
    const made = document.createElement(tag);
    if (className !== undefined) made.className = className;
    return made;
  }

  function wasUsed() {
    try {
      return localStorage.getItem(USED) !== null;
    } catch {
      return false;
    }
  }

  function keepUsed() {
    try {
      localStorage.setItem(USED, "1");
    } catch {
      // Without storage, no dot on the next page.
    }
  }
})();
