import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import axe from "axe-core";
import type { Browser, BrowserContext, Frame, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { BotAccount } from "../../src/core/channel.ts";
import { textReply } from "../../src/core/message.ts";
import { hasChromium, launchChromium } from "./chromium.ts";
import { type SiteUnderTest, startSite } from "./site-under-test.ts";

const LOOKS = {
  name: "Ventanilla única",
  colour: "#ffcc00",
  greeting: "Pregunte por lo que se publicó.",
  questions: ["¿Qué subsidios hay?"],
};

describe.skipIf(!hasChromium)("the chat on another site", () => {
  let site: SiteUnderTest;
  let browser: Browser;
  let town: Server;
  /** Another site than 127.0.0.1 to a browser, so that the frame is a third party's. */
  let townUrl: string;
  let bot: BotAccount;
  let context: BrowserContext;
  let complaints: string[];

  beforeAll(async () => {
    site = await startSite({ reply: () => [textReply("Hay dos subsidios.")] });
    bot = site.bot;
    town = createServer((request, response) => {
      const key = request.url === "/ajeno" ? site.otherBot.botKey : bot.botKey;
      response.setHeader(
        "Content-Security-Policy",
        `default-src 'none'; script-src ${site.url}; connect-src ${site.url}; frame-src ${site.url}`,
      );
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.end(
        `<!doctype html><html lang="es"><title>Pueblo</title><main><h1>Pueblo</h1><p><a href="#a" id="a">Trámites</a></p></main><script src="${site.url}/widget.js" data-bot="${key}" async></script></html>`,
      );
    });
    await new Promise<void>((resolve) => town.listen(0, "127.0.0.1", resolve));
    townUrl = `http://localhost:${(town.address() as AddressInfo).port}`;
    const admin = site.ports.botAdminFor("test");
    const looks = { ...LOOKS, allowedOrigins: [townUrl] };
    await admin.changeWebChat(site.tenantId, bot.botId, { name: LOOKS.name, looks }, undefined);
    browser = await launchChromium();
  });
  afterEach(() => context?.close());
  afterAll(async () => {
    await browser?.close();
    town?.close();
    await site?.close();
  });

  async function visit(
    options: Parameters<Browser["newContext"]>[0] = {},
    path = "/",
  ): Promise<Page> {
    context = await browser.newContext({ locale: "es-CR", ...options });
    const page = await context.newPage();
    complaints = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (line) => {
      if (line.type() === "error") complaints.push(line.text());
    });
    page.on("request", (request) => {
      const isKnown = [site.url, townUrl].some((url) => request.url().startsWith(url));
      if (!isKnown) complaints.push(request.url());
    });
    await page.goto(townUrl + path);
    return page;
  }

  const opener = (page: Page) => page.getByRole("button", { name: /Abrir el chat/ });

  async function openChat(page: Page): Promise<Frame> {
    await opener(page).focus();
    await page.keyboard.press("Enter");
    await page.frameLocator("iframe").locator('#status[data-state="online"]').waitFor();
    const frame = page.frames().find((one) => one.url().includes("/chat/"));
    if (frame === undefined) throw new Error("There is no frame.");
    return frame;
  }

  async function ask(page: Page, frame: Frame): Promise<void> {
    await frame.locator("#text").fill("¿Hay subsidios?");
    await frame.locator("#text").press("Enter");
    await frame.getByText("Hay dos subsidios.").waitFor();
    expect(await opener(page).count()).toBe(0);
  }

  /** Serious and critical findings, by rule. */
  async function findings(where: Page | Frame): Promise<readonly string[]> {
    await where.evaluate(axe.source);
    return where.evaluate(
      "axe.run(document, { iframes: false }).then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => id + ' ' + nodes[0].html))",
    );
  }

  it("opens by keyboard, keeps the focus, answers, and gives the focus back on Escape", async () => {
    const page = await visit();
    const frame = await openChat(page);
    expect(await frame.locator("h1").textContent()).toBe(LOOKS.name);
    expect(await frame.locator("#greeting").textContent()).toBe(LOOKS.greeting);
    await frame.locator("#text:focus").waitFor();
    for (let tabs = 0; tabs < 12; tabs++) {
      await page.keyboard.press("Tab");
      // The frame is another process: focus that leaves it is nowhere for a moment.
      await expect
        .poll(() => page.evaluate("document.activeElement.localName"))
        .toBe("pregonero-chat");
    }
    await ask(page, frame);
    await frame.locator("#text").press("Escape");
    await opener(page).waitFor();
    expect(await page.evaluate("document.activeElement.shadowRoot.activeElement.className")).toBe(
      "open",
    );
    expect(complaints).toEqual([]);
  });

  it("remembers the visitor on that site, and shows a dot for what came meanwhile", async () => {
    const page = await visit();
    await ask(page, await openChat(page));
    const cookie = (await context.cookies()).find(({ name }) => name.includes(bot.botKey));
    expect(cookie).toMatchObject({ sameSite: "None", secure: true, httpOnly: true });
    await page.keyboard.press("Escape");
    await opener(page).waitFor();
    await page.goto(`${townUrl}/otra`);
    await site.sendReply(cookie?.value.split(".")[0] ?? "", textReply("Una cosa más."));
    await page.getByRole("button", { name: /hay una respuesta nueva/ }).click();
    const chat = page.frameLocator("iframe");
    await chat.getByText("Una cosa más.").waitFor();
    expect(await chat.locator(".visitor .bubble").allTextContents()).toEqual(["¿Hay subsidios?"]);
    await page
      .getByRole("button", { name: /Cerrar el chat/ })
      .last()
      .click();
    expect(await opener(page).getAttribute("aria-label")).not.toContain("nueva");
    expect(complaints).toEqual([]);
  });

  it.each([
    ["a phone, light", { viewport: { width: 320, height: 568 } }],
    ["a phone, dark", { viewport: { width: 390, height: 844 }, colorScheme: "dark" }],
    ["a desk, light", { viewport: { width: 1280, height: 800 } }],
    ["a desk, dark", { viewport: { width: 1280, height: 800 }, colorScheme: "dark" }],
  ] as const)("breaks no rule of accessibility, and fits: %s", async (name, options) => {
    const page = await visit(options);
    const frame = await openChat(page);
    const { width, height } = options.viewport;
    const box = await page.locator("pregonero-chat .panel").boundingBox();
    if (width < 480) expect(box).toEqual({ x: 0, y: 0, width, height });
    const isWide = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
    expect([await frame.evaluate(isWide), await page.evaluate(isWide)]).toEqual([false, false]);
    expect(await findings(frame)).toEqual([]);
    await keepPicture(page, `${name}, welcome`);
    await ask(page, frame);
    expect(await findings(frame)).toEqual([]);
    expect(await findings(page)).toEqual([]);
    await keepPicture(page, name);
  });

  it("is not shown by a site that the bot does not name", async () => {
    const page = await visit();
    const refused = page.waitForEvent("console", (line) => line.text().includes("allowedOrigins"));
    await page.goto(`${townUrl}/ajeno`);
    await refused;
    expect(await page.locator("pregonero-chat").count()).toBe(0);
  });

  it("says what waits without a connection, sends it once when it is back, and says so", async () => {
    const page = await visit();
    const frame = await openChat(page);
    const posted: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST") posted.push(request.postDataJSON().clientMessageId);
    });
    await context.setOffline(true);
    await frame.locator("#text").fill("¿Hay subsidios?");
    await frame.locator("#text").press("Enter");
    await frame.getByText("En espera: se enviará al volver la conexión").waitFor();
    await context.setOffline(false);
    await frame.getByText("Enviado lo que estaba en espera").waitFor();
    await frame.getByText("Hay dos subsidios.").waitFor();
    expect(await frame.locator(".visitor").count()).toBe(1);
    expect(new Set(posted).size).toBe(1);
  });

  it("gives the frame the microphone that the site has, for voice notes", async () => {
    const page = await visit();
    const frame = await openChat(page);
    await frame.getByRole("button", { name: /Grabar una nota de voz/ }).waitFor();
    expect(await page.frameLocator("iframe").owner().getAttribute("allow")).toBe("microphone");
  });

  it("asks for a person by one button", async () => {
    const page = await visit();
    const frame = await openChat(page);
    await frame.getByRole("button", { name: "Hablar con una persona" }).click();
    await frame.locator(".visitor time").waitFor();
    expect(await frame.locator(".visitor .bubble").textContent()).toBe("Hablar con una persona");
  });
});

async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES;
  if (folder === undefined) return;
  await page.screenshot({ path: `${folder}/widget-${name.replaceAll(/\W+/g, "-")}.png` });
}
