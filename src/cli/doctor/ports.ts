import type { Config } from "../../config.ts";
import type { ChannelHealth } from "../../core/channel.ts";
import type { Clock } from "../../core/clock.ts";
import type { Pause } from "../../core/operations.ts";
import type { SwitchBoard } from "../../core/switches.ts";
import type { RedisFacts } from "../../queue/inspect-redis.ts";
import type { SeenSession } from "../../session-desk.ts";
import type { DatabaseFacts, LedgerBacklog } from "../../store/diagnostics.ts";
import type { LineTroubles } from "../../store/line-troubles.ts";
import type { DisabledWebhook } from "../../store/outgoing-webhooks/disabled-webhooks.ts";

/** What the checks look at. Each is asked by the check that needs it and may reject: then that check failed. */
export interface DoctorPorts {
  readonly config: Config;
  readonly clock: Clock;
  readonly machine: MachineFacts;
  /** Rejects when the database cannot be opened, with the reason. */
  readonly database: () => Promise<DatabaseFacts>;
  readonly backlog: () => Promise<LedgerBacklog>;
  readonly troubles: () => Promise<LineTroubles>;
  readonly pauses: () => Promise<readonly Pause[]>;
  readonly disabledWebhooks: () => Promise<readonly DisabledWebhook[]>;
  readonly switchBoard: () => Promise<SwitchBoard>;
  readonly editionCount: () => Promise<number>;
  /** Names of the migrations that this code brings. */
  readonly knownMigrations: () => Promise<readonly string[]>;
  readonly redis: (url: string) => Promise<RedisFacts>;
  readonly bots: (signal: AbortSignal) => Promise<readonly BotHealth[]>;
  /** The bots that are sessions. */
  readonly sessions: () => Promise<readonly SessionHealth[]>;
  /** HTTP status of a GET; rejects when nothing answers. */
  readonly fetchStatus: (
    url: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<number>;
}

export interface MachineFacts {
  readonly nodeVersion: string;
  /** The oldest Node that package.json allows, e.g. `20.19.0`. */
  readonly neededNode: string;
  /** Bytes that an ordinary user may still write in the folder (or in its nearest parent that exists). */
  freeBytes(folder: string): Promise<number>;
  /** Permission bits; undefined when there is no such file. */
  fileMode(file: string): Promise<number | undefined>;
  /** Whether a file can be made there. */
  isWritable(folder: string): Promise<boolean>;
  /** Who holds the embedded database. */
  lockHolder(
    folder: string,
  ): Promise<{ readonly pid: number; readonly since: string; readonly isUs: boolean } | undefined>;
  /** `free`, or why the port cannot be listened on, e.g. `EADDRINUSE`. */
  portState(host: string, port: number): Promise<string>;
  /** Path of a Chromium: the configured one if it is there, else one on the PATH. */
  findChromium(chosen: string | undefined): Promise<string | undefined>;
}

export interface SessionHealth extends SeenSession {
  readonly botId: string;
  readonly name: string;
}

export interface BotHealth {
  readonly name: string;
  readonly channel: string;
  /** Undefined: this channel cannot be inspected. */
  readonly health: ChannelHealth | undefined;
}
