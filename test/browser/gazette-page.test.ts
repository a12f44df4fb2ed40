import http from "node:http";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlacedPassage } from "../../src/core/gazette-store.ts";
import { asId, type PassageId } from "../../src/core/ids.ts";
import { PUBLIC_READER } from "../../src/http/gazettes.ts";
import { hasChromium, launchChromium } from "./chromium.ts";
import { type SiteUnderTest, startSite } from "./site-under-test.ts";

const PAGES = "/gazettes/boe/2024-04-15/pages";

describe.skipIf(!hasChromium)("the pages of an edition in Chromium", () => {
  let site: SiteUnderTest;
  let browser: Browser;
  let page: Page;
  let cited: PlacedPassage;

  beforeAll(async () => {
    site = await startSite();
    await site.ingest("sample/BOE-A-2024-7309.pdf", "boe", "2024-04-15");
    cited = await firstPassage(site);
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  it("marks the cited lines where they stand on the paper, and in the text beside it", async () => {
    await page.goto(`${site.url}${PAGES}/1?hl=${cited.passage.passageId}`);
    const marks = page.locator(".marks rect");
    const lines = cited.lines.filter((line) => line.page === 1);
    expect(await marks.count()).toBe(lines.length);
    expect(await page.locator(".flow mark").count()).toBeGreaterThan(0);
    const dark = await darkShares(page);
    expect(dark).toHaveLength(lines.length);
    // Under a mark there is ink: text, not the white between columns.
    expect(Math.min(...dark)).toBeGreaterThan(0.01);
  });

  it("turns pages by link and by arrow key, and keeps the citation", async () => {
    await page.goto(`${site.url}${PAGES}/1?hl=${cited.passage.passageId}`);
    await page.keyboard.press("ArrowRight");
    await page.waitForURL(/\/pages\/2\?/);
    expect(page.url()).toContain(`hl=${cited.passage.passageId}`);
    await page.locator('a[rel="prev"]').click();
    await page.waitForURL(/\/pages\/1\?/);
  });

  it("leads from the edition's index to the page of an act", async () => {
    await page.goto(`${site.url}/gazettes/boe/2024-04-15`);
    await page.locator(".index a, .document .button").first().click();
    await page.waitForURL(/\/pages\/\d+\?document=/);
    await page.locator(".sheet img").waitFor();
  });

  it("fits a phone of 320 pixels, the text under the image", async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`${site.url}${PAGES}/1?hl=${cited.passage.passageId}`);
    expect(
      await page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth",
      ),
    ).toBe(false);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it("is told once: the image and the PDF are known by their hash", async () => {
    for (const path of [`${PAGES}/1/image.png`, "/gazettes/boe/2024-04-15/pdf"]) {
      const first = await request(site.url + path, {});
      expect(first.statusCode).toBe(200);
      const again = await request(site.url + path, {
        "if-none-match": String(first.headers.etag),
      });
      expect(again.statusCode, path).toBe(304);
    }
  });

  it("has no page 0, no page beyond the last, and marks nothing for a foreign passage", async () => {
    for (const number of ["0", "999", "1e1", "-1", "1;drop"]) {
      expect((await fetch(`${site.url}${PAGES}/${number}`)).status, number).toBe(404);
    }
    for (const hl of ["999999", "x", "1'--", "%00"]) {
      const response = await fetch(`${site.url}${PAGES}/1?hl=${hl}`);
      expect(response.status, hl).toBe(200);
      expect(await response.text()).not.toContain("<rect");
    }
  });
});

/** As a browser asks again; `fetch` would add a no-cache of its own. */
function request(url: string, headers: http.OutgoingHttpHeaders): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = http.get(url, { headers }, (response) => {
      response.resume().once("end", () => resolve(response));
    });
    sent.once("error", reject);
  });
}

async function firstPassage(site: SiteUnderTest): Promise<PlacedPassage> {
  const rows = await site.database.asTenant(PUBLIC_READER, (tx) =>
    tx.query<{ id: string }>(
      "select id from passage where page = 1 and length(text) > 200 order by id limit 1",
    ),
  );
  const id = asId<PassageId>(String(rows[0]?.id));
  const found = await site.gazetteStore.getPassage(PUBLIC_READER, id);
  if (found === undefined) throw new Error("the sample has no passage");
  return found;
}

/** For each mark, which share of the image's pixels under it is dark. */
function darkShares(page: Page): Promise<number[]> {
  return page.evaluate(`(async () => {
    const image = document.querySelector(".sheet img");
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    return [...document.querySelectorAll(".marks rect")].map((mark) => {
      const part = (name, whole) => Math.round((parseFloat(mark.getAttribute(name)) / 100) * whole);
      const { data } = context.getImageData(
        part("x", canvas.width), part("y", canvas.height),
        part("width", canvas.width), part("height", canvas.height));
      let dark = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i] < 128) dark++;
      return dark / (data.length / 4);
    });
  })()`);
}
