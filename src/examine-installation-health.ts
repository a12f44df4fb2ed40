import { type BotAccount, connects } from "./core/channel.ts";
import { isPregoneroError, PregoneroError } from "./core/errors.ts";
import type { HealthCheck } from "./core/health.ts";
import type { TenantId } from "./core/ids.ts";
import type { Installation } from "./installation.ts";
import {
  createHealthExaminer,
  type ExaminedBot,
  type ExaminedCheck,
} from "./operations/examine-health.ts";
import { hasSession } from "./session-desk.ts";
import type { Database } from "./store/database.ts";

/** How everything of this installation stands. `checks` are those of `doctor`. */
export function examineInstallationHealth(
  installation: Installation,
  checks: (signal: AbortSignal) => Promise<readonly ExaminedCheck[]>,
) {
  const { operations, registry, switches, clock } = installation;
  return createHealthExaminer({
    bots: async (tenantId, signal) => {
      const isAsked = (bot: BotAccount) => tenantId === undefined || bot.tenantId === tenantId;
      const refused = registry.listRefused().filter(isAsked).map(refusedBot);
      const served = registry.list().filter(isAsked);
      return [
        ...refused,
        ...(await Promise.all(served.map((bot) => examineBot(installation, bot, signal)))),
      ];
    },
    queues: (tenantId: TenantId | undefined) => operations.queues.list(tenantId),
    pauses: (tenantId) => operations.pauses.list(tenantId),
    providers: operations.providerFigures,
    breakers: () => operations.breakers.list(),
    switches,
    checks,
    clock,
  });
}

/** Below the time that a probe waits, so that it is the database that is named. */
const DATABASE_ANSWERS_WITHIN_MS = 2_500;

/** Whether the database answers, with what it was that did not. Never rejects. */
export async function checkDatabase(database: Database): Promise<HealthCheck> {
  const check = { name: "database", isRequired: true };
  const late = AbortSignal.timeout(DATABASE_ANSWERS_WITHIN_MS);
  try {
    await Promise.race([
      database.asDispatcher((tx) => tx.query("select 1")),
      new Promise((_resolve, reject) => {
        const evidence = `The database did not answer within ${DATABASE_ANSWERS_WITHIN_MS} ms.`;
        late.addEventListener("abort", () => reject(new PregoneroError("check-timeout", evidence)));
      }),
    ]);
    return { ...check, isHealthy: true, evidence: "It answers." };
  } catch (error) {
    return { ...check, isHealthy: false, evidence: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  return isPregoneroError(error) ? error.message : "The question itself failed: see the log.";
}

function refusedBot({ tenantId, botId, name }: BotAccount): ExaminedBot {
  return { tenantId, botId, name, health: undefined, session: undefined, isRefused: true };
}

async function examineBot(
  { channels, sessionDesk }: Installation,
  bot: BotAccount,
  signal: AbortSignal,
): Promise<ExaminedBot> {
  const { tenantId, botId, name } = bot;
  const seen = { tenantId, botId, name, health: undefined, session: undefined };
  if (hasSession(bot)) {
    // What it last said of itself is in the database: while that is away, nobody knows.
    return sessionDesk.read(bot).then(
      (session) => ({ ...seen, session }),
      (error: unknown) => ({ ...seen, unread: reasonOf(error) }),
    );
  }
  const channel = channels.get(bot.channel);
  if (channel === undefined || !connects(channel)) return seen;
  const action = "Check that this machine reaches the network.";
  try {
    const health = await channel.inspect(bot, signal);
    // Whatever is down has something to be done about it.
    return { ...seen, health: health.isHealthy ? health : { action, ...health } };
  } catch (error) {
    const evidence = error instanceof Error ? error.message : "Its network does not answer.";
    return { ...seen, health: { isHealthy: false, evidence, action } };
  }
}
