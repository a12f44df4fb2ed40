import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createPlayground } from "./playground.ts";
import { startTelegramStandIn, type TelegramStandIn } from "./start-stand-in.ts";

/** Stable, so that an address and a configuration written down keep working. */
const PORT = 8081;
const TOKEN = "7000001:stand-in-token-for-playing-by-hand";
const PERSON_ID = 4711;
const CHANNEL_ID = -1_001_000_004_711;

/** Starts the stand-in with its page and says how to use it. It runs until `close`, or the end of the process. */
export async function main(options: { readonly port?: number } = {}): Promise<TelegramStandIn> {
  const playground = createPlayground(PERSON_ID, CHANNEL_ID);
  const standIn = await startTelegramStandIn({
    port: options.port ?? PORT,
    limits: true,
    webhookRetryBaseMs: 1_000,
    webhookRetryMaxMs: 60_000,
    otherRoutes: playground.handle,
  });
  const bot = standIn.addBot(TOKEN, { username: "pregonero_bot", name: "Pregonero" });
  playground.attach(standIn, bot);
  console.log(`Telegram stand-in with its documented limits: open ${standIn.apiRoot} and write as a citizen.

Point Pregonero at it, in another terminal:

  TELEGRAM_API_ROOT=${standIn.apiRoot} TELEGRAM_BOT_TOKEN=${TOKEN} npm start

The bot may post in the channel ${CHANNEL_ID}; what it posts there appears here.
Ctrl-C ends it. Nothing is kept.`);
  return standIn;
}

async function runAsProgram(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: "string" } } });
  try {
    await main(values.port === undefined ? {} : { port: Number(values.port) });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    console.error(`Port ${values.port ?? PORT} is in use: choose another with --port.`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAsProgram();
