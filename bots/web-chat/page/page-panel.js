// A page of the gazette with the cited lines marked: beside the conversation where there is room, over it on a phone and
// in the widget's frame. Built from plain data of this host; data becomes text nodes and checked paths, never markup.

import { element } from "./message-view.js";

const SVG = "http://www.w3.org/2000/svg";
/** As chat.css has it: from here on there is room for both. */
const WIDE = "(min-width: 60rem)";
const TIMEOUT_MS = 15_000;

/** `texts` gives the words of the language chosen now; `rest` takes the focus when the link that opened it is gone. */
export function createPagePanel({ texts, isEmbedded, rest }) {
  const wide = matchMedia(WIDE);
  const title = element("h2");
  title.id = "panel-title";
  title.tabIndex = -1;
  const where = element("p", "where");
  where.setAttribute("role", "status");
  const closer = element("button", "close");
  closer.type = "button";
  // Over the conversation, where the widget has a cross of its own, the way back is an arrow.
  closer.append(drawing("M6 6l12 12M18 6L6 18"), drawing("M15 5l-7 7 7 7"));
  const tools = element("nav", "tools");
  const body = element("div", "body");
  body.tabIndex = 0;
  body.setAttribute("role", "group");
  body.setAttribute("aria-labelledby", "panel-title");
  const head = element("div", "head");
  const names = element("div", "names");
  names.append(title, where);
  head.append(names, closer);
  const panel = element("aside");
  panel.id = "page-panel";
  panel.hidden = true;
  panel.setAttribute("aria-labelledby", "panel-title");
  panel.append(head, tools, body);
  document.body.append(panel);

  let opener;
  let loading;

  closer.addEventListener("click", close);
  wide.addEventListener("change", () => {
    if (!panel.hidden) arrange();
  });
  document.addEventListener("keydown", (event) => {
    if (panel.hidden || event.key !== "Escape" || event.isComposing) return;
    // Of two things that Escape could close, the upper one: the widget stays.
    event.preventDefault();
    close();
  });
  // On a phone the key to go back closes what lies over the conversation, and does not leave it.
  addEventListener("popstate", () => {
    if (!panel.hidden && !wide.matches) hide();
  });

  /** `address` is a page of a gazette, with the passage to highlight. */
  function open(address, from) {
    opener = from;
    if (panel.hidden) {
      panel.hidden = false;
      document.body.classList.add("with-page");
      if (!wide.matches && !isEmbedded) history.pushState({ page: true }, "");
    }
    arrange();
    void load(address);
    title.focus();
  }

  function close() {
    if (!wide.matches && history.state?.page === true) history.back();
    else hide();
  }

  function hide() {
    loading?.abort();
    loading = undefined;
    panel.hidden = true;
    document.body.classList.remove("with-page");
    arrange();
    (opener?.isConnected ? opener : rest).focus();
  }

  /** Over the conversation it is a dialog, and nothing below can be reached. */
  function arrange() {
    const isOver = !panel.hidden && !wide.matches;
    panel.setAttribute("role", isOver ? "dialog" : "complementary");
    if (isOver) panel.setAttribute("aria-modal", "true");
    else panel.removeAttribute("aria-modal");
    for (const other of document.body.children) {
      if (other !== panel) other.inert = isOver;
    }
  }

  async function load(address) {
    loading?.abort();
    const own = new AbortController();
    loading = own;
    closer.setAttribute("aria-label", texts().closePage);
    title.textContent = texts().openingPage;
    where.textContent = "";
    tools.replaceChildren(outside(address.href, texts().ownTabPage));
    body.replaceChildren();
    body.setAttribute("aria-busy", "true");
    const timer = setTimeout(() => own.abort(), TIMEOUT_MS);
    try {
      const page = await read(address, own.signal);
      if (loading === own) show(page);
    } catch {
      // Another page was asked for meanwhile, or none any more.
      if (loading !== own) return;
      title.textContent = texts().pageFailed;
      const again = element("button", "again", texts().retry);
      again.type = "button";
      again.addEventListener("click", () => void load(address));
      body.replaceChildren(again);
    } finally {
      clearTimeout(timer);
      if (loading === own) body.removeAttribute("aria-busy");
    }
  }

  function show(page) {
    title.textContent = page.gazette;
    where.textContent = [page.date, page.where, page.printedPage].filter(Boolean).join(" · ");
    tools.replaceChildren(
      step(page.previousPath, texts().previousPage, "M15 5l-7 7 7 7"),
      step(page.nextPath, texts().nextPage, "M9 5l7 7-7 7"),
      outside(page.path, texts().ownTabPage),
      outside(page.pdfPath, "PDF"),
    );
    body.lang = page.language;
    const sheet = sheetView(page);
    body.replaceChildren(...elsewhere(page), sheet, ...textView(page, texts()));
    body.scrollTop = 0;
    const mark = sheet.querySelector("rect");
    if (mark) {
      const { top } = mark.getBoundingClientRect();
      body.scrollTop = Math.max(0, top - body.getBoundingClientRect().top - body.clientHeight / 4);
    }
  }

  function step(path, label, drawn) {
    const button = element("button");
    button.type = "button";
    button.disabled = path === null;
    button.setAttribute("aria-label", label);
    button.title = label;
    button.append(drawing(drawn));
    button.addEventListener("click", () => {
      void load(new URL(path, location.origin));
      title.focus();
    });
    return button;
  }

  /** The reader leafed on: the way back to what was cited. */
  function elsewhere({ cited }) {
    if (!cited?.path) return [];
    const button = element("button", "again", texts().backToCited);
    button.type = "button";
    button.addEventListener("click", () => {
      void load(new URL(cited.path, location.origin));
      title.focus();
    });
    return [button];
  }

  return { open };
}

