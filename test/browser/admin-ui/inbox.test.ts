import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasChromium, launchChromium } from "../chromium.ts";
import { type DeskUnderTest, keepPicture, lookAt, startDesk } from "./desk-under-test.ts";

const QUESTION = "¿Qué departamentos atiende la Oficina Consular honoraria en El Calafate?";
const PHONE = { viewport: { width: 390, height: 844 } };
const DESKTOP = { viewport: { width: 1366, height: 820 } };

describe.skipIf(!hasChromium)("the inbox", () => {
  let desk: DeskUnderTest;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    desk = await startDesk();
    browser = await launchChromium();
    const { product } = desk;
    const elena = product.standIn.user(801, { firstName: "Elena Vargas", languageCode: "es" });
    const luis = product.standIn.user(802, { firstName: "Luis Solano", languageCode: "es" });
    await product.ask(luis, "¿Cuánto cuesta el gas natural por canalización?");
    await product.ask(elena, QUESTION);
    page = await desk.open(browser, "/admin/inbox", DESKTOP);
  });
  afterAll(async () => {
    await browser?.close();
    await desk?.close();
  });

  it("shows who wrote and what the bot answered, with the page that it cites", async () => {
    await page.getByRole("link", { name: /Elena Vargas/ }).click();
    const log = page.getByRole("log");
    await log.getByText(QUESTION).waitFor();
    await log.getByRole("link", { name: /^\[1\] p\. / }).waitFor();
    await lookAt(page, "inbox");
    await page.getByRole("button", { name: "Qué pasó con este mensaje" }).first().click();
    await page.getByRole("dialog").getByText("Páginas encontradas").waitFor();
    await lookAt(page, "passport");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  it("takes over and replies by keyboard alone, and keeps a draft over a reload", async () => {
    const { product } = desk;
    await page.keyboard.press("t");
    await page.getByText("La atiende usted").waitFor();
    await page.keyboard.press("r");
    await page.keyboard.type("Buenos días, Elena.");
    await page.reload();
    await expect
      .poll(() => page.getByLabel("Respuesta", { exact: true }).last().inputValue())
      .toBe("Buenos días, Elena.");
    await page.keyboard.press("r");
    await page.keyboard.type(" Con gusto le ayudo.");
    await page.keyboard.press("Control+Enter");
    await expect
      .poll(() => product.standIn.sent(801).map(({ text }) => text))
      .toContainEqual(expect.stringContaining("Con gusto le ayudo."));
    await page.getByRole("log").getByRole("img", { name: "Enviado" }).last().waitFor();
    await expect
      .poll(() => page.getByLabel("Respuesta", { exact: true }).last().inputValue())
      .toBe("");
  });

  it("shows what a citizen writes as it comes, and finds it by its words", async () => {
    const { product } = desk;
    product.standIn.user(801).send("Gracias, ¿y la zarigüeya?");
    await page.getByRole("log").getByText("zarigüeya").waitFor();
    await page.getByRole("searchbox").fill("zarigüeya");
    await expect
      .poll(() => page.getByRole("listitem").getByRole("link", { name: /Luis/ }).count())
      .toBe(0);
    await page.getByRole("link", { name: /Elena Vargas/ }).waitFor();
  });

  it("fits a telephone, one pane at a time", async () => {
    const phone = await desk.open(browser, "/admin/inbox", PHONE);
    await phone.getByRole("link", { name: /Elena Vargas/ }).waitFor();
    await keepPicture(phone, "inbox-phone-list");
    await phone.getByRole("link", { name: /Elena Vargas/ }).click();
    await phone.getByRole("log").getByText(QUESTION).waitFor();
    await lookAt(phone, "inbox-phone");
    const width = await phone.evaluate("document.documentElement.scrollWidth");
    expect(width).toBeLessThanOrEqual(390);
    await phone.getByRole("link", { name: "Volver a la lista" }).click();
    await phone.getByRole("link", { name: /Luis Solano/ }).waitFor();
    await phone.context().close();
  });

  it("says nothing to the console that a page of ours should not say", () => {
    expect(desk.complaints).toEqual([]);
  });
});
