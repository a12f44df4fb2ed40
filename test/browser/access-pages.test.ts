import { Secret, TOTP } from "otpauth";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasChromium, launchChromium } from "./chromium.ts";
import { type SiteUnderTest, startSite } from "./site-under-test.ts";

const PASSWORD = "tres gatos leen la gaceta";

describe.skipIf(!hasChromium)("the pages of links", () => {
  let site: SiteUnderTest;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    site = await startSite();
    browser = await launchChromium();
    page = await browser.newPage({ locale: "es-CR" });
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it("make the first account, with its second factor, and leave no token in the address", async () => {
    const token = await site.ports.people.members.prepareSetUp();
    await page.goto(`${site.url}/access/setup#${token}`);
    await page.getByLabel("Correo electrónico").fill("ana@example.org");
    await page.getByLabel("Nombre").fill("Ana");
    await page.getByLabel("Contraseña").fill("corta");
    await page.getByRole("button").click();
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("demasiado corta");
    await page.getByLabel("Contraseña").fill(PASSWORD);
    await page.getByRole("button").click();
    await page.getByRole("heading", { name: "Añada el segundo factor" }).waitFor();
    expect(page.url()).toBe(`${site.url}/access/setup`);
    await expect
      .poll(async () => Number(await page.locator("#qr").getAttribute("width")))
      .toBeGreaterThan(200);
    const secret = ((await page.locator("#secret").textContent()) ?? "").replaceAll(" ", "");
    const code = TOTP.generate({ secret: Secret.fromBase32(secret) });
    await page.getByLabel("Seis dígitos").fill(code);
    await page.getByRole("button").click();
    await page.getByRole("heading", { name: "Guarde estos códigos" }).waitFor();
    expect(await page.locator("#codes li").count()).toBe(10);
    // The answer to the short password is the one complaint.
    expect(complaints.filter((text) => !text.includes("400"))).toEqual([]);
  });

  it("say that a link is void, in the reader's language", async () => {
    const reader = await browser.newPage({ locale: "en-GB" });
    await reader.goto(`${site.url}/access/password-reset#${"x".repeat(43)}`);
    await reader.getByLabel("Password").fill(PASSWORD);
    await reader.getByRole("button").click();
    await expect.poll(() => reader.getByRole("alert").textContent()).toContain("Ask for another");
  });
});
