import { createCanvas, loadImage } from "@napi-rs/canvas";
import type { Browser, Page } from "playwright-core";
import decodeQr from "qr/decode.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BotAccount } from "../../src/core/channel.ts";
import type { LinkCode, SessionReport } from "../../src/core/session.ts";
import { hasChromium, launchChromium } from "./chromium.ts";
import { type SiteUnderTest, startSite } from "./site-under-test.ts";

/** As long as what WhatsApp shows. */
const QR = `2@${"A1b2".repeat(22)},${"Zm9v".repeat(11)},${"YmFy".repeat(11)},${"cXV4".repeat(11)},1`;

describe.skipIf(!hasChromium)("the page that links a phone", () => {
  let browser: Browser;
  let site: SiteUnderTest;
  let bot: BotAccount;

  beforeAll(async () => {
    [browser, site] = await Promise.all([launchChromium(), startSite()]);
    bot = await site.addBot("whatsapp-web", "Municipalidad de Escazú");
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  async function tell(state: SessionReport["state"], code?: Partial<LinkCode>): Promise<void> {
    const now = new Date();
    const at = now.toISOString();
    await site.sessions.report(bot.tenantId, bot.botId, {
      state,
      since: at,
      checkedAt: at,
      evidence: "Seen.",
      engine: "dom",
      restarts: 0,
    });
    const expiresAt = new Date(now.getTime() + 45_000).toISOString();
    const usual = { kind: "qr", content: QR, expiresAt, attempt: 1, attempts: 5 } as const;
    await site.sessions.showCode(bot.tenantId, bot.botId, code && { ...usual, ...code });
  }

  /** The page in a browser of this language, and whatever it asked of other hosts or complained of. */
  async function open(locale: string, viewport = { width: 1280, height: 800 }) {
    const page = await browser.newPage({ locale, viewport });
    const faults: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith(site.url)) faults.push(`asked ${request.url()}`);
    });
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    page.on("pageerror", (error) => faults.push(error.message));
    const { token } = site.sessionLinks.make(bot.tenantId, bot.botId);
    await page.goto(`${site.url}/sessions/${token}`);
    return { page, faults };
  }

  /** What a phone's camera sees of the page. */
  async function scan(page: Page): Promise<string> {
    const image = await loadImage(await page.screenshot());
    const canvas = createCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    const { width, height, data } = canvas.getImageData(0, 0, image.width, image.height);
    return decodeQr({ width, height, data }, { effort: Infinity, timeLimit: Infinity });
  }

  const seconds = (text: string | null) => Number(/\d+(?= s)/.exec(text ?? "")?.[0]);

  it("shows a code that a camera reads, follows the next ones, and says when the account is linked", async () => {
    await tell("waiting-for-scan", {});
    const { page, faults } = await open("es-CR");
    await page.getByRole("heading", { name: "Vincule el teléfono con este código" }).waitFor();
    expect(await scan(page)).toBe(QR);
    const countdown = page.getByText(/válido \d+ s más/);
    const before = (await countdown.textContent()) ?? "";
    await page.locator(".countdown", { hasNotText: before }).waitFor();
    expect(seconds(await countdown.textContent())).toBeLessThan(seconds(before));
    await tell("waiting-for-scan", { content: `${QR}2`, attempt: 2 });
    await page.getByText("Código 2 de 5").waitFor();
    await page
      .locator("img.qr")
      .evaluate((picture) => (picture as unknown as { decode(): Promise<void> }).decode());
    expect(await scan(page)).toBe(`${QR}2`);
    await tell("ready");
    await page.getByRole("heading", { name: "Cuenta vinculada" }).waitFor();
    expect(await page.locator("img.qr").count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it("shows a pairing code and the state of a session that waits, on a phone in English", async () => {
    await tell("waiting-for-scan", { kind: "pairing-code", content: "ABCD1234" });
    const { page, faults } = await open("en-GB", { width: 360, height: 720 });
    await page.getByText("ABCD-1234").waitFor();
    const isTooWide = () =>
      page.evaluate("document.documentElement.scrollWidth > window.innerWidth");
    expect(await isTooWide()).toBe(false);
    await tell("parked");
    await page.getByRole("heading", { name: "The session waits for a person" }).waitFor();
    expect(await isTooWide()).toBe(false);
    expect(faults).toEqual([]);
    await page.close();
  });
});
