import type { Collected, CollectedItem, CollectRequest, Match, Probe } from "./collected.ts";
import type { DomDocument, DomElement, DomNode, DomStyle } from "./dom.ts";

declare const document: DomDocument;
declare const location: { readonly href: string };
declare const navigator: { readonly language: string };
declare function getComputedStyle(element: DomElement): DomStyle;

/*
 * These functions run in the page: `collectSource` sends their texts as one expression. They use nothing of this module
 * but each other, leave nothing behind in the page, and decide nothing: what they find is judged in Node.
 */

function collect(request: CollectRequest): Collected {
  const strings: string[] = [];
  const known = new Map<string, number>();
  const broken = new Set<string>();
  const pool = {
    broken,
    add(text: string): number {
      const cut = text.slice(0, 70_000);
      const at = known.get(cut) ?? strings.push(cut) - 1;
      known.set(cut, at);
      return at;
    },
  };
  const scopes = Object.entries(request.scopes).map(([name, scope]) => {
    const root = findAll(document, scope.root, broken, 1)[0]?.element;
    const found = root === undefined ? [] : findAll(root, scope.items, broken, 5000);
    const elements = found.map((each) => each.element);
    const outermost = elements.filter(
      (each) => !elements.some((other) => other !== each && other.contains(each)),
    );
    const kept =
      scope.keep === "last" ? outermost.slice(-scope.limit) : outermost.slice(0, scope.limit);
    const items = kept.map((element) => {
      if (scope.known === undefined) {
        return describeItem(element, scope.probes, request.attributes, pool);
      }
      const fingerprint = fingerprintOf(element, root);
      const dataId = element.getAttribute("data-id") ?? "";
      if (scope.known[dataId] === fingerprint) {
        const attributes = { "data-id": pool.add(dataId) };
        return {
          by: 0,
          tag: "",
          attributes,
          rect: rectOf(element),
          chain: [],
          matches: {},
          fingerprint,
          isSame: true,
        };
      }
      return { ...describeItem(element, scope.probes, request.attributes, pool), fingerprint };
    });
    return [
      name,
      { ...(root === undefined ? {} : { root: rectOf(root) }), found: outermost.length, items },
    ] as const;
  });
  return {
    page: {
      url: location.href.slice(0, 500),
      language: document.documentElement.lang.slice(0, 40),
      browserLanguage: String(navigator.language).slice(0, 40),
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      isVisible: document.visibilityState === "visible",
      isRightToLeft: getComputedStyle(document.documentElement).direction === "rtl",
    },
    scopes: Object.fromEntries(scopes),
    strings,
    broken: [...broken].slice(0, 50),
  };
}

type Pool = { readonly broken: Set<string>; add(text: string): number };

function describeItem(
  element: DomElement,
  probes: Readonly<Record<string, Probe>>,
  attributes: readonly string[],
  pool: Pool,
): CollectedItem {
  const matches: Record<string, Match[]> = {};
  for (const [name, probe] of Object.entries(probes)) {
    const outside = probe.outside?.join(",") ?? "";
    const all = findAll(element, probe.selectors, pool.broken, 60).filter(
      (each) => outside === "" || each.element.closest(outside) === null,
    );
    const found = probe.isOutermost
      ? all.filter(
          (each) => !all.some((other) => other !== each && other.element.contains(each.element)),
        )
      : all;
    const kept = found.slice(0, probe.max ?? 1);
    if (kept.length > 0) {
      matches[name] = kept.map((each) => describe(each.element, each.by, probe, attributes, pool));
    }
  }
  return { ...describe(element, 0, {}, attributes, pool), chain: chainOf(element), matches };
}

function describe(
  element: DomElement,
  by: number,
  probe: Omit<Probe, "selectors">,
  attributes: readonly string[],
  pool: Pool,
): Match {
  const found = attributes.flatMap((name) => {
    const value = element.getAttribute(name);
    return value === null ? [] : [[name, pool.add(value)] as const];
  });
  const title = probe.icon ? iconTitle(element) : undefined;
  return {
    by,
    tag: element.tagName.toLowerCase().slice(0, 40),
    attributes: Object.fromEntries(found),
    rect: rectOf(element),
    ...(probe.text ? { text: pool.add(readText(element, probe.without?.join(",") ?? "")) } : {}),
    ...(title ? { icon: pool.add(title) } : {}),
    ...(probe.paint ? { paint: pool.add(paintOf(element)) } : {}),
  };
}

/** Of the markup, and of the place in the conversation: a bubble may move without a change of its markup. */
function fingerprintOf(element: DomElement, root: DomElement | undefined): string {
  const markup = element.outerHTML;
  let hash = 2_166_136_261;
  for (let at = 0; at < markup.length; at += 1)
    hash = Math.imul(hash ^ markup.charCodeAt(at), 16_777_619);
  const [left, , width, height] = rectOf(element);
  const around = root === undefined ? 0 : rectOf(root)[2];
  return `${hash >>> 0}.${markup.length}.${left}.${width}.${height}.${around}`.slice(0, 40);
}

