import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Reply } from "../../src/core/message.ts";
import { hasChromium, launchChromium } from "./chromium.ts";
import { type SiteUnderTest, startSite } from "./site-under-test.ts";

/** Each would run if it were taken for markup or for an address: OWASP's cheat sheet and the usual suspects. */
const PAYLOADS = [
  "<script>alert(1)</script>",
  '<img src=x onerror="alert(1)">',
  "<svg onload=alert(1)>",
  '"><script>alert(1)</script>',
  "<iframe srcdoc='<script>parent.alert(1)</script>'>",
  "<a href='javascript:alert(1)'>x</a>",
  "{{constructor.constructor('alert(1)')()}}",
  "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
  "[x](javascript:alert(1))",
  "<link rel=stylesheet href=//evil.example/x.css>",
  "</textarea><script>alert(1)</script>",
  "\u202e<b>x",
];

const answered: Reply = {
  kind: "text",
  paragraphs: [
    [
      { text: "Se convocan " },
      { text: "becas de lengua inglesa", style: "bold" },
      { text: " para estudiantes de grado; el plazo es de 15 días hábiles. " },
      { text: "[1]", url: "/gazettes/boe/2024-04-15/pages/1?hl=1" },
    ],
    [{ text: "" }],
    [
      { text: "[1] " },
      {
        text: "BOE n.º 92, 15 de abril de 2024, pág. 1",
        url: "http://gaceta.internal:8080/gazettes/boe/2024-04-15/pages/1?hl=1",
      },
    ],
    [
      { text: "[2] " },
      { text: "BOE n.º 92, 15 de abril de 2024, pág. 2", url: "/gazettes/boe/2024-04-15/pages/2" },
    ],
    [{ text: "Es información, no asesoría legal.", style: "italic" }],
  ],
  buttons: [{ label: "Avisarme de nuevas becas", data: "alert:becas" }],
};

function hostile(payload: string): Reply {
  return {
    kind: "text",
    paragraphs: [
      [{ text: payload, style: "bold" }],
      [{ text: payload, url: "javascript:alert(1)" as never }],
      [{ text: payload, url: "data:text/html,<script>alert(1)</script>" as never }],
    ],
    buttons: [{ label: payload, data: "x" }],
  };
}

