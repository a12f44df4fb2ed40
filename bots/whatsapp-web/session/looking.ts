import type { BotAccount } from "../../../src/core/channel.ts";
import type { Clock } from "../../../src/core/clock.ts";
import { isPregoneroError } from "../../../src/core/errors.ts";
import type { Logger } from "../../../src/core/logger.ts";
import type { ScreenReading } from "../detection/page-reader.ts";
import type { LivePage } from "./live-page.ts";
import type { SessionEvent } from "./session-model.ts";
import { withTimeout } from "./with-timeout.ts";

/** A page that does not say what it shows for so long hangs. */
export const HANG_MS = 20_000;
const HANG_EVIDENCE = `The page did not answer for ${HANG_MS / 1_000} s.`;
const CANARY_EVERY_MS = 10_000;

/** Looks at the page for the session, and remembers what it showed last. */
export function createLooking(ports: {
  readonly bot: BotAccount;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly isNewCode: (screen: ScreenReading) => boolean;
}) {
  const { bot, clock, logger, signal } = ports;
  const now = () => clock.now().getTime();
  let screen: ScreenReading | undefined;
  let checkedAt = clock.now();
  let canaryAtMs = 0;
  let unreadable: readonly string[] = [];

  async function see(page: LivePage, isAttached: boolean): Promise<SessionEvent> {
    const seen = await withTimeout(page.reader.screen(signal), HANG_MS);
    const isMain = seen.kind === "main";
    const isRestricted = isMain && (await withTimeout(page.reader.isRestricted(), HANG_MS));
    if (isMain && now() - canaryAtMs >= CANARY_EVERY_MS) {
      unreadable = await askCanary(page, isAttached);
      canaryAtMs = now();
    }
    screen = seen;
    checkedAt = clock.now();
    const isNewCode = ports.isNewCode(seen);
    return { kind: "looked", screen: seen, isRestricted, unreadable, isNewCode, atMs: now() };
  }

  async function askCanary(page: LivePage, isAttached: boolean): Promise<readonly string[]> {
    const canary = isAttached ? page.engine.canary(signal) : page.reader.canary();
    const { isReadable, failures } = await withTimeout(canary, HANG_MS);
    return isReadable ? [] : failures.length > 0 ? failures : ["the canary"];
  }

  return {
    /** Undefined while no page is shown. */
    screen: () => screen,
    /** When a page last said what it shows. */
    checkedAt: () => checkedAt,
    /** What was seen, or that the page is of no use any more; undefined: neither is known yet. */
    async look(page: LivePage, isAttached: boolean): Promise<SessionEvent | undefined> {
      try {
        return await see(page, isAttached);
      } catch (error) {
        if (signal.aborted) return undefined;
        const isHanging = now() - Math.max(checkedAt.getTime(), page.openedAtMs) >= HANG_MS;
        const evidence = page.ended() ?? (isHanging ? HANG_EVIDENCE : undefined);
        if (evidence !== undefined) return { kind: "broke", evidence, atMs: now() };
        const code = isPregoneroError(error) ? error.code : "page-failed";
        logger.warn("session-page-not-seen", { botId: bot.botId, code });
        return undefined;
      }
    },
    /** A page was opened: what its forerunner could not read says nothing of it. */
    begin() {
      canaryAtMs = 0;
      unreadable = [];
    },
    /** The page is gone. */
    end() {
      screen = undefined;
    },
  };
}