async function read(address, signal) {
  const url = new URL(`${address.pathname}/page.json${address.search}`, location.origin);
  url.searchParams.set("lang", document.documentElement.lang);
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

/** The image of the paper with an SVG over it, in percentages: the marks hold at every size. */
function sheetView({ image, marks }) {
  const sheet = element("figure", "sheet");
  const picture = element("img");
  picture.width = image.width;
  picture.height = image.height;
  picture.alt = image.alternative;
  picture.sizes = `${WIDE} 46vw, 100vw`;
  picture.srcset = image.sources.map(({ width, path }) => `${path} ${width}w`).join(", ");
  const over = drawn("svg", { class: "marks", "aria-hidden": "true", focusable: "false" });
  for (const { x, y, width, height } of marks) {
    over.append(drawn("rect", { x, y, width, height, rx: "2" }));
  }
  sheet.append(picture, over);
  return sheet;
}

/** For whoever cannot use the image, and to copy from. */
function textView({ paragraphs, isFromOcr }, texts) {
  if (paragraphs.length === 0) return [];
  const details = element("details");
  details.append(element("summary", undefined, texts.pageText));
  if (isFromOcr) details.append(element("p", "where", texts.fromOcr));
  for (const runs of paragraphs) {
    const paragraph = element("p");
    for (const { text, isCited } of runs) {
      paragraph.append(isCited ? element("mark", undefined, String(text)) : String(text));
    }
    details.append(paragraph);
  }
  return [details];
}

function outside(path, text) {
  const anchor = element("a", undefined, text);
  anchor.href = path;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}

function drawing(line) {
  const svg = drawn("svg", {
    viewBox: "0 0 24 24",
    width: "22",
    height: "22",
    "aria-hidden": "true",
  });
  const stroke = { d: line, fill: "none", stroke: "currentColor", "stroke-width": "2" };
  svg.append(drawn("path", { ...stroke, "stroke-linecap": "round", "stroke-linejoin": "round" }));
  return svg;
}

function drawn(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}
