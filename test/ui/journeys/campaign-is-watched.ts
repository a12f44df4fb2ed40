import type { Page } from "playwright-core";
import { startUiGround, type UiGround } from "../ui-ground.ts";
import { DESKTOP, type Journey, must, PATIENCE_MS } from "./journey.ts";

const FIRST_PERSON = 650_000;
const PEOPLE = 24;
/** Some ten seconds of sending, which a person can watch. */
const PER_MINUTE = 150;
const ZONE = "America/Costa_Rica";
const TEXT = "Mañana no hay agua en el centro de 8 a 12.";
/** Until a minute begins, and the sending. */
const WHOLE_MS = 240_000;

/** Notes each share of the bar as it is shown: shares pass, and none may be missed by looking now and then. */
const NOTE_PROGRESS = `(() => {
  globalThis.sharesShown = new Set();
  const note = () => {
    for (const part of document.querySelectorAll('main [aria-label^="Salió:"]')) {
      globalThis.sharesShown.add(Number(part.getAttribute("aria-label").replace(/\\D/g, "")));
    }
  };
  new MutationObserver(note).observe(document.body, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["aria-label"],
  });
})()`;

export const campaignIsWatched: Journey = {
  name: "campaign-is-watched",
  what: `an admin schedules a campaign to ${PEOPLE} people and watches it to its end`,
  async run({ browser, picture }) {
    const ground = await startUiGround({});
    try {
      await gatherPeople(ground);
      const page = await ground.newPage(browser, DESKTOP);
      await page.goto(`${ground.url}/admin/campaigns`);
      await writeDraft(page);
      await picture(page, "draft");
      await page.getByRole("button", { name: "Ensayar" }).click();
      await page.getByText(`Lo reciben: ${PEOPLE}`).waitFor();
      await picture(page, "dry-run");
      await schedule(page, picture);
      await page.getByText(new RegExp(`programado en ${ZONE}`)).waitFor();
      await picture(page, "scheduled");
      await page.evaluate(NOTE_PROGRESS);
      await page.getByText("Saliendo", { exact: true }).first().waitFor({ timeout: WHOLE_MS });
      await page.locator('main [aria-label^="Salió:"]').first().waitFor({ state: "attached" });
      await picture(page, "on-its-way");
      await page.getByText("Terminado", { exact: true }).first().waitFor({ timeout: WHOLE_MS });
      await page.getByLabel(`Salió: ${PEOPLE}`).waitFor({ state: "attached" });
      await picture(page, "done");
      const shares: readonly number[] = await page.evaluate("[...sharesShown]");
      must(
        shares.some((share) => share > 0 && share < PEOPLE),
        `the bar was seen on its way (${shares.join(", ")})`,
      );
      for (let index = 0; index < PEOPLE; index++) {
        const got = ground.standIn.sent(FIRST_PERSON + index);
        const times = got.filter(({ text }) => text.includes("no hay agua")).length;
        must(times === 1, `person ${index} got it once (${times})`);
      }
      await ground.leave(page);
    } finally {
      await ground.close();
    }
  },
};

/** Who wrote to the bot, and so may be written to, with a segment of all of them. */
async function gatherPeople({ standIn, bot, call }: UiGround): Promise<void> {
  await Promise.all(
    Array.from({ length: PEOPLE }, async (_, index) => {
      const options = { firstName: `Vecina ${index + 1}`, languageCode: "es" };
      const user = standIn.user(FIRST_PERSON + index, options);
      user.send("hola", { bot });
      await standIn.waitForMessage(user.id, () => true, PATIENCE_MS);
    }),
  );
  const filter = { kind: "channel", channel: "telegram" };
  const { status, text } = await call("POST", "/api/v1/segments", { name: "Barrio", filter });
  must(status === 201, `the segment was made: ${text}`);
}

async function writeDraft(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Nuevo envío" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Nombre", { exact: true }).fill("Corte de agua");
  await dialog.getByLabel("Texto", { exact: true }).fill(TEXT);
  await dialog.getByRole("button", { name: "Empezar el borrador" }).click();
  await page.getByRole("heading", { name: "Corte de agua" }).waitFor();
  await page.getByLabel("Ritmo", { exact: true }).fill(String(PER_MINUTE));
  await page.getByText("Segmento", { exact: true }).first().click();
  await page.getByRole("combobox", { name: "Segmento" }).selectOption({ label: "Barrio" });
  await page.getByText("Segmento Barrio").waitFor();
  await page.getByText("Guardado", { exact: true }).waitFor();
}

async function schedule(
  page: Page,
  picture: (page: Page, step: string) => Promise<void>,
): Promise<void> {
  await page.getByRole("button", { name: "Programar" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("A una hora", { exact: true }).check();
  await dialog.getByLabel("Día y hora", { exact: true }).fill(nextMinute());
  await dialog.getByLabel("Zona horaria", { exact: true }).selectOption(ZONE);
  await picture(page, "schedule");
  await dialog.getByRole("button", { name: "Programar el envío" }).click();
}

/** As a field of day and time takes it: a whole minute, 20 s ahead at least. */
function nextMinute(): string {
  const at = Math.ceil((Date.now() + 20_000) / 60_000) * 60_000;
  const clock = new Intl.DateTimeFormat("sv-SE", {
    timeZone: ZONE,
    dateStyle: "short",
    timeStyle: "short",
  });
  return clock.format(at).replace(" ", "T");
}
