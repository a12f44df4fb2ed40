import { startUiGround } from "../ui-ground.ts";
import { findChatKey } from "../visit.ts";
import { DESKTOP, eventually, type Journey, must, PATIENCE_MS, QUESTION } from "./journey.ts";

/** Whether the first line that is cited is drawn on the paper, within what the panel shows of it. */
const IS_LINE_IN_VIEW = `(() => {
  const rect = document.querySelector("#page-panel rect");
  const { top = -1, height = 0 } = rect?.getBoundingClientRect() ?? {};
  return height > 0 && top >= 0 && top <= innerHeight;
})()`;

export const citizenAsks: Journey = {
  name: "citizen-asks",
  what: "a citizen asks in the web chat and opens the cited line, highlighted",
  async run({ browser, picture }) {
    const ground = await startUiGround({});
    try {
      const page = await browser.newPage({ locale: "es-CR", ...DESKTOP });
      await page.goto(`${ground.url}/chat/${await findChatKey(ground)}`);
      await page.locator('#status[data-state="online"]').waitFor();
      await picture(page, "opened");
      await page.locator("#text").fill(QUESTION);
      await page.locator("#text").press("Enter");
      const chip = page.locator(".assistant .chip").first();
      await chip.waitFor({ timeout: PATIENCE_MS });
      await picture(page, "answered");
      await chip.click();
      const panel = page.getByRole("complementary");
      await panel.locator("rect").first().waitFor({ state: "attached", timeout: PATIENCE_MS });
      await panel
        .locator("img")
        .first()
        .evaluate((image) => (image as unknown as { decode(): Promise<void> }).decode());
      await eventually("the cited line is in view", async () => {
        const isInView: boolean = await page.evaluate(IS_LINE_IN_VIEW);
        return isInView || undefined;
      });
      const marked = (await panel.locator("mark").allTextContents()).join(" ");
      must(/consular|calafate/i.test(marked), "the marked words are about what was asked");
      await picture(page, "cited-line");
    } finally {
      await ground.close();
    }
  },
};
