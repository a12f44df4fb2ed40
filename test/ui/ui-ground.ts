import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { addSeedBots } from "../../bench/seed/add-bots.ts";
import { seedTenant } from "../../bench/seed/seed-tenant.ts";
import type { Cipher } from "../../src/core/cipher.ts";
import type { TenantId } from "../../src/core/ids.ts";
import type { Database } from "../../src/store/database.ts";
import { openCipher } from "../../src/store/key-rotation/open-cipher.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openEmbedded } from "../../src/store/open-embedded.ts";
import { createTenants } from "../../src/store/tenants.ts";
import { spawnPregonero } from "../services/harness/pregonero.ts";
import { repositoryRoot } from "../services/harness/repository.ts";
import {
  type StandInBot,
  startTelegramStandIn,
  type TelegramStandIn,
} from "../stand-ins/telegram/start-stand-in.ts";
import { type OwnerSession, openOwnerSession } from "./owner-session.ts";

/** The product as one starts it, in an empty directory, before a Telegram stand-in; its owner signed in. */
export interface UiGround extends Pick<OwnerSession, "call" | "newPage" | "leave"> {
  readonly url: string;
  /** Of the past, that it began with. */
  readonly conversations: number;
  readonly standIn: TelegramStandIn;
  readonly bot: StandInBot;
  readonly owner: OwnerSession;
  close(): Promise<void>;
}

const START_MS = 300_000;

/** What an installation is given before it starts for the first time. */
export interface Past {
  readonly database: Database;
  readonly cipher: Cipher;
  readonly tenantId: TenantId;
}

/** `conversations`: so many of the past are there first. `env`: besides what every ground has. */
export async function startUiGround({
  conversations = 0,
  past,
  botNamed,
  env = {},
}: {
  readonly conversations?: number;
  readonly past?: (given: Past) => Promise<void>;
  readonly botNamed?: { readonly username: string; readonly name: string };
  readonly env?: Readonly<Record<string, string>>;
}): Promise<UiGround> {
  buildInterface();
  const stops: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const dataDirectory = await mkdtemp(path.join(tmpdir(), "pregonero-ui-"));
    stops.push(() => rm(dataDirectory, { recursive: true, force: true }));
    const secretKey = randomBytes(32);
    if (conversations > 0) {
      await withPast(dataDirectory, secretKey, (given) => seed(given, conversations));
    }
    if (past !== undefined) await withPast(dataDirectory, secretKey, past);
    const standIn = await startTelegramStandIn();
    stops.push(standIn.close);
    const bot = standIn.addBot(undefined, botNamed);
    const product = await spawnPregonero({
      env: {
        DATA_DIR: dataDirectory,
        SECRET_KEY: secretKey.toString("hex"),
        TELEGRAM_API_ROOT: standIn.apiRoot,
        TELEGRAM_BOT_TOKEN: bot.token,
        ...env,
      },
    });
    stops.push(product.stop);
    await product.printed(/access\/setup#\S+\s/, START_MS);
    await product.printed(/Pregonero runs/, START_MS);
    const token = /access\/setup#(\S+)/.exec(product.logs())?.[1] ?? "";
    const owner = await openOwnerSession(product.url, token);
    const { call, newPage, leave } = owner;
    return { url: product.url, conversations, standIn, bot, owner, call, newPage, leave, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** In less than a second when nothing has changed. */
export function buildInterface(): void {
  const script = path.join(repositoryRoot(), "scripts", "build-ui.mjs");
  const built = spawnSync(process.execPath, [script], { encoding: "utf8" });
  if (built.status !== 0) throw new Error(built.stderr);
}

async function withPast(
  dataDirectory: string,
  secretKey: Buffer,
  make: (given: Past) => Promise<void>,
): Promise<void> {
  const database = await openEmbedded({ dataDirectory });
  try {
    await migrate(database, path.join(repositoryRoot(), "migrations"));
    const { cipher } = await openCipher(database, [secretKey], new Date());
    const tenantId = await createTenants(database).ensureSampleTenant();
    await make({ database, cipher, tenantId });
  } finally {
    await database.close();
  }
}

async function seed({ database, cipher, tenantId }: Past, conversations: number): Promise<void> {
  const startedAt = performance.now();
  await seedTenant(database, cipher, {
    tenantId,
    bots: await addSeedBots(database, cipher, tenantId),
    conversations,
    exchanges: 2,
    seed: 1,
    now: new Date(),
    onProgress(done) {
      if (done % 10_000 === 0) console.error(`  ${done} conversations`);
    },
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  console.error(`  ${conversations} conversations seeded in ${seconds.toFixed(0)} s`);
}
