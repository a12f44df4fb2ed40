import type { PoliteAnswer, PoliteRequest } from "./fetch-answers.ts";

/** A page as its own scripts drew it, and how that looks. */
export type OpenedListing =
  | (Extract<PoliteAnswer, { kind: "ok" }> & {
      /** PNG; undefined: it could not be taken. */
      readonly screenshot: Buffer | undefined;
    })
  | Extract<PoliteAnswer, { kind: "absent" | "failed" }>;

export interface ListingRequest
  extends Pick<PoliteRequest, "url" | "hosts" | "pauseSeconds" | "signal"> {
  /** What is waited for; undefined: any link. */
  readonly selector: string | undefined;
}

/**
 * Opens pages as a reader's browser does. Whatever a page asks for goes the way of every other request: to the hosts
 * of its source alone, as robots.txt allows, and past the guard. Rejects only with the signal's reason.
 */
export interface ListingBrowser {
  open(request: ListingRequest): Promise<OpenedListing>;
  /** PNG of HTML as it stands: without its scripts, and nothing is asked for. Undefined: there is no browser here. */
  draw(html: string, signal: AbortSignal): Promise<Buffer | undefined>;
}
