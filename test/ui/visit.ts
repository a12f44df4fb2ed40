import type { Page } from "playwright-core";
import { inPage } from "./in-page.ts";
import type { UiGround } from "./ui-ground.ts";

const SHOWN_TIMEOUT_MS = 60_000;
/** Views that the navigation does not name. */
const OTHERS = ["/admin/start", "/admin/sessions"];

/** Resolves when a view shows what it has: its heading is there, and nothing loads any more. */
export async function untilShown(page: Page): Promise<void> {
  await inPage(page, "untilShown", { timeoutMs: SHOWN_TIMEOUT_MS });
}

/** Every view that has an address of its own without anything in it. */
export async function listAllViews(page: Page, ground: UiGround): Promise<readonly string[]> {
  return [...(await listViews(page, ground)), ...OTHERS];
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