/** In the order of the selectors, then of the document; each element once. A selector that is none is reported. */
function findAll(
  root: Pick<DomElement, "querySelector" | "querySelectorAll">,
  selectors: readonly string[],
  broken: Set<string>,
  max: number,
): { element: DomElement; by: number }[] {
  const found = new Map<DomElement, number>();
  try {
    // Most probes find nothing: one question answers for all their selectors.
    if (root.querySelector(selectors.join(",") || "no-such-element") === null) return [];
  } catch {
    // One of them is no selector: each is asked for itself.
  }
  selectors.forEach((selector, by) => {
    if (found.size >= max) return;
    try {
      for (const element of Array.from(root.querySelectorAll(selector))) {
        if (!found.has(element)) found.set(element, by);
      }
    } catch {
      broken.add(selector);
    }
  });
  return [...found].slice(0, max).map(([element, by]) => ({ element, by }));
}

/**
 * The text as a person reads it: without what is hidden from screen readers (the page repeats the time there), without
 * icons and their titles, with emoji and mentions in words; a new line for `<br>` and for each block.
 */
function readText(root: DomElement, without: string): string {
  let text = "";
  const visit = (node: DomNode): void => {
    if (text.length > 70_000) return;
    if (node.nodeType === 3) {
      text += node.nodeValue ?? "";
      return;
    }
    if (node.nodeType !== 1) return;
    const element = node as DomElement;
    const tag = element.tagName.toLowerCase();
    if (["svg", "style", "script", "template", "noscript"].includes(tag)) return;
    if (element !== root && element.getAttribute("aria-hidden") === "true") return;
    if (element !== root && without !== "" && element.matches(without)) return;
    const plain =
      element.getAttribute("data-plain-text") ??
      (tag === "img" ? element.getAttribute("alt") : null);
    if (plain !== null && (tag === "img" || element.childNodes.length > 0)) {
      text += plain.slice(0, 200);
      return;
    }
    const isBlock = ["br", "div", "p", "li", "ul", "ol", "blockquote", "pre"].includes(tag);
    if (isBlock && (tag === "br" || (text !== "" && !text.endsWith("\n")))) text += "\n";
    for (const child of Array.from(element.childNodes)) visit(child);
  };
  visit(root);
  return text;
}

function rectOf(element: DomElement): [number, number, number, number] {
  const { left, top, width, height } = element.getBoundingClientRect();
  return [left, top, width, height].map((value) => Math.round(value * 10) / 10) as [
    number,
    number,
    number,
    number,
  ];
}

/**
 * From the row inwards, always the largest child, to the first that is painted and narrower: the bubble. With 1 where a
 * background is painted.
 */
function chainOf(row: DomElement): [number, number, number, number, 0 | 1][] {
  const chain: [number, number, number, number, 0 | 1][] = [];
  let element: DomElement | undefined = row;
  while (element !== undefined && chain.length < 24) {
    const background = getComputedStyle(element).backgroundColor;
    const isPainted = background !== "transparent" && !/,\s*0\)$/.test(background);
    chain.push([...rectOf(element), isPainted ? 1 : 0]);
    if (isPainted && (chain.at(-1)?.[2] ?? 0) < (chain[0]?.[2] ?? 0) * 0.9) break;
    let largest: DomElement | undefined;
    let area = 100;
    for (const child of Array.from(element.children)) {
      const { width, height } = child.getBoundingClientRect();
      if (width * height > area) {
        area = width * height;
        largest = child;
      }
    }
    element = largest;
  }
  return chain;
}

function iconTitle(element: DomElement): string | undefined {
  const isSvg = element.tagName.toLowerCase() === "svg";
  const title = element.querySelector(isSvg ? "title" : "svg title");
  return title?.textContent?.trim().slice(0, 80);
}

/** Of the innermost drawn shape: the colour of a tick is what tells delivered from read. */
function paintOf(element: DomElement): string {
  const shape =
    element.querySelector("path, polygon, circle") ?? element.querySelector("svg") ?? element;
  const style = getComputedStyle(shape);
  return (style.fill === "" || style.fill === "none" ? style.color : style.fill).slice(0, 60);
}

/** An expression whose value is the collector, to be called with the request. */
export const collectSource = `(() => {\n${[
  collect,
  describeItem,
  describe,
  fingerprintOf,
  findAll,
  readText,
  rectOf,
  chainOf,
  iconTitle,
  paintOf,
]
  .map(String)
  .join("\n")}\nreturn collect;\n})()`;
