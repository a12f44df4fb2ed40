import type { Page } from "playwright-core";

/** What turns without end is no reason to wait. */
const UNTIL_STILL = `Promise.all(document.getAnimations()
  .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
  .map(({ finished }) => finished.catch(() => undefined)))
  .then(() => undefined)`;

/** Resolves when what fades or slides has come where it goes to: halfway, colours are those of nothing. */
export async function untilStill(page: Page): Promise<void> {
  await page.evaluate(UNTIL_STILL);
}
