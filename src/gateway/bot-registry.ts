import type { BotRegistry } from "../core/bot-registry.ts";
import type { BotStore } from "../core/bot-store.ts";
import type { BotAccount } from "../core/channel.ts";
import type { BotId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";

type Listener = Parameters<BotRegistry["watch"]>[0];

/**
 * The bots of all tenants in memory. `refresh` asks the store whether anything changed and tells the
 * watchers what did: bots come and go without a restart, in every process.
 */
export function createBotRegistry(
  store: BotStore,
  logger: Logger,
): BotRegistry & { refresh(): Promise<void> } {
  let version: string | undefined;
  let byKey = new Map<string, BotAccount>();
  let byId = new Map<BotId, BotAccount>();
  let refused: readonly BotAccount[] = [];
  const listeners = new Set<Listener>();

  function tell(kind: "added" | "removed", bot: BotAccount): void {
    for (const listener of listeners) listener({ kind, bot });
  }

  const get: BotRegistry["get"] = (tenantId, botId) => {
    const bot = byId.get(botId);
    return bot?.tenantId === tenantId ? bot : undefined;
  };

  async function refresh(): Promise<void> {
    const isFirst = version === undefined;
    const current = await store.version();
    if (current === version) return;
    const bots = await store.listActive();
    refused = await store.listRefused();
    const before = byId;
    byId = new Map(bots.map((bot) => [bot.botId, bot]));
    byKey = new Map(bots.map((bot) => [bot.botKey, bot]));
    version = current;
    for (const bot of before.values()) if (!isSame(bot, byId.get(bot.botId))) tell("removed", bot);
    for (const bot of byId.values()) if (!isSame(bot, before.get(bot.botId))) tell("added", bot);
    if (isFirst) logger.info("bots-known", { bots: byId.size });
    else logChanges(logger, before, byId);
  }

  return {
    findByKey: (botKey) => byKey.get(botKey),
    get,
    async lookUp(tenantId, botId) {
      const known = get(tenantId, botId);
      if (known !== undefined) return known;
      await refresh();
      return get(tenantId, botId);
    },
    list: () => [...byId.values()],
    listRefused: () => refused,
    watch(listener) {
      listeners.add(listener);
      for (const bot of byId.values()) listener({ kind: "added", bot });
      return () => listeners.delete(listener);
    },
    refresh,
  };
}

type Bots = ReadonlyMap<BotId, BotAccount>;

function logChanges(logger: Logger, before: Bots, after: Bots): void {
  const named = ({ botId, channel, name }: BotAccount) => ({ botId, channel, bot: name });
  for (const bot of before.values()) {
    if (!after.has(bot.botId)) logger.info("bot-removed", named(bot));
  }
  for (const bot of after.values()) {
    const known = before.get(bot.botId);
    if (known === undefined) logger.info("bot-added", named(bot));
    else if (!isSame(bot, known)) logger.info("bot-changed", named(bot));
  }
}

/** Whoever serves a bot with secrets that changed must begin anew. */
function isSame(bot: BotAccount, other: BotAccount | undefined): boolean {
  return other !== undefined && JSON.stringify(bot) === JSON.stringify(other);
}
