import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  startWhatsAppWebStandIn,
  type WhatsAppWebStandIn,
} from "../stand-ins/whatsapp-web/start-stand-in.ts";
import { hasChromium, launchChromium } from "./chromium.ts";

const ANA = "34600111222@c.us";
const GROUP = "120363000000000001@g.us";
const COMPOSE = "#main footer [contenteditable=true][data-tab='10']";

/** What is in the page of each era, and what is gone, after the reference on WhatsApp Web (2026). */
const MARKS = {
  C: {
    present: [
      "#pane-side [role=grid][aria-rowcount]",
      "#pane-side [role=listitem] span[title='Ana García']",
      "#side div[contenteditable=true][data-tab='3']",
      "#main .message-in [data-pre-plain-text]",
      "#main .message-out [data-icon=msg-dblcheck][aria-label]",
      `#main [data-id^='false_${ANA}_']`,
      `#main [data-id^='true_${ANA}_3EB0']`,
      "#main [role=application][data-tab='8'] [role=row]",
      "footer [data-icon=mic-outlined]",
    ],
    absent: ["[data-testid]", "#main svg title"],
  },
  D: {
    present: [
      "[data-testid=wa-web-main-screen] #pane-side [data-testid^='list-item-'] > [role=row]",
      "[data-testid=cell-frame-container] [role=gridcell] [data-testid=cell-frame-title] span[title='Ana García']",
      "#side input[role=textbox][data-tab='3']",
      "[role=row] > [data-testid^=conv-msg-] > [data-virtualized=false] .focusable-list-item [data-testid=msg-container]",
      "[data-testid=msg-container] [data-testid=tail-in]",
      "[data-testid=selectable-text].copyable-text",
      "[data-testid=conversation-header] [data-testid=conversation-info-header-chat-title]",
      "[data-testid=conversation-compose-box-input][data-lexical-editor=true] p",
    ],
    absent: [
      "#main .message-in",
      "#main .message-out",
      "#main [data-id^='false_']",
      "#main [data-icon]",
    ],
  },
} as const;

const WORDS = {
  en: { list: "Chat list", you: "You:", delivered: " Delivered ", unread: "1,227 unread messages" },
  es: {
    list: "Lista de chats",
    you: "Tú:",
    delivered: " Entregado ",
    unread: "1.227 mensajes no leídos",
  },
  pt: {
    list: "Lista de conversas",
    you: "Você:",
    delivered: " Entregue ",
    unread: "1.227 mensagens não lidas",
  },
} as const;
const STAMPS = {
  en: /^\[\d+:\d\d[ \u202f][AP]M, \d+\/\d+\/\d{4}\] Ana García: $/,
  es: /^\[\d+:\d\d [ap]\.\u00a0m\., \d+\/\d+\/\d{4}\] Ana García: $/,
  pt: /^\[\d\d:\d\d, \d\d\/\d\d\/\d{4}\] Ana García: $/,
} as const;

