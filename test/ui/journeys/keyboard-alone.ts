import type { Page } from "playwright-core";
import { startUiGround } from "../ui-ground.ts";
import { DESKTOP, type Journey, must, PATIENCE_MS, QUESTION } from "./journey.ts";

const CITIZEN = 660_001;
const REPLY = "Buenos días, Elena.";
/** More than any page has to the thing that is looked for. */
const MOST_TABS = 60;

/** Sign-in, inbox, take over and reply, with a keyboard and nothing else. */
export const keyboardAlone: Journey = {
  name: "keyboard-alone",
  what: "sign-in, inbox, take over and reply by keyboard alone",
  async run({ browser, picture }) {
    const ground = await startUiGround({});
    try {
      const { standIn, bot, owner } = ground;
      const elena = standIn.user(CITIZEN, { firstName: "Elena Vargas", languageCode: "es" });
      elena.send(QUESTION, { bot });
      await standIn.waitForMessage(CITIZEN, () => true, PATIENCE_MS);
      const page = await browser.newPage({ locale: "es-CR", ...DESKTOP });
      await page.goto(`${ground.url}/admin`);
      await page.getByLabel("Correo electrónico").waitFor();
      await tabTo(page, "email");
      await page.keyboard.type(owner.email);
      await tabTo(page, "password");
      await page.keyboard.type(owner.password);
      await page.keyboard.press("Enter");
      await page.locator('input[name="code"]').waitFor();
      await tabTo(page, "code");
      await page.keyboard.type(owner.code(1));
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Hoy" }).waitFor();
      await picture(page, "signed-in");
      await tabTo(page, "/admin/inbox");
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: /Elena Vargas/ }).waitFor();
      await page.keyboard.press("j");
      await page.getByRole("log").getByText(QUESTION).waitFor();
      await picture(page, "conversation");
      await page.keyboard.press("t");
      await page.getByText("La atiende usted").waitFor();
      await page.keyboard.press("r");
      await page.keyboard.type(REPLY);
      await page.keyboard.press("Control+Enter");
      const got = await standIn.waitForMessage(CITIZEN, ({ text }) => text === REPLY, PATIENCE_MS);
      must(got.text === REPLY, "the reply came");
      await page.getByRole("log").getByRole("img", { name: "Enviado" }).last().waitFor();
      await picture(page, "replied");
    } finally {
      await ground.close();
    }
  },
};

/** Presses Tab until the focus is on the field of this name, or on the link to this address. */
async function tabTo(page: Page, target: string): Promise<void> {
  const held = `(() => {
    const { name, pathname } = document.activeElement ?? {};
    return name || pathname || "";
  })()`;
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    if ((await page.evaluate(held)) === target) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never comes to ${target}.`);
}
