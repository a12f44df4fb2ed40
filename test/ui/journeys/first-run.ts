import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Secret, TOTP } from "otpauth";
import type { Page } from "playwright-core";
import { spawnPregonero } from "../../services/harness/pregonero.ts";
import { buildInterface } from "../ui-ground.ts";
import { DESKTOP, type Journey, must, PATIENCE_MS, type Stage } from "./journey.ts";

const START_MS = 300_000;
/** Issue 6: owner account, first source, first bot, first question answered. */
const FIVE_MINUTES_MS = 300_000;

export const firstRun: Journey = {
  name: "first-run",
  what: "the first run: from an empty directory to a first question answered, within five minutes",
  async run({ browser, picture }) {
    buildInterface();
    const dataDirectory = await mkdtemp(path.join(tmpdir(), "pregonero-first-run-"));
    const startedAt = performance.now();
    // Its key is made by itself, too.
    const product = await spawnPregonero({ env: { DATA_DIR: dataDirectory } });
    try {
      await product.printed(/access\/setup#\S+\s/, START_MS);
      const link = /https?:\/\/\S+\/access\/setup#\S+/.exec(product.logs())?.[0] ?? "";
      const page = await browser.newPage({ locale: "es-CR", ...DESKTOP });
      await makeAccount(page, link, picture);
      await goThroughSteps(page, picture);
      const tookMs = performance.now() - startedAt;
      must(tookMs < FIVE_MINUTES_MS, `it took ${Math.round(tookMs / 1_000)} s`);
    } finally {
      await product.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    }
  },
};

async function makeAccount(page: Page, link: string, picture: Stage["picture"]): Promise<void> {
  await page.goto(link);
  await page.getByLabel("Correo electrónico").fill("ana@example.org");
  await page.getByLabel("Nombre").fill("Ana Mora");
  await page.getByLabel("Contraseña").fill("tres gatos leen la gaceta");
  await picture(page, "account");
  await page.getByRole("button").click();
  await page.getByRole("heading", { name: "Añada el segundo factor" }).waitFor();
  await picture(page, "second-factor");
  const secret = ((await page.locator("#secret").textContent()) ?? "").replaceAll(" ", "");
  await page.getByLabel("Seis dígitos").fill(TOTP.generate({ secret: Secret.fromBase32(secret) }));
  await page.getByRole("button").click();
  await page.getByRole("heading", { name: "Guarde estos códigos" }).waitFor();
  await picture(page, "recovery-codes");
  await page.locator("#step-codes a").click();
}

async function goThroughSteps(page: Page, picture: Stage["picture"]): Promise<void> {
  await page.getByRole("heading", { name: "De qué se responde" }).waitFor();
  await page.getByText(/Ya se puede preguntar sobre/).waitFor({ timeout: PATIENCE_MS });
  await page.getByLabel("Gaceta", { exact: true }).first().fill("alcances");
  await page.getByRole("option", { name: /alcances/ }).click();
  await page.getByRole("button", { name: "Añadir", exact: true }).click();
  await page.getByText("En pausa", { exact: true }).waitFor();
  await picture(page, "gazette");
  await page.getByRole("link", { name: "Seguir con lo que hay" }).click();
  await page.getByRole("heading", { name: "Por dónde escribe la gente" }).waitFor();
  await page.getByRole("link", { name: "Abrir el chat" }).waitFor();
  await picture(page, "bot");
  await page.getByRole("link", { name: "Continuar" }).click();
  await page.getByRole("button", { name: /Oficina Consular en El Calafate/ }).click();
  const cited = page.getByRole("region", { name: "Página citada" });
  await cited.locator("rect").first().waitFor({ state: "attached", timeout: PATIENCE_MS });
  await page.getByRole("log", { name: "Respuesta" }).waitFor();
  await cited
    .locator("img")
    .first()
    .evaluate((image) => (image as unknown as { decode(): Promise<void> }).decode());
  await picture(page, "question-answered");
  await page.getByRole("link", { name: "Continuar" }).click();
  await page.getByText("OPENAI_API_KEY").waitFor();
  await picture(page, "next");
}
