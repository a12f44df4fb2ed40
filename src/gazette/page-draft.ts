import type { PageDraft } from "../core/gazette-store.ts";
import type { ExtractedPage } from "./extract/child-protocol.ts";

const MINUTE_MS = 60_000;
/** Between two tries at a page that was given up: what was too much for the machine may not be an hour later. */
export const RETRY_MINUTES = [10, 60, 360, 1_440] as const;

/** A page as it is stored. One that was given up, now for the `tries`th time, is due again after a while, or no more. */
export function toPageDraft(
  page: ExtractedPage,
  { tries, now }: { readonly tries: number; readonly now: Date },
): PageDraft {
  const minutes = RETRY_MINUTES[tries - 1];
  const nextTryAt =
    minutes === undefined ? undefined : new Date(now.getTime() + minutes * MINUTE_MS);
  return {
    page: page.page,
    printedPage: page.printedPage,
    width: page.width,
    height: page.height,
    origin: page.origin,
    ...(page.confidence !== undefined && { confidence: page.confidence }),
    ...(page.givenUp !== undefined && { givenUp: { reason: page.givenUp, tries, nextTryAt } }),
    text: page.lines.map((line) => line.text).join("\n"),
  };
}
