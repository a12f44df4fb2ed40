import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LlmStandIn, startLlmStandIn } from "../../stand-ins/llm/llm-stand-in.ts";
import { startXStandIn, type XStandIn } from "../../stand-ins/x/start-stand-in.ts";
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
const CHANNEL = -1_001_234_567_890;
/** A run of two small acts, on a busy machine. */
const RUN_MS = 60_000;
const INVENTED = "El Gobierno compra 700 barcos.";

/** A model that does as it is told: of each passage its first sentence, of each note its words. */
function quoteFirstSentences(prompt: string): string {
  const most = Number(/at most (\d+) statements/.exec(prompt)?.[1] ?? 1);
  const shown = [
    ...prompt.matchAll(/<passage number="(\d+)"[^>]*>\n[^\n]*\n([\s\S]{40,400}?\.)(?=\s|<)/g),
    ...prompt.matchAll(/<note number="(\d+)"[^>]*>([^<]*)<\/note>/g),
  ];
  const statements = shown
    .slice(0, most)
    .map(([, number, text = ""]) => ({ text: text.replace(/\s+/g, " "), cites: [Number(number)] }));
  return JSON.stringify({ statements });
}

describe.skipIf(!hasChromium)("the newsroom", { timeout: 120_000 }, () => {
  let llm: LlmStandIn;
  let x: XStandIn;
  let account: ReturnType<XStandIn["addAccount"]>;
  let desk: DeskUnderTest;
  let browser: Browser;
  let page: Page;
  let say = quoteFirstSentences;
  /** Path of the result that is approved. */
  let approved: string;

  beforeAll(async () => {
    llm = await startLlmStandIn({
      protocol: "openai-chat",
      text: ({ messages }) =>
        say(
          (messages as readonly { readonly content: unknown }[])
            .map(({ content }) => (typeof content === "string" ? content : JSON.stringify(content)))
            .join("\n"),
        ),
    });
    x = await startXStandIn();
    account = x.addAccount("gaceta");
    desk = await startDesk({
      env: {
        LOCAL_LLM_BASE_URL: llm.baseUrl,
        LOCAL_LLM_MODEL: "stand-in",
        ANSWER_CACHE: "off",
        X_API_URL: x.url,
      },
    });
    const { standIn, bot } = desk.product;
    standIn.group(CHANNEL, { title: "Canal", type: "supergroup" }).addBot(bot, standIn.user(1));
    browser = await launchChromium();
    page = await desk.open(browser, "/admin/newsroom", DESKTOP);
  });
  afterAll(async () => {
    await browser?.close();
    await desk?.close();
    await x?.close();
    await llm?.close();
  });

  const dialog = () => page.getByRole("dialog");
  const button = (name: string | RegExp, within: Page | Locator = page) =>
    within.getByRole("button", { name, exact: true });
  const part = (name: string) =>
    page
      .getByRole("navigation", { name: "Partes de la redacción" })
      .getByRole("link", { name, exact: true });

  /** Until the run that is shown stands so. */
  const stands = (word: string) =>
    page.getByRole("main").getByText(word, { exact: true }).first().waitFor({ timeout: RUN_MS });

  it("begins with a prompt: what it reads, when, and what is wanted of it", async () => {
    await page.getByText("Todavía no se ha escrito nada").waitFor();
    await keepPicture(page, "newsroom-empty");
    await page.getByRole("link", { name: "Ver los encargos" }).click();
    await page.getByText("Todavía no hay encargos").waitFor();
    await page.getByRole("link", { name: "Añadir encargo" }).first().click();
    await page.getByLabel("Nombre").fill("resumen");
    await page.getByLabel("Título").fill("Lo más importante");
    await page.getByLabel("Gacetas").fill("nada");
    await page.getByLabel("Los actos sobre un tema").check();
    await page.getByLabel("Palabras y frases").fill("gas + precios\nconsular");
    await page.getByRole("combobox", { name: "Cuándo" }).selectOption({ label: "Cada semana" });
    await page.evaluate("scrollTo(0, 0)");
    await lookAt(page, "newsroom-prompt");
    await button("Añadir encargo").click();
    await page.getByRole("alert").getByText(/nada/).waitFor();
    await page.getByLabel("Gacetas").fill("boe");
    await page.getByLabel("La edición entera").check();
    await page.getByRole("combobox", { name: "Cuándo" }).selectOption({ label: "Solo a mano" });
    await page.getByLabel("Instrucciones").fill("Asuntos exteriores y energía.");
    await button("Añadir encargo").click();
    await page.getByRole("heading", { name: "resumen", level: 1 }).waitFor();
    await page.getByText("Todavía no se ha ejecutado.").waitFor();
  });

  it("says what a run costs before it runs, and shows each claim beside its lines", async () => {
    await button("Ejecutar").click();
    await dialog().getByLabel("Fecha de la edición").fill("2020-01-01");
    await dialog().getByText("Así no se puede ejecutar").waitFor();
    await dialog().getByLabel("Fecha de la edición").fill("2024-04-15");
    await dialog().getByText("Se leerán 2 documentos:").waitFor();
    await lookAt(page, "newsroom-estimate");
    await button("Ejecutar", dialog()).click();
    await stands("Por revisar");
    approved = new URL(page.url()).pathname;
    const first = page.getByRole("list", { name: "Afirmaciones" }).getByRole("button").first();
    await first.click();
    const paper = page.getByRole("region", { name: "Página de la gaceta" });
    await paper.locator("canvas[data-drawn]").waitFor({ timeout: RUN_MS });
    expect(await paper.locator("rect[data-quoted]").count()).toBeGreaterThan(0);
    expect(await first.getAttribute("aria-pressed")).toBe("true");
    await page.evaluate("scrollTo(0, 260)");
    await lookAt(page, "newsroom-review");
    await button("Cerrar la página", paper).click();
    await page.getByText("Qué páginas se leyeron").click();
    await page.getByText("Leídas:").first().waitFor();
  });

  it("checks what a person writes, and has them answer for what nothing bears out", async () => {
    await button("Editar").click();
    await button("Buscar otro pasaje").first().click();
    const passages = page.getByRole("list", { name: "Pasajes de esta página" });
    await passages.getByRole("button", { name: "Ya citado en la afirmación 1" }).first().waitFor();
    await page.getByRole("textbox", { name: "Afirmación 2" }).fill(INVENTED);
    await lookAt(page, "newsroom-edit");
    await button("Guardar y comprobar").click();
    const came = page.getByText("Lo que hizo el cambio con las citas");
    await came.waitFor();
    await page.getByText(/Afirmación 2: lo que cita no lo dice/).waitFor();
    await button("Aprobar").click();
    await dialog().getByText(INVENTED).waitFor();
    expect(await button("Aprobar", dialog()).isDisabled()).toBe(true);
    await dialog()
      .getByLabel(/Respondo por estas afirmaciones/)
      .check();
    await keepPicture(page, "newsroom-approve");
    await expectAccessible(page);
    await button("Aprobar", dialog()).click();
    await stands("Aprobado");
    await page.getByText("Aprobado por").waitFor();
  });

  it("keeps versions, and lays what two of them wrote side by side", async () => {
    await page.getByRole("link", { name: "resumen, versión 1" }).first().click();
    await page.getByLabel("Afirmaciones, como mucho").fill("3");
    await button("Guardar otra versión").click();
    await page.getByText("Versión 2", { exact: true }).waitFor();
    await button("Versiones").click();
    await dialog().getByText("Afirmaciones, como mucho").waitFor();
    await keepPicture(page, "newsroom-versions");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    await button("Ejecutar").click();
    await button("Ejecutar", dialog()).click();
    await stands("Por revisar");
    const other = page.getByLabel("Comparar con otro resultado de este encargo");
    await other.selectOption({ index: 1 });
    await page.getByText(INVENTED).waitFor();
    await page.getByText(/iguales? en ambos/).waitFor();
    await lookAt(page, "newsroom-comparison");
  });

  it("holds what a model wrote that is junk, and says why", async () => {
    say = () => "Claro, aquí tiene el resumen que pidió.";
    await page.getByRole("link", { name: "← Todos los resultados" }).click();
    await part("Encargos").click();
    await lookAt(page, "newsroom-prompts");
    await button("Ejecutar resumen").click();
    await button("Ejecutar", dialog()).click();
    await stands("Retenido");
    await page.getByText("El modelo no respondió en la forma pedida.").first().waitFor();
    expect(await button("Aprobar").count()).toBe(0);
    await keepPicture(page, "newsroom-held");
    await expectAccessible(page);
    await button("Rechazar").click();
    await dialog().getByLabel("Motivo").fill("No es un resumen.");
    await button("Rechazar", dialog()).click();
    await stands("Rechazado");
    await page.getByText(/No es un resumen\./).waitFor();
    await page.getByRole("link", { name: "← Todos los resultados" }).click();
    const waiting = page.getByRole("region", { name: "Esperan su revisión" });
    await waiting.getByRole("link").first().waitFor();
    await lookAt(page, "newsroom");
  });

  it("publishes to an account, a channel and the page of the edition, as it was previewed", async () => {
    await part("Publicación").click();
    await page.getByText("Todavía no se publica en ninguna parte").waitFor();
    await button("Añadir destino").first().click();
    await dialog().getByLabel("Clave de la aplicación").fill(account.oauth1.appKey);
    await dialog().getByLabel("Secreto de la aplicación").fill(account.oauth1.appSecret);
    await dialog().getByLabel("Token de acceso").fill(account.oauth1.accessToken);
    await dialog().getByLabel("Secreto del token").fill(account.oauth1.accessSecret);
    await dialog().getByLabel("Nombre").fill("La cuenta de X");
    await lookAt(page, "newsroom-target");
    await button("Añadir destino", dialog()).click();
    const card = page.getByRole("article", { name: "La cuenta de X" });
    await button("Probar La cuenta de X", card).click();
    await card.getByText("X reconoce la cuenta como @gaceta.").waitFor();
    await button("Añadir destino").first().click();
    await dialog().getByLabel("Canal de Telegram").check();
    await dialog().getByLabel("Bot").selectOption({ index: 1 });
    await dialog().getByLabel("Número del canal").fill(String(CHANNEL));
    await button("Añadir destino", dialog()).click();
    await page.getByRole("article", { name: "Canal de Telegram" }).waitFor();
    await button("Añadir destino").first().click();
    await dialog().getByLabel("Página de la edición y Atom").check();
    await button("Añadir destino", dialog()).click();
    await page.getByRole("article", { name: "Página de la edición y Atom" }).waitFor();

    await page.goto(desk.product.url + approved);
    await button("Publicar").click();
    for (const name of ["La cuenta de X", "Canal de Telegram", "Página de la edición y Atom"]) {
      await dialog().getByLabel(name, { exact: true }).check();
    }
    await dialog()
      .getByText(/Ver las \d+ publicaciones/)
      .first()
      .click();
    await dialog()
      .getByText(/de 280 caracteres/)
      .first()
      .waitFor();
    await lookAt(page, "newsroom-publish");
    await button("Publicar en 3 destinos", dialog()).click();
    await dialog().waitFor({ state: "detached" });
    const rows = page.getByRole("region", { name: "Publicación" }).getByRole("button");
    await rows.filter({ hasText: "Publicado" }).nth(2).waitFor({ timeout: RUN_MS });
    expect(x.posts(account).length).toBeGreaterThan(1);
    await rows.filter({ hasText: "La cuenta de X" }).click();
    await dialog().getByRole("link", { name: "Ver la publicación" }).first().waitFor();
    await lookAt(page, "newsroom-publication");
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    await page.goto(`${desk.product.url}/admin/newsroom/publishing`);
    await page
      .getByRole("region", { name: "Historia" })
      .getByText(/resumen|importante/)
      .first()
      .waitFor();
    await lookAt(page, "newsroom-publishing");
  });

  it("keeps the templates by which WhatsApp tells of alerts and digests", async () => {
    await page.goto(`${desk.product.url}/admin/newsroom/publishing`);
    const templates = page.getByRole("region", { name: "Plantillas de los avisos por WhatsApp" });
    await templates.getByText("Todavía no hay ninguna.").waitFor();
    await button("Añadir plantilla", templates).click();
    await dialog().getByLabel("Nombre de la plantilla").fill("aviso_de_publicacion");
    await dialog().getByLabel("Parámetros").fill("{count}\n{lugar}");
    await button("Guardar", dialog()).click();
    await dialog().getByText("{lugar} no es nada que se rellene.").waitFor();
    await dialog().getByLabel("Parámetros").fill("{count}\n{source}\n{link}");
    await lookAt(page, "newsroom-template");
    await button("Guardar", dialog()).click();
    await templates.getByText("Alertas · es").waitFor();
    await templates.getByText("{count} · {source} · {link}").waitFor();
    await button("Añadir plantilla", templates).click();
    await dialog().getByLabel("Nombre de la plantilla").fill("otro_aviso");
    await button("Guardar", dialog()).click();
    await dialog().getByText("Ya hay una de este idioma.").waitFor();
    await dialog().getByLabel("Para").selectOption({ label: "Resúmenes" });
    await button("Guardar", dialog()).click();
    await templates.getByText("Resúmenes · es").waitFor();
    await lookAt(page, "newsroom-templates");
    await button("Cambiar otro_aviso", templates).click();
    await button("Quitar", dialog()).click();
    await templates.getByText("Resúmenes · es").waitFor({ state: "detached" });
  });

  it("says that a result is outdated, and runs its prompt again on the same day", async () => {
    // As it is when a page that was given up was read (src/store/newsroom/given-up-pages.ts).
    await desk.product.installation.database.asCurator((tx) =>
      tx.query("update edition set revision = revision + 1 where published_on = '2024-04-15'"),
    );
    await page.goto(`${desk.product.url}/admin/newsroom`);
    await page.getByText("Desactualizado", { exact: true }).first().waitFor();
    await page.goto(desk.product.url + approved);
    await page.getByText(/páginas que entonces no se habían podido leer/).waitFor();
    await lookAt(page, "newsroom-outdated");
    await button("Ejecutar de nuevo").click();
    expect(await dialog().getByLabel("Fecha de la edición").inputValue()).toBe("2024-04-15");
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
  });

  it("says where a person has to act, and lets what has not begun be cancelled", async () => {
    await page.goto(`${desk.product.url}/admin/newsroom`);
    const waiting = page.getByRole("region", { name: "Esperan su revisión" });
    await waiting.getByRole("link").first().click();
    await button("Aprobar").click();
    await button("Aprobar", dialog()).click();
    await stands("Aprobado");
    x.fail("401");
    await button("Publicar").click();
    await dialog().getByLabel("La cuenta de X", { exact: true }).check();
    await button("Publicar en 1 destino", dialog()).click();
    await dialog().waitFor({ state: "detached" });
    await button("Publicar").click();
    await dialog().getByLabel("Canal de Telegram", { exact: true }).check();
    await dialog().getByLabel("A una hora").check();
    await dialog().getByLabel("Día y hora").fill("2040-01-02T09:00");
    await keepPicture(page, "newsroom-schedule");
    await expectAccessible(page);
    await button("Programar", dialog()).click();
    await dialog().waitFor({ state: "detached" });
    const rows = page.getByRole("region", { name: "Publicación" }).getByRole("button");
    await rows.filter({ hasText: "Canal de Telegram" }).filter({ hasText: "Programado" }).click();
    await button("Cancelar", dialog()).click();
    await dialog().getByText("Cancelado").waitFor();
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    await page.getByRole("link", { name: "← Todos los resultados" }).click();
    await part("Publicación").click();
    const card = page.getByRole("article", { name: "La cuenta de X" });
    await card.getByText("Requiere atención").waitFor({ timeout: RUN_MS });
    await card.getByText(/X does not accept the credentials/).waitFor();
    await lookAt(page, "newsroom-attention");
  });

  it("shows what is published on the public page of the edition, by day and by night", async () => {
    const sizes = { desktop: DESKTOP, phone: PHONE };
    for (const [size, { viewport }] of Object.entries(sizes)) {
      await page.setViewportSize(viewport);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.goto(`${desk.product.url}/gazettes/boe/2024-04-15`);
        await page.locator(".digests").getByText("Lo más importante").waitFor();
        await keepPicture(page, `edition-digest-${size}-${colorScheme}`);
        await expectAccessible(page);
      }
    }
    await page.setViewportSize(DESKTOP.viewport);
  });

  it("fits a telephone, where the page of the gazette opens below its claim", async () => {
    const phone = await desk.open(browser, approved, PHONE);
    const narrow = async (name: string) => {
      await keepPicture(phone, name);
      await expectAccessible(phone);
      expect(await phone.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    };
    const claims = phone.getByRole("list", { name: "Afirmaciones" });
    await claims.getByRole("button").first().click();
    await claims.locator("canvas[data-drawn]").waitFor({ timeout: RUN_MS });
    await claims.locator("canvas").scrollIntoViewIfNeeded();
    await narrow("newsroom-review-phone");
    for (const [name, address, shown] of [
      ["newsroom-phone", "/admin/newsroom", "Aprobado"],
      ["newsroom-prompts-phone", "/admin/newsroom/prompts", "Versión 2"],
      ["newsroom-prompt-phone", "/admin/newsroom/prompts/new", "Qué lee"],
      ["newsroom-publishing-phone", "/admin/newsroom/publishing", "Publicado"],
    ] as const) {
      await phone.goto(desk.product.url + address);
      // Also the choices of a filter say so, and they are not seen.
      await phone
        .locator("main")
        .getByText(shown, { exact: true })
        .filter({ visible: true })
        .first()
        .waitFor();
      await narrow(name);
    }
    await phone.context().close();
  });

  it("breaks no rule of the interface's own pages", () => {
    // A refusal that was provoked above is told by the browser itself.
    const provoked = /status of 400/;
    expect(desk.complaints.filter((text) => !provoked.test(text))).toEqual([]);
  });
});
