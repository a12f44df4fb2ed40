import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawQrPng } from "../../../src/qr-code.ts";
import { hasChromium, launchChromium } from "../chromium.ts";
import { type DeskUnderTest, keepPicture, lookAt, startDesk } from "./desk-under-test.ts";

const DESKTOP = { viewport: { width: 1366, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 } };
const QUESTION = "¿Qué departamentos atiende la Oficina Consular honoraria en El Calafate?";

describe.skipIf(!hasChromium)("setting up an institution", () => {
  let desk: DeskUnderTest;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    desk = await startDesk();
    browser = await launchChromium();
    page = await desk.open(browser, "/admin/assistants", DESKTOP);
  });
  afterAll(async () => {
    await browser?.close();
    await desk?.close();
  });

  it("makes an assistant, and changes the order of its models by keyboard and by dragging", async () => {
    await page.getByText("Todavía no hay asistentes").waitFor();
    await lookAt(page, "assistants-empty");
    await page.getByRole("button", { name: "Nuevo asistente" }).click();
    await page.getByRole("dialog").getByLabel("Nombre").fill("civica");
    await page.keyboard.press("Enter");
    await page.getByText("Aún sin guardar").waitFor();
    await page.getByLabel("Quién habla").fill("Clara, de la Municipalidad");
    await page.getByLabel("Temas que no se tratan").fill("partidos políticos\napuestas");
    const model = page.getByLabel("Modelo que se añade a: Cadena de modelos");
    for (const link of ["openai:gpt-5-mini", "anthropic:claude-haiku-4-5"]) {
      await model.fill(link);
      await model.press("Enter");
    }
    const handles = page.getByRole("button", { name: /, en el puesto \d/ });
    await handles.nth(1).focus();
    await page.keyboard.press("Alt+ArrowUp");
    await page.getByText("anthropic:claude-haiku-4-5 pasa al puesto 1 de 2").waitFor();
    expect(await order(page)).toEqual(["anthropic:claude-haiku-4-5", "openai:gpt-5-mini"]);
    await handles.nth(1).dragTo(handles.nth(0));
    await expect
      .poll(() => order(page))
      .toEqual(["openai:gpt-5-mini", "anthropic:claude-haiku-4-5"]);
    await page.getByRole("button", { name: "Guardar" }).click();
    await page.getByText("Guardado: vale desde la próxima pregunta.").waitFor();
    await page.getByText("versión 1").waitFor();
  });

  it("tries it beside its form as it is being edited, and the answer changes with it", async () => {
    await page.getByRole("switch", { name: "Responder solo con citas" }).click();
    await page.getByText("Responde tal como está ahora").waitFor();
    await page.getByLabel("Pregunta de prueba").fill(QUESTION);
    await page.keyboard.press("Enter");
    const said = page.getByRole("log");
    await said
      .getByRole("link", { name: /^\[1\] / })
      .first()
      .waitFor();
    await said.getByText(/pasajes encontrados/).click();
    await said
      .getByRole("list", { name: "Pasajes encontrados" })
      .getByText(/puntos/)
      .first()
      .waitFor();
    await lookAt(page, "assistant");
    const topics = page.getByLabel("Temas que no se tratan");
    await topics.fill("oficina consular");
    await page.getByRole("button", { name: "Preguntar lo mismo otra vez" }).click();
    await said.getByText("Se abstiene").waitFor();
    await topics.fill("apuestas");
    await page.getByRole("button", { name: "Guardar" }).click();
    await page.getByText("versión 2").waitFor();
  });

  it("shows both versions when somebody else saved meanwhile, and lets one choose", async () => {
    const other = await desk.open(browser, "/admin/assistants/civica", DESKTOP);
    await other.getByLabel("Quién habla").fill("Luz");
    await other.getByRole("button", { name: "Guardar" }).click();
    await other.getByText("versión 3").waitFor();
    await other.context().close();
    await page.getByLabel("Tono").fill("cercano");
    await page.getByRole("button", { name: "Guardar" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Otra persona guardó cambios").waitFor();
    await dialog.getByRole("region", { name: "Quién habla" }).getByText("Luz").waitFor();
    await lookAt(page, "assistant-conflict");
    await dialog.getByRole("button", { name: "Guardar lo mío" }).click();
    await page.getByText("versión 4").waitFor();
    expect(await page.getByLabel("Quién habla").inputValue()).toBe("Clara, de la Municipalidad");
  });

  it("shows field by field what an earlier version was, and goes back to it", async () => {
    await page.getByRole("button", { name: "Versiones" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: /^versión 3/ }).click();
    await dialog.getByRole("region", { name: "Quién habla" }).getByText("Luz").waitFor();
    await dialog.getByRole("button", { name: "Comparar", exact: true }).click();
    const compared = dialog.getByRole("region", { name: "Comparación de versiones" });
    await compared.getByText("En marcha").waitFor();
    await compared.getByText("Aún no hay con quién comparar").first().waitFor();
    expect(await dialog.getByRole("button", { name: "Volver a esta versión" }).isDisabled()).toBe(
      true,
    );
    await lookAt(page, "assistant-versions");
    await page.setViewportSize(PHONE.viewport);
    await lookAt(page, "assistant-versions-phone");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    // Both versions are seen without pushing the table.
    const { x = 0, width = 390 } = (await compared.getByRole("table").boundingBox()) ?? {};
    expect(x + width).toBeLessThanOrEqual(360);
    await compared.getByRole("button", { name: "Terminar y quedarse con la 4" }).focus();
    await keepPicture(page, "assistant-versions-phone-end");
    await page.setViewportSize(DESKTOP.viewport);
    await compared.getByRole("button", { name: "Terminar y quedarse con la 4" }).click();
    await compared.getByText("Quedó la versión 4").waitFor();
    await dialog.getByRole("button", { name: "Volver a esta versión" }).click();
    await page.getByText("versión 5").waitFor();
    expect(await page.getByLabel("Quién habla").inputValue()).toBe("Luz");
  });

  it("says what the list holds, and what models may cost", async () => {
    await page.getByRole("link", { name: "Todos los asistentes" }).click();
    await page.getByRole("link", { name: "civica" }).waitFor();
    await page
      .getByRole("region", { name: "Presupuesto" })
      .getByText("sin límite")
      .first()
      .waitFor();
    await lookAt(page, "assistants");
  });

  it("takes a document in, shows when it is ready, and removes it only after asking", async () => {
    await page.getByRole("link", { name: "Documentos" }).click();
    await page.getByText("Todavía no hay documentos").waitFor();
    await page.locator('input[type="file"]').setInputFiles({
      name: "reglamento-de-parques.md",
      mimeType: "text/markdown",
      buffer: Buffer.from("# Reglamento de parques\n\nArtículo 1.- El parque abre a las 6:00.\n"),
    });
    const card = page.getByRole("region", { name: "reglamento-de-parques" });
    await card.getByText("Listo", { exact: true }).waitFor();
    await lookAt(page, "documents");
    await page.getByRole("tab", { name: "Conjuntos de conocimiento" }).click();
    await page.getByRole("button", { name: "Nuevo conjunto" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Nombre").fill("parques");
    await lookAt(page, "knowledge-set");
    await dialog.getByRole("button", { name: "Guardar" }).click();
    await page.getByRole("region", { name: "parques" }).waitFor();
    await page.getByRole("tab", { name: "Documentos" }).click();
    await page.getByRole("button", { name: "Acciones de reglamento-de-parques" }).click();
    await page.getByRole("menuitem", { name: "Eliminar" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Eliminar" }).click();
    await page.getByText("Todavía no hay documentos").waitFor();
  });

  it("invites by a link that is shown once, and takes an invitation back", async () => {
    await page.getByRole("link", { name: "Personas y claves" }).click();
    await page.getByRole("main").getByText("Ana Mora").waitFor();
    await page.getByRole("button", { name: "Invitar" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Correo electrónico").fill("luis@example.org");
    await dialog.getByLabel(/^Edición/).check();
    await lookAt(page, "members-invite");
    await dialog.getByRole("button", { name: "Invitar" }).click();
    const link = await page.getByLabel("Para copiar").inputValue();
    expect(link).toContain("/access/invitation#");
    await keepPicture(page, "members-link");
    await page.getByRole("dialog").getByRole("button", { name: "Cerrar" }).click();
    await page
      .getByRole("region", { name: "Invitaciones pendientes" })
      .getByText("luis@")
      .waitFor();
    await lookAt(page, "members");
    await page.getByRole("button", { name: "Retirar la invitación de luis@example.org" }).click();
    await page.getByText("Invitaciones pendientes").waitFor({ state: "detached" });
  });

  it("makes a key for a program, and revokes it", async () => {
    await page.getByRole("tab", { name: "Claves de la API" }).click();
    await page.getByText("Todavía no hay claves").waitFor();
    await page.getByRole("button", { name: "Nueva clave" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Para qué").fill("estadística");
    await dialog.getByLabel("Cifras").check();
    await dialog.getByLabel("Gacetas: leer").waitFor();
    await lookAt(page, "keys-add");
    await dialog.getByRole("button", { name: "Nueva clave" }).click();
    expect(await page.getByLabel("Para copiar").inputValue()).toMatch(/^\S{20,}$/);
    await page.getByRole("dialog").getByRole("button", { name: "Cerrar" }).click();
    await page.getByText("Preguntar · Cifras").or(page.getByText("Cifras · Preguntar")).waitFor();
    await lookAt(page, "keys");
    await page.getByRole("button", { name: "Revocar la clave estadística" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revocar" }).click();
    await page.getByText("Revocada").waitFor();
  });

  it("shows where one is signed in", async () => {
    await page.getByRole("button", { name: /Cuenta de Ana Mora/ }).click();
    await page.getByRole("menuitem", { name: "Mis sesiones" }).click();
    await page.getByText("Esta sesión").waitFor();
    await lookAt(page, "sessions");
  });

  it("gives a bot its assistant, and a web chat its looks, shown beside as they will be", async () => {
    await page.getByRole("link", { name: "Bots" }).click();
    const card = page.getByRole("region").filter({ hasText: "Abrir el chat" });
    await card.getByLabel("Asistente que responde").click();
    await page.getByRole("option", { name: "civica", exact: true }).click();
    await page.getByText("Cambiado: vale desde la próxima pregunta.").waitFor();
    await card.getByRole("button", { name: /^Acciones de / }).click();
    await page.getByRole("menuitem", { name: "Aspecto y sitios" }).click();
    await page.locator('input[type="file"]').setInputFiles({
      name: "retrato.png",
      mimeType: "image/png",
      buffer: drawQrPng("retrato", 8),
    });
    await page.getByRole("button", { name: "Quitar" }).waitFor();
    await page.getByLabel("Color", { exact: true }).fill("#ffcc00");
    await page.getByText(/^Sobre #ffcc00 el texto se leería mal/).waitFor();
    await page.getByLabel("Preguntas sugeridas").fill("¿Cuándo recogen la basura?");
    const sites = page.getByLabel("Sitios que pueden mostrarlo");
    await sites.fill("https://www.ejemplo.go.cr/contacto");
    await page.getByRole("button", { name: "Guardar" }).click();
    await page.getByText("Pegue estas dos líneas").waitFor();
    expect(await sites.inputValue()).toBe("https://www.ejemplo.go.cr");
    await lookAt(page, "web-chat-looks");
    const html = await page.getByLabel("HTML que se pega").inputValue();
    const [, key] = /data-bot="([^"]+)"/.exec(html) ?? [];
    const shown = await fetch(`${desk.product.url}/chat/${key}/widget.json`);
    expect(await shown.json()).toMatchObject({
      colour: expect.not.stringMatching(/#ffcc00|#9b2c1f/),
    });
    await page.setViewportSize(PHONE.viewport);
    await lookAt(page, "web-chat-looks-phone");
    expect(await widthOf(page)).toBeLessThanOrEqual(390);
    await page.setViewportSize(DESKTOP.viewport);
  });

  it("fits a telephone", async () => {
    const phone = await desk.open(browser, "/admin/assistants/civica", PHONE);
    await phone.getByLabel("Quién habla").waitFor();
    await lookAt(phone, "assistant-phone");
    expect(await widthOf(phone)).toBeLessThanOrEqual(390);
    await phone.getByRole("button", { name: "Ir a la prueba" }).click();
    await phone.getByLabel("Pregunta de prueba").waitFor();
    await keepPicture(phone, "assistant-phone-trial");
    await phone.goto(`${desk.product.url}/admin/members`);
    await phone.getByText("Ana Mora", { exact: true }).waitFor();
    await lookAt(phone, "members-phone");
    expect(await widthOf(phone)).toBeLessThanOrEqual(390);
    await phone.context().close();
  });

  it("breaks no rule of its own pages", () => {
    // Refusals that were provoked above are told by the browser itself.
    const provoked = /status of (401|403|404|409)/;
    expect(desk.complaints.filter((text) => !provoked.test(text))).toEqual([]);
  });
});

async function order(page: Page): Promise<readonly string[]> {
  const names = await page.getByRole("button", { name: /, en el puesto \d/ }).all();
  const labels = await Promise.all(names.map((each) => each.getAttribute("aria-label")));
  return labels.map((label) => label?.split(", ")[0] ?? "");
}

function widthOf(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth");
}
