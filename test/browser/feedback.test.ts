import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningPeople, startPeople } from "../journeys/people/running-people.ts";
import { hasChromium, launchChromium } from "./chromium.ts";

const QUESTION = "¿Qué departamentos atiende la Oficina Consular honoraria en El Calafate?";

describe.skipIf(!hasChromium)("whether an answer helped", () => {
  let people: RunningPeople;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    people = await startPeople();
    browser = await launchChromium();
    const viewport = { width: 320, height: 568 };
    page = await (await browser.newContext({ locale: "es-CR", viewport })).newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (line) => {
      if (line.type() === "error") complaints.push(line.text());
    });
    const bot = people.installation.registry.list().find(({ channel }) => channel === "web-chat");
    await page.goto(`${people.url}/chat/${bot?.botKey}`);
    await page.locator('#status[data-state="online"]').waitFor();
    await page.locator("#text").fill(QUESTION);
    await page.getByRole("button", { name: "Enviar" }).click();
    await page.getByRole("group", { name: "¿Le sirvió esta respuesta?" }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await people?.close();
  });

  const thumb = (name: string) => page.getByRole("button", { name, exact: true });
  const pressed = (name: string) => thumb(name).getAttribute("aria-pressed");
  const said = () => page.locator(".feedback [role=status]");

  it("is said, changed and explained by keyboard, and the page says what became of it", async () => {
    expect(await pressed("Me sirvió")).toBe("false");
    await thumb("Me sirvió").focus();
    await page.keyboard.press("Enter");
    await said().getByText("Gracias por decirlo.", { exact: true }).waitFor();
    expect(await pressed("Me sirvió")).toBe("true");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await said().getByText("ayuda a mejorar").waitFor();
    expect([await pressed("Me sirvió"), await pressed("No me sirvió")]).toEqual(["false", "true"]);
    await page.keyboard.press("Tab");
    await page.keyboard.type("Faltó el <b>horario</b>");
    const isWide = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
    expect(await page.evaluate(isWide)).toBe(false);
    await page.keyboard.press("Enter");
    await said().getByText("quedó anotado").waitFor();
    expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe(
      "No me sirvió",
    );
    expect(complaints).toEqual([]);
  });

  it("is still there after a reload, is taken back by the same button, and says when it cannot be kept", async () => {
    await page.reload();
    await page.locator(".feedback").waitFor();
    expect(await pressed("No me sirvió")).toBe("true");
    await thumb("No me sirvió").press("Enter");
    await said().getByText("se retiró").waitFor();
    expect(await pressed("No me sirvió")).toBe("false");
    await page.route("**/feedback", (route) => route.abort());
    await thumb("Me sirvió").press("Enter");
    await said().getByText("No se pudo guardar").waitFor();
    expect(await pressed("Me sirvió")).toBe("false");
  });
});
