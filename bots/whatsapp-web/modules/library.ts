import { PregoneroError } from "../../../src/core/errors.ts";
import type { EngineHost } from "../session/engine.ts";
import { withTimeout } from "../session/with-timeout.ts";

/** What of whatsapp-web.js 1.34.7 is used, as narrow as that. Nothing that it returns is trusted: see to-row.ts. */
export interface LibraryClient {
  readonly pupPage: { evaluate(expression: string): Promise<unknown> };
  sendMessage(chatId: string, content: unknown, options: object): Promise<unknown>;
  getMessageById(messageId: string): Promise<unknown>;
  on(event: string, listener: (...values: unknown[]) => void): unknown;
}

interface OwnedClient {
  pupBrowser: unknown;
  pupPage: LibraryPage;
  inject(): Promise<void>;
  attachEventListeners(): Promise<void>;
  destroy(): Promise<void>;
  logout(): Promise<void>;
  once(event: string, listener: () => void): unknown;
}

interface LibraryPage {
  url(): string;
  evaluate(expression: string): Promise<unknown>;
}

export interface Library {
  readonly client: LibraryClient;
  makeMedia(mimeType: string, base64: string, fileName: string): unknown;
  /** Puts the library into the page, once per load of the page. Rejects when the page is not one that it knows. */
  inject(): Promise<void>;
  /** Lets go of the browser; it stays open. Never rejects. */
  disconnect(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const INJECT_TIMEOUT_MS = 15_000;
/** Whoever comes to a page that has synchronised already may wait for its event in vain: then it is said again. */
const SYNC_SAID_AGAIN_MS = 1_000;
const SAY_SYNCED =
  "window.require('WAWebSocketModel').Socket.hasSynced ? window.onAppStateHasSyncedEvent() : undefined";

/**
 * Attaches whatsapp-web.js to the tab that the session has open. Its own `initialize` would open a second tab, which
 * WhatsApp takes for another window, and set an old user agent: the steps after it are taken here, in this tab.
 */
export async function attachLibrary(host: EngineHost): Promise<Library> {
  if (host.browserUrl === undefined) throw unreadable("Chromium has no debugging port");
  const { puppeteer, whatsapp } = await load();
  const browser = await withTimeout(
    puppeteer.connect({ browserURL: host.browserUrl, defaultViewport: null }),
    CONNECT_TIMEOUT_MS,
  );
  const disconnect = () => browser.disconnect().catch(() => undefined);
  const pages: readonly LibraryPage[] = await browser.pages();
  const page = pages.find((each) => each.url() === host.page.url());
  if (page === undefined) {
    await disconnect();
    throw new PregoneroError("page-gone", "The tab is not among those of the browser", {
      retry: "backoff",
    });
  }
  const made = new whatsapp.Client({
    authStrategy: new whatsapp.NoAuth(),
    userAgent: false as unknown as string,
    webVersionCache: { type: "none" },
    takeoverOnConflict: false,
    authTimeoutMs: INJECT_TIMEOUT_MS,
  }) as unknown;
  const client = own(made as OwnedClient, page, browser);
  return {
    client: made as LibraryClient,
    makeMedia: (mimeType, base64, fileName) =>
      new whatsapp.MessageMedia(mimeType, base64, fileName),
    inject: () => injectOnce(client),
    disconnect,
  };
}

/** The library closes the browser when it meets a conflict or an end of the session. The browser is not its own. */
function own(client: OwnedClient, page: LibraryPage, browser: unknown): OwnedClient {
  client.pupPage = page;
  client.pupBrowser = browser;
  client.destroy = async () => undefined;
  client.logout = async () => undefined;
  return client;
}

async function injectOnce(client: OwnedClient): Promise<void> {
  const { attachEventListeners } = Object.getPrototypeOf(client) as OwnedClient;
  let attached: Promise<void> | undefined;
  // Synchronised twice, it would listen twice.
  client.attachEventListeners = () => {
    attached ??= attachEventListeners.call(client);
    return attached;
  };
  const ready = new Promise<void>((resolve) => client.once("ready", resolve));
  await withTimeout(client.inject(), INJECT_TIMEOUT_MS);
  const saidAgain = setTimeout(() => {
    client.pupPage.evaluate(SAY_SYNCED).catch(() => undefined);
  }, SYNC_SAID_AGAIN_MS);
  try {
    await withTimeout(ready, INJECT_TIMEOUT_MS);
  } finally {
    clearTimeout(saidAgain);
  }
}

/** Both are optional dependencies, loaded with the first account that asks for them. */
async function load() {
  try {
    const puppeteer = await import("puppeteer");
    const { default: whatsapp } = await import("whatsapp-web.js");
    return { puppeteer, whatsapp };
  } catch (cause) {
    throw unreadable(
      "The engine needs whatsapp-web.js: install with the optional dependencies, or choose the engine dom",
      cause,
    );
  }
}

function unreadable(message: string, cause?: unknown): PregoneroError {
  return new PregoneroError("page-unreadable", message, { cause });
}
