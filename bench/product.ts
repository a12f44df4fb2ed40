import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type EphemeralPostgres,
  startPostgres,
  type TestDatabase,
} from "../test/services/harness/postgres.ts";
import { type PregoneroProcess, spawnPregonero } from "../test/services/harness/pregonero.ts";
import { type EphemeralRedis, startRedis } from "../test/services/harness/redis.ts";
import { freePort, startServerProcess } from "../test/services/harness/server-process.ts";
import {
  type StandInBot,
  type StandInOptions,
  startTelegramStandIn,
  type TelegramStandIn,
} from "../test/stand-ins/telegram/start-stand-in.ts";

/** PostgreSQL, Redis, Telegram's stand-in and processes of the product, all on this machine. */
export interface ProductRun {
  readonly postgres: EphemeralPostgres;
  readonly redis: EphemeralRedis;
  readonly database: TestDatabase;
  readonly standIn: TelegramStandIn;
  readonly bot: StandInBot;
  readonly processes: readonly PregoneroProcess[];
  /** Where the network was told to deliver, and the secret it shows. */
  readonly webhook: { readonly path: string; readonly secret: string };
  stop(): Promise<void>;
}

export interface ProductOptions {
  /** `ROLES` of each process, in the order of their start; the first receives the webhooks. Default one with all. */
  readonly processes?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeFlags?: readonly string[];
  /** Settings of PostgreSQL besides the harness's own. */
  readonly postgresSettings?: Readonly<Record<string, string | number>>;
  /** People who have written to the bot before, so that it may write to them: private chats from `first` on. */
  readonly acquainted?: readonly { readonly first: number; readonly count: number }[];
  /** Of Telegram: without limits by default. */
  readonly standIn?: StandInOptions;
}

export const ALL_ROLES = "api,worker,scheduler";

/** Starts it with the sample edition ingested and one Telegram bot whose webhook is set. */
export async function startProduct(options: ProductOptions = {}): Promise<ProductRun> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const postgres = await startPostgres(
      options.postgresSettings === undefined ? {} : { settings: options.postgresSettings },
    );
    stops.push(postgres.stop);
    const redis = await startRedis();
    stops.push(redis.stop);
    const standIn = await startTelegramStandIn(options.standIn);
    stops.push(standIn.close);
    const files = await mkdtemp(path.join(tmpdir(), "pregonero-bench-"));
    stops.push(() => rm(files, { recursive: true, force: true }));
    const database = await postgres.createDatabase();
    const bot = standIn.addBot();
    await acquaint(standIn, bot, options.acquainted ?? []);
    const webhookSet = standIn.waitForCall("setWebhook", () => true, 300_000);
    const port = await freePort();
    const env = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      SECRET_KEY: randomBytes(32).toString("hex"),
      DATA_DIR: files,
      TELEGRAM_API_ROOT: standIn.apiRoot,
      TELEGRAM_BOT_TOKEN: bot.token,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      SAMPLE_DATA: "on",
      ...options.env,
    };
    const processes: PregoneroProcess[] = [];
    for (const [index, roles] of (options.processes ?? [ALL_ROLES]).entries()) {
      const own = index === 0 ? { ...env, PORT: String(port) } : { ...env, SAMPLE_DATA: "off" };
      const started = await spawnPregonero({
        roles,
        env: own,
        ...(options.nodeFlags === undefined ? {} : { nodeFlags: options.nodeFlags }),
      });
      stops.push(started.stop);
      // A process without the role api has no page that says whether it is ready.
      if (roles.includes("api")) await started.waitUntilReady(300_000);
      // Said after the sample edition was ingested.
      await started.printed(/Pregonero runs/, 300_000);
      processes.push(started);
    }
    const { parameters } = await webhookSet;
    const webhook = {
      path: new URL(String(parameters.url)).pathname,
      secret: String(parameters.secret_token),
    };
    return { postgres, redis, database, standIn, bot, processes, webhook, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A bot may write only to people who wrote to it (Bot API, 403); what they wrote is dropped again. */
async function acquaint(
  standIn: TelegramStandIn,
  bot: StandInBot,
  chats: readonly { readonly first: number; readonly count: number }[],
): Promise<void> {
  for (const { first, count } of chats) {
    for (let id = first; id < first + count; id++) standIn.user(id).send("/start", { bot });
  }
  await fetch(`${standIn.apiRoot}/bot${bot.token}/deleteWebhook?drop_pending_updates=true`);
}

/** Runs the measurement; when it fails, says with what words the product ended or went on. */
export async function withProductLogs<Result>(
  run: ProductRun,
  measure: () => Promise<Result>,
): Promise<Result> {
  try {
    return await measure();
  } catch (error) {
    for (const { pid, hasEnded, logs } of run.processes) {
      console.error(
        `process ${pid} ${hasEnded ? "ended" : "runs"}; its last words:\n${logs().slice(-1_500)}`,
      );
    }
    throw error;
  }
}

/** Starts a bare bot of bench/peers on the stand-in, and resolves when its webhook is set. */
export async function startPeer(
  name: string,
  args: readonly string[],
  nodeFlags: readonly string[] = [],
) {
  const program = path.join(import.meta.dirname, "peers", `${name}.js`);
  const peer = startServerProcess(process.execPath, [...nodeFlags, program, ...args], {
    env: { PATH: process.env.PATH },
  });
  await peer.printed(/^ready$/m);
  return peer;
}
