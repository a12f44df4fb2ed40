import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type IncomingMessage, textReply } from "../../src/core/message.ts";
import { voiceTypeOf } from "../../src/http/voice-notes/voice-type.ts";
import { findSeriousFindings } from "../ui/axe-findings.ts";
import { hasChromium, launchChromium } from "./chromium.ts";
import { type SiteUnderTest, startSite } from "./site-under-test.ts";

/** A browser with a microphone that beeps, and a person who lets everybody listen. */
const WITH_MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
const DENIED = `navigator.mediaDevices.getUserMedia = () =>
  Promise.reject(new DOMException("Permission denied", "NotAllowedError"));`;

describe.skipIf(!hasChromium)("a voice note in the web chat", () => {
  let site: SiteUnderTest;
  let browser: Browser;
  let context: BrowserContext;
  const heard: IncomingMessage[] = [];

  beforeAll(async () => {
    site = await startSite({
      reply(message) {
        heard.push(message);
        return [textReply("Se entendió: «¿Hay becas?»")];
      },
    });
    browser = await launchChromium(WITH_MICROPHONE);
  });
  afterEach(() => context?.close());
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  async function open(url = site.url, script = ""): Promise<Page> {
    context = await browser.newContext({ locale: "es-CR", viewport: { width: 390, height: 720 } });
    const page = await context.newPage();
    if (script !== "") await page.addInitScript(script);
    await page.goto(`${url}/chat/${site.bot.botKey}`);
    await page.locator('#status[data-state="online"]').waitFor();
    return page;
  }
  const microphone = (page: Page) => page.getByRole("button", { name: /Grabar una nota de voz/ });

  it("is recorded, sent to this host alone, kept, and answered", async () => {
    const page = await open();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await microphone(page).click();
    await page.getByText("Grabando", { exact: true }).waitFor();
    await page.getByRole("timer").getByText("0:01").waitFor();
    expect(await findSeriousFindings(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth > innerWidth")).toBe(false);
    await page.keyboard.press("Enter");
    await page.getByText("Se entendió: «¿Hay becas?»").waitFor();
    expect(await page.locator(".visitor .bubble").textContent()).toMatch(/^Nota de voz · 0:0\d$/);
    await page.locator("#text:focus").waitFor();
    const content = heard.at(-1)?.content;
    expect(content).toMatchObject({ kind: "media", media: "voice", mediaType: "audio/webm" });
    const key = content?.kind === "media" ? (content.fileKey ?? "") : "";
    const bytes = await site.webChat.downloadFile(site.bot, key, {
      maxBytes: 3_000_000,
      signal: AbortSignal.timeout(30_000),
    });
    expect(voiceTypeOf(bytes)).toBe("audio/webm");
    expect(asked.filter((url) => !url.startsWith(site.url))).toEqual([]);
  });

  it("is dropped by Escape, and sent again under the same id when it could not be sent", async () => {
    const page = await open();
    const before = heard.length;
    await microphone(page).click();
    await page.getByText("Grabando", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#text:focus").waitFor();
    const ids: (string | null)[] = [];
    const isNote = (url: URL) => url.pathname.endsWith("/voice-notes");
    await page.route(isNote, async (route) => {
      ids.push(new URL(route.request().url()).searchParams.get("clientMessageId"));
      if (ids.length === 1) await route.abort();
      else await route.continue();
    });
    await microphone(page).click();
    await page.getByText("Grabando", { exact: true }).waitFor();
    await page.getByRole("timer").getByText("0:01").waitFor();
    await page.getByRole("button", { name: "Enviar" }).click();
    await page.getByText("No se pudo enviar.").waitFor();
    await page.getByRole("button", { name: "Reintentar" }).click();
    await page.locator(".visitor .bubble").waitFor();
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
    expect(heard.length).toBe(before + 1);
  });

  it("is not taken from who gives no microphone, and they are told how to", async () => {
    const page = await open(site.url, DENIED);
    await microphone(page).click();
    await page.getByText(/Sin permiso para el micrófono/).waitFor();
    expect(await page.locator("#text").isVisible()).toBe(true);
  });

  it("is not offered where nobody hears it", async () => {
    const deaf = await site.variant({ voiceNotes: undefined });
    try {
      const page = await open(deaf.url);
      expect(await page.locator("#voice").isVisible()).toBe(false);
      const answer = await page.request.get(page.url());
      expect(answer.headers()["permissions-policy"]).toContain("microphone=()");
      const query = "clientMessageId=0198a5c0-0000-7000-8000-000000000000&seconds=3";
      const refused = await page.request.post(
        `${deaf.url}/api/v1/chat/${site.bot.botKey}/voice-notes?${query}`,
        { data: Buffer.from([0x1a, 0x45, 0xdf, 0xa3]) },
      );
      expect(refused.status()).toBe(404);
    } finally {
      await deaf.close();
    }
  });
});
