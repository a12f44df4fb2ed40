import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasChromium, launchChromium } from "./chromium.ts";
import { type SiteUnderTest, startSite } from "./site-under-test.ts";

describe.skipIf(!hasChromium)("the page of the API in Chromium", () => {
  let site: SiteUnderTest;
  let browser: Browser;

  beforeAll(async () => {
    site = await startSite();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  async function open(options: Parameters<Browser["newPage"]>[0]): Promise<Page> {
    const page = await browser.newPage(options);
    await page.goto(`${site.url}/api/docs`);
    return page;
  }
  const shown = (page: Page) => page.locator(".api-operation:not([hidden])").count();

  it("filters its operations as one types, and breaks no rule of the site", async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`${site.url}/api/docs`);
    const all = await shown(page);
    await page.keyboard.press("/");
    await page.keyboard.type("previewcampaign");
    expect(await shown(page)).toBe(1);
    expect(await page.locator("output").textContent()).toBe(`1 of ${all} operations`);
    await page.locator('.api-index a[href="#op-previewCampaign"]').click();
    expect(new URL(page.url()).hash).toBe("#op-previewCampaign");
    await page.locator("#filter").press("Escape");
    expect(await shown(page)).toBe(all);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("is read without a script, and fits a phone", async () => {
    const page = await open({
      javaScriptEnabled: false,
      viewport: { width: 390, height: 844 },
      colorScheme: "dark",
    });
    expect(await page.locator("#filter").isVisible()).toBe(false);
    expect(await shown(page)).toBeGreaterThan(150);
    await page.locator('.api-index a[href="#tag-campaigns"]').click();
    expect(await page.locator("#tag-campaigns h2").isVisible()).toBe(true);
    await page.close();
    const phone = await open({ viewport: { width: 390, height: 844 } });
    const width = await phone.evaluate("document.documentElement.scrollWidth");
    expect(width).toBe(390);
    await phone.close();
  });
});
