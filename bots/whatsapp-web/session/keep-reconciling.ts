import type { BotAccount } from "../../../src/core/channel.ts";
import type { Logger } from "../../../src/core/logger.ts";
import type { Engine } from "./engine.ts";
import { waitFor } from "./pacing.ts";

const RECONCILE_EVERY_MS = 60_000;
const RETRY_MS = 1_000;

/** Catching up first, then the slow pass that depends on no event. Never rejects; ends with `running`. */
export async function keepReconciling(
  ports: { readonly bot: BotAccount; readonly logger: Logger; readonly engine: Engine },
  running: AbortSignal,
): Promise<void> {
  const { bot, logger, engine } = ports;
  while (!running.aborted) {
    try {
      await engine.reconcile(running);
    } catch (error) {
      if (!running.aborted) logger.warn("session-not-reconciled", { botId: bot.botId, error });
      await waitFor(RETRY_MS, running);
      continue;
    }
    await waitFor(RECONCILE_EVERY_MS, running);
  }
}
