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
  furnish(standIn);
  const address = standIn.url.replace(/\/$/, "");
  console.log(`A WhatsApp Web of its own, era ${standIn.settings().era}: look at ${address}, and write as a citizen at ${address}/citizen.

Point Pregonero at it, in other terminals:

  WHATSAPP_WEB_URL=${address} npm start
  npm run pregonero -- bot add whatsapp-web

then press "Scan the code" on the citizen's page. Ctrl-C ends it; nothing is kept, so that the phone has to be linked again.`);
  return standIn;
}

/** A contact, a stranger, and a group of both. */
function furnish(standIn: WhatsAppWebStandIn): void {
  const [ana, stranger, group] = [
    "34600111222@c.us",
    "34600333444@c.us",
    "120363000000000001@g.us",
  ];
  standIn.addChat(ana, { name: "Ana García" });
  standIn.addChat(stranger);
  standIn.addChat(group, {
    name: "Vecinos del barrio",
    participants: [standIn.toPerson(ana, "Ana García"), standIn.toPerson(stranger)],
  });
  const dayMs = 24 * 60 * 60 * 1_000;
  standIn.addHistory(ana, [
    { text: "Gracias por la respuesta de ayer.", atMs: Date.now() - 2 * dayMs },
    { text: "A la orden.", isOwn: true, atMs: Date.now() - 2 * dayMs + 60_000 },
  ]);
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
