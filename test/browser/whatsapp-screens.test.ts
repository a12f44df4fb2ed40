import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ScreenReading } from "../../bots/whatsapp-web/detection/page-reader.ts";
import type { Era, Language } from "../stand-ins/whatsapp-web/model.ts";
import {
  startWhatsAppWebStandIn,
  type WhatsAppWebStandIn,
} from "../stand-ins/whatsapp-web/start-stand-in.ts";
import { hasChromium, launchChromium } from "./chromium.ts";
import { openReading, type Reading } from "./whatsapp-reading.ts";

const COMBINATIONS: readonly { readonly era: Era; readonly language: Language }[] = [
  { era: "C", language: "es" },
  { era: "D", language: "pt" },
  { era: "D", language: "en" },
];

describe.skipIf(!hasChromium)("the screens of WhatsApp Web", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  describe.each(COMBINATIONS)("era $era, $language", (settings) => {
    let standIn: WhatsAppWebStandIn;
    let reading: Reading;

    beforeEach(async () => {
      standIn = await startWhatsAppWebStandIn({ settings, session: "s", qrDelayMs: 400 });
      standIn.addChat("50688887777@c.us", { name: "Ana" });
      standIn.receive({
        chat: "Ana",
        text: "WhatsApp is open in another window. A database error occurred",
      });
      reading = await openReading(browser);
    });
    afterEach(async () => {
      await reading.context.close();
      await standIn.close();
    });

    const screen = () => reading.reader.screen();
    async function becomes(kind: ScreenReading["kind"], more: object = {}): Promise<ScreenReading> {
      await expect.poll(screen, { interval: 20 }).toMatchObject({ kind, ...more });
      return await screen();
    }
    const dismissed = (shown: ScreenReading) =>
      "popup" in shown && shown.popup !== undefined && reading.reader.dismiss(shown.popup);
    const signIn = () => reading.page.goto(`${standIn.url}?session=s`);

    it("linking: the code that is shown, its end, and the pairing code", async () => {
      await reading.page.goto(standIn.url);
      // The linking page is there before its code: nobody was logged out for that.
      await becomes("logged-out", { evidence: expect.stringMatching(/no code yet/) });
      const qr = await becomes("qr", { isExpired: false });
      expect(qr).toHaveProperty(
        "ref",
        standIn.loginViews().flatMap((view) => ("ref" in view ? [view.ref] : []))[0],
      );
      await expect(reading.reader.element("qr").count()).resolves.toBe(1);
      await reading.reader.element("phone-link").click();
      await reading.reader.element("phone-input").fill("+506 8888 7777");
      await reading.reader.element("phone-next").click();
      const pairing = await becomes("pairing-code");
      expect(pairing).toHaveProperty("code", expect.stringMatching(/^[0-9A-Z]{8}$/));
      standIn.enterPairingCode((pairing as { code: string }).code);
      await becomes("main");
    });

    it("no page at all, until the network is back", async () => {
      const port = Number(new URL(standIn.url).port);
      await standIn.close();
      await signIn().catch(() => undefined);
      await becomes("unreachable", {
        evidence: "the browser could not load the page (ERR_CONNECTION_REFUSED)",
      });
      standIn = await startWhatsAppWebStandIn({ settings, session: "s", port });
      await reading.page.reload();
      await becomes("main");
    });

    it("a start, the chats, banners, and the way out", async () => {
      standIn.slowStart(600);
      await signIn();
      await becomes("loading");
      await becomes("main");
      expect(await screen()).not.toHaveProperty("banner");
      standIn.change({ isPhoneOffline: true });
      await becomes("main", { banner: "phone-offline" });
      standIn.change({ isPhoneOffline: false });
      standIn.goOffline();
      await becomes("main", { banner: "computer-offline" });
      standIn.goOnline();
      await expect.poll(screen).not.toHaveProperty("banner");
      standIn.logOut();
      await becomes("logged-out", { evidence: expect.stringMatching(/after a log-out/) });
    });

    it("dialogs, which are closed, and a conflict, which is won back", async () => {
      await signIn();
      for (const kind of ["whats-new", "invalid-number"] as const) {
        standIn.showPopup(kind);
        expect(await dismissed(await becomes("main", { popup: { kind } }))).toBe(true);
      }
      standIn.conflict();
      expect(await dismissed(await becomes("conflict"))).toBe(true);
      await becomes("main");
      standIn.showPopup("database-error");
      await becomes("database-error");
    });

    it("what is not WhatsApp any more: an old browser, and a page that says nothing", async () => {
      await signIn();
      await becomes("main");
      standIn.showPopup("old-browser");
      await becomes("update-needed");
      standIn.showPopup(undefined);
      await becomes("main");
      standIn.crash("blank");
      await becomes("unknown", { isBlank: true });
      expect(await reading.reader.canary()).toMatchObject({ isReadable: false });
      // A redesign draws something, if only words.
      await reading.page.evaluate(`document.getElementById("app").append("Hello")`);
      expect(await becomes("unknown")).not.toHaveProperty("isBlank");
    });

    it("a restriction, where the compose box would be", async () => {
      await signIn();
      await becomes("main");
      await reading.reader.open({ title: "Ana" });
      expect(await reading.reader.isRestricted()).toBe(false);
      await expect(reading.reader.composer().count()).resolves.toBe(1);
      standIn.restrict();
      await expect.poll(() => reading.reader.isRestricted()).toBe(true);
      expect(await reading.reader.canary()).toEqual({ isReadable: true, failures: [] });
    });
  });

  it("a code that has expired, until it is asked for anew", async () => {
    const standIn = await startWhatsAppWebStandIn({ qrDelayMs: 10, qrRotateMs: 500 });
    const { context, page, reader } = await openReading(browser);
    try {
      await page.goto(standIn.url);
      const screen = () => reader.screen();
      await expect.poll(screen).toMatchObject({ kind: "qr", isExpired: true });
      expect(await screen()).not.toHaveProperty("ref");
      await reader.element("qr-reload").click();
      await expect.poll(screen, { interval: 20 }).toMatchObject({ kind: "qr", isExpired: false });
    } finally {
      await context.close();
      await standIn.close();
    }
  });

  it("a screenshot that is blacked out shows no text, no name and no code", async () => {
    const standIn = await startWhatsAppWebStandIn({ session: "s", settings: { era: "D" } });
    const { context, page, reader } = await openReading(browser);
    try {
      standIn.addChat("50688887777@c.us", { name: "Ana" });
      standIn.receive({ chat: "Ana", text: "hola 😀", media: { kind: "image" } });
      await page.goto(`${standIn.url}?session=s`);
      await page.waitForSelector("#pane-side [title]");
      await reader.open({ title: "Ana" });
      await page.addStyleTag({ content: reader.blackOut() });
      const inks = await page.evaluate<string[]>(
        `[...document.querySelectorAll("#app *")].filter((each) => each.textContent.trim() !== "")
          .map((each) => getComputedStyle(each).webkitTextFillColor)`,
      );
      expect(new Set(inks)).toEqual(new Set(["rgba(0, 0, 0, 0)"]));
      const pictures = await page.evaluate<string[]>(
        `[...document.querySelectorAll("img, canvas, video")].map((each) => getComputedStyle(each).visibility)`,
      );
      expect(new Set(pictures)).toEqual(new Set(["hidden"]));
    } finally {
      await context.close();
      await standIn.close();
    }
  });
});
