import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dayAfter, todayIn } from "../../../src/newsroom/collection/expected-days.ts";
import { findPackageRoot } from "../../../src/package-root.ts";
import { type GazetteSite, startGazetteSite } from "../../stand-ins/gazette-site/gazette-site.ts";
import { hasChromium, launchChromium } from "../chromium.ts";
import {
  type DeskUnderTest,
  expectAccessible,
  keepPicture,
  lookAt,
  startDesk,
} from "./desk-under-test.ts";

const DESKTOP = { viewport: { width: 1366, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 } };
/** Editions, one after the other, at the pace of a site. */
const WEEK_MS = 90_000;

describe.skipIf(!hasChromium)("the gazettes that are collected", { timeout: 120_000 }, () => {
  let site: GazetteSite;
  let desk: DeskUnderTest;
  let browser: Browser;
  let page: Page;
  /** How the act was read. */
  let reading: URL;
  const today = todayIn("America/Costa_Rica", new Date());
  const daysAgo = (days: number) => dayAfter(today, -days);

  beforeAll(async () => {
    site = await startGazetteSite();
    site.setFault(daysAgo(3), "missing");
    site.setFault(daysAgo(4), "web-page");
    // A real act, whose masthead names another date.
    const act = path.join(findPackageRoot(), "sample", "BOE-A-2024-7297.pdf");
    site.setPdf(daysAgo(2), await readFile(act));
    desk = await startDesk({ env: { ALLOWED_PRIVATE_ADDRESSES: `127.0.0.1:${site.port}` } });
    browser = await launchChromium();
    page = await desk.open(browser, "/admin/gazettes", DESKTOP);
  });
  afterAll(async () => {
    await browser?.close();
    await desk?.close();
    await site?.close();
  });

  const dialog = () => page.getByRole("dialog");

  it("are added from those that are known, once the server finds nothing wrong", async () => {
    await page.getByText("Todavía no se recoge ninguna gaceta").waitFor();
    await page.getByRole("button", { name: "Añadir gaceta" }).click();
    await dialog().getByRole("heading", { name: "Boletín Judicial" }).waitFor();
    await keepPicture(page, "gazettes-presets");
    await expectAccessible(page);
    await dialog()
      .getByRole("button", { name: "Ajustar antes de añadir La Gaceta" })
      .first()
      .click();
    const address = dialog().getByLabel("Dirección del PDF");
    await address.fill("https://www.example.org/{dia}.pdf");
    await dialog().getByText("{dia} no es parte de una fecha").waitFor();
    await dialog().getByRole("button", { name: "Añadir gaceta" }).click();
    await dialog()
      .getByText(/knows no \{dia\}/)
      .waitFor();
    await address.fill(site.address);
    await address.blur();
    const tomorrow = dayAfter(today).split("-");
    await dialog()
      .getByText(`COMP_${tomorrow.reverse().join("_")}.pdf`)
      .waitFor();
    for (const day of ["sáb", "dom"]) await dialog().getByLabel(day).check();
    await dialog().getByLabel("Días en que no sale").fill("");
    await dialog().getByLabel("Entre dos solicitudes (s)").fill("0.5");
    await address.scrollIntoViewIfNeeded();
    await keepPicture(page, "gazettes-form");
    await expectAccessible(page);
    await dialog().getByRole("button", { name: "Añadir gaceta" }).click();
    await page.getByRole("heading", { name: "La Gaceta", level: 1 }).waitFor();
  });

  it("are collected for a week that has passed, while the calendar shows how it goes", async () => {
    await page.getByLabel("Desde", { exact: true }).fill(daysAgo(5));
    await page.getByLabel("Hasta", { exact: true }).fill(daysAgo(1));
    await page.getByRole("button", { name: "Recoger", exact: true }).click();
    // One was not a PDF, and is tried again in some minutes.
    await page.getByText(/4 de 5 días/).waitFor({ timeout: WEEK_MS });
    await page.getByRole("list", { name: "Días de este mes, por estado" }).waitFor();
    await page.evaluate("scrollTo(0, 0)");
    await lookAt(page, "gazettes-calendar");
    await page.getByRole("link", { name: "← Todas las gacetas" }).click();
    const troubles = page.getByRole("region", { name: "Requieren atención" });
    await troubles.getByText("El PDF dice que es de otra fecha.").waitFor();
    await troubles.getByText("No está en su sitio.").waitFor();
    await lookAt(page, "gazettes");
    await troubles.getByRole("link", { name: /Por revisar/ }).click();
  });

  it("hold what may be wrong for a person, who decides, and show how it was read", async () => {
    await dialog().getByText("¿Es esta la edición de ese día?").waitFor();
    await page.emulateMedia({ colorScheme: "light" });
    await keepPicture(page, "gazettes-held");
    await dialog().getByRole("button", { name: "Aceptarla" }).click();
    await dialog().getByText("Leído", { exact: true }).waitFor({ timeout: WEEK_MS });
    await dialog().getByText("Página pública").waitFor();
    await lookAt(page, "gazettes-edition");
    await dialog().getByRole("link", { name: "Ver cómo se leyó" }).click();
    await page.locator("canvas[data-drawn]").waitFor({ timeout: WEEK_MS });
    await page.getByText("Capa de texto", { exact: true }).waitFor();
    const first = page.getByRole("button", { name: "Pasaje 1: mostrarlo en la imagen" });
    await first.focus();
    expect(await page.locator("g[data-active]").count()).toBe(1);
    await lookAt(page, "gazettes-reading");
    reading = new URL(page.url());
    await first.blur();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("img", { name: "Imagen de la página 2" }).waitFor();
    await page.getByRole("tab", { name: /actos?$/ }).click();
    await page.getByLabel("Buscar entre los actos").waitFor();
    await page.locator("canvas[data-drawn]").waitFor({ timeout: WEEK_MS });
    await page.emulateMedia({ colorScheme: "light" });
    await keepPicture(page, "gazettes-acts");
    await expectAccessible(page);
    await page.getByRole("link", { name: "← Volver a la edición" }).click();
    await dialog().getByText("Historia").waitFor();
  });

  it("are read anew when somebody asks, who is told first what that changes", async () => {
    const read = dialog().getByRole("link", { name: "Ver cómo se leyó" });
    const former = await read.getAttribute("href");
    await dialog().getByRole("button", { name: "Leerla de nuevo" }).click();
    const ask = page.getByRole("dialog", { name: "¿Leer de nuevo esta edición?" });
    await lookAt(page, "gazettes-read-anew");
    await ask.getByRole("button", { name: "Leerla de nuevo" }).click();
    await page.getByText("Se leerá de nuevo en unos momentos.").waitFor();
    await dialog()
      .locator(`a[href]:not([href="${former}"])`, { hasText: "Ver cómo se leyó" })
      .waitFor({ timeout: WEEK_MS });
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
  });

  it("are walked through by keyboard, over the end of a month", async () => {
    const day = page.locator(`button[tabindex="0"][data-state]`);
    const before = await page.getByRole("heading", { level: 3 }).first().textContent();
    await day.focus();
    await page.keyboard.press("PageUp");
    await page
      .getByRole("heading", { level: 3, name: before ?? "" })
      .waitFor({ state: "detached" });
    await page.keyboard.press("PageDown");
    await page.getByRole("heading", { level: 3, name: before ?? "" }).waitFor();
    await page.keyboard.press("Enter");
    await dialog().waitFor();
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
  });

  it("fit a telephone, where the month is a list", async () => {
    const address = new URL(page.url());
    const phone = await desk.open(browser, address.pathname + address.search, PHONE);
    await phone.getByRole("list", { name: "Días de este mes, por estado" }).waitFor();
    await lookAt(phone, "gazettes-calendar-phone");
    expect(await phone.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    await phone.getByRole("link", { name: "← Todas las gacetas" }).click();
    await phone.getByRole("region", { name: "Requieren atención" }).waitFor();
    await keepPicture(phone, "gazettes-phone");
    expect(await phone.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    const act = reading.pathname + reading.search;
    await phone.goto(desk.product.url + act);
    await phone.locator("canvas[data-drawn]").waitFor({ timeout: WEEK_MS });
    await keepPicture(phone, "gazettes-reading-phone");
    expect(await phone.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    await phone.context().close();
  });

  it("break no rule of the interface's own pages", () => {
    // A refusal that was provoked above is told by the browser itself.
    const provoked = /status of (400|404)/;
    expect(desk.complaints.filter((text) => !provoked.test(text))).toEqual([]);
  });
});
