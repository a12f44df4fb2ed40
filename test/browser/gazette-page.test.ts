import http from "node:http";
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
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
    site = await startSite({
      reply: () => [
        {
          kind: "text",
          paragraphs: [
            [{ text: "Se convocan becas." }],
            [{ text: "[1] " }, { text: "BOE, pág. 1", url: citedPath() }],
          ],
        },
      ],
    });
    await site.ingest("sample/BOE-A-2024-7309.pdf", "boe", "2024-04-15");
    cited = await firstPassage(site);
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  const citedPath = () => `${PAGES}/1?hl=${cited.passage.passageId}`;

  /** A page of its own that notes what a visitor would call broken. */
  async function visit(
    path: string,
    options: Parameters<Browser["newContext"]>[0] = {},
  ): Promise<{ page: Page; context: BrowserContext; complaints: string[] }> {
    const context = await browser.newContext({ locale: "es-CR", ...options });
    const visited = await context.newPage();
    const complaints: string[] = [];
    visited.on("pageerror", (error) => complaints.push(error.message));
    visited.on("console", (line) => {
      if (line.type() === "error") complaints.push(line.text());
    });
    visited.on("request", (sent) => {
      if (!sent.url().startsWith(site.url)) complaints.push(sent.url());
    });
    await visited.goto(site.url + path);
    return { page: visited, context, complaints };
  }

  /** Serious and critical findings, by rule. */
  async function findings(where: Page): Promise<readonly string[]> {
    await where.evaluate(axe.source);
    return where.evaluate(
      "axe.run(document).then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => id + ' ' + nodes[0].html))",
    );
  }

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
    expect(await findings(page)).toEqual([]);
    await page.locator(".index a").first().click();
    await page.waitForURL(/\/pages\/\d+\?document=/);
    await page.locator(".sheet img").waitFor();
  });

  it("is searched without a script, up to the highlighted lines", async () => {
    const { page: bare, context } = await visit("/gazettes", { javaScriptEnabled: false });
    await bare.locator(".cards a").first().click();
    await bare.locator(".cards a").first().click();
    await bare.getByRole("searchbox").fill("convocatorias");
    await bare.getByRole("searchbox").press("Enter");
    await bare.locator(".found mark").first().waitFor();
    await bare.locator(".found a").first().click();
    await bare.locator(".marks rect").first().waitFor({ state: "attached" });
    await context.close();
  });

  it("is told of in a feed and a map that an XML parser reads", async () => {
    await page.goto(`${site.url}/gazettes/boe`);
    const read = await page.evaluate(`Promise.all(
      ["/gazettes/boe/feed.xml", "/sitemap.xml"].map(async (path) => {
        const text = await (await fetch(path)).text();
        const parsed = new DOMParser().parseFromString(text, "application/xml");
        return [parsed.documentElement.localName, parsed.querySelectorAll("entry, loc").length];
      }))`);
    expect(read).toEqual([
      ["feed", 1],
      ["urlset", 4],
    ]);
  });

  it("opens beside the chat at the cited lines, and gives the focus back on Escape", async () => {
    const {
      page: chat,
      context,
      complaints,
    } = await visit(`/chat/${site.bot.botKey}`, {
      viewport: { width: 1280, height: 900 },
    });
    await chat.locator("#examples button").first().click();
    const chip = chat.locator(".assistant .chip");
    await chip.click();
    const panel = chat.getByRole("complementary");
    await panel.locator("rect").first().waitFor({ state: "attached" });
    const lines = cited.lines.filter((line) => line.page === 1);
    expect(await panel.locator("rect").count()).toBe(lines.length);
    expect(await chip.isVisible()).toBe(true);
    await panel.getByRole("button", { name: "Página siguiente" }).click();
    await panel.getByRole("button", { name: "Volver al texto citado" }).click();
    await panel.locator("rect").first().waitFor({ state: "attached" });
    expect(await findings(chat)).toEqual([]);
    await chat.keyboard.press("Escape");
    expect(await panel.count()).toBe(0);
    expect(await chat.evaluate("document.activeElement.className")).toBe("chip");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("opens over the chat on a phone, where the way back closes it", async () => {
    const {
      page: chat,
      context,
      complaints,
    } = await visit(`/chat/${site.bot.botKey}`, { viewport: { width: 390, height: 844 } });
    await chat.locator("#text").fill("qué becas hay");
    await chat.locator("#send").click();
    await chat.locator(".assistant .chip").click();
    const sheet = chat.getByRole("dialog");
    await sheet.locator("rect").first().waitFor({ state: "attached" });
    expect(await chat.evaluate("document.querySelector('main').inert")).toBe(true);
    expect(
      await chat.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth",
      ),
    ).toBe(false);
    expect(await findings(chat)).toEqual([]);
    await chat.goBack();
    await sheet.waitFor({ state: "detached" });
    expect(await chat.evaluate("document.querySelector('main').inert")).toBe(false);
    expect(chat.url()).toContain("/chat/");
    expect(complaints).toEqual([]);
    await context.close();
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
