import type { Locator, Page } from "playwright-core";
import { guarded } from "./page-calls.ts";
import type { Popup, ScreenReading } from "./page-reader.ts";
import { until } from "./pause.ts";

const CLICK_TIMEOUT_MS = 3000;
const GONE_WITHIN_MS = 4000;

/** Presses what closes it, then Escape; true when the page shows no such dialog afterwards. */
export async function dismissPopup(
  page: Page,
  popup: Popup,
  ports: {
    readonly confirm: Locator;
    readonly useHere: Locator;
    readonly screen: () => Promise<ScreenReading>;
  },
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (popup.dismissal === "none") return false;
  const button = popup.kind === "conflict" ? ports.useHere : ports.confirm;
  const tries = [
    ...(popup.dismissal === "button" ? [() => button.click({ timeout: CLICK_TIMEOUT_MS })] : []),
    // Escape would leave the conflict as it is.
    ...(popup.kind === "conflict" ? [] : [() => page.keyboard.press("Escape")]),
  ];
  for (const attempt of tries) {
    await guarded(attempt(), signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      if (page.isClosed()) throw error;
    });
    const isGone = await until(
      async () => (isOver(await ports.screen(), popup) ? true : undefined),
      { withinMs: GONE_WITHIN_MS, signal },
    );
    if (isGone) return true;
  }
  return false;
}

function isOver(screen: ScreenReading, popup: Popup): boolean {
  if (screen.kind === "conflict") return false;
  return screen.kind !== "main" || screen.popup?.kind !== popup.kind;
}
