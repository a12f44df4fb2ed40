import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TenantId } from "../../src/core/ids.ts";
import { createBotStore } from "../../src/store/bots.ts";
import { createCipher } from "../../src/store/encryption.ts";
import { openEmbedded } from "../../src/store/open-embedded.ts";
import { createTenants } from "../../src/store/tenants.ts";
import { spawnPregonero } from "../../test/services/harness/pregonero.ts";
import {
  startTelegramStandIn,
  type TelegramStandIn,
} from "../../test/stand-ins/telegram/start-stand-in.ts";
import type { Figure } from "../figure.ts";
import { residentBytes } from "../process-usage.ts";

const BOTS = 1_000;
/** For every bot to have begun to poll, and for the garbage of that to be collected. */
const SETTLE_MS = 30_000;

/** What a thousand Telegram bots, each polling, add to the memory of one embedded process. */
export async function measureManyBots(): Promise<readonly Figure[]> {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), "pregonero-bots-"));
  const standIn = await startTelegramStandIn();
  const secretKey = randomBytes(32);
  const env = {
    DATA_DIR: dataDirectory,
    SAMPLE_DATA: "off",
    SECRET_KEY: secretKey.toString("hex"),
    TELEGRAM_API_ROOT: standIn.apiRoot,
  };
  try {
    // The first start creates the database, and is no measure of a process at rest.
    await memoryAtRest(env, 0);
    const without = await memoryAtRest(env, 0);
    await addBots(dataDirectory, secretKey, standIn);
    const withBots = await memoryAtRest(env, BOTS);
    return [
      {
        figure: `embedded: memory that ${BOTS} polling Telegram bots add`,
        value: (withBots - without) / 1_000_000,
        unit: "MB",
        target: { atMost: 100 },
        note: `from ${(without / 1_000_000).toFixed(0)} to ${(withBots / 1_000_000).toFixed(0)} MB RSS, ${SETTLE_MS / 1_000} s after the start`,
      },
    ];
  } finally {
    await standIn.close();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

async function memoryAtRest(
  env: Readonly<Record<string, string>>,
  expectedBots: number,
): Promise<number> {
  const product = await spawnPregonero({ env });
  try {
    await product.waitUntilReady();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const polling = product.logs().match(/bot-polling-started/g)?.length ?? 0;
    if (polling < expectedBots) {
      throw new Error(
        `Only ${polling} of ${expectedBots} bots poll.\n${product.logs().slice(-1_500)}`,
      );
    }
    return residentBytes([product.pid]);
  } finally {
    await product.stop();
  }
}

async function addBots(
  dataDirectory: string,
  secretKey: Buffer,
  standIn: TelegramStandIn,
): Promise<void> {
  const database = await openEmbedded({ dataDirectory });
  try {
    const tenantId: TenantId = await createTenants(database).ensureSampleTenant();
    const store = createBotStore(database, createCipher([secretKey]));
    for (let added = 0; added < BOTS; added++) {
      const bot = standIn.addBot();
      await store.insert(
        tenantId,
        {
          channel: "telegram",
          name: bot.name,
          botKey: `bench-${bot.id}`,
          accountKey: String(bot.id),
          secrets: { token: bot.token, webhookSecret: "bench" },
          settings: { username: bot.username, networkId: String(bot.id) },
        },
        "bench",
      );
    }
  } finally {
    await database.close();
  }
}
