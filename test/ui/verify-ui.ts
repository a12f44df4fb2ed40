import { existsSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import type { Browser } from "playwright-core";
import { chromiumPath, launchChromium } from "../browser/chromium.ts";
import { type Cell, printCells } from "./cell.ts";
import { JOURNEY_NAMES, runOwnJourneys } from "./journeys/run-own-journeys.ts";
import { measureAxe } from "./measure-axe.ts";
import { measureBundle } from "./measure-bundle.ts";
import { measurePayloads } from "./measure-payloads.ts";
import { measureSpeed } from "./measure-speed.ts";
import { runTestedJourneys } from "./run-tested-journeys.ts";
import { startUiGround, type UiGround } from "./ui-ground.ts";

type Measure = (ground: UiGround, browser: Browser) => Promise<readonly Cell[]>;

/** Conversations of the past that the pages are measured with; the payloads have a site of their own. */
const CONVERSATIONS = process.argv.includes("--quick") ? 2_000 : 50_000;

const TABLES: Readonly<Record<string, { readonly seeded: number; readonly measure: Measure }>> = {
  bundle: { seeded: 0, measure: measureBundle },
  payloads: { seeded: 0, measure: measurePayloads },
  // Before the pictures: hundreds of pages leave a processor and a browser warm.
  speed: { seeded: CONVERSATIONS, measure: measureSpeed },
  axe: { seeded: CONVERSATIONS, measure: measureAxe },
};

/**
 * `npm run verify:ui [-- table …] [-- --quick]`: the admin interface and the citizens' pages in a real Chromium, on the
 * embedded database with 50,000 conversations (2,000 with `--quick`). Tables: `journeys` (each in a product of its own),
 * `tested` (the browser tests of the pages), `bundle`, `speed`, `axe`, `payloads`. Pictures of every view go to
 * artifacts/verify-ui, those of the journeys' steps to its folder `journeys`; one journey is run by its own name. Exits 1
 * when a cell falls short; what cannot be measured to its end is a cell that does.
 */
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const known = ["journeys", "tested", ...Object.keys(TABLES), ...JOURNEY_NAMES];
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) refuse(`No table ${unknown.join(", ")}. There are: ${known.join(", ")}.`);
if (!existsSync(chromiumPath)) {
  refuse(`No Chromium at ${chromiumPath}: apt-get install chromium, or set CHROMIUM_PATH.`);
}
const wanted = asked.length === 0 ? known : asked;
console.log(`${cpus().length} cores, load ${(loadavg()[0] ?? 0).toFixed(1)} before`);
const all: Cell[] = [];
const journeys = JOURNEY_NAMES.filter(
  (name) => wanted.includes("journeys") || wanted.includes(name),
);
if (journeys.length > 0) {
  await withBrowser((browser) => tell("journeys", () => runOwnJourneys(browser, journeys)));
}
if (wanted.includes("tested")) await tell("tested", async () => runTestedJourneys());
for (const seeded of new Set(Object.values(TABLES).map((table) => table.seeded))) {
  await measureTables(seeded);
}
const short = all.filter(({ holds }) => !holds).length;
console.log(`\n${all.length - short} passed, ${short} failed`);
process.exit(short === 0 ? 0 : 1);

/** Those that are measured on one site, one after the other. */
async function measureTables(seeded: number): Promise<void> {
  const tables = Object.entries(TABLES).filter(
    ([name, table]) => wanted.includes(name) && table.seeded === seeded,
  );
  if (tables.length === 0) return;
  const ground = await startUiGround({ conversations: seeded });
  try {
    for (const [name, { measure }] of tables) {
      // A browser each: what one table leaves open is not another's.
      await withBrowser((browser) => tell(name, () => measure(ground, browser)));
    }
  } finally {
    await ground.close();
  }
}

async function withBrowser(work: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await launchChromium();
  try {
    await work(browser);
  } finally {
    await browser.close();
  }
}

async function tell(title: string, measure: () => Promise<readonly Cell[]>): Promise<void> {
  const startedAt = performance.now();
  const cells = await measure().catch((error: unknown): readonly Cell[] => [
    {
      what: `${title}: measured to its end`,
      seen: String(error).split("\n", 1)[0] ?? "",
      promised: "yes",
      holds: false,
    },
  ]);
  printCells(`${title} (${((performance.now() - startedAt) / 1_000).toFixed(0)} s)`, cells);
  all.push(...cells);
}

function refuse(why: string): never {
  console.error(why);
  process.exit(64);
}
