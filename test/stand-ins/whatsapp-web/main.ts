import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startWhatsAppWebStandIn, type WhatsAppWebStandIn } from "./start-stand-in.ts";

/** Stable, so that an address written down keeps working and a profile stays signed in. */
const PORT = 8083;

/** Starts the stand-in with some chats and says how to use it. It runs until `close`, or the end of the process. */
export async function main(
  options: {
    readonly port?: number;
    readonly era?: "C" | "D";
    readonly language?: "en" | "es" | "pt";
  } = {},
): Promise<WhatsAppWebStandIn> {
  const standIn = await startWhatsAppWebStandIn({
    port: options.port ?? PORT,
    settings: { era: options.era ?? "D", language: options.language ?? "en" },
    qrRotateMs: 20_000,
  });
  standIn.addChat("34600111222@c.us", { name: "Ana García" });
  standIn.receive({ chat: "34600111222@c.us", text: "Hola" });
  console.log(`WhatsApp Web's stand-in: ${standIn.url} is the page that a browser of Pregonero opens.

Ctrl-C ends it. Nothing is kept, besides the session in the browser's profile.`);
  return standIn;
}

async function runAsProgram(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: "string" }, era: { type: "string" }, language: { type: "string" } },
  });
  const { port, era, language } = values;
  try {
    await main({
      ...(port !== undefined && { port: Number(port) }),
      ...((era === "C" || era === "D") && { era }),
      ...((language === "en" || language === "es" || language === "pt") && { language }),
    });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    console.error(`Port ${port ?? PORT} is in use: choose another with --port.`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAsProgram();