describe.skipIf(!hasChromium)("the stand-in of WhatsApp Web in Chromium", () => {
  let standIn: WhatsAppWebStandIn;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    standIn = await startWhatsAppWebStandIn({
      session: "test",
      sentMs: undefined,
      deliveredMs: undefined,
    });
    standIn.addChat(ANA, { name: "Ana García" });
    standIn.addChat("34699999999@c.us", { name: "Buzón", unread: 1_226 });
    for (let number = 0; number < 100; number += 1) {
      standIn.receive({ chat: `34610000${String(100 + number)}@c.us`, text: `vecino ${number}` });
    }
    for (let number = 0; number < 150; number += 1)
      standIn.receive({ chat: ANA, text: `n.º ${number}` });
    // In era D four own messages of five bear "You:", by their id: this one does.
    standIn.sendFromPhone(ANA, "del teléfono", "3A5F00000000000000A1");
    standIn.receive({ chat: "Buzón", text: "otro" });
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1280, height: 850 } });
    await page.goto(`${standIn.url}?session=test`);
    await openChat("Ana García");
  });
  afterAll(async () => {
    await browser.close();
    await standIn.close();
  });
  beforeEach(() => standIn.change({ era: "D", language: "en", ids: "bare", usesLids: false }));

  async function openChat(name: string): Promise<void> {
    await page.locator(`#pane-side span[title='${name}']`).first().click();
    await page.locator(COMPOSE).waitFor();
  }

  async function send(text: string): Promise<string> {
    const before = standIn.sent().length;
    await page.locator(COMPOSE).click();
    await page.keyboard.insertText(text);
    await page.keyboard.press("Enter");
    const sent = await standIn.untilSent(before + 1);
    return String(sent.at(-1)?.id);
  }

  /** Runs a statement in the page on the box, `el`. */
  async function inBox(statement: string): Promise<void> {
    await page.evaluate(`{ const el = document.querySelector("${COMPOSE}"); ${statement}; }`);
  }

  it("sends what was typed, and shows its ticks by names that lie", async () => {
    await page.locator(COMPOSE).click();
    await page.keyboard.type("Hola, ñandú");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.insertText("*dos*\ntres");
    await page.locator("button[data-tab='11'][aria-label=Send]").click();
    const [sent] = await standIn.untilSent(1);
    expect(sent?.text).toBe("Hola, ñandú\n*dos*\ntres");
    const id = String(sent?.id);
    const tick = page.locator(`[data-id='${id}'] [data-testid=msg-meta] span[aria-label]`);
    for (const [ack, label, title] of [
      ["sent", " Sent ", "wds-ic-delivered"],
      ["delivered", " Delivered ", "wds-ic-read"],
      ["read", " Read ", "wds-ic-read"],
    ] as const) {
      standIn.tick(id, ack);
      await expect.poll(() => tick.getAttribute("aria-label")).toBe(label);
      expect(await tick.locator("title").textContent()).toBe(title);
    }
    standIn.failNextSend({ effect: "fail" });
    await page.locator(COMPOSE).click();
    await page.keyboard.type("perdido\n");
    await page.locator("[data-testid=message-fail]").last().waitFor();
    expect(standIn.sent().map(({ text }) => text)).not.toContain("perdido");
  });

  it.each(["en", "es", "pt"] as const)("bears the marks of both eras in %s", async (language) => {
    const id = await send(`respuesta en ${language}`);
    standIn.tick(id, "delivered");
    standIn.setLanguage(language);
    const words = WORDS[language];
    for (const era of ["C", "D"] as const) {
      standIn.setEra(era);
      for (const mark of MARKS[era].present) {
        await page.locator(mark).first().waitFor({ state: "attached" });
      }
      for (const mark of MARKS[era].absent) expect(await page.locator(mark).count(), mark).toBe(0);
      await page.locator(`[role=grid][aria-label='${words.list}']`).waitFor();
      await page.locator(`#main [aria-label='${words.delivered}']`).last().waitFor();
      await page
        .locator(`#main span[aria-label='${words.you}']`)
        .first()
        .waitFor({ state: "attached" });
      await page
        .locator(`#pane-side [aria-label='${words.unread}']`)
        .waitFor({ state: "attached" });
      const stamp = page.locator("[data-pre-plain-text*='Ana García']").last();
      expect(await stamp.getAttribute("data-pre-plain-text")).toMatch(STAMPS[language]);
    }
  });

  it("undoes what a script writes into the box, and lets keys through", async () => {
    const box = page.locator(COMPOSE);
    await inBox("el.textContent = 'injected'");
    await expect.poll(() => box.textContent()).toBe("");
    await box.click();
    await page.keyboard.type("abc");
    await inBox("el.querySelector('span').firstChild.data = 'changed'");
    await expect.poll(() => box.textContent()).toBe("abc");
    await page.keyboard.press("Backspace");
    expect(await box.textContent()).toBe("ab");
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    expect(await box.textContent()).toBe("");
  });

  it("draws a part of the chats and of a conversation, and older rows at a scroll", async () => {
    const grid = page.locator("#pane-side [role=grid]");
    expect(Number(await grid.getAttribute("aria-rowcount"))).toBeGreaterThan(100);
    expect(
      await page.locator("#pane-side [data-testid=cell-frame-container]").count(),
    ).toBeLessThan(71);
    const first = page.locator("#main [data-testid^=conv-msg-]").first();
    const before = await first.getAttribute("data-id");
    await page.evaluate("document.querySelector('[data-scrolltracepolicy]').scrollTo(0, 0)");
    await expect.poll(() => first.getAttribute("data-id")).not.toBe(before);
    // What is far below now is an empty shell.
    await expect
      .poll(() => page.locator("#main [data-virtualized=true]").count())
      .toBeGreaterThan(0);
    await page.evaluate("document.querySelector('[data-scrolltracepolicy]').scrollTo(0, 1e6)");
  });

  it("opens a chat at a press of the mouse, not at a script's click", async () => {
    const row = page.locator("#pane-side [data-testid=cell-frame-container]", {
      hasText: "vecino 99",
    });
    const title = page.locator("[data-testid=conversation-info-header-chat-title]");
    await page.evaluate(
      "[...document.querySelectorAll('[data-testid=cell-frame-container]')].find((el) => el.textContent.includes('vecino 99')).click()",
    );
    expect(await title.textContent()).toBe("Ana García");
    await row.click();
    await expect.poll(() => title.textContent()).toContain("+34 610");
    await page.locator("#side input").fill("Ana Gar");
    await openChat("Ana García");
    await page.locator("#side input").fill("");
  });

  it("mixes ids: prefixed without classes, and people by @lid", async () => {
    standIn.change({ ids: "prefixed", usesLids: true });
    await page.locator("#main [data-id^='false_1'][data-id*='@lid_']").first().waitFor();
    expect(await page.locator("#main .message-in").count()).toBe(0);
  });

  it("shows edits, deletions, quotes, mentions and files of a group", async () => {
    const ana = { jid: ANA, lid: "100000000000011@lid", name: "Ana García", isSaved: true };
    standIn.addChat(GROUP, { name: "Vecinos", participants: [ana] });
    const from = "Ana García";
    const edited = standIn.receive({ chat: GROUP, from, text: "antes" });
    const deleted = standIn.receive({ chat: GROUP, from, text: "fuera" });
    const quote = standIn.receive({
      chat: GROUP,
      from,
      text: "@Pregonero mira",
      mention: ["me"],
      quote: edited,
    });
    const photo = standIn.receive({ chat: GROUP, from, media: { kind: "image" }, text: "pie" });
    const long = standIn.receive({ chat: GROUP, from, text: "largo ".repeat(400) });
    standIn.edit(edited, "después");
    standIn.delete(deleted);
    await page.locator("[data-testid=icon-mentions]").waitFor();
    await openChat("Vecinos");
    const row = (id: string) => page.locator(`[data-testid='conv-msg-${id}']`);
    await row(edited).getByText("Edited").waitFor();
    await row(deleted).getByText("This message was deleted").waitFor();
    await row(quote).locator("[data-testid=quoted-message][aria-label='Quoted message']").waitFor();
    await row(quote)
      .locator("[data-plain-text='@Pregonero'][data-app-text-template$='@lid']")
      .waitFor();
    await row(photo).locator("img[src^='blob:']").waitFor();
    await row(long).getByText("Read more").click();
    await expect
      .poll(() => row(long).locator(".selectable-text").textContent())
      .toHaveLength(2_400);
  });
});
