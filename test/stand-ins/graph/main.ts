import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createPlayground } from "./playground.ts";
import { type GraphStandIn, startGraphStandIn } from "./start-stand-in.ts";

/** Stable, so that an address and a configuration written down keep working. */
const PORT = 8084;
const PHONE = "50688887777";
const TEMPLATES = [
  { name: "nuevo_aviso", language: "es", text: "Hola, {{1}}. Hay un aviso nuevo: {{2}}" },
];

/** Starts the stand-in with its page and says how to use it. It runs until `close`, or the end of the process. */
export async function main(options: { readonly port?: number } = {}): Promise<GraphStandIn> {
  let aheadMs = 0;
  const playground = createPlayground((ms) => {
    aheadMs += ms;
  });
  const standIn = await startGraphStandIn({
    port: options.port ?? PORT,
    limits: true,
    now: () => Date.now() + aheadMs,
    webhooks: { retryBaseMs: 1_000, retryMaxMs: 60_000 },
    otherRoutes: playground.handle,
  });
  const number = standIn.addNumber({ templates: TEMPLATES });
  playground.attach(standIn, number, PHONE);
  console.log(`Graph API stand-in with the Cloud API's limits: open ${standIn.graphUrl}/citizen and write as a citizen.

Point Pregonero at it, in another terminal:

  WHATSAPP_GRAPH_URL=${standIn.graphUrl} PUBLIC_URL=http://127.0.0.1:8080 npm start

and add the number, in a third (the access token and the app's secret, one a line):

  printf '%s\\n' ${number.accessToken} ${number.appSecret} | \\
    npm run -s pregonero -- bot add whatsapp-cloud --phone-number-id ${number.phoneNumberId}

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
