import { isUtf8 } from "node:buffer";
import type { BrowserContext, Request, Route } from "playwright-core";
import type { PoliteAnswer, PoliteFetch } from "../collection/fetch-answers.ts";
import type { ListingRequest } from "../collection/listing-browser.ts";

/** What draws a list of links. Pictures, fonts, films and beacons do not. */
const KINDS: ReadonlySet<string> = new Set(["document", "stylesheet", "script", "xhr", "fetch"]);
/** Of one page, with all that it asks for. */
const MAX_REQUESTS = 80;
const MAX_BYTES = 30 * 1024 * 1024;
const MAX_BYTES_EACH = 10 * 1024 * 1024;

type Refusal = Extract<PoliteAnswer, { kind: "absent" | "failed" }>;

/**
 * Answers every request of a page itself: with what a polite fetch brings, or not at all. Hosts, robots.txt and the
 * guard against private networks hold for each of them, redirects included; only reading is let through, and no socket
 * stays open.
 */
export async function guardRequests(
  context: BrowserContext,
  politeFetch: PoliteFetch,
  { url, hosts, pauseSeconds, signal }: ListingRequest,
): Promise<{
  /** Why the page itself was not had. */
  refusal(): Refusal | undefined;
}> {
  let refusal: Refusal | undefined;
  let requestCount = 0;
  let byteCount = 0;

  async function fetchFor(request: Request): Promise<PoliteAnswer | undefined> {
    if (request.method() !== "GET" || !KINDS.has(request.resourceType())) return undefined;
    requestCount += 1;
    if (requestCount > MAX_REQUESTS || byteCount > MAX_BYTES) return undefined;
    const answer = await politeFetch({
      url: request.url(),
      hosts,
      // What belongs to a page is asked for with it, as every browser does; a Crawl-delay is kept all the same.
      pauseSeconds: isPage(request) ? pauseSeconds : 0,
      accept: request.headers().accept ?? "*/*",
      maxBytes: MAX_BYTES_EACH,
      signal,
    });
    if (answer.kind === "ok") byteCount += answer.body.length;
    if (isPage(request) && (answer.kind === "absent" || answer.kind === "failed")) {
      refusal = answer;
    }
    return answer;
  }

  async function answer(route: Route, request: Request): Promise<void> {
    const found = await fetchFor(request);
    if (found?.kind !== "ok") return route.abort("blockedbyclient");
    await route.fulfill({
      status: 200,
      contentType: withCharset(found),
      headers: { "access-control-allow-origin": "*" },
      body: isPage(request) && found.url !== request.url() ? withBase(found) : found.body,
    });
  }

  await context.route("**/*", (route, request) =>
    // The page is gone, or its time is over: nobody waits for this answer.
    answer(route, request).catch(() => route.abort().catch(() => {})),
  );
  await context.routeWebSocket(/.*/, (socket) => void socket.close());
  return { refusal: () => refusal };

  function isPage(request: Request): boolean {
    return request.isNavigationRequest() && request.url() === new URL(url).href;
  }
}

/** A page that says nothing of its letters is read as UTF-8 when it can be. */
function withCharset({ body, contentType }: Extract<PoliteAnswer, { kind: "ok" }>): string {
  const isText = contentType.startsWith("text/") || /json|javascript|xml/.test(contentType);
  return isText && isUtf8(body) ? `${contentType}; charset=utf-8` : contentType;
}

/** It was redirected on the way: what is relative in it is relative to where it came from. */
function withBase({ body, url }: Extract<PoliteAnswer, { kind: "ok" }>): Buffer {
  return Buffer.concat([Buffer.from(`<base href="${url.replaceAll('"', "%22")}">`), body]);
}
