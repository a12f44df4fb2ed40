import { createCanvas, loadImage } from "@napi-rs/canvas";
import type { Browser, BrowserContext, Page } from "playwright-core";
import decodeQr from "qr/decode.js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  startWhatsAppWebStandIn,
  type WhatsAppWebStandIn,
} from "../stand-ins/whatsapp-web/start-stand-in.ts";
import { hasChromium, launchChromium } from "./chromium.ts";

const QR = "[data-testid=link-device-qr-code][data-ref]";

describe.skipIf(!hasChromium)("signing in to the stand-in of WhatsApp Web", () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let standIn: WhatsAppWebStandIn;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
  });
  afterEach(async () => {
    await context.close();
    await standIn.close();
  });

  it("shows the hint first, then a code that a camera reads", async () => {
    standIn = await startWhatsAppWebStandIn({ qrDelayMs: 2_500, qrRotateMs: 60_000 });
    await page.goto(standIn.url);
    await page.locator("[data-testid=link-device-qrcode-alt-linking-hint]").waitFor();
    expect(await page.locator("canvas").count()).toBe(0);
    await page.locator(`${QR} canvas[aria-label='Scan this QR code to link a device!']`).waitFor();
    await expect.poll(() => readCode(page)).toBe(await page.locator(QR).getAttribute("data-ref"));
  });

  it("changes the code five times, then waits for a click", async () => {
    standIn = await startWhatsAppWebStandIn({ qrDelayMs: 0, qrRotateMs: 200 });
    const refs = new Set<string>();
    standIn.watch(() => {
      for (const view of standIn.loginViews()) if (view.kind === "qr") refs.add(view.ref);
    });
    await page.goto(standIn.url);
    const expired = page.locator("[data-testid=link-device-qr-code-expired]");
    await expired.waitFor();
    expect(refs.size).toBe(5);
    expect(refs).toContain(await page.locator(QR).getAttribute("data-ref"));
    expect(await page.locator(`${QR} canvas`).getAttribute("style")).toContain("opacity: 0.04");
    await expired.click();
    await expect.poll(() => refs.size).toBeGreaterThan(5);
  });

  it("links by pairing code, loads slowly, and stays signed in after a reload", async () => {
    standIn = await startWhatsAppWebStandIn({ qrDelayMs: 0, slowStartMs: 400 });
    await page.goto(standIn.url);
    await page.getByText("Log in with phone number").click();
    await page.locator("form button[type=submit]").click();
    const code = page.locator("[data-testid=link-device-phone-number-code-screen-code]");
    await expect.poll(() => code.textContent()).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/);
    const letters = String(await code.getAttribute("data-link-code")).split(",");
    expect(letters).toHaveLength(8);
    standIn.enterPairingCode(letters.join(""));
    await page.locator("[data-testid=wa-web-loading-screen] progress").waitFor();
    await page.locator("#pane-side").waitFor();
    await page.reload();
    await page.locator("#pane-side").waitFor();
    expect(standIn.loginViews()).toHaveLength(0);
    standIn.logOut();
    await page.waitForURL(/post_logout=1/);
    await page.locator("[data-testid^=link-device]").first().waitFor();
  });

  it("lets one tab use it, and a second take it over", async () => {
    standIn = await startWhatsAppWebStandIn({ session: "one" });
    await page.goto(`${standIn.url}?session=one`);
    await page.locator("#pane-side").waitFor();
    const second = await context.newPage();
    await second.goto(standIn.url);
    await second.locator("[data-testid=popup-controls-ok]").click();
    await page.getByText("WhatsApp is open in another window").waitFor();
    await expect.poll(() => second.locator("[role=dialog]").count()).toBe(0);
    await second.close();
    await page.locator("[data-testid=popup-controls-ok]").click();
    await expect.poll(() => page.locator("[role=dialog]").count()).toBe(0);
  });

  it("keeps what was written offline, and sends it once when the network is back", async () => {
    standIn = await startWhatsAppWebStandIn({ session: "one" });
    standIn.receive({ chat: "34600111222@c.us", text: "hola" });
    await page.goto(`${standIn.url}?session=one`);
    await page.locator("[data-testid=cell-frame-container]", { hasText: "hola" }).click();
    await page.locator("footer [contenteditable]").waitFor();
    standIn.goOffline();
    await page.locator("[data-icon=alert-computer]").waitFor();
    await page.locator("footer [contenteditable]").click();
    await page.keyboard.type("sin red\n");
    await page.locator("[data-testid=msg-meta] [aria-label=' Pending ']").waitFor();
    standIn.receive({ chat: "34600111222@c.us", text: "mientras tanto" });
    standIn.goOnline();
    await page.locator("#main").getByText("mientras tanto").waitFor();
    await page.locator("[data-testid=msg-meta] [aria-label=' Delivered ']").waitFor();
    expect(standIn.sent().map(({ text }) => text)).toEqual(["sin red"]);
  });
});

/** The code as it is on the screen, logo and all; "" while there is none to read. */
async function readCode(page: Page): Promise<string> {
  const image = await loadImage(await page.locator(QR).screenshot({ scale: "css" }));
  const [width, height] = [image.width * 3, image.height * 3];
  const surface = createCanvas(width, height).getContext("2d");
  surface.drawImage(image, 0, 0, width, height);
  try {
    return decodeQr(surface.getImageData(0, 0, width, height), {
      effort: Number.POSITIVE_INFINITY,
      timeLimit: Number.POSITIVE_INFINITY,
    });
  } catch {
    return "";
  }
}
