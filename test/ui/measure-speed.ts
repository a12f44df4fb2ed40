import type { Browser, Page } from "playwright-core";
import { ascending, percentile } from "../../bench/statistics.ts";
import type { Cell } from "./cell.ts";
import { inPage } from "./in-page.ts";
import type { UiGround } from "./ui-ground.ts";
import { listViews, untilShown } from "./visit.ts";

const DESKTOP = { viewport: { width: 1366, height: 820 } };
const SLOWED = 4;
/** Below it the processor was not slowed in earnest, and the loads measured say nothing. */
const SLOWED_AT_LEAST = 2.5;
const INTERACTIVE_MS = 1_500;
const ROUTE_MS = 200;
const ROUTE_TIMEOUT_MS = 30_000;
const LOADS = 5;
const ROUNDS = 5;
const ROWS = 10_000;
/** As `ROW_PX` of the inbox has it. */
const ROW_PX = 84;
/** One flick of a finger after the other: as fast as a list is read over. */
const PX_PER_FRAME = 700;
/** What eyes see as a hitch. */
const JANK_MS = 50;
/** At the end of the list the last screen of it does not lie above. */
const SCREEN_ROWS = 10;
const SCROLL_TIMEOUT_MS = 240_000;
/** Longer than a page of the list is read. */
const SCROLL_IDLE_MS = 10_000;

/** First loads on a slow processor, ways from view to view, and a long list under the thumb. */
export async function measureSpeed(ground: UiGround, browser: Browser): Promise<readonly Cell[]> {
  return [
    ...(await measureLoads(ground, browser)),
    ...(await measureRoutes(ground, browser)),
    ...(await measureScroll(ground, browser)),
  ];
}

/** From the click on a bookmark, with nothing kept, until the view is there and the page idles. */
async function measureLoads(ground: UiGround, browser: Browser): Promise<readonly Cell[]> {
  const plain = await ground.newPage(browser, DESKTOP);
  await plain.goto(`${ground.url}/admin`);
  await untilShown(plain);
  const usualMs = await inPage(plain, "timeWork");
  await ground.leave(plain);
  const slowedMs: number[] = [];
  const cells: Cell[] = [];
  for (const view of ["/admin", "/admin/inbox"]) {
    const times: number[] = [];
    for (let load = 0; load < LOADS; load++) {
      const page = await ground.newPage(browser, DESKTOP);
      times.push(await loadSlowed(page, ground.url + view));
      slowedMs.push(await inPage(page, "timeWork"));
      await ground.leave(page);
    }
    const what = `${view}, nothing kept, CPU ${SLOWED} × slower: interactive, median of ${LOADS}`;
    cells.push(milliseconds(what, times, INTERACTIVE_MS));
  }
  const ratio = percentile(ascending(slowedMs), 0.5) / usualMs;
  return [
    {
      what: "work in those pages, slower than in one that is not slowed",
      seen: `${ratio.toFixed(1)} ×`,
      promised: `≥ ${SLOWED_AT_LEAST} ×`,
      holds: ratio >= SLOWED_AT_LEAST,
    },
    ...cells,
  ];
}

async function loadSlowed(page: Page, address: string): Promise<number> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send("Emulation.setCPUThrottlingRate", { rate: SLOWED });
  await page.goto(address, { waitUntil: "commit" });
  await untilShown(page);
  return inPage(page, "untilIdle");
}

/** From the click in the navigation until the other view shows what it has. */
async function measureRoutes(ground: UiGround, browser: Browser): Promise<readonly Cell[]> {
  const page = await ground.newPage(browser, DESKTOP);
  const views = await listViews(page, ground);
  const timesOf = new Map<string, number[]>(views.map((view) => [view, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const view of views) {
      const time = await inPage(page, "timeClick", { href: view, timeoutMs: ROUTE_TIMEOUT_MS });
      if (time !== null) timesOf.get(view)?.push(time);
    }
  }
  await ground.leave(page);
  return [...timesOf].map(([view, times]) =>
    milliseconds(`way to ${view}, median of ${times.length}`, times, ROUTE_MS),
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
    idleMs: SCROLL_IDLE_MS,
    timeoutMs: SCROLL_TIMEOUT_MS,
  });
  const wanted = Math.min(ROWS, ground.conversations);
  const rows = Math.floor(topPx / ROW_PX);
  await ground.leave(page);
  const sorted = ascending(frames);
  const hitches = frames.filter((each) => each > JANK_MS).length;
  return [
    {
      what: "rows of the inbox that were scrolled over",
      seen: rows.toLocaleString("en"),
      promised: `≥ ${wanted.toLocaleString("en")}`,
      holds: rows >= wanted - SCREEN_ROWS,
    },
    {
      what: `frames over ${JANK_MS} ms, of ${frames.length}`,
      seen: `${hitches} (p95 ${percentile(sorted, 0.95).toFixed(0)}, longest ${(sorted.at(-1) ?? 0).toFixed(0)} ms)`,
      promised: "≤ 1 in 100",
      holds: frames.length > 0 && hitches * 100 <= frames.length,
    },
  ];
}

/** The median counts; the longest is shown beside it, for the first way to a view loads its code. */
function milliseconds(what: string, times: readonly number[], limit: number): Cell {
  const sorted = ascending(times);
  const median = percentile(sorted, 0.5);
  return {
    what,
    seen: `${median.toFixed(0)} ms (longest ${(sorted.at(-1) ?? Number.NaN).toFixed(0)})`,
    promised: `≤ ${limit} ms`,
    holds: times.length > 0 && median <= limit,
  };
}
