// Builds the elements of a message. Data becomes text nodes and checked addresses, never markup.

/** The elements of one part of a reply. `press` is called with a button that was tapped. */
export function replyView(part, texts, press) {
  const bubble = element("div", "bubble");
  if (part.kind === "document") {
    bubble.append(documentView(part, texts));
    return bubble;
  }
  const paragraphs = Array.isArray(part.paragraphs) ? part.paragraphs : [];
  for (const group of groupParagraphs(paragraphs)) bubble.append(groupView(group, texts));
  if (Array.isArray(part.buttons) && part.buttons.length > 0) {
    bubble.append(buttonsView(part.buttons, press));
  }
  return bubble;
}

export function visitorView(text) {
  const bubble = element("div", "bubble");
  bubble.append(paragraph(String(text)));
  return bubble;
}

/** Neighbouring paragraphs that hold nothing but links to pages become one list of sources. */
function groupParagraphs(paragraphs) {
  const groups = [];
  for (const spans of paragraphs) {
    const isSource = isSourceLine(spans);
    const last = groups.at(-1);
    if (last?.isSource && isSource) last.paragraphs.push(spans);
    else groups.push({ isSource, paragraphs: [spans] });
  }
  return groups;
}

function isSourceLine(spans) {
  const written = spans.filter((span) => String(span.text).trim() !== "");
  const links = written.filter((span) => isGazettePage(safeAddress(span.url)));
  const rest = written.filter((span) => !links.includes(span));
  return links.length > 0 && rest.every((span) => /^\W*\d{0,2}\W*$/.test(String(span.text)));
}

function groupView({ isSource, paragraphs }, texts) {
  if (!isSource) {
    const fragment = document.createDocumentFragment();
    for (const spans of paragraphs) fragment.append(paragraphView(spans, texts));
    return fragment;
  }
  const list = element("ul", "sources");
  list.setAttribute("aria-label", texts.sources);
  for (const spans of paragraphs) {
    const item = element("li");
    const number = spans.map((span) => (span.url ? "" : String(span.text))).join("");
    for (const span of spans.filter((one) => one.url)) {
      item.append(sourceChip(span, number.replaceAll(/\D/g, ""), texts));
    }
    list.append(item);
  }
  return list;
}

function sourceChip(span, number, texts) {
  const chip = link(safeAddress(span.url), "chip");
  if (number !== "") chip.append(element("b", undefined, number), " ");
  chip.append(String(span.text), element("span", "sr", ` (${texts.opensPage})`));
  return chip;
}

function paragraphView(spans, texts) {
  const block = element("p");
  for (const span of spans) block.append(spanView(span, texts));
  if (block.textContent.trim() === "") block.className = "gap";
  return block;
}

const STYLES = { bold: "strong", italic: "em", code: "code" };

function spanView(span, texts) {
  const text = String(span.text);
  const address = safeAddress(span.url);
  let node = document.createTextNode(text);
  if (Object.hasOwn(STYLES, span.style ?? "")) {
    node = element(STYLES[span.style], undefined, text);
  }
  if (address === undefined) return node;
  const isMark = isGazettePage(address) && /^\W*\d{1,2}\W*$/.test(text);
  const anchor = link(address, isMark ? "mark" : undefined);
  anchor.append(node);
  if (isMark) anchor.append(element("span", "sr", ` (${texts.opensPage})`));
  return anchor;
}

function buttonsView(buttons, press) {
  const row = element("div", "buttons");
  for (const { label, data } of buttons) {
    const button = element("button", undefined, String(label));
    button.type = "button";
    button.addEventListener("click", () => press({ label: String(label), data: String(data) }));
    row.append(button);
  }
  return row;
}

function documentView(part, texts) {
  const holder = document.createDocumentFragment();
  if (part.caption) holder.append(paragraph(String(part.caption)));
  const bytes = Uint8Array.from(atob(String(part.contentBase64)), (character) =>
    character.charCodeAt(0),
  );
  // Saved, never opened: whatever the type says, the browser doesn't run it here.
  const blob = new Blob([bytes], { type: "application/octet-stream" });
  const anchor = element("a", "chip", texts.download.replace("{name}", String(part.fileName)));
  anchor.href = URL.createObjectURL(blob);
  anchor.download = String(part.fileName);
  holder.append(anchor);
  return holder;
}

/**
 * An http(s) address or a path of this host, as an absolute address; undefined for anything else. A page of
 * a gazette opens on the host that the chat was opened on, by whatever name the visitor reached it.
 */
function safeAddress(url) {
  if (typeof url !== "string" || url === "") return undefined;
  try {
    const address = new URL(url, location.origin);
    if (address.protocol !== "https:" && address.protocol !== "http:") return undefined;
    if (!isGazettePage(address)) return address;
    return new URL(address.pathname + address.search, location.origin);
  } catch {
    return undefined;
  }
}

export function isGazettePage(address) {
  return address !== undefined && /^\/gazettes\/[^/]+\/[^/]+\/pages\/\d+$/.test(address.pathname);
}

function link(address, className) {
  const anchor = element("a", className);
  anchor.href = address.href;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}

function paragraph(text) {
  return element("p", undefined, text);
}

export function element(name, className, text) {
  const node = document.createElement(name);
  if (className !== undefined) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}
