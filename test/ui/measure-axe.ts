import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { repositoryRoot } from "../services/harness/repository.ts";
import { findSeriousFindings } from "./axe-findings.ts";
import type { Cell } from "./cell.ts";
import { inPage } from "./in-page.ts";
import type { UiGround } from "./ui-ground.ts";
import { listAllViews, untilShown } from "./visit.ts";

const SCREENS = {
  desktop: { width: 1366, height: 820 },
  phone: { width: 390, height: 844 },
} as const;
const SCHEMES = ["light", "dark"] as const;
const PICTURES = path.join(repositoryRoot(), "artifacts", "verify-ui");

/** Every view on both screens in both schemes: findings of axe, and whether it fits its screen. */
export async function measureAxe(ground: UiGround, browser: Browser): Promise<readonly Cell[]> {
  await mkdir(PICTURES, { recursive: true });
  const cells: Cell[] = [];
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    const page = await ground.newPage(browser, { viewport });
    for (const view of await listAllViews(page, ground)) {
      await page.goto(ground.url + view);
      await untilShown(page);
      for (const scheme of SCHEMES) cells.push(await look(page, { view, screen, scheme }));
    }
    await page.context().close();
  }
  return cells;
}

async function look(
  page: Page,
  { view, screen, scheme }: { view: string; screen: string; scheme: (typeof SCHEMES)[number] },
): Promise<Cell> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor({ state: "attached" });
  const name = `${view.replace(/^\/admin\/?/, "").replaceAll("/", "-") || "home"}-${screen}-${scheme}`;
  await page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
  const findings = await findSeriousFindings(page);
  const overflow = await inPage(page, "overflowPx");
  const said = [
    ...findings.map(({ id }) => id),
    ...(overflow > 0 ? [`${overflow} px too wide`] : []),
  ];
  return {
    what: `${view}, ${screen}, ${scheme}`,
    seen: said.length === 0 ? "nothing" : said.join(", "),
    promised: "nothing serious, fits",
    holds: said.length === 0,
  };
}
