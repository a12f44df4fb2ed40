import { chmod, mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { PregoneroError } from "../../../src/core/errors.ts";
import type { BotId } from "../../../src/core/ids.ts";
import { freePort } from "./free-port.ts";
import { browserProcesses, killBrowser } from "./process-tree.ts";

/** A Chromium with the profile of one account, which only this process uses. */
export interface SessionBrowser {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly profileDirectory: string;
  /** Only when a debugging port was asked for. */
  readonly browserUrl?: string;
  /** What lived on the profile before and was ended. */
  readonly orphansKilled: number;
  processes(): Promise<readonly number[]>;
  /** Lets the browser write its profile, then ends whatever is left. Never rejects. */
  close(): Promise<void>;
  /** Ends it at once. Never rejects. */
  kill(): Promise<void>;
}

const LAUNCH_TIMEOUT_MS = 60_000;
const CLOSE_TIMEOUT_MS = 5_000;

/** Less memory and no traffic but the page's; nothing that pretends to be what it is not. */
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
  // The page must go on drawing and ticking though nobody looks at its window.
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  // The profile must open again on a machine without a key ring.
  "--password-store=basic",
  "--disk-cache-size=52428800",
  "--js-flags=--max-old-space-size=512",
] as const;

export async function openBrowser(options: {
  readonly chromiumPath: string;
  readonly profilesDirectory: string;
  readonly botId: BotId;
  readonly needsDebuggingPort: boolean;
}): Promise<SessionBrowser> {
  const profileDirectory = profileOf(options.profilesDirectory, options.botId);
  await mkdir(profileDirectory, { recursive: true, mode: 0o700 });
  // The profile is a credential: whoever reads it is the account.
  await chmod(profileDirectory, 0o700);
  const orphansKilled = await killBrowser(profileDirectory);
  await removeStaleLocks(profileDirectory);
  const port = options.needsDebuggingPort ? await freePort() : undefined;
  const { chromium } = await import("playwright-core");
  const context = await chromium
    .launchPersistentContext(profileDirectory, {
      executablePath: options.chromiumPath,
      // --no-sandbox is for root alone, whom Chromium refuses otherwise.
      chromiumSandbox: process.getuid?.() !== 0,
      timeout: LAUNCH_TIMEOUT_MS,
      viewport: { width: 1280, height: 900 },
      acceptDownloads: true,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      args: [...FLAGS, ...(port === undefined ? [] : [`--remote-debugging-port=${port}`])],
    })
    .catch(async (error: unknown) => {
      await killBrowser(profileDirectory);
      throw launchFailed(options.chromiumPath, error);
    });
  const page = context.pages()[0] ?? (await context.newPage());
  return {
    context,
    page,
    profileDirectory,
    ...(port !== undefined && { browserUrl: `http://127.0.0.1:${port}` }),
    orphansKilled,
    processes: () => browserProcesses(profileDirectory),
    async close() {
      const closed = context.close().catch(() => undefined);
      await Promise.race([closed, after(CLOSE_TIMEOUT_MS)]);
      await killBrowser(profileDirectory);
    },
    async kill() {
      await killBrowser(profileDirectory);
      await Promise.race([context.close().catch(() => undefined), after(CLOSE_TIMEOUT_MS)]);
    },
  };
}

/** Where the account's profile is; also what `bot remove` deletes. */
export function profileOf(profilesDirectory: string, botId: BotId): string {
  return resolve(join(profilesDirectory, botId));
}

/** Ends the browser of this profile, if one is left, and deletes the profile: the account is linked no more here. */
export async function forgetProfile(profilesDirectory: string, botId: BotId): Promise<void> {
  const profileDirectory = profileOf(profilesDirectory, botId);
  await killBrowser(profileDirectory);
  await rm(profileDirectory, { recursive: true, force: true, maxRetries: 3 });
}

/** Left by a browser that was killed, perhaps on another machine: a new one would refuse the profile. */
async function removeStaleLocks(profileDirectory: string): Promise<void> {
  for (const name of ["SingletonLock", "SingletonCookie", "SingletonSocket"]) {
    await rm(join(profileDirectory, name), { force: true });
  }
}

function launchFailed(chromiumPath: string, cause: unknown): PregoneroError {
  return new PregoneroError(
    "browser-not-started",
    `Chromium did not start from ${chromiumPath}: install it, or set CHROMIUM_PATH`,
    { retry: "backoff", cause },
  );
}

function after(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms).unref());
}
