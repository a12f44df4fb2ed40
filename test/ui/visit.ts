import type { Page } from "playwright-core";
import type { UiGround } from "./ui-ground.ts";

/** Resolves when a view shows what it has: its heading is there, and nothing loads any more. */
export async function untilShown(page: Page): Promise<void> {
  await page.waitForFunction("measureInPage.isShown()");
}

/** Where the navigation leads whoever is signed in: paths under `/admin`, as they stand in the page. */
export async function listViews(page: Page, ground: UiGround): Promise<readonly string[]> {
  await page.goto(`${ground.url}/admin`);
  await untilShown(page);
  const hrefs: string[] = await page.evaluate(
    "[...document.querySelectorAll(\"nav a[href^='/admin']\")].map((link) => link.getAttribute('href'))",
  );
  return [...new Set(hrefs)];
}
