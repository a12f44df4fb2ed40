import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../browser/chromium.ts";
import { repositoryRoot } from "../../services/harness/repository.ts";
import { untilStill } from "../until-still.ts";
import { findChatKey, untilShown } from "../visit.ts";
import { toPalettePng } from "./palette-png.ts";
import { ELENA, QUESTION, startTownScene, type TownScene } from "./town-scene.ts";

const FOLDER = path.join(repositoryRoot(), "docs", "pictures");
const SCREEN = { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 } as const;
/** What a page of documentation may ask of whoever reads it on the road. */
const MOST_BYTES = 150_000;
const PATIENCE_MS = 120_000;

type Shot = (page: Page, scene: TownScene) => Promise<void>;

/** What the owner of the scene's town sees, in English; citizens write in Spanish. */
const SHOTS: Readonly<Record<string, Shot>> = {
  async home(page, { ground }) {
    await page.goto(`${ground.url}/admin`);
    await untilShown(page);
    await page.locator(".u-over").waitFor({ state: "attached" });
  },
  async inbox(page, { ground }) {
    await page.goto(`${ground.url}/admin/inbox`);
    await page.getByRole("link", { name: new RegExp(ELENA) }).click();
    await page.getByRole("log").getByText(QUESTION).waitFor();
    await page.getByRole("button", { name: "What happened to this message" }).last().click();
    await page.getByRole("dialog").getByText("Pages found").first().waitFor();
  },
  async gazettes(page, { ground, sourceId }) {
    await page.goto(`${ground.url}/admin/gazettes/${sourceId}`);
    await untilShown(page);
    await page.locator("button[data-state]").first().waitFor();
  },
  async assistant(page, { ground }) {
    await page.goto(`${ground.url}/admin/assistants/ventanilla`);
    await untilShown(page);
    await page.getByLabel("Question to try").fill(QUESTION);
    await page.keyboard.press("Enter");
    const said = page.getByRole("log");
    await said
      .getByRole("link", { name: /^\[1\] / })
      .first()
      .waitFor({ timeout: PATIENCE_MS });
    await page.locator("button[data-loading]").waitFor({ state: "detached" });
    await page.locator(".mantine-Button-loader").waitFor({ state: "detached" });
  },
  async operator(page, { ground }) {
    await page.goto(`${ground.url}/admin/operator`);
    await untilShown(page);
  },
};

/**
 * `npm run pictures [-- name …]`: takes the pictures of the README anew, of a town hall that is made for them, and keeps
 * them in docs/pictures. Look at each before it is committed.
 */
const asked = process.argv.slice(2);
const known = ["web-chat", ...Object.keys(SHOTS)];
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`No picture ${unknown.join(", ")}. There are: ${known.join(", ")}.`);
  process.exit(64);
}
const wanted = asked.length === 0 ? known : asked;
await mkdir(FOLDER, { recursive: true });
const scene = await startTownScene();
const browser = await launchChromium();
try {
  if (wanted.includes("web-chat")) await takeWebChat(browser, scene);
  for (const name of wanted) {
    const shot = SHOTS[name];
    if (shot === undefined) continue;
    const page = await scene.ground.newPage(browser, { ...SCREEN, locale: "en-GB" });
    await page.emulateMedia({ reducedMotion: "reduce" });
    await shot(page, scene);
    await keep(page, name);
    await scene.ground.leave(page);
  }
} finally {
  await browser.close();
  await scene.close();
}
process.exit(0);

/** As a citizen: the answer, and beside it the page that it cites. */
async function takeWebChat(on: Browser, { ground }: TownScene): Promise<void> {
  const context = await on.newContext({ ...SCREEN, locale: "es-CR", reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(`${ground.url}/chat/${await findChatKey(ground)}`);
  await page.locator('#status[data-state="online"]').waitFor();
  await page.locator("#text").fill(QUESTION);
  await page.locator("#text").press("Enter");
  const chip = page.locator(".assistant .chip").first();
  await chip.waitFor({ timeout: PATIENCE_MS });
  await chip.click();
  const panel = page.getByRole("complementary");
  await panel.locator("rect").first().waitFor({ state: "attached", timeout: PATIENCE_MS });
  await panel
    .locator("img")
    .first()
    .evaluate((image) => (image as unknown as { decode(): Promise<void> }).decode());
  await keep(page, "web-chat");
  await context.close();
}

/** With as many colours as fit. */
async function keep(page: Page, name: string): Promise<void> {
  await untilStill(page);
  const image = await loadImage(await page.screenshot({ animations: "disabled" }));
  const canvas = createCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const pixels = canvas.getImageData(0, 0, image.width, image.height);
  const png = [256, 128, 64, 32, 16]
    .map((colours) => toPalettePng(pixels, colours))
    .find(({ length }) => length <= MOST_BYTES);
  if (png === undefined) throw new Error(`${name} takes more than ${MOST_BYTES} bytes.`);
  await writeFile(path.join(FOLDER, `${name}.png`), png);
  console.log(`  docs/pictures/${name}.png  ${(png.length / 1_000).toFixed(0)} kB`);
}
