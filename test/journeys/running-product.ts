import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { vi } from "vitest";
import { examineInstallation } from "../../src/cli/doctor/examine.ts";
import { readConfig } from "../../src/config.ts";
import type { BotAccount } from "../../src/core/channel.ts";
import { type FaultPoint, noFaults } from "../../src/core/fault-point.ts";
import type { TenantId } from "../../src/core/ids.ts";
import type { Passport } from "../../src/core/passport-reader.ts";
import { type Installation, openInstallation } from "../../src/installation.ts";
import { type Running, startRoles } from "../../src/main.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import { freePort } from "../services/harness/server-process.ts";
import type { SayOptions } from "../stand-ins/telegram/people.ts";
import {
  type SentMessage,
  type StandInBot,
  type StandInOptions,
  type StandInUser,
  startTelegramStandIn,
  type TelegramStandIn,
} from "../stand-ins/telegram/start-stand-in.ts";
import { copyPreparedData, ingestSampleActs, SECRET_KEY } from "./prepared-data.ts";

export interface Services {
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

export interface ProductOptions {
  /** How Telegram's updates come in; by webhook when not said. */
  readonly delivery?: "webhook" | "polling";
  readonly standIn?: StandInOptions;
  /** More environment, e.g. a model. */
  readonly env?: Readonly<Record<string, string>>;
  readonly faultPoint?: FaultPoint;
  /** PostgreSQL and Redis instead of the embedded database. */
  readonly services?: Services;
}

/** The whole product in this process, as `pregonero start` composes it, before a Telegram stand-in. */
export interface RunningProduct {
  readonly standIn: TelegramStandIn;
  /** The bot of TELEGRAM_BOT_TOKEN. */
  readonly bot: StandInBot;
  /** Of the present run: another one after `restart`. */
  readonly installation: Installation;
  /** Where this process listens, without a trailing slash. */
  readonly url: string;
  /** Everything logged at level info and above, one JSON object a line. */
  readonly logLines: readonly string[];
  /** The account of a bot of the stand-in, as the registry has it. */
  accountOf(bot: StandInBot): BotAccount;
  /**
   * The passport of an update (or of a sent message) once it is complete: the message answered or given up,
   * every part settled. Rejects after `timeoutMs`.
   */
  settled(
    id: number | string | undefined,
    options?: { readonly timeoutMs?: number; readonly tenantId?: TenantId },
  ): Promise<Passport>;
  /** Sends and resolves with everything that was answered to it, once all of it is settled. */
  ask(user: StandInUser, text: string, options?: SayOptions): Promise<readonly SentMessage[]>;
  /** What was sent in answer to the update, once all of it is settled. */
  repliesTo(
    chatId: number,
    updateId: number | undefined,
    options?: { readonly timeoutMs?: number; readonly tenantId?: TenantId },
  ): Promise<readonly SentMessage[]>;
  /** Adds another bot while everything runs, and resolves when Telegram knows how to reach us. */
  addBot(tenantId?: TenantId): Promise<StandInBot>;
  /** Stops as on SIGTERM, and starts again on the same data. */
  restart(options?: Pick<ProductOptions, "delivery" | "env">): Promise<void>;
  close(): Promise<void>;
}

let makeServices: (() => Promise<Services>) | undefined;

/**
 * From here on every product of this test file runs on services of its own, so that the journeys, imported
 * after this call, are run on PostgreSQL and Redis as they stand.
 */
export function runOnServices(make: () => Promise<Services>): void {
  makeServices = make;
}

export async function startProduct(given: ProductOptions = {}): Promise<RunningProduct> {
  const services = given.services ?? (await makeServices?.());
  const options = { ...given, ...(services && { services }) };
  const standIn = await startTelegramStandIn(options.standIn);
  const bot = standIn.addBot();
  const dataDirectory = await mkdtemp(path.join(tmpdir(), "pregonero-journey-"));
  if (options.services === undefined) await copyPreparedData(dataDirectory);
  // Not 0: the address is told to Telegram before the server listens.
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logLines: string[] = [];
  const logger = createLogger({
    level: "info",
    format: "json",
    destination: { write: (line) => void logLines.push(line) },
  });

  let delivery = options.delivery ?? "webhook";
  let env = options.env ?? {};
  let run: { readonly installation: Installation; readonly running: Running };
  let isRunning = false;

  async function start(): Promise<typeof run> {
    const installation = await openInstallation(configure(), {
      logger,
      faultPoint: options.faultPoint ?? noFaults,
      actor: "server",
      onStep() {},
    });
    if (options.services !== undefined) await ingestSampleActs(installation);
    const running = await startRoles(installation, {
      faultPoint: options.faultPoint ?? noFaults,
      examine: examineInstallation(installation),
    });
    isRunning = true;
    return { installation, running };
  }

  function configure() {
    const result = readConfig({
      env: {
        PORT: String(port),
        HOST: "127.0.0.1",
        DATA_DIR: dataDirectory,
        SECRET_KEY,
        SAMPLE_DATA: "off",
        TELEGRAM_API_ROOT: standIn.apiRoot,
        TELEGRAM_BOT_TOKEN: bot.token,
        ...(delivery === "webhook" && { PUBLIC_URL: url }),
        ...(options.services && {
          DATABASE_URL: options.services.databaseUrl,
          REDIS_URL: options.services.redisUrl,
        }),
        ...env,
      },
      readFile: () => undefined,
    });
    if (result.kind === "problems") throw new Error(JSON.stringify(result.problems));
    return result.config;
  }

  async function stop(): Promise<void> {
    if (!isRunning) return;
    isRunning = false;
    await run.running.close();
    await run.installation.close();
  }

  /** Until Telegram delivers to us, however that is done. */
  async function reachable(account: StandInBot, since: number): Promise<void> {
    const method = delivery === "webhook" ? "setWebhook" : "getUpdates";
    const isOwn = (call: { botId: number; atMs: number }) =>
      call.botId === account.id && call.atMs >= since;
    if (delivery === "webhook") await standIn.waitForCall(method, isOwn);
    else await standIn.waitForCall("getWebhookInfo", isOwn);
  }

  function settled(
    id: number | string | undefined,
    {
      timeoutMs = 45_000,
      tenantId = run.installation.tenantId,
    }: { timeoutMs?: number; tenantId?: TenantId } = {},
  ): Promise<Passport> {
    return vi.waitFor(
      async () => {
        const [passport] = await run.installation.passports.find(tenantId, String(id));
        if (passport === undefined) throw new Error(`No passport of ${id}`);
        const isOpen = passport.parts.some(({ state }) => OPEN_STATES.has(state));
        if (passport.state === "pending" || isOpen) {
          throw new Error(`Still under way: ${JSON.stringify(passport)}`);
        }
        return passport;
      },
      { timeout: timeoutMs, interval: 40 },
    );
  }

  async function repliesTo(
    chatId: number,
    updateId: number | undefined,
    waiting: Parameters<typeof settled>[1] = {},
  ): Promise<readonly SentMessage[]> {
    const { parts } = await settled(updateId, waiting);
    const ids = new Set(parts.map(({ networkMessageId }) => networkMessageId));
    return standIn.sent(chatId).filter(({ messageId }) => ids.has(String(messageId)));
  }

  const startedAt = Date.now();
  run = await start();
  if (!run.installation.config.roles.includes("api")) throw new Error("Journeys need the role api");
  await reachable(bot, startedAt);

  return {
    standIn,
    bot,
    url,
    logLines,
    get installation() {
      return run.installation;
    },
    accountOf({ id }) {
      const account = run.installation.registry
        .list()
        .find(({ settings }) => settings.networkId === String(id));
      if (account === undefined) throw new Error(`The registry has no bot ${id}`);
      return account;
    },
    settled,
    repliesTo,
    ask(user, text, options) {
      return repliesTo(options?.group?.id ?? user.id, user.send(text, options).updateId);
    },
    async addBot(tenantId = run.installation.tenantId) {
      const added = standIn.addBot();
      const since = Date.now();
      const secrets = { token: added.token };
      const signal = AbortSignal.timeout(30_000);
      await run.installation.botAdmin.add(
        tenantId,
        { channel: "telegram", name: "", secrets },
        signal,
      );
      await reachable(added, since);
      return added;
    },
    async restart(next = {}) {
      await stop();
      delivery = next.delivery ?? delivery;
      env = next.env ?? env;
      const since = Date.now();
      run = await start();
      if (run.installation.config.roles.includes("api")) await reachable(bot, since);
    },
    async close() {
      await stop();
      await standIn.close();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

const OPEN_STATES = new Set(["queued", "attempting"]);
