import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Secret, TOTP } from "otpauth";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { addSeedBots } from "../../bench/seed/add-bots.ts";
import { seedTenant } from "../../bench/seed/seed-tenant.ts";
import { openCipher } from "../../src/store/key-rotation/open-cipher.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openEmbedded } from "../../src/store/open-embedded.ts";
import { createTenants } from "../../src/store/tenants.ts";
import { openBrowser, type Browser as Session } from "../journeys/people/browser.ts";
import { spawnPregonero } from "../services/harness/pregonero.ts";
import { repositoryRoot } from "../services/harness/repository.ts";
import {
  type StandInBot,
  startTelegramStandIn,
  type TelegramStandIn,
} from "../stand-ins/telegram/start-stand-in.ts";
import { IN_PAGE } from "./in-page.ts";

/** The product as one starts it, with its owner signed in, before a Telegram stand-in. */
export interface UiGround {
  readonly url: string;
  readonly standIn: TelegramStandIn;
  readonly bot: StandInBot;
  /** As the owner, by the API. */
  readonly call: Session["call"];
  /** A page of the owner's, at nothing yet. */
  newPage(browser: Browser, options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

/** With so many conversations of the past in it, on the embedded database. */
export async function startUiGround(conversations: number): Promise<UiGround> {
  const built = spawnSync(
    process.execPath,
    [path.join(repositoryRoot(), "scripts", "build-ui.mjs")],
    {
      encoding: "utf8",
    },
  );
  if (built.status !== 0) throw new Error(built.stderr);
  const stops: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const dataDirectory = await mkdtemp(path.join(tmpdir(), "pregonero-ui-"));
    stops.push(() => rm(dataDirectory, { recursive: true, force: true }));
    const secretKey = randomBytes(32);
    await seed(dataDirectory, secretKey, conversations);
    const standIn = await startTelegramStandIn();
    stops.push(standIn.close);
    const bot = standIn.addBot();
    const product = await spawnPregonero({
      env: {
        DATA_DIR: dataDirectory,
        SECRET_KEY: secretKey.toString("hex"),
        TELEGRAM_API_ROOT: standIn.apiRoot,
        TELEGRAM_BOT_TOKEN: bot.token,
      },
    });
    stops.push(product.stop);
    await product.printed(/access\/setup#\S+\s/, 300_000);
    await product.printed(/Pregonero runs/, 300_000);
    const session = openBrowser(product.url);
    await makeOwner(session, /access\/setup#(\S+)/.exec(product.logs())?.[1] ?? "");
    return {
      url: product.url,
      standIn,
      bot,
      call: session.call,
      async newPage(browser, options = {}) {
        const context = await browser.newContext({ locale: "es-CR", ...options });
        await context.addCookies(
          [...session.cookies].map(([name, value]) => ({ name, value, url: product.url })),
        );
        await context.addInitScript({ path: IN_PAGE });
        return context.newPage();
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function seed(dataDirectory: string, secretKey: Buffer, conversations: number) {
  if (conversations === 0) return;
  const database = await openEmbedded({ dataDirectory });
  try {
    await migrate(database, path.join(repositoryRoot(), "migrations"));
    const { cipher } = await openCipher(database, [secretKey], new Date());
    const tenantId = await createTenants(database).ensureSampleTenant();
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
  } finally {
    await database.close();
  }
}

/** Through the pages' own routes: account, then the second factor that owners must have. */
async function makeOwner(session: ReturnType<typeof openBrowser>, token: string): Promise<void> {
  const ok = async (method: string, address: string, body?: unknown) => {
    const answer = await session.call(method, address, body);
    if (answer.status >= 300) throw new Error(`${method} ${address}: ${answer.text}`);
    return answer.json;
  };
  const password = randomBytes(18).toString("base64");
  await ok("POST", "/api/v1/setup", {
    token,
    email: "ana@muni.example",
    name: "Ana Mora",
    password,
  });
  const { secret } = await ok("POST", "/api/v1/session/totp/enrolment");
  const code = TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: Date.now() });
  await ok("PUT", "/api/v1/session/totp/enrolment", { code });
}
