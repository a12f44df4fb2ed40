/**
 * A small virtual DOM: like React it keeps the nodes of a row that moves or changes, so that who watches the
 * page sees the mutations that WhatsApp's own framework makes. The same object twice means "unchanged".
 */

const SVG = "http://www.w3.org/2000/svg";
const handlers = new WeakMap();

export function h(tag, props, ...children) {
  const { key, on, node, ...attributes } = props ?? {};
  return { tag, key, on, node, attributes, children: flatten(children), el: undefined };
}

function flatten(children) {
  return children
    .flat(Number.POSITIVE_INFINITY)
    .filter((child) => child !== undefined && child !== null && child !== false && child !== "")
    .map((child) => (typeof child === "object" ? child : { text: String(child), el: undefined }));
}

/** Renders `tree` into `root`, where `previous` stands. */
export function render(root, tree, previous) {
  if (previous === undefined) root.replaceChildren(mount(tree, false));
  else patch(previous, tree, false);
  return tree;
}

function mount(v, isSvg) {
  if (v.text !== undefined) {
    v.el = document.createTextNode(v.text);
    return v.el;
  }
  if (v.node !== undefined) {
    v.el = v.node;
    return v.el;
  }
  const inSvg = isSvg || v.tag === "svg";
  const el = inSvg ? document.createElementNS(SVG, v.tag) : document.createElement(v.tag);
  for (const [name, value] of Object.entries(v.attributes)) setAttribute(el, name, value);
  if (v.on !== undefined) handlers.set(el, v.on);
  for (const child of v.children) el.append(mount(child, inSvg));
  v.el = el;
  return el;
}

function patch(old, next, isSvg) {
  if (old === next) return;
  if (old.text !== undefined && next.text !== undefined) {
    next.el = old.el;
    if (old.text !== next.text) next.el.data = next.text;
    return;
  }
  if (
    old.tag !== next.tag ||
    old.key !== next.key ||
    old.node !== next.node ||
    old.tag === undefined
  ) {
    const before = old.el;
    before.replaceWith(mount(next, isSvg));
    return;
  }
  next.el = old.el;
  if (next.node !== undefined) return;
  const { el } = next;
  for (const name of Object.keys(old.attributes)) {
    if (!(name in next.attributes)) setAttribute(el, name, undefined);
  }
  for (const [name, value] of Object.entries(next.attributes)) {
    if (old.attributes[name] !== value) setAttribute(el, name, value);
  }
  if (next.on === undefined) handlers.delete(el);
  else handlers.set(el, next.on);
  patchChildren(el, old.children, next.children, isSvg || next.tag === "svg");
}

function patchChildren(el, old, next, isSvg) {
  const isKeyed = next.some((child) => child.key !== undefined);
  if (!isKeyed) {
    for (const [at, child] of next.entries()) {
      if (old[at] === undefined) el.append(mount(child, isSvg));
      else patch(old[at], child, isSvg);
    }
    for (const gone of old.slice(next.length)) gone.el.remove();
    return;
  }
  const kept = new Map(old.map((child, at) => [child.key ?? `#${at}`, child]));
  const nextKeys = new Set(next.map((child, at) => child.key ?? `#${at}`));
  for (const [key, child] of kept) if (!nextKeys.has(key)) child.el.remove();
  let cursor = el.firstChild;
  for (const [at, child] of next.entries()) {
    const before = kept.get(child.key ?? `#${at}`);
    if (before === undefined) mount(child, isSvg);
    else patch(before, child, isSvg);
    if (child.el === cursor) cursor = cursor.nextSibling;
    else el.insertBefore(child.el, cursor);
  }
}

function setAttribute(el, name, value) {
  if (value === undefined || value === null || value === false) el.removeAttribute(name);
  else el.setAttribute(name, value === true ? "" : String(value));
}

/** Calls the `on` handlers of the tree below `root`. */
export function listen(root, types) {
  for (const type of types) {
    root.addEventListener(
      type,
      (event) => {
        for (let el = event.target; el !== null && el !== root; el = el.parentElement) {
          const handle = handlers.get(el)?.[type];
          if (handle === undefined) continue;
          handle(event, el);
          if (event.cancelBubble) return;
        }
      },
      { capture: type === "scroll" || type === "focus" },
    );
  }
}