describe.skipIf(!hasChromium)("the web chat in Chromium", () => {
  let site: SiteUnderTest;
  let browser: Browser;
  let context: BrowserContext;

  beforeAll(async () => {
    site = await startSite({
      botName: 'Asistente "de" la gaceta <b>',
      reply({ content }) {
        const text = content.kind === "text" ? content.text : "";
        if (text === "silencio") return [];
        return [PAYLOADS.includes(text) ? hostile(text) : answered];
      },
    });
    browser = await launchChromium();
  });
  afterEach(() => context.close());
  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  /** A page that fails the test when it asks elsewhere, opens a dialog, or something is refused or thrown. */
  async function openChat(options: Parameters<Browser["newContext"]>[0] = {}): Promise<Watched> {
    context = await browser.newContext({ locale: "es-CR", ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
    page.on("console", (line) => {
      if (line.type() === "error") complaints.push(`console: ${line.text()}`);
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(site.url) && !request.url().startsWith("blob:")) {
        complaints.push(`request: ${request.url()}`);
      }
    });
    await page.goto(`${site.url}/chat/${site.bot.botKey}`);
    await page.locator('#status[data-state="online"]').waitFor();
    return { page, complaints };
  }

  async function ask(page: Page, text: string): Promise<void> {
    await page.locator("#text").fill(text);
    await page.locator("#text").press("Enter");
  }

  it("answers with sources that open the cited page, and shows it all again after a reload", async () => {
    const { page, complaints } = await openChat();
    await page.locator("#welcome").waitFor();
    await page.locator("#examples button").first().click();
    const chip = page.locator(".assistant .chip").first();
    await chip.waitFor();
    expect(await chip.getAttribute("href")).toBe(
      `${site.url}/gazettes/boe/2024-04-15/pages/1?hl=1`,
    );
    await page.getByRole("button", { name: "Avisarme de nuevas becas" }).click();
    await page.locator(".assistant").nth(1).waitFor();
    const before = await page.locator(".entry .bubble").allTextContents();
    await page.reload();
    await page.locator(".assistant").nth(1).waitFor();
    expect(await page.locator(".entry .bubble").allTextContents()).toEqual(before);
    expect(before[2]).toBe("Avisarme de nuevas becas");
    expect(complaints).toEqual([]);
  });

  it("shows hostile text as text: nothing runs, nothing is fetched, no address survives", async () => {
    const { page, complaints } = await openChat();
    for (const [index, payload] of PAYLOADS.entries()) {
      await ask(page, payload);
      await page.locator(".assistant").nth(index).waitFor();
    }
    expect(await page.locator(".visitor .bubble").allTextContents()).toEqual(PAYLOADS);
    expect(await page.locator("#log script, #log img, #log iframe, #log svg, #log a").count()).toBe(
      0,
    );
    expect(await page.locator("h1").textContent()).toBe('Asistente "de" la gaceta <b>');
    expect(complaints).toEqual([]);
  });

  it("keeps what is written offline and sends it once when the connection is back", async () => {
    const { page } = await openChat();
    await context.setOffline(true);
    await ask(page, "silencio");
    await page.locator(".visitor .state").waitFor();
    await page.locator('#status[data-state="offline"]').waitFor();
    await context.setOffline(false);
    await page.locator(".visitor time").waitFor();
    expect(await page.locator(".visitor .state").count()).toBe(0);
    expect(await page.locator(".visitor").count()).toBe(1);
  });

  it("keeps an unsent message over a reload", async () => {
    const { page } = await openChat();
    const isMessage = (url: URL) => url.pathname.endsWith("/messages");
    await page.route(isMessage, (route) => route.abort());
    await ask(page, "silencio");
    await page.locator(".visitor .state").waitFor();
    await page.unroute(isMessage);
    await page.reload();
    await page.locator(".visitor time").waitFor();
    expect(await page.locator(".visitor").allTextContents()).toHaveLength(1);
  });

  it("announces that an answer is being prepared, until it comes", async () => {
    const { page } = await openChat();
    await ask(page, "silencio");
    await page.locator(".visitor time").waitFor();
    const [cookie] = await context.cookies();
    const visitorId = cookie?.value.split(".")[0] ?? "";
    await site.webChat.showTyping(site.bot, visitorId, AbortSignal.timeout(30_000));
    await page.locator("#typing").waitFor();
    await site.sendReply(visitorId, answered);
    await page.locator(".assistant .chip").first().waitFor();
    expect(await page.locator("#typing").isVisible()).toBe(false);
  });

  it("fits a phone of 320 pixels and can be used by keyboard alone", async () => {
    const { page } = await openChat({ viewport: { width: 320, height: 568 }, hasTouch: true });
    const overflow = () =>
      page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth");
    expect(await overflow()).toBe(false);
    await page.locator("#examples button").first().focus();
    await page.keyboard.press("Enter");
    await page.locator(".assistant .chip").first().waitFor();
    expect(await overflow()).toBe(false);
    await page.locator(".assistant .chip").first().focus();
    expect(await page.evaluate("document.activeElement.className")).toBe("chip");
  });

  it("speaks Portuguese and English, and remembers which", async () => {
    const { page } = await openChat({ locale: "pt-BR" });
    expect(await page.locator("html").getAttribute("lang")).toBe("pt");
    await page.locator("#language").selectOption("en");
    await page.reload();
    await page.locator('#status[data-state="online"]').waitFor();
    expect(await page.locator("#status").textContent()).toBe("Online");
  });

  it("offers a document as a file to save, with its very bytes", async () => {
    const { page, complaints } = await openChat();
    await ask(page, "silencio");
    await page.locator(".visitor time").waitFor();
    const [cookie] = await context.cookies();
    await site.sendReply(cookie?.value.split(".")[0] ?? "", {
      kind: "document",
      fileName: "mis-datos.json",
      mimeType: "text/html",
      contentBase64: Buffer.from('{"ñ":1}').toString("base64"),
      caption: "Sus datos",
    });
    const saved = page.waitForEvent("download");
    await page.locator(".assistant .chip").click();
    const download = await saved;
    expect(download.suggestedFilename()).toBe("mis-datos.json");
    expect(complaints).toEqual([]);
  });
});

interface Watched {
  readonly page: Page;
  readonly complaints: readonly string[];
}
