import type { Page } from "playwright-core";
import type { BotAccount } from "../../../src/core/channel.ts";
import type { PageReader } from "../detection/page-reader.ts";
import { openBrowser, type SessionBrowser } from "./browser.ts";
import type { Engine, EngineMaker } from "./engine.ts";

/** A browser that shows WhatsApp Web, with what reads it. Ends with its browser; another is made for the next start. */
export interface LivePage {
  readonly browser: SessionBrowser;
  readonly page: Page;
  readonly reader: PageReader;
  readonly engine: Engine;
  readonly openedAtMs: number;
  /** One English sentence once the page or browser ended by itself. */
  ended(): string | undefined;
}

const FIRST_LOAD_TIMEOUT_MS = 60_000;

export interface LivePageOptions {
  readonly bot: BotAccount;
  readonly url: string;
  readonly chromiumPath: string;
  readonly profilesDirectory: string;
  readonly maker: EngineMaker;
  readonly makeReader: (page: Page) => Promise<PageReader>;
  /** Wakes the session as soon as the browser is gone. */
  readonly onEnd: () => void;
  /** The page was loaded, the first time or anew. */
  readonly onLoaded: () => void;
  readonly now: () => number;
}

/** Rejects when the browser does not start. A page that does not load is told by what it then shows. */
export async function openLivePage(options: LivePageOptions): Promise<LivePage> {
  const { bot, maker } = options;
  const browser = await openBrowser({
    chromiumPath: options.chromiumPath,
    profilesDirectory: options.profilesDirectory,
    botId: bot.botId,
    needsDebuggingPort: maker.needsDebuggingPort,
  });
  const { context, page } = browser;
  let ended: string | undefined;
  const end = (evidence: string) => {
    ended ??= evidence;
    options.onEnd();
  };
  context.on("close", () => end("The browser ended by itself."));
  page.on("crash", () => end("The tab crashed, perhaps for want of memory."));
  page.on("domcontentloaded", options.onLoaded);
  page.on("close", () => end("The browser or its tab was closed from outside."));
  // Nobody is there to answer a question of the page's.
  page.on("dialog", (dialog) => void dialog.dismiss().catch(() => undefined));
  const reader = await options.makeReader(page).catch(async (error: unknown) => {
    await browser.kill();
    throw error;
  });
  await page
    .goto(options.url, { timeout: FIRST_LOAD_TIMEOUT_MS, waitUntil: "domcontentloaded" })
    .catch(() => undefined);
  return {
    browser,
    page,
    reader,
    engine: maker.make(),
    openedAtMs: options.now(),
    ended: () => ended,
  };
}
