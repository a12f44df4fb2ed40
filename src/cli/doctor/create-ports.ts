import { readFileSync } from "node:fs";
import path from "node:path";
import type { Config } from "../../config.ts";
import type { BotRegistry } from "../../core/bot-registry.ts";
import { type Channel, type ChannelName, connects } from "../../core/channel.ts";
import { systemClock } from "../../core/clock.ts";
import { silentLogger } from "../../core/logger.ts";
import { findPackageRoot } from "../../package-root.ts";
import { hasSession, type SessionDesk } from "../../session-desk.ts";
import type { Database } from "../../store/database.ts";
import {
  countPublicEditions,
  listKnownMigrations,
  readDatabaseFacts,
  readLedgerBacklog,
} from "../../store/diagnostics.ts";
import { readLineTroubles } from "../../store/line-troubles.ts";
import { createPauses } from "../../store/operations/pauses.ts";
import { createSwitchStore } from "../../store/operations/switches.ts";
import { listDisabledWebhooks } from "../../store/outgoing-webhooks/disabled-webhooks.ts";
import { DatabaseNotOpen } from "./check.ts";
import { thisMachine } from "./machine.ts";
import type { BotHealth, DoctorPorts, SessionHealth } from "./ports.ts";

/** What `doctor` looks at, of an opened installation or of one that could not be opened. */
export function createDoctorPorts(options: {
  readonly config: Config;
  /** The error of the attempt when it could not be opened: each check that needs it then says so. */
  readonly opened:
    | {
        readonly database: Database;
        readonly bots: Pick<BotRegistry, "list">;
        readonly channels: ReadonlyMap<ChannelName, Channel>;
        readonly sessionDesk: Pick<SessionDesk, "read">;
      }
    | { readonly error: unknown };
}): DoctorPorts {
  const { config, opened } = options;
  const whenOpen = <Result>(
    ask: (of: Extract<typeof opened, { database: Database }>) => Promise<Result>,
  ) => ("error" in opened ? Promise.reject(new DatabaseNotOpen(opened.error)) : ask(opened));
  return {
    config,
    clock: systemClock,
    machine: thisMachine({
      neededNode: readNeededNode(),
      searchPath: config.searchPath,
    }),
    database: () => whenOpen(({ database }) => readDatabaseFacts(database)),
    backlog: () => whenOpen(({ database }) => readLedgerBacklog(database)),
    troubles: () => whenOpen(({ database }) => readLineTroubles(database)),
    pauses: () => whenOpen(({ database }) => createPauses(database).list(undefined)),
    disabledWebhooks: () => whenOpen(({ database }) => listDisabledWebhooks(database)),
    switchBoard: () => whenOpen(({ database }) => createSwitchStore(database).read()),
    editionCount: () => whenOpen(({ database }) => countPublicEditions(database)),
    knownMigrations: () => listKnownMigrations(path.join(findPackageRoot(), "migrations")),
    async redis(url) {
      const { inspectRedis } = await import("../../queue/inspect-redis.ts");
      return inspectRedis(url, silentLogger);
    },
    bots: (signal) => whenOpen(({ bots, channels }) => inspectBots(bots, channels, signal)),
    sessions: () => whenOpen(({ bots, sessionDesk }) => readSessions(bots, sessionDesk)),
    async fetchStatus(url, headers, signal) {
      const response = await fetch(url, { headers, signal, redirect: "manual" });
      await response.body?.cancel();
      return response.status;
    },
  };
}

/** The oldest Node that package.json allows, e.g. `20.19.0`. */
function readNeededNode(): string {
  const text = readFileSync(path.join(findPackageRoot(), "package.json"), "utf8");
  const { engines } = JSON.parse(text) as { readonly engines: { readonly node: string } };
  return engines.node.replace(/^>=/, "");
}

/** A network that does not answer makes its bot ill, not the check. */
function inspectBots(
  bots: Pick<BotRegistry, "list">,
  channels: ReadonlyMap<ChannelName, Channel>,
  signal: AbortSignal,
): Promise<readonly BotHealth[]> {
  return Promise.all(
    bots.list().map(async (bot) => {
      const { name, channel: channelName } = bot;
      const channel = channels.get(channelName);
      // A session tells more than its channel: it is asked for by itself.
      if (channel === undefined || !connects(channel) || hasSession(bot)) {
        return { name, channel: channelName, health: undefined };
      }
      const health = await channel.inspect(bot, signal).catch((error: unknown) => ({
        isHealthy: false,
        evidence: error instanceof Error ? error.message : String(error),
        action: "Check that this machine reaches the network.",
      }));
      return { name, channel: channelName, health };
    }),
  );
}

function readSessions(
  bots: Pick<BotRegistry, "list">,
  desk: Pick<SessionDesk, "read">,
): Promise<readonly SessionHealth[]> {
  const held = bots.list().filter(hasSession);
  return Promise.all(
    held.map(async (bot) => ({ botId: bot.botId, name: bot.name, ...(await desk.read(bot)) })),
  );
}
