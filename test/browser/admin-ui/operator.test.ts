import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
/** Nobody listens there: a model that fails. */
const MODEL = { LOCAL_LLM_BASE_URL: "http://127.0.0.1:65000/v1", LOCAL_LLM_MODEL: "prueba" };

describe.skipIf(!hasChromium)("the views of those who run the whole", () => {
  let desk: DeskUnderTest;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    desk = await startDesk({ env: MODEL });
    browser = await launchChromium();
    const { product } = desk;
    await fetch(`${product.url}/api/v1/bots`, { headers: { authorization: "Bearer pgn_no" } });
    const elena = product.standIn.user(831, { firstName: "Elena Vargas", languageCode: "es" });
    await product.ask(elena, "¿Qué departamentos atiende la Oficina Consular en El Calafate?");
    await product.installation.operations.pauses.set(
      {},
      {
        stopsAnswers: true,
        stopsSending: false,
        reason: "Mantenimiento de la red",
        isPlatforms: true,
      },
      { actor: "test" },
    );
    page = await desk.open(browser, "/admin/operator", DESKTOP);
  });
  afterAll(async () => {
    await browser?.close();
    await desk?.close();
  });

  const tab = (name: string) => page.getByRole("tab", { name, exact: true }).click();
  const dialog = () => page.getByRole("dialog");

  it("says in one look what is broken, in the reader's language, and puts it right", async () => {
    const troubles = page.getByRole("region", { name: "Problemas" });
    const pause = troubles.getByText(/Pausado a mano: las respuestas nuevas/);
    await pause.waitFor();
    await page
      .getByRole("region", { name: "Todo lo que se mira" })
      .getByText("Espacio en disco")
      .waitFor();
    await lookAt(page, "operator");
    await troubles.getByRole("button", { name: "Levantar la pausa" }).click();
    await pause.waitFor({ state: "detached" });
  });

  it("switches a part off with a reason, and leaves a model alone", async () => {
    await tab("Carga");
    await page.getByRole("button", { name: "Apagar: Envíos masivos" }).click();
    await page.getByLabel("Motivo").fill("La red va lenta");
    await dialog().getByRole("button", { name: "Apagar" }).click();
    await page.getByText(/La red va lenta/).waitFor();
    await lookAt(page, "operator-load");
    await page.getByRole("button", { name: "Como de costumbre: Envíos masivos" }).click();
    await page.getByLabel("Motivo").fill("Ya no va lenta");
    await dialog().getByRole("button", { name: "Como de costumbre" }).click();
    await page.getByText(/La red va lenta/).waitFor({ state: "detached" });
    await tab("Modelos");
    await page
      .getByRole("button", { name: /^(Dejar de|Volver a) llamar: / })
      .first()
      .waitFor();
    await keepPicture(page, "operator-models");
    await expectAccessible(page);
  });

  it("makes an institution with a link for its owner, suspends it and tells everybody", async () => {
    await tab("Instituciones");
    await page.getByRole("button", { name: "Nueva institución" }).click();
    await dialog().getByLabel("Nombre", { exact: true }).fill("Ministerio de Salud");
    await dialog().getByLabel("Nombre corto").fill("salud");
    await dialog().getByLabel("Correo de quien será responsable").fill("rita@example.org");
    await dialog().getByRole("button", { name: "Nueva institución" }).click();
    await page.getByText(/\/access\/invitation/).waitFor();
    await page.getByRole("button", { name: "Acciones de Ministerio de Salud" }).click();
    await page.getByRole("menuitem", { name: "Suspender" }).click();
    await dialog().getByRole("button", { name: "Suspender" }).click();
    await page.getByText("Suspendida").waitFor();
    await page.getByRole("button", { name: "Nuevo plan" }).click();
    await dialog().getByLabel("Nombre", { exact: true }).fill("basico");
    await dialog().getByLabel("Preguntas por día").fill("5000");
    await dialog().getByRole("button", { name: "Guardar" }).click();
    await page.getByRole("rowheader", { name: "basico", exact: true }).waitFor();
    await page.getByRole("button", { name: "Cambiar el plan basico" }).click();
    await dialog().getByLabel("Por persona y día").fill("40");
    await dialog().getByRole("button", { name: "Guardar" }).click();
    await dialog().waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Acciones de Pregonero" }).click();
    await page.getByRole("menuitem", { name: "Plan de preguntas" }).click();
    await dialog().getByLabel("Plan", { exact: true }).selectOption("basico");
    await dialog().getByRole("button", { name: "Guardar" }).click();
    await page.getByRole("row", { name: /^basico 5\D?000 40 1 / }).waitFor();
    await lookAt(page, "operator-tenants");
    await tab("Avisos");
    await page.getByRole("button", { name: "Nuevo aviso" }).click();
    await dialog().getByLabel("Título en español").fill("Mantenimiento");
    await dialog().getByLabel("Texto en español").fill("El sábado a las 3 no se responde.");
    await dialog().getByRole("button", { name: "Publicar" }).click();
    await page.getByRole("heading", { name: "Mantenimiento" }).waitFor();
    await keepPicture(page, "operator-announcements");
    await tab("Seguridad");
    await page.getByRole("cell", { name: "Clave de API que nadie hizo" }).waitFor();
    await keepPicture(page, "operator-security");
    await expectAccessible(page);
  });

  it("finds in the audit who did it, tells that the chain is whole, and exports", async () => {
    await page.getByRole("link", { name: "Auditoría", exact: true }).click();
    await page.getByLabel("Acción", { exact: true }).fill("switch-reset");
    await page.getByRole("button", { name: "Buscar", exact: true }).click();
    await page.getByText("Toda la instalación", { exact: true }).first().click();
    await page
      .getByRole("button", { name: /^Ver la entrada/ })
      .first()
      .click();
    await dialog().getByText("Ya no va lenta").waitFor();
    await lookAt(page, "audit-entry");
    await dialog().getByRole("button", { name: "Todo lo de esta persona o programa" }).click();
    await dialog().waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Verificar la cadena" }).click();
    await page.getByText("La auditoría está entera").waitFor();
    await lookAt(page, "audit");
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Exportar" }).click();
    await page.getByRole("menuitem", { name: /CSV/ }).click();
    expect((await saved).suggestedFilename()).toBe("audit.csv");
  });

  it("shows what it costs, and books a payment", async () => {
    await page.getByRole("link", { name: "Uso y saldo" }).click();
    await page.getByRole("heading", { name: "Gasto por día" }).waitFor();
    await lookAt(page, "usage");
    await tab("Saldo");
    await page.getByRole("button", { name: "Registrar recarga" }).click();
    await page.getByLabel("Cantidad en dólares").fill("50");
    await page.getByLabel("Referencia", { exact: true }).fill("factura-118");
    await dialog().getByRole("button", { name: "Anotar" }).click();
    await page.getByRole("cell", { name: /factura-118/ }).waitFor();
    const plan = page.getByRole("region", { name: "Plan", exact: true });
    await plan.getByText("quedan 5000 de 5000").waitFor();
    await page.getByRole("button", { name: "Cambiar: Por mes" }).click();
    await dialog().getByLabel("Límite en dólares").fill("20");
    await dialog().getByRole("button", { name: "Guardar" }).click();
    await page
      .getByRole("region", { name: "Presupuesto" })
      .getByText(/ de .*20/)
      .waitFor();
    await lookAt(page, "usage-balance");
    await tab("Lo que se pregunta");
    await page.getByText("Lo más citado").waitFor();
    await keepPicture(page, "usage-asked");
    await expectAccessible(page);
    await tab("Opiniones");
    await page.getByRole("heading", { name: "Nadie ha opinado todavía" }).waitFor();
    await keepPicture(page, "usage-feedback");
  });

  it("shows which models answer, in which order", async () => {
    await page.getByRole("link", { name: "Proveedores" }).click();
    await page.getByRole("heading", { name: "Cadena de la instalación" }).waitFor();
    await page.getByRole("heading", { name: "Cortacircuitos" }).waitFor();
    await lookAt(page, "providers");
  });

  it("keeps the institution's settings, and shows a webhook's secret once", async () => {
    await page.getByRole("link", { name: "Ajustes" }).click();
    await page.getByLabel("Nombre", { exact: true }).fill("Municipalidad de Pruebas");
    await page.getByLabel("Días que se guardan las conversaciones").fill("365");
    await page.getByRole("button", { name: "Guardar", exact: true }).click();
    await page.getByText("Guardado", { exact: true }).waitFor();
    await lookAt(page, "settings");
    await tab("Ingreso único");
    await page.getByLabel("Emisor", { exact: true }).waitFor();
    await keepPicture(page, "settings-sign-on");
    await expectAccessible(page);
    await tab("Webhooks");
    await page.getByRole("button", { name: "Añadir webhook" }).click();
    await page.getByLabel("Dirección", { exact: true }).fill("https://example.org/pregonero");
    await dialog().getByRole("button", { name: "Añadir webhook" }).click();
    const secret = page.getByRole("textbox", { name: "Su secreto, solo esta vez" });
    expect(await secret.inputValue()).toMatch(/^whsec_/);
    await keepPicture(page, "settings-webhooks");
    await page.getByRole("button", { name: "Ya lo guardé" }).click();
    await secret.waitFor({ state: "detached" });
    await tab("Datos");
    await page.getByRole("button", { name: "Borrar la institución" }).click();
    const confirm = dialog().getByRole("button", { name: "Borrar la institución" });
    expect(await confirm.isDisabled()).toBe(true);
    await keepPicture(page, "settings-deletion");
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    await tab("Mi cuenta");
    await page.getByRole("heading", { name: "Segundo factor" }).waitFor();
    await keepPicture(page, "settings-account");
    await expectAccessible(page);
  });

  it("fits a telephone, and says that something failed", async () => {
    const phone = await desk.open(browser, "/admin/operator", PHONE);
    const width = () => phone.evaluate("document.documentElement.scrollWidth");
    await phone.getByRole("heading", { name: "Todo lo que se mira" }).waitFor();
    await lookAt(phone, "operator-phone");
    expect(await width()).toBeLessThanOrEqual(390);
    for (const [view, heading] of [
      ["audit", "Auditoría"],
      ["usage", "Gasto por día"],
      ["providers", "Cortacircuitos"],
      ["settings", "Institución"],
    ] as const) {
      await phone.goto(`${desk.product.url}/admin/${view}`);
      await phone.getByRole("heading", { name: heading, exact: true }).first().waitFor();
      await keepPicture(phone, `${view}-phone`);
      await expectAccessible(phone);
      expect(await width()).toBeLessThanOrEqual(390);
    }
    await phone.route("**/api/v1/health", (route) => route.fulfill({ status: 403 }));
    await phone.goto(`${desk.product.url}/admin/operator`);
    await phone.getByRole("heading", { name: "Su rol no permite ver esto" }).waitFor();
    await phone.context().close();
  });

  it("breaks no rule of its own pages", () => {
    const provoked = /status of (403|404)/;
    expect(desk.complaints.filter((text) => !provoked.test(text))).toEqual([]);
  });
});
