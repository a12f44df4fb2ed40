import type { BotAccount } from "../../../src/core/channel.ts";
import type { Clock } from "../../../src/core/clock.ts";
import type { LinkCode, SessionStore } from "../../../src/core/session.ts";
import type { PageReader, ScreenReading } from "../detection/page-reader.ts";
import { waitFor } from "./pacing.ts";
import { CODE_ATTEMPTS } from "./state-of-screen.ts";

/** WhatsApp Web shows the first code for a minute and the others for twenty seconds; it replaces them by itself. */
const QR_LASTS_MS = 60_000;
const PAIRING_CODE_LASTS_MS = 170_000;
const STEP_TIMEOUT_MS = 10_000;
const PAIRING_TIMEOUT_MS = 30_000;

/** The codes that link the account: shown to people by the store, known here only until the next one. */
export function createLinking(ports: {
  readonly bot: BotAccount;
  readonly sessions: SessionStore;
  readonly clock: Clock;
}) {
  const { bot, sessions, clock } = ports;
  let shown: string | undefined;

  return {
    isNew(screen: ScreenReading): boolean {
      const content = contentOf(screen);
      return content !== undefined && content !== shown;
    },
    async publish(screen: ScreenReading, attempt: number): Promise<void> {
      const content = contentOf(screen);
      if (content === undefined || content === shown) return;
      const isQr = screen.kind === "qr";
      const lastsMs = isQr ? QR_LASTS_MS : PAIRING_CODE_LASTS_MS;
      const code: LinkCode = {
        kind: isQr ? "qr" : "pairing-code",
        content,
        expiresAt: new Date(clock.now().getTime() + lastsMs).toISOString(),
        attempt: Math.max(1, attempt),
        attempts: CODE_ATTEMPTS,
      };
      await sessions.showCode(bot.tenantId, bot.botId, code);
      shown = content;
    },
    async withdraw(): Promise<void> {
      if (shown === undefined) return;
      await sessions.showCode(bot.tenantId, bot.botId, undefined);
      shown = undefined;
    },
  };
}

function contentOf(screen: ScreenReading): string | undefined {
  if (screen.kind === "qr") return screen.isExpired ? undefined : screen.ref;
  return screen.kind === "pairing-code" ? screen.code : undefined;
}

/** Leads the page from the QR to a pairing code for this number. One English sentence when it did not. */
export async function askForPairingCode(
  reader: PageReader,
  phone: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const digits = phone.replace(/\D/g, "");
  if (digits.length < 7 || digits.length > 15) return "That is no phone number with country code.";
  const screen = await reader.screen(signal);
  if (screen.kind === "pairing-code") {
    await reader.element("phone-cancel").click({ timeout: STEP_TIMEOUT_MS });
  } else if (screen.kind !== "qr") {
    return "The page shows no code: a pairing code is there for an account that is not linked yet.";
  }
  await reader.element("phone-link").click({ timeout: STEP_TIMEOUT_MS });
  const input = reader.element("phone-input");
  await input.click({ timeout: STEP_TIMEOUT_MS });
  await input.press("Control+A");
  await input.pressSequentially(`+${digits}`, { delay: 30, timeout: STEP_TIMEOUT_MS });
  await reader.element("phone-next").click({ timeout: STEP_TIMEOUT_MS });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PAIRING_TIMEOUT_MS)]);
  while (!limit.aborted) {
    if ((await reader.screen(signal)).kind === "pairing-code") return undefined;
    await waitFor(250, limit);
  }
  return "WhatsApp Web gave no pairing code for this number.";
}

/** Logs the account out by the page's menu. True when the page says so. */
export async function logOut(reader: PageReader, signal: AbortSignal): Promise<boolean> {
  await reader.element("menu").click({ timeout: STEP_TIMEOUT_MS });
  await reader.element("menu-log-out").click({ timeout: STEP_TIMEOUT_MS });
  const confirm = reader.element("confirm-ok");
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PAIRING_TIMEOUT_MS)]);
  while (!limit.aborted) {
    // The page loads anew when it logs out: what is asked of it at that moment fails, and is asked again.
    const screen = await reader.screen(signal).catch(() => undefined);
    if (screen?.kind === "qr" || screen?.kind === "logged-out") return true;
    if (await confirm.isVisible().catch(() => false)) {
      await confirm.click({ timeout: STEP_TIMEOUT_MS }).catch(() => undefined);
    }
    await waitFor(250, limit);
  }
  return false;
}
