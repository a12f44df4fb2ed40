import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  startWhatsAppWebStandIn,
  type WhatsAppWebStandIn,
} from "../stand-ins/whatsapp-web/start-stand-in.ts";
import { hasChromium, launchChromium } from "./chromium.ts";

const ANA = "34600111222@c.us";
const COMPOSE = "#main footer [contenteditable=true]";

describe.skipIf(!hasChromium)("trouble in the stand-in of WhatsApp Web", () => {
  let standIn: WhatsAppWebStandIn;
  let browser: Browser;
  let page: Page;
  let question: string;

  beforeAll(async () => {
    standIn = await startWhatsAppWebStandIn({ session: "test" });
    standIn.addChat(ANA, { name: "Ana García" });
    question = standIn.receive({ chat: ANA, text: "¿Qué se publicó?" });
    browser = await launchChromium();
    page = await browser.newPage();
    await open();
  });
  afterAll(async () => {
    await browser.close();
    await standIn.close();
  });

  async function open(): Promise<void> {
    await page.goto(`${standIn.url}?session=test`);
    await page.locator("[data-testid=cell-frame-container]", { hasText: "Ana García" }).click();
    await page.locator(COMPOSE).click();
  }

  it("lays pop-ups over the page until they are answered", async () => {
    standIn.showPopup("whats-new");
    const modal = page.locator("[data-animate-modal-popup=true][role=dialog][aria-modal=true]");
    await modal.getByRole("heading", { name: "What's new on WhatsApp Web" }).waitFor();
    await modal.getByRole("button", { name: "Continue" }).click();
    await expect.poll(() => standIn.settings().popup).toBeUndefined();
    await expect.poll(() => modal.count()).toBe(0);
    const bar = page.locator("[data-testid=chat-butterbar]");
    expect((await bar.boundingBox())?.height).toBe(0);
    standIn.change({ isPhoneOffline: true });
    await bar.locator("[data-icon=alert-phone]").waitFor();
    standIn.change({ isPhoneOffline: false });
  });

  it("puts a notice in place of the box where writing is restricted", async () => {
    standIn.restrict(ANA);
    await page
      .locator("[data-testid=block-message] > [data-testid=reachout-timelock-compose-bar]")
      .waitFor();
    expect(await page.locator(COMPOSE).count()).toBe(0);
    standIn.restrict(ANA, false);
    await page.locator(COMPOSE).waitFor();
  });

  it("quotes through the menu of a message", async () => {
    const row = page.locator(`[data-testid='conv-msg-${question}']`);
    await row.hover();
    await row.getByRole("button", { name: "Context menu" }).click();
    await page.getByRole("button", { name: "Reply" }).first().click();
    await page.locator(COMPOSE).click();
    await page.keyboard.type("XARDIC [1]\n");
    const [answer] = await standIn.untilSent(1);
    expect(answer?.quote?.id).toBe(question);
  });

  it("hands whatsapp-web.js messages and ticks, and no module that it does not know", async () => {
    await page.evaluate(`{
      const { Msg } = window.require("WAWebCollections");
      window.heard = [];
      Msg.on("add", (msg) => window.heard.push(["add", msg.body, msg.id._serialized]));
      Msg.on("change:ack", (msg, ack) => window.heard.push(["ack", ack]));
    }`);
    const id = standIn.receive({ chat: ANA, text: "otra" });
    await page.keyboard.type("sigue\n");
    const sent = await standIn.untilSent(2);
    standIn.tick(String(sent.at(-1)?.id), "read");
    await expect.poll(() => page.evaluate("JSON.stringify(window.heard)")).toContain('["ack",3]');
    expect(await page.evaluate("JSON.stringify(window.heard)")).toContain(
      `["add","otra","false_${ANA}_${id}"]`,
    );
    expect(await page.evaluate("typeof window.Debug.VERSION")).toBe("string");
    await expect(page.evaluate("window.require('WAWebNoSuchModule')")).rejects.toThrow(/unknown/);
  });

  it("takes a message and loses its page, or loses the page before it is taken", async () => {
    standIn.failNextSend({ effect: "accept-and-crash" });
    // Never acknowledged: the page hangs within the key's own press.
    page.keyboard.type("llegó\n").catch(() => {});
    await standIn.untilSent(3);
    // A hanging page answers nothing, not even a reload: another takes its place.
    page = await browser.newPage();
    await open();
    standIn.failNextSend({ effect: "crash-before" });
    await page.keyboard.type("nunca");
    page.keyboard.press("Enter").catch(() => {});
    await standIn.untilCrashed(2);
    page = await browser.newPage();
    await open();
    expect(standIn.messages(ANA).map(({ text }) => text)).not.toContain("nunca");
    expect(standIn.sent(ANA).map(({ text }) => text)).toEqual(["XARDIC [1]", "sigue", "llegó"]);
  });
});
