import { createCanvas } from "@napi-rs/canvas";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OWNER, PASSWORD } from "../../journeys/people/running-people.ts";
import { hasChromium, launchChromium } from "../chromium.ts";
import { type DeskUnderTest, keepPicture, lookAt, startDesk } from "./desk-under-test.ts";

const DESKTOP = { viewport: { width: 1366, height: 820 } };
const PHONE = { viewport: { width: 390, height: 844 } };

describe.skipIf(!hasChromium)("the admin interface", () => {
  let desk: DeskUnderTest;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    desk = await startDesk();
    browser = await launchChromium();
    const { product } = desk;
    const elena = product.standIn.user(811, { firstName: "Elena Vargas", languageCode: "es" });
    await product.ask(elena, "¿Qué departamentos atiende la Oficina Consular en El Calafate?");
    page = await desk.open(browser, "/admin", DESKTOP);
  });
  afterAll(async () => {
    await browser?.close();
    await desk?.close();
  });

  it("lets somebody in by password and second factor, to the address that they came for", async () => {
    const context = await browser.newContext({ locale: "en-GB", ...DESKTOP });
    const guest = await context.newPage();
    await guest.goto(`${desk.product.url}/admin/queues`);
    await guest.getByLabel("E-mail").fill(OWNER);
    await guest.getByLabel("Password", { exact: true }).fill("not this one");
    await guest.keyboard.press("Enter");
    await guest.getByRole("alert").getByText("The address or the password is wrong.").waitFor();
    await lookAt(guest, "sign-in");
    await guest.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await guest.keyboard.press("Enter");
    await guest.getByRole("button", { name: /lost the phone/ }).click();
    await guest.getByLabel("Recovery code").fill(desk.recoveryCodes[0] ?? "");
    await guest.keyboard.press("Enter");
    await guest.getByRole("heading", { name: "Queues" }).waitFor();
    await guest.getByRole("button", { name: /Account of Ana Mora/ }).click();
    await guest.getByRole("menuitem", { name: "Sign out" }).click();
    await guest.getByLabel("E-mail").waitFor();
    await context.close();
  });

  it("shows the day at a glance", async () => {
    await page.getByRole("heading", { name: "Hoy" }).waitFor();
    // Figures follow the events that they are made of.
    await expect.poll(() => countMessages(page)).toBeGreaterThan(0);
    await page.reload();
    await page.getByText("Lo que hicieron los bots").waitFor();
    await page.locator(".u-over").waitFor({ state: "attached" });
    await lookAt(page, "home");
  });

  it("speaks another language at once, and remembers it", async () => {
    await page.getByRole("button", { name: /Cuenta de Ana Mora/ }).click();
    await page.getByRole("menuitem", { name: "English" }).click();
    await page.getByRole("heading", { name: "Today" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Today" }).waitFor();
    await page.getByRole("button", { name: /Account of Ana Mora/ }).click();
    await page.getByRole("menuitem", { name: "Español" }).click();
  });

  it("renews a session whose access has run out, and nobody notices", async () => {
    await page.context().clearCookies({ name: /access$/ });
    await page.getByRole("link", { name: "Colas" }).click();
    await page.getByRole("button", { name: "Pausar" }).first().waitFor();
  });

  it("pauses a bot's line with a reason, and lets it go on", async () => {
    await page.getByRole("link", { name: "Colas" }).click();
    await page.getByRole("button", { name: "Pausar" }).first().click();
    await page.getByLabel("Motivo").fill("Mantenimiento de la red");
    await page.getByRole("dialog").getByRole("button", { name: "Pausar" }).click();
    await page.getByText("Mantenimiento de la red").waitFor();
    await lookAt(page, "queues");
    await page.getByRole("button", { name: "Reanudar" }).click();
    await page.getByText("Mantenimiento de la red").waitFor({ state: "detached" });
    await page.getByRole("tab", { name: "Por decidir" }).click();
    await page.getByText("Nada que decidir").waitFor();
  });

  it("adds a Telegram bot when its token is right, and says so when it is wrong", async () => {
    const picture = drawFace();
    const other = desk.product.standIn.addBot(undefined, { picture });
    await page.getByRole("link", { name: "Bots" }).click();
    await page.getByRole("button", { name: "Añadir bot" }).click();
    await lookAt(page, "bots-add");
    await page.getByLabel("Token", { exact: true }).fill("1:wrong");
    await page.getByRole("button", { name: "Comprobar y añadir" }).click();
    await page.getByRole("dialog").getByRole("alert").waitFor();
    await page.getByLabel("Token", { exact: true }).fill(other.token);
    await page.getByRole("button", { name: "Comprobar y añadir" }).click();
    await page.getByRole("dialog").getByRole("status").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Cerrar" }).last().click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.locator('canvas[data-drawn="true"]').waitFor();
    await page
      .getByText(/^Bien: /)
      .first()
      .waitFor();
    await lookAt(page, "bots");
  });

  it("says where nothing is, and finds its way on a telephone", async () => {
    const phone = await desk.open(browser, "/admin/nothing-here", PHONE);
    await phone.getByRole("heading", { name: "Aquí no hay nada" }).waitFor();
    await lookAt(phone, "not-found-phone");
    await phone.getByRole("link", { name: "Ir al inicio" }).click();
    await phone.getByRole("heading", { name: "Hoy" }).waitFor();
    await phone.getByRole("button", { name: "Abrir el menú" }).click();
    // Until it has slid in.
    await phone.getByRole("link", { name: "Bots" }).click({ trial: true });
    await keepPicture(phone, "menu-phone");
    await phone.getByRole("link", { name: "Colas" }).click();
    await phone.getByRole("heading", { name: "Colas" }).waitFor();
    await lookAt(phone, "queues-phone");
    expect(await phone.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    await phone.context().close();
  });

  it("says that it is offline, and shows what it shows again when it is not", async () => {
    await page.context().setOffline(true);
    await page.getByRole("link", { name: "Colas" }).click();
    await page.getByText("se reintenta solo").waitFor();
    await keepPicture(page, "offline");
    await page.context().setOffline(false);
    await page.getByText("se reintenta solo").waitFor({ state: "detached" });
  });

  it("breaks no rule of its own pages", () => {
    // Refusals that were provoked above are told by the browser itself.
    const provoked = /status of (400|401|404|422)|ERR_INTERNET_DISCONNECTED/;
    expect(desk.complaints.filter((text) => !provoked.test(text))).toEqual([]);
  });
});

/** As a bot has one in Telegram. */
function drawFace(): Buffer {
  const canvas = createCanvas(160, 160);
  const context = canvas.getContext("2d");
  context.fillStyle = "#2c6e6b";
  context.fillRect(0, 0, 160, 160);
  context.fillStyle = "#ffffff";
  context.fillRect(48, 40, 64, 80);
  return canvas.toBuffer("image/jpeg");
}

/** Of the days around now, whatever the tenant's clock says. */
function countMessages(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const day = (ahead: number) =>
      new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
    const response = await fetch(`/api/v1/analytics?from=${day(-2)}&to=${day(1)}`);
    const { total } = (await response.json()) as { total: { messages: number } };
    return total.messages;
  });
}
