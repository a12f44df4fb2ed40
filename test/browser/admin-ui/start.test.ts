import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Secret, TOTP } from "otpauth";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { linkTo } from "../../../src/access-links.ts";
import { readConfig } from "../../../src/config.ts";
import { noFaults } from "../../../src/core/fault-point.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import { type Installation, openInstallation } from "../../../src/installation.ts";
import { type Running, startRoles } from "../../../src/main.ts";
import { PASSWORD } from "../../journeys/people/running-people.ts";
import { ingestSampleActs, SECRET_KEY } from "../../journeys/prepared-data.ts";
import { hasChromium, launchChromium } from "../chromium.ts";
import { buildInterface, expectAccessible, keepPicture, lookAt, watch } from "./desk-under-test.ts";

const DESKTOP = { width: 1366, height: 900 };
const PHONE = { width: 390, height: 844 };
/** Whether the first line that is cited lies within the frame that the page is pushed in. */
const IS_MARK_IN_VIEW = `(() => {
  const rect = document.querySelector("figure rect");
  const frame = rect?.closest("figure")?.parentElement?.getBoundingClientRect();
  const top = rect?.getBoundingClientRect().top ?? -1;
  return frame !== undefined && top >= frame.top && top <= frame.bottom;
})()`;

describe.skipIf(!hasChromium)("the first run, from an empty directory", () => {
  let dataDirectory: string;
  let installation: Installation;
  let running: Running;
  let browser: Browser;
  let page: Page;
  let link: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    buildInterface();
    dataDirectory = await mkdtemp(path.join(tmpdir(), "pregonero-first-run-"));
    const configured = readConfig({
      env: {
        PORT: "0",
        HOST: "127.0.0.1",
        DATA_DIR: dataDirectory,
        SECRET_KEY,
        SAMPLE_DATA: "off",
      },
      readFile: () => undefined,
    });
    if (configured.kind === "problems") throw new Error(JSON.stringify(configured.problems));
    installation = await openInstallation(configured.config, {
      logger: silentLogger,
      faultPoint: noFaults,
      actor: "server",
      onStep() {},
    });
    await ingestSampleActs(installation);
    running = await startRoles(installation, { faultPoint: noFaults, examine: async () => [] });
    const token = (await installation.people.members.prepareSetUp()) ?? "";
    link = linkTo(running.url, "setup", token);
    browser = await launchChromium();
    page = await browser.newPage({ locale: "es-CR", viewport: DESKTOP });
    watch(page, complaints);
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await running?.close();
    await installation?.close();
    await rm(dataDirectory, { recursive: true, force: true });
  });

  it("leads from its link by way of the owner's account to the first steps", async () => {
    await page.goto(link);
    await page.getByLabel("Correo electrónico").fill("ana@example.org");
    await page.getByLabel("Nombre").fill("Ana Mora");
    await page.getByLabel("Contraseña").fill(PASSWORD);
    await page.getByRole("button").click();
    await page.getByRole("heading", { name: "Añada el segundo factor" }).waitFor();
    const secret = ((await page.locator("#secret").textContent()) ?? "").replaceAll(" ", "");
    await page
      .getByLabel("Seis dígitos")
      .fill(TOTP.generate({ secret: Secret.fromBase32(secret) }));
    await page.getByRole("button").click();
    await page.getByRole("heading", { name: "Guarde estos códigos" }).waitFor();
    await page.locator("#step-codes a").click();
    await page.getByRole("heading", { name: "De qué se responde" }).waitFor();
    await page.getByText("Ya se puede preguntar sobre Boletín Oficial del Estado 92").waitFor();
  });

  it("adds a gazette by name, and says why one whose address is not sure is paused", async () => {
    const gazette = page.getByLabel("Gaceta", { exact: true }).first();
    await gazette.fill("alcances");
    await page.getByRole("option", { name: /alcances/ }).click();
    await page.getByRole("button", { name: "Añadir", exact: true }).click();
    await page.getByText("En pausa", { exact: true }).waitFor();
    await lookAt(page, "start-gazette");
  });

  it("shows the bot that is there, and goes on by keyboard alone", async () => {
    await page.getByRole("link", { name: "Seguir con lo que hay" }).focus();
    await page.keyboard.press("Enter");
    const title = "Por dónde escribe la gente";
    await page.getByRole("heading", { name: title }).waitFor();
    await expect.poll(() => page.evaluate("document.activeElement?.textContent")).toBe(title);
    await page.getByRole("link", { name: "Abrir el chat" }).waitFor();
    await keepPicture(page, "start-bot");
    await page.getByRole("link", { name: "Continuar" }).focus();
    await page.keyboard.press("Enter");
  });

  it("answers the first question there, and opens the cited page at its lines", async () => {
    await page.getByRole("button", { name: /Oficina Consular en El Calafate/ }).click();
    const cited = page.getByRole("region", { name: "Página citada" });
    await cited.locator("rect").first().waitFor({ state: "attached" });
    await page.getByRole("log", { name: "Respuesta" }).getByText("El Calafate").last().waitFor();
    await expect.poll(() => page.evaluate(IS_MARK_IN_VIEW)).toBe(true);
    const paper = 'document.querySelector("figure img").naturalWidth > 0';
    await expect.poll(() => page.evaluate(paper), { timeout: 30_000 }).toBe(true);
    await lookAt(page, "start-question");
    await page.setViewportSize(PHONE);
    // The navigation goes out of the way by and by.
    const left = 'document.querySelector("nav").getBoundingClientRect().right <= 0';
    await expect.poll(() => page.evaluate(left), { timeout: 30_000 }).toBe(true);
    await keepPicture(page, "start-question-phone");
    await expectAccessible(page);
    const isWide = () => page.evaluate("document.documentElement.scrollWidth > innerWidth");
    expect(await isWide()).toBe(false);
    await page.setViewportSize(DESKTOP);
  });

  it("tells what to do next, remembers by what there is, and is asked for no more at home", async () => {
    await page.getByRole("link", { name: "Continuar" }).click();
    await page.getByText("OPENAI_API_KEY").waitFor();
    await lookAt(page, "start-next");
    await page.goto(new URL("/admin/start", page.url()).href);
    await page.getByRole("heading", { name: "Ya responde" }).waitFor();
    await page.getByRole("link", { name: "Ir al inicio" }).click();
    await page.getByRole("heading", { name: "Hoy" }).waitFor();
    expect(await page.getByRole("link", { name: "Empezar" }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
