import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasChromium, launchChromium } from "../chromium.ts";
import { type DeskUnderTest, keepPicture, lookAt, startDesk } from "./desk-under-test.ts";

const DESKTOP = { viewport: { width: 1366, height: 820 } };
const PHONE = { viewport: { width: 390, height: 844 } };
const CSV = `phone;name;consent;consent_at;consent_evidence;tags
+506 8888 7777;Ana Lucía Rojas;granted;2026-03-01;formulario 12;prensa|vecinal
123;Sin teléfono;granted;2026-03-01;formulario 13;
+506 8777 1234;Bernardo Quirós;unknown;;;
`;

describe.skipIf(!hasChromium)("contacts and campaigns", () => {
  let desk: DeskUnderTest;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    desk = await startDesk();
    browser = await launchChromium();
    const { product } = desk;
    const elena = product.standIn.user(821, { firstName: "Elena Vargas", languageCode: "es" });
    await product.ask(elena, "¿Qué departamentos atiende la Oficina Consular en El Calafate?");
    page = await desk.open(browser, "/admin/contacts", DESKTOP);
  });
  afterAll(async () => {
    await browser?.close();
    await desk?.close();
  });

  it("tries a file before anything of it is taken, and names each bad line", async () => {
    await page.getByRole("link", { name: /Elena Vargas/ }).waitFor();
    await page.getByRole("button", { name: "Importar y exportar" }).click();
    await page.getByRole("menuitem", { name: "Importar CSV" }).click();
    const dialog = page.getByRole("dialog");
    const file = { name: "vecinas.csv", mimeType: "text/csv", buffer: Buffer.from(CSV) };
    await page.locator('input[type="file"]').setInputFiles(file);
    await dialog.getByRole("button", { name: "Ensayar" }).click();
    await dialog.getByText("Todavía no se ha tomado nada").waitFor();
    await dialog.getByRole("cell", { name: "3", exact: true }).waitFor();
    await lookAt(page, "contacts-import");
    await dialog.getByRole("button", { name: "Importar sin las líneas malas" }).click();
    await dialog.getByText(/2 contactos nuevos/).waitFor();
    await dialog.getByRole("button", { name: "Cerrar" }).last().click();
    await page.getByRole("link", { name: /Ana Lucía Rojas/ }).waitFor();
    expect(await page.getByText("Sin teléfono").count()).toBe(0);
  });

  it("finds by a number, shows the profile, and keeps what is changed in it", async () => {
    await page.getByRole("searchbox").fill("8888-7777");
    await expect.poll(() => page.getByRole("listitem").getByRole("link").count()).toBe(1);
    await page.getByRole("link", { name: /Ana Lucía Rojas/ }).click();
    await page.getByRole("heading", { name: "Ana Lucía Rojas" }).waitFor();
    await page.getByText("formulario 12").waitFor();
    await page.getByLabel("Nombre", { exact: true }).fill("Ana Lucía Rojas Mora");
    await page.getByRole("button", { name: "Guardar" }).click();
    await page.getByRole("heading", { name: "Ana Lucía Rojas Mora" }).waitFor();
    await page.getByRole("searchbox").fill("");
    await page.getByRole("link", { name: /Elena Vargas/ }).waitFor();
    await lookAt(page, "contacts");
  });

  it("merges two contacts after saying what comes of it, and takes them apart again", async () => {
    await page.getByRole("button", { name: "Acciones del contacto" }).click();
    await page.getByRole("menuitem", { name: "Unir con otro" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("searchbox").fill("Bernardo");
    await dialog.getByRole("button", { name: /Elegir: Bernardo/ }).click();
    await dialog.getByText("se puede separar después").waitFor();
    await lookAt(page, "contacts-merge");
    await dialog.getByRole("button", { name: "Unir con otro" }).click();
    await page.getByRole("button", { name: "Separar" }).click();
    await page.getByText("están separados de nuevo").waitFor();
    await page.getByRole("link", { name: /Bernardo Quirós/ }).waitFor();
  });

  it("blocks and unblocks, and filters by it", async () => {
    await page.getByRole("link", { name: /Bernardo Quirós/ }).click();
    await page.getByRole("heading", { name: "Bernardo Quirós" }).waitFor();
    await page.getByRole("button", { name: "Acciones del contacto" }).click();
    await page.getByRole("menuitem", { name: "Bloquear" }).click();
    await page.getByLabel("Motivo (opcional)", { exact: true }).fill("Insultos");
    await page.getByRole("dialog").getByRole("button", { name: "Bloquear" }).click();
    await page.getByText("Insultos").waitFor();
    await page.getByLabel("Bloqueo", { exact: true }).selectOption("true");
    await expect.poll(() => page.getByRole("listitem").getByRole("link").count()).toBe(1);
    await page.getByRole("button", { name: "Acciones del contacto" }).click();
    await page.getByRole("menuitem", { name: "Desbloquear" }).click();
    await page.getByRole("heading", { name: "Ningún contacto coincide" }).waitFor();
    await page.getByLabel("Bloqueo", { exact: true }).selectOption("");
  });

  it("exports, and erases only who types it", async () => {
    await page.getByRole("button", { name: "Importar y exportar" }).click();
    await page.getByRole("menuitem", { name: "Exportar CSV" }).click();
    const saved = page.waitForEvent("download");
    await page.getByRole("dialog").getByRole("button", { name: "Exportar" }).click();
    expect((await saved).suggestedFilename()).toBe("contacts.csv");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Acciones del contacto" }).click();
    await page.getByRole("menuitem", { name: "Borrar para siempre" }).click();
    const erase = page.getByRole("dialog").getByRole("button", { name: "Borrar para siempre" });
    expect(await erase.isDisabled()).toBe(true);
    await lookAt(page, "contacts-erase");
    await page.getByLabel(/Escriba «borrar»/).fill("borrar");
    await erase.click();
    await page.getByRole("heading", { name: "Elija un contacto" }).waitFor();
    await expect.poll(() => page.getByRole("link", { name: /Bernardo/ }).count()).toBe(0);
  });

  it("writes a campaign that each channel's preview follows, and says who would get it", async () => {
    await page.getByRole("link", { name: "Envíos", exact: true }).click();
    await page.getByRole("heading", { name: "Todavía no hay envíos" }).waitFor();
    await page.getByRole("button", { name: "Nuevo envío" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Nombre", { exact: true }).fill("Corte de agua");
    await dialog
      .getByLabel("Texto", { exact: true })
      .fill("Hola {nombre|vecina}: mañana no hay agua.");
    await dialog.getByRole("button", { name: "Empezar el borrador" }).click();
    // Of the page: the list behind the dialog has one too.
    await page.getByRole("heading", { name: "Corte de agua", level: 1 }).waitFor();
    await page
      .getByLabel("Texto", { exact: true })
      .fill("Hola {nombre|vecina}: *mañana* no hay _agua_.");
    await page.getByRole("region", { name: "Así se verá" }).locator("strong").first().waitFor();
    await page.getByLabel("Prueba de nombre", { exact: true }).fill("Irene");
    await page
      .getByText(/Hola Irene/)
      .first()
      .waitFor();
    const audience = page.getByRole("region", { name: "Para quién" });
    await audience.getByText("Archivo", { exact: true }).click();
    const csv = "telefono,nombre\n,Nadie\nveinte,Irene\n";
    const file = { name: "lista.csv", mimeType: "text/csv", buffer: Buffer.from(csv) };
    await page.locator('input[type="file"][accept*="csv"]').setInputFiles(file);
    await audience.getByRole("button", { name: "Usar este archivo" }).click();
    await audience.getByText(/No nombra a nadie/).waitFor();
    await audience.getByText("No es un teléfono con su país ni un id de Telegram.").waitFor();
    await audience.getByRole("button", { name: "Usar este archivo" }).scrollIntoViewIfNeeded();
    await lookAt(page, "campaign-csv");
    await audience.getByText("Personas", { exact: true }).click();
    await page.getByRole("searchbox").fill("Elena");
    await page.getByRole("button", { name: /Añadir: Elena/ }).click();
    await page.getByRole("searchbox").fill("Ana Lucía");
    await page.getByRole("button", { name: /Añadir: Ana/ }).click();
    await page.getByRole("button", { name: "Elegir a 2 personas" }).click();
    await page.getByText("2 personas", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Ensayar" }).click();
    await page.getByText("Lo reciben: 1").waitFor();
    await page.getByText(/Nunca escribió.*: 1/).waitFor();
    await lookAt(page, "campaign-draft");
  });

  it("schedules by a zone's clock, takes it back, sends it, and shows what became of each", async () => {
    await page.getByRole("button", { name: "Programar" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("A una hora", { exact: true }).check();
    await dialog.getByLabel("Día y hora", { exact: true }).fill("2099-12-01T09:00");
    await dialog.getByLabel("Zona horaria", { exact: true }).selectOption("America/Costa_Rica");
    await lookAt(page, "campaign-schedule");
    await dialog.getByRole("button", { name: "Programar el envío" }).click();
    await page.getByText(/programado en America\/Costa_Rica/).waitFor();
    await page.getByRole("button", { name: "Volver a borrador" }).click();
    await page.getByRole("button", { name: "Programar" }).click();
    await dialog.getByRole("button", { name: "Enviar ahora" }).click();
    await expect
      .poll(() => desk.product.standIn.sent(821).map(({ text }) => text), { timeout: 15_000 })
      .toContainEqual(expect.stringContaining("mañana no hay agua."));
    await page.getByText("Terminado", { exact: true }).first().waitFor();
    await page.getByRole("cell", { name: /Elena Vargas/ }).waitFor();
    await lookAt(page, "campaign");
    await page.getByRole("link", { name: "Todos los envíos" }).click();
    await page.getByRole("link", { name: /Corte de agua/ }).waitFor();
    await lookAt(page, "campaigns");
  });

  it("says that something failed, and fits a telephone", async () => {
    const phone = await desk.open(browser, "/admin/contacts", PHONE);
    await phone.getByRole("link", { name: /Elena Vargas/ }).waitFor();
    await keepPicture(phone, "contacts-phone-list");
    await phone.getByRole("link", { name: /Elena Vargas/ }).click();
    await phone.getByRole("heading", { name: "Elena Vargas" }).waitFor();
    await lookAt(phone, "contacts-phone");
    const width = () => phone.evaluate("document.documentElement.scrollWidth");
    expect(await width()).toBeLessThanOrEqual(390);
    await phone.goto(`${desk.product.url}/admin/campaigns`);
    await phone.getByRole("link", { name: /Corte de agua/ }).click();
    await phone.getByRole("cell", { name: /Elena Vargas/ }).waitFor();
    await lookAt(phone, "campaign-phone");
    expect(await width()).toBeLessThanOrEqual(390);
    await phone.route("**/api/v1/contacts?*", (route) => route.fulfill({ status: 500 }));
    await phone.goto(`${desk.product.url}/admin/contacts`);
    await phone.getByRole("heading", { name: "Algo falló" }).waitFor();
    await phone.context().close();
  });

  it("breaks no rule of its own pages", () => {
    // A refusal that was provoked above is told by the browser itself.
    const provoked = /status of (400|500)/;
    expect(desk.complaints.filter((text) => !provoked.test(text))).toEqual([]);
  });
});
