import type { Browser, BrowserContext, Page } from "playwright-core";
import { createPageReader } from "../../bots/whatsapp-web/detection/create-page-reader.ts";
import { loadPacks } from "../../bots/whatsapp-web/detection/load-packs.ts";
import type { Drift, PageReader } from "../../bots/whatsapp-web/detection/page-reader.ts";
import { systemClock } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";

export const OWN_NAME = "Pregonero";
const ZONE = "America/Costa_Rica";

export interface Reading {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly reader: PageReader;
  readonly drifts: Drift[];
  /** Events that the reader logged. */
  readonly logged: string[];
}

/** A page of its own, and the reader on it. */
export async function openReading(
  browser: Browser,
  options: { readonly locale?: string; readonly packs?: string; readonly clock?: () => Date } = {},
): Promise<Reading> {
  const context = await browser.newContext({
    timezoneId: ZONE,
    locale: options.locale ?? "es-CR",
    viewport: { width: 1280, height: 900 },
  });
  const page = await context.newPage();
  const drifts: Drift[] = [];
  const logged: string[] = [];
  const log = (event: string) => void logged.push(event);
  const logger = { ...silentLogger, info: log, warn: log };
  const reader = createPageReader(page, {
    packs: await loadPacks({ directory: options.packs, logger }),
    logger,
    clock: options.clock === undefined ? systemClock : { now: options.clock },
    ownNames: [OWN_NAME],
    onDrift: (drift) => void drifts.push(drift),
  });
  return { context, page, reader, drifts, logged };
}
