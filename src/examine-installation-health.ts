import { type BotAccount, connects } from "./core/channel.ts";
import type { TenantId } from "./core/ids.ts";
import type { Installation } from "./installation.ts";
import {
  createHealthExaminer,
  type ExaminedBot,
  type ExaminedCheck,
} from "./operations/examine-health.ts";
import { hasSession } from "./session-desk.ts";

/** How everything of this installation stands. `checks` are those of `doctor`. */
export function examineInstallationHealth(
  installation: Installation,
  checks: (signal: AbortSignal) => Promise<readonly ExaminedCheck[]>,
) {
  const { operations, registry, switches, clock } = installation;
  return createHealthExaminer({
    bots: (tenantId, signal) =>
      Promise.all(
        registry
          .list()
          .filter((bot) => tenantId === undefined || bot.tenantId === tenantId)
          .map((bot) => examineBot(installation, bot, signal)),
      ),
    queues: (tenantId: TenantId | undefined) => operations.queues.list(tenantId),
    pauses: (tenantId) => operations.pauses.list(tenantId),
    providers: operations.providerFigures,
    breakers: () => operations.breakers.list(),
    switches,
    checks,
    clock,
  });
}

async function examineBot(
  { channels, sessionDesk }: Installation,
  bot: BotAccount,
  signal: AbortSignal,
): Promise<ExaminedBot> {
  const { tenantId, botId, name } = bot;
  const seen = { tenantId, botId, name, health: undefined, session: undefined };
  if (hasSession(bot)) return { ...seen, session: await sessionDesk.read(bot) };
  const channel = channels.get(bot.channel);
  if (channel === undefined || !connects(channel)) return seen;
  try {
    return { ...seen, health: await channel.inspect(bot, signal) };
  } catch (error) {
    const evidence = error instanceof Error ? error.message : "Its network does not answer.";
    const action = "Check that this machine reaches the network.";
    return { ...seen, health: { isHealthy: false, evidence, action } };
  }
}
