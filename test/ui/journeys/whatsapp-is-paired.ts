import { createCanvas, loadImage } from "@napi-rs/canvas";
import type { Page } from "playwright-core";
import decodeQr from "qr/decode.js";
import { chromiumPath } from "../../browser/chromium.ts";
import {
  startWhatsAppWebStandIn,
  type WhatsAppWebStandIn,
} from "../../stand-ins/whatsapp-web/start-stand-in.ts";
import { startUiGround } from "../ui-ground.ts";
import { DESKTOP, eventually, type Journey, must, PATIENCE_MS, QUESTION } from "./journey.ts";

/** The session starts a browser of its own. */
const SESSION_MS = 180_000;
const CITIZEN = "50688887777@c.us";

export const whatsAppIsPaired: Journey = {
  name: "whatsapp-is-paired",
  what: "an operator pairs WhatsApp Web by the code on the page, and it answers",
  async run({ browser, picture }) {
    const phone = await startWhatsAppWebStandIn({ settings: { language: "es" } });
    const ground = await startUiGround({
      env: { WHATSAPP_WEB_URL: phone.url, CHROMIUM_PATH: chromiumPath },
    });
    try {
      const page = await ground.newPage(browser, DESKTOP);
      await page.goto(`${ground.url}/admin/bots`);
      await page.getByRole("button", { name: "Añadir bot" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("WhatsApp Web", { exact: true }).click();
      await dialog.getByLabel("Nombre", { exact: true }).fill("Municipalidad");
      await dialog.getByLabel("Entiendo el riesgo").check();
      await picture(page, "risk");
      await dialog.getByRole("button", { name: "Añadir bot" }).click();
      await dialog.getByRole("status").waitFor();
      await dialog.getByRole("button", { name: "Cerrar" }).last().click();
      const card = page.getByRole("region", { name: "Municipalidad" });
      await card.getByRole("timer").waitFor({ timeout: SESSION_MS });
      await eventually("the code is drawn", () => readCode(page));
      await picture(page, "code");
      await eventually("the phone takes the code that its camera reads off the page", async () => {
        const code = await readCode(page);
        return code !== undefined && takes(phone, code) ? code : undefined;
      });
      await card.getByText("Lista", { exact: true }).waitFor({ timeout: SESSION_MS });
      await card.getByRole("timer").waitFor({ state: "detached" });
      await picture(page, "ready");
      const chat = phone.addChat(CITIZEN, { name: "Ana Mora" });
      phone.receive({ chat, text: QUESTION });
      const answer = await eventually("the answer comes", () => phone.sent(chat)[0]);
      must(answer.text.includes("[1]"), "the answer cites its page");
      await page.goto(`${ground.url}/admin/inbox`);
      await page.getByRole("link", { name: /Ana Mora/ }).click();
      await page.getByRole("log").getByText(QUESTION).waitFor({ timeout: PATIENCE_MS });
      await picture(page, "answered");
      await ground.leave(page);
    } finally {
      await ground.close();
      await phone.close();
    }
  },
};

/** False for a code that was replaced meanwhile. */
function takes(phone: WhatsAppWebStandIn, code: string): boolean {
  try {
    phone.scan(code);
    return true;
  } catch {
    return false;
  }
}

/** What a phone's camera sees of the page; undefined: no code yet. */
async function readCode(page: Page): Promise<string | undefined> {
  const shown = page.getByRole("img", { name: "Código QR para vincular el teléfono" });
  const image = await loadImage(await shown.screenshot());
  const canvas = createCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { width, height, data } = canvas.getImageData(0, 0, image.width, image.height);
  try {
    return decodeQr({ width, height, data });
  } catch {
    return undefined;
  }
}
