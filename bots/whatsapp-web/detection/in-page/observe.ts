import type { DomDocument, DomElement, DomMutation, DomNode, DomObserver } from "./dom.ts";

declare const document: DomDocument & {
  addEventListener(name: string, listener: () => void): void;
};
declare const window: Readonly<Record<string, unknown>>;
declare const MutationObserver: new (
  onChange: (mutations: readonly DomMutation[]) => void,
) => DomObserver;
declare function setTimeout(run: () => void, ms: number): number;
declare function setInterval(run: () => void, ms: number): number;
declare function clearInterval(timer: number): void;

/* This function runs in the page, before the page's own scripts, at every load. */

export interface ObserveRequest {
  /** Name of the function that reports to us; a new one for each reader. */
  readonly binding: string;
  readonly chats: string;
  readonly conversation: string;
  readonly coalesceMs: number;
  readonly heartbeatMs: number;
}

function observe(request: ObserveRequest): void {
  const report = window[request.binding] as ((change: unknown) => Promise<boolean>) | undefined;
  if (report === undefined) return;
  const areas = new Set<string>();
  let isWaiting = false;

  const observer = new MutationObserver((mutations) => {
    for (const { target } of mutations.slice(0, 200)) areas.add(areaOf(target));
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      const changed = [...areas];
      areas.clear();
      tell({ kind: "changed", areas: changed });
    }, request.coalesceMs);
  });

  function areaOf(target: DomNode & { readonly parentElement: DomElement | null }): string {
    const element = target.nodeType === 1 ? (target as DomElement) : target.parentElement;
    if (element === null) return "screen";
    if (element.closest(request.conversation) !== null) return "conversation";
    return element.closest(request.chats) === null ? "screen" : "chats";
  }

  function tell(change: unknown): void {
    Promise.resolve(report?.(change)).then(
      (isWanted) => {
        if (isWanted === false) stop();
      },
      () => stop(),
    );
  }

  function stop(): void {
    observer.disconnect();
    clearInterval(heartbeat);
  }

  const beat = () => tell({ kind: "heartbeat", isVisible: document.visibilityState === "visible" });
  const heartbeat = setInterval(beat, request.heartbeatMs);
  observer.observe(document, {
    childList: true,
    subtree: true,
    characterData: true,
    attributes: true,
    attributeFilter: [
      "data-id",
      "data-testid",
      "data-icon",
      "data-ref",
      "data-virtualized",
      "aria-label",
      "title",
    ],
  });
  document.addEventListener("visibilitychange", beat);
  beat();
}

/** An expression whose value is the function above. */
export const observeSource = `(${String(observe)})`;
