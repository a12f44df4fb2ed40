import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Logger } from "../../core/logger.ts";
import { failed, type PoliteFetch, placeOf } from "../collection/fetch-answers.ts";
import type {
  ListingBrowser,
  ListingRequest,
  OpenedListing,
} from "../collection/listing-browser.ts";
import { guardRequests } from "./guard-requests.ts";

export interface ListingBrowserPorts {
  readonly chromiumPath: string;
  readonly politeFetch: PoliteFetch;
  readonly logger: Pick<Logger, "warn">;
}

/** For all of one page: the browser's start, each of its requests with the pauses between them, the picture. */
const PAGE_MS = 90_000;
const DRAW_MS = 30_000;
/** For what the page's scripts draw, once the page itself is there; and once it asks for nothing more. */
const SELECTOR_MS = 20_000;
const QUIET_MS = 2_000;
const MAX_PAGE_CHARACTERS = 20_000_000;
const VIEWPORT = { width: 1_280, height: 1_600 };

/**
 * The browser reaches nothing by itself: names stand for nothing, its proxy is a port where nobody listens, and it
 * speaks no UDP. What a page gets, `guardRequests` hands to it.
 */
const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-breakpad",
  "--disable-dev-shm-usage",
  "--disable-notifications",
  "--mute-audio",
  "--password-store=basic",
  "--js-flags=--max-old-space-size=256",
  "--host-resolver-rules=MAP * ~NOTFOUND",
  "--proxy-server=http://127.0.0.1:9",
  "--proxy-bypass-list=<-loopback>",
  "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
] as const;

/** See `ListingBrowser`. Each page has a browser of its own, which nothing of an earlier one is left in. */
export function createListingBrowser(ports: ListingBrowserPorts): ListingBrowser {
  return {
    async open(request) {
      const work = (browser: Browser, signal: AbortSignal) =>
        openPage(ports, browser, { ...request, signal });
      try {
        return await withBrowser(ports.chromiumPath, request.signal, PAGE_MS, work);
      } catch (error) {
        request.signal.throwIfAborted();
        ports.logger.warn("listing-not-opened", { error });
        return problemOf(request, error);
      }
    },

    async draw(html, signal) {
      try {
        return await withBrowser(ports.chromiumPath, signal, DRAW_MS, (browser) =>
          drawPage(browser, html),
        );
      } catch (error) {
        signal.throwIfAborted();
        ports.logger.warn("listing-not-drawn", { error });
        return undefined;
      }
    },
  };
}

/** However it ends, the browser is closed; when the time is over, what it is at fails. */
async function withBrowser<Result>(
  chromiumPath: string,
  stop: AbortSignal,
  timeoutMs: number,
  work: (browser: Browser, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  stop.throwIfAborted();
  const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]);
  const { chromium } = await import("playwright-core");
  const browser = await chromium
    .launch({
      executablePath: chromiumPath,
      // --no-sandbox is for root alone, whom Chromium refuses otherwise.
      chromiumSandbox: process.getuid?.() !== 0,
      timeout: timeoutMs,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      args: [...FLAGS],
    })
    .catch((cause: unknown) => {
      throw new BrowserMissing(chromiumPath, { cause });
    });
  const close = () => void browser.close().catch(() => {});
  signal.addEventListener("abort", close, { once: true });
  try {
    signal.throwIfAborted();
    return await work(browser, signal);
  } finally {
    signal.removeEventListener("abort", close);
    await browser.close().catch(() => {});
  }
}

class BrowserMissing extends Error {
  constructor(chromiumPath: string, options: ErrorOptions) {
    super(
      `No browser started from ${chromiumPath}: install Chromium, or set CHROMIUM_PATH.`,
      options,
    );
    this.name = "BrowserMissing";
  }
}

async function openPage(
  { politeFetch }: ListingBrowserPorts,
  browser: Browser,
  request: ListingRequest,
): Promise<OpenedListing> {
  const context = await browser.newContext({
    acceptDownloads: false,
    serviceWorkers: "block",
    viewport: VIEWPORT,
  });
  const guard = await guardRequests(context, politeFetch, request);
  const page = await context.newPage();
  closePopups(context, page);
  const answered = await page
    .goto(request.url, { waitUntil: "domcontentloaded", timeout: PAGE_MS })
    .catch((error: unknown) => {
      if (guard.refusal() === undefined) throw error;
    });
  const refusal = guard.refusal();
  if (refusal !== undefined) return refusal;
  if (answered === null || answered === undefined) throw new Error("The page gave no answer.");
  await untilDrawn(page, request.selector ?? "a[href]");
  const html = await page.content();
  if (html.length > MAX_PAGE_CHARACTERS) {
    return tooLarge(request.url, html.length);
  }
  return {
    kind: "ok",
    body: Buffer.from(html),
    contentType: "text/html",
    etag: undefined,
    lastModified: undefined,
    url: page.url(),
    screenshot: await page.screenshot({ timeout: DRAW_MS }).catch(() => undefined),
  };
}

/** What never comes is the listing's to tell: it is laid out otherwise then. */
async function untilDrawn(page: Page, selector: string): Promise<void> {
  const isThere = (timeout: number) =>
    page.waitForSelector(selector, { state: "attached", timeout }).catch(() => null);
  const isQuiet = page
    .waitForLoadState("networkidle", { timeout: SELECTOR_MS })
    .then(() => isThere(QUIET_MS))
    .catch(() => null);
  await Promise.race([isThere(SELECTOR_MS), isQuiet]);
}

async function drawPage(browser: Browser, html: string): Promise<Buffer> {
  const context = await browser.newContext({
    acceptDownloads: false,
    javaScriptEnabled: false,
    offline: true,
    serviceWorkers: "block",
    viewport: VIEWPORT,
  });
  await context.route("**/*", (route) => route.abort("blockedbyclient"));
  const page = await context.newPage();
  await page.setContent(html, { waitUntil: "domcontentloaded", timeout: DRAW_MS });
  return page.screenshot({ timeout: DRAW_MS });
}

function closePopups(context: BrowserContext, page: Page): void {
  context.on("page", (other) => {
    if (other !== page) void other.close().catch(() => {});
  });
}

function problemOf({ url }: ListingRequest, error: unknown): OpenedListing {
  if (error instanceof BrowserMissing) return asFailed("browser-missing", error.message);
  const isLate = error instanceof Error && error.name === "TimeoutError";
  const why = isLate ? `took longer than ${PAGE_MS / 1_000} s` : "could not be opened";
  return asFailed(isLate ? "timed-out" : "browser-failed", `${placeOf(url)} ${why} in a browser.`);
}

function tooLarge(url: string, length: number): OpenedListing {
  return asFailed("too-large", `${placeOf(url)} has ${length} characters once it is drawn.`);
}

function asFailed(code: string, detail: string): OpenedListing {
  const answer = failed(code, detail);
  if (answer.kind !== "failed") throw new Error("a failure that is none");
  return answer;
}
