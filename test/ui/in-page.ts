import path from "node:path";
import type { Page } from "playwright-core";

/** Where `measureInPage` is, which every page of the measurements has. */
export const IN_PAGE = path.join(import.meta.dirname, "page-script.js");

/** What page-script.js can be asked. */
interface InPage {
  /** Rejects after `timeoutMs`, and when the view says that it failed or the page asks who one is. */
  untilShown(request: { readonly timeoutMs: number }): undefined;
  untilIdle(): number;
  timeWork(): number;
  overflowPx(): number;
  /** Rejects as `untilShown` does. */
  timeClick(request: { readonly href: string; readonly timeoutMs: number }): number | null;
  scrollList(request: {
    readonly wantedPx: number;
    readonly stepPx: number;
    readonly idleMs: number;
    readonly timeoutMs: number;
  }): { readonly frames: readonly number[]; readonly topPx: number };
  findDeeds(request: { readonly ran: string; readonly outside: string }): {
    readonly hasRun: boolean;
    readonly links: readonly string[];
    readonly elements: number;
  };
}

export function inPage<Name extends keyof InPage>(
  page: Page,
  name: Name,
  ...request: Parameters<InPage[Name]>
): Promise<ReturnType<InPage[Name]>> {
  return page.evaluate(`measureInPage.${name}(${JSON.stringify(request[0] ?? {})})`);
}
