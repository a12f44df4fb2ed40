import type { BotStore } from "../core/bot-store.ts";
import { createGroupCommit } from "../core/group-commit.ts";
import type { BotId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";

export interface PollingRight {
  /** Aborts when another process has taken over. */
  readonly lost: AbortSignal;
  /** Without it, a restart would be deaf until the right of the process before it expired. */
  release(): Promise<void>;
}

/** Who polls for which bot. However many bots: one statement takes, prolongs or gives back the rights of all. */
export function createPollingRights(ports: {
  readonly store: BotStore;
  readonly owner: string;
  readonly logger: Logger;
  /** Prolonged three times within it; another process takes over when its holder died. */
  readonly leaseMs: number;
}) {
  const { store, owner, logger, leaseMs } = ports;
  const held = new Map<BotId, AbortController>();
  let renewal: NodeJS.Timeout | undefined;

  const take = createGroupCommit(
    async (botIds: readonly BotId[]) => {
      const taken = await store.holdPolling(botIds, owner, leaseMs);
      return botIds.map((botId) => taken.has(botId));
    },
    { maxItems: 1_000 },
  );
  const giveBack = createGroupCommit(
    async (botIds: readonly BotId[]) => {
      await store.releasePolling(botIds, owner);
      return botIds;
    },
    { maxItems: 1_000 },
  );

  async function renew(): Promise<void> {
    try {
      const kept = await store.holdPolling([...held.keys()], owner, leaseMs);
      for (const [botId, lost] of held) if (!kept.has(botId)) lost.abort();
    } catch (error) {
      // The store is away: accepting fails too, so nothing is acknowledged meanwhile.
      logger.warn("polling-rights-not-renewed", { bots: held.size, error });
    }
  }

  return {
    /** Undefined while another process polls for this bot. */
    async take(botId: BotId): Promise<PollingRight | undefined> {
      if (!(await take(botId))) return undefined;
      const lost = new AbortController();
      held.set(botId, lost);
      renewal ??= setInterval(() => void renew(), leaseMs / 3);
      return {
        lost: lost.signal,
        async release() {
          held.delete(botId);
          if (held.size === 0) {
            clearInterval(renewal);
            renewal = undefined;
          }
          await giveBack(botId).catch((error: unknown) => {
            logger.warn("polling-not-released", { botId, error });
          });
        },
      };
    },
  };
}
