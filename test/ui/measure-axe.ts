import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { repositoryRoot } from "../services/harness/repository.ts";
import { findSeriousFindings } from "./axe-findings.ts";
import type { Cell } from "./cell.ts";
import { IN_PAGE, inPage } from "./in-page.ts";
import type { UiGround } from "./ui-ground.ts";
import { untilStill } from "./until-still.ts";
import { listAllViews, listPublicPages, untilShown } from "./visit.ts";

const SCREENS = {
  desktop: { width: 1366, height: 820 },
  phone: { width: 390, height: 844 },
} as const;
const SCHEMES = ["light", "dark"] as const;
const PICTURES = path.join(repositoryRoot(), "artifacts", "verify-ui");
/** Ids in addresses: the same view has the same name in every run. */
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Every view and every public page on both screens in both schemes: findings of axe, and whether it fits its screen. */
export async function measureAxe(ground: UiGround, browser: Browser): Promise<readonly Cell[]> {
  await mkdir(PICTURES, { recursive: true });
  const cells: Cell[] = [];
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    const page = await ground.newPage(browser, { viewport });
    for (const view of await listAllViews(page, ground)) {
      await page.goto(ground.url + view);
      await untilShown(page);
      for (const scheme of SCHEMES) {
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
        const isThere = `html[data-mantine-color-scheme="${scheme}"]`;
        await page.locator(isThere).waitFor({ state: "attached" });
        cells.push(await look(page, `${view}, ${screen}, ${scheme}`));
      }
    }
    await ground.leave(page);
    cells.push(...(await lookAsStranger(ground, browser, screen, viewport)));
  }
  return cells;
}

async function lookAsStranger(
  ground: UiGround,
  browser: Browser,
  screen: string,
  viewport: { readonly width: number; readonly height: number },
): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  const context = await browser.newContext({ locale: "es-CR", viewport });
  await context.addInitScript({ path: IN_PAGE });
  const page = await context.newPage();
  for (const address of await listPublicPages(ground)) {
    await page.goto(ground.url + address);
    await page.locator("h1").first().waitFor();
    for (const scheme of SCHEMES) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      cells.push(await look(page, `stranger at ${address}, ${screen}, ${scheme}`));
    }
  }
  await context.close();
  return cells;
}

async function look(page: Page, named: string): Promise<Cell> {
  const what = named.replaceAll(UUID, "one");
  const name = what.replaceAll(/[^\w-]+/g, "-").replaceAll(/^-|-$/g, "");
  await untilStill(page);
  await page.screenshot({ path: path.join(PICTURES, `${name.slice(0, 120)}.png`) });
  const findings = await findSeriousFindings(page);
  const overflow = await inPage(page, "overflowPx");
  for (const { id, at } of findings) console.log(`  ${what}: ${id}: ${at[0] ?? ""}`);
  const said = [
    ...findings.map(({ id }) => id),
    ...(overflow > 0 ? [`${overflow} px too wide`] : []),
  ];
  return {
    what,
    seen: said.length === 0 ? "nothing" : said.join(", "),
    promised: "nothing serious, fits",
    holds: said.length === 0,
  };
}
