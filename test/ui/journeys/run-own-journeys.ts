import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { repositoryRoot } from "../../services/harness/repository.ts";
import type { Cell } from "../cell.ts";
import { campaignIsWatched } from "./campaign-is-watched.ts";
import { citizenAsks } from "./citizen-asks.ts";
import { firstRun } from "./first-run.ts";
import type { Journey } from "./journey.ts";
import { keyboardAlone } from "./keyboard-alone.ts";
import { personTakesOver } from "./person-takes-over.ts";
import { whatsAppIsPaired } from "./whatsapp-is-paired.ts";

const PICTURES = path.join(repositoryRoot(), "artifacts", "verify-ui", "journeys");

/** What no browser test goes through from end to end, each in a process of the product of its own. */
const JOURNEYS: readonly Journey[] = [
  citizenAsks,
  personTakesOver,
  campaignIsWatched,
  whatsAppIsPaired,
  firstRun,
  keyboardAlone,
];

export const JOURNEY_NAMES: readonly string[] = JOURNEYS.map(({ name }) => name);

/** Those of the names, in the order of the list. */
export async function runOwnJourneys(
  browser: Browser,
  names: readonly string[],
): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  for (const journey of JOURNEYS) {
    if (names.includes(journey.name)) cells.push(await runJourney(journey, browser));
  }
  return cells;
}

async function runJourney(journey: Journey, browser: Browser): Promise<Cell> {
  const folder = path.join(PICTURES, journey.name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  let steps = 0;
  const picture = async (page: Page, step: string) => {
    steps += 1;
    await page.screenshot({ path: path.join(folder, `${steps}-${step}.png`) });
  };
  const startedAt = performance.now();
  const failure = await journey.run({ browser, picture }).then(
    () => undefined,
    async (error: unknown) => {
      for (const page of browser.contexts().flatMap((context) => context.pages())) {
        await picture(page, "failed").catch(() => undefined);
      }
      return String(error).split("\n", 2).join(" ");
    },
  );
  for (const context of browser.contexts()) await context.close();
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  return {
    what: `${journey.what} (${steps} pictures)`,
    seen: failure ?? `to its end in ${seconds} s`,
    promised: "to its end",
    holds: failure === undefined,
  };
}
