import type { Browser } from "playwright-core";
import { ascending, percentile } from "../../bench/statistics.ts";
import type { Cell } from "./cell.ts";
import { inPage } from "./in-page.ts";
import type { UiGround } from "./ui-ground.ts";
import { listViews, untilShown } from "./visit.ts";

const DESKTOP = { viewport: { width: 1366, height: 820 } };
const SLOWED = 4;
const INTERACTIVE_MS = 1_500;
const ROUTE_MS = 200;
const LOADS = 5;
const ROUNDS = 5;
const ROWS = 10_000;
/** As `ROW_PX` of the inbox has it. */
const ROW_PX = 84;
/** One flick of a finger after the other: as fast as a list is read over. */
const PX_PER_FRAME = 700;
/** What eyes see as a hitch. */
const JANK_MS = 50;
const SCROLL_TIMEOUT_MS = 240_000;

/** First loads on a slow processor, ways from view to view, and a long list under the thumb. */
export async function measureSpeed(ground: UiGround, browser: Browser): Promise<readonly Cell[]> {
  return [
    await measureLoad(ground, browser, "/admin"),
    await measureLoad(ground, browser, "/admin/inbox"),
    ...(await measureRoutes(ground, browser)),
    ...(await measureScroll(ground, browser)),
  ];
}

/** From the click on a bookmark, with nothing kept, until the view is there and the page idles. */
async function measureLoad(ground: UiGround, browser: Browser, view: string): Promise<Cell> {
  const times: number[] = [];
  for (let load = 0; load < LOADS; load++) {
    const page = await ground.newPage(browser, DESKTOP);
    const devTools = await page.context().newCDPSession(page);
    await devTools.send("Emulation.setCPUThrottlingRate", { rate: SLOWED });
    await page.goto(ground.url + view, { waitUntil: "commit" });
    await untilShown(page);
    times.push(await inPage(page, "untilIdle"));
    await page.context().close();
  }
  return milliseconds(
    `${view}, nothing kept, CPU ${SLOWED} × slower: interactive, median of ${LOADS}`,
    percentile(ascending(times), 0.5),
    INTERACTIVE_MS,
  );
}

/** From the click in the navigation until the other view shows what it has. */
async function measureRoutes(ground: UiGround, browser: Browser): Promise<readonly Cell[]> {
  const page = await ground.newPage(browser, DESKTOP);
  const views = await listViews(page, ground);
  const timesOf = new Map<string, number[]>(views.map((view) => [view, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const view of views) {
      const time = await inPage(page, "timeClick", { href: view });
      if (time !== null) timesOf.get(view)?.push(time);
    }
  }
  await page.context().close();
  return [...timesOf].map(([view, times]) =>
    milliseconds(
      `way to ${view}, median of ${times.length}`,
      percentile(ascending(times), 0.5),
      ROUTE_MS,
    ),
  );
}

/** Frames while 10,000 conversations pass by; those that are read meanwhile are waited for. */
async function measureScroll(ground: UiGround, browser: Browser): Promise<readonly Cell[]> {
  const page = await ground.newPage(browser, DESKTOP);
  await page.goto(`${ground.url}/admin/inbox`);
  await page.locator("main ul li a").first().waitFor();
  const { frames, topPx } = await inPage(page, "scrollList", {
    wantedPx: ROWS * ROW_PX,
    stepPx: PX_PER_FRAME,
    timeoutMs: SCROLL_TIMEOUT_MS,
  });
  const rows = Math.floor(topPx / ROW_PX);
  await page.context().close();
  const sorted = ascending(frames);
  const hitches = frames.filter((each) => each > JANK_MS).length;
  return [
    {
      what: "rows of the inbox that were scrolled over",
      seen: rows.toLocaleString("en"),
      promised: `≥ ${ROWS.toLocaleString("en")}`,
      holds: rows >= ROWS - 10,
    },
    {
      what: `frames over ${JANK_MS} ms, of ${frames.length}`,
      seen: `${hitches} (p95 ${percentile(sorted, 0.95).toFixed(0)}, longest ${(sorted.at(-1) ?? 0).toFixed(0)} ms)`,
      promised: "≤ 1 in 100",
      holds: hitches * 100 <= frames.length,
    },
  ];
}

function milliseconds(what: string, value: number, limit: number): Cell {
  return { what, seen: `${value.toFixed(0)} ms`, promised: `≤ ${limit} ms`, holds: value <= limit };
}
