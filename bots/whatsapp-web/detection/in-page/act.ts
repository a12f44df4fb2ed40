import type { DomDocument, DomElement, DomObserver, DomStyle } from "./dom.ts";

declare const document: DomDocument;
declare function getComputedStyle(element: DomElement): DomStyle & { readonly overflowY: string };
declare const MutationObserver: new (onChange: () => void) => DomObserver;
declare const MouseEvent: new (name: string, options: object) => object;
declare function setTimeout(run: () => void, ms: number): number;
declare function clearTimeout(timer: number): void;

/* These functions run in the page; see collect.ts. */

export interface ScrollRequest {
  readonly scroller: readonly string[];
  /** When no selector finds it: what scrolls around the first of these. */
  readonly around: readonly string[];
  readonly to:
    | "top"
    | "end"
    /** Counts views: -0.8 goes up by most of what is in sight. */
    | { readonly by: number }
    /** Brings the row with this `data-id` low into sight, however high it is itself; by views when it is not drawn. */
    | { readonly above: string; readonly rows: readonly string[]; readonly by: number };
  /** The page is done when it changed nothing for so long. */
  readonly quietMs: number;
  readonly maxMs: number;
}

export interface ScrollPosition {
  readonly top: number;
  readonly height: number;
  readonly view: number;
}

/** Null: nothing that scrolls is there. */
async function scroll(request: ScrollRequest): Promise<ScrollPosition | null> {
  const scroller = scrollerOf(request);
  if (scroller === null) return null;
  const { to } = request;
  const quiet = quietness(scroller, request.quietMs, request.maxMs);
  if (to === "top") scroller.scrollTop = 0;
  else if (to === "end") scroller.scrollTop = scroller.scrollHeight;
  else if ("above" in to) scroller.scrollTop += distanceTo(scroller, to);
  else scroller.scrollTop += to.by * scroller.clientHeight;
  await quiet;
  return { top: scroller.scrollTop, height: scroller.scrollHeight, view: scroller.clientHeight };
}

function distanceTo(
  scroller: DomElement,
  to: { readonly above: string; readonly rows: readonly string[]; readonly by: number },
): number {
  const row = Array.from(scroller.querySelectorAll(to.rows.join(","))).find(
    (each) => each.getAttribute("data-id") === to.above,
  );
  const view = scroller.clientHeight;
  const down =
    row === undefined ? 0 : row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  const distance = down - 0.8 * view;
  // Always upwards: where the row stands that low already, by views.
  return row === undefined || distance > -1 ? to.by * view : distance;
}

function scrollerOf(request: Pick<ScrollRequest, "scroller" | "around">): DomElement | null {
  const canScroll = (element: DomElement) => element.scrollHeight > element.clientHeight + 1;
  const named = request.scroller.map((selector) => document.querySelector(selector));
  const found = named.find((element) => element !== null && canScroll(element));
  if (found) return found;
  let element =
    request.around.map((selector) => document.querySelector(selector)).find((each) => each) ?? null;
  while (element !== null) {
    if (canScroll(element) && /auto|scroll/.test(getComputedStyle(element).overflowY))
      return element;
    element = element.parentElement;
  }
  return named.find((each) => each !== null) ?? null;
}

/** Resolves when nothing changed below `root` for `quietMs`, at the latest after `maxMs`. */
function quietness(root: DomElement, quietMs: number, maxMs: number): Promise<void> {
  return new Promise((resolve) => {
    let timer = setTimeout(end, quietMs);
    const limit = setTimeout(end, maxMs);
    const observer = new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(end, quietMs);
    });
    observer.observe(root, {
      childList: true,
      subtree: true,
      characterData: true,
      attributes: true,
    });
    function end() {
      clearTimeout(timer);
      clearTimeout(limit);
      observer.disconnect();
      resolve();
    }
  });
}

export interface ExpandRequest {
  readonly rows: readonly string[];
  readonly dataId: string;
  readonly readMore: readonly string[];
  /** Lower case. */
  readonly phrases: readonly string[];
  readonly maxClicks: number;
  readonly quietMs: number;
}

/** Presses "Read more" until it is gone; a long text comes in parts. Returns the number of times. */
async function expand(request: ExpandRequest): Promise<number> {
  for (let clicks = 0; clicks < request.maxClicks; clicks += 1) {
    const row = Array.from(document.querySelectorAll(request.rows.join(","))).find(
      (each) => each.getAttribute("data-id") === request.dataId,
    );
    const button = row === undefined ? undefined : readMoreIn(row, request);
    if (row === undefined || button === undefined) return clicks;
    const quiet = quietness(row, request.quietMs, 3000);
    for (const name of ["mousedown", "mouseup", "click"]) {
      button.dispatchEvent(
        new MouseEvent(name, { bubbles: true, cancelable: true, composed: true }),
      );
    }
    await quiet;
  }
  return request.maxClicks;
}

function readMoreIn(row: DomElement, request: ExpandRequest): DomElement | undefined {
  const marked = row.querySelector(request.readMore.join(",") || "no-such-element");
  if (marked !== null) return marked;
  return Array.from(row.querySelectorAll("[role='button'], button")).find((button) =>
    request.phrases.includes((button.textContent ?? "").trim().toLowerCase()),
  );
}

/** Expressions whose values are the functions above. */
export const scrollSource = `(() => {\n${[scroll, distanceTo, scrollerOf, quietness].map(String).join("\n")}\nreturn scroll;\n})()`;
export const expandSource = `(() => {\n${[expand, readMoreIn, quietness].map(String).join("\n")}\nreturn expand;\n})()`;
