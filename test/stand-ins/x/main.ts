import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { startXStandIn, X_FAULTS, type XFault } from "./start-stand-in.ts";

/** Stable, so that an address written down keeps working. */
const PORT = 8086;
const LOOK_EVERY_MS = 500;

/** Starts an X of no one with one account, and shows what is posted there. */
async function runAsProgram(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: "string" } } });
  const standIn = await startXStandIn({ port: Number(values.port ?? PORT) });
  const account = standIn.addAccount("gaceta_de_prueba");
  const settings = { kind: "x", credentials: { kind: "oauth1", ...account.oauth1 } };
  console.log(`An X of no one at ${standIn.url}, with the account @${account.username}.

Let Pregonero post there:

  X_API_URL=${standIn.url} npm start

and add the account as a target (POST /api/v1/publishing-targets):

  ${JSON.stringify({ name: "X", settings })}

What is posted appears here. Ctrl-C ends it. A fault and Enter: the next post meets it.
  Faults: ${X_FAULTS.join(", ")}`);
  let shown = 0;
  setInterval(() => {
    const posts = standIn.posts(account);
    for (const { id, text, replyTo } of posts.slice(shown)) {
      console.log(`\n${id}${replyTo === undefined ? "" : ` in reply to ${replyTo}`}\n${text}`);
    }
    shown = posts.length;
  }, LOOK_EVERY_MS);
  createInterface({ input: process.stdin }).on("line", (line) => {
    const word = line.trim();
    if (word === "") return;
    if ((X_FAULTS as readonly string[]).includes(word)) standIn.fail(word as XFault);
    else console.log(`No "${word}".`);
  });
}

await runAsProgram();
