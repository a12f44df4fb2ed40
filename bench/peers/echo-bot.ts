import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Bot, webhookCallback } from "grammy";

/**
 * The floor: a bare grammY bot that repeats what it is told, with no store, no retrieval and no retries.
 * Arguments: token, root of the Bot API.
 */
const [token = "", apiRoot = ""] = process.argv.slice(2);
const bot = new Bot(token, { client: { apiRoot } });
bot.on("message:text", (context) => context.reply(context.message.text));

const server = createServer(webhookCallback(bot, "http", { secretToken: "bench" }));
server.listen(0, "127.0.0.1", async () => {
  const { port } = server.address() as AddressInfo;
  await bot.api.setWebhook(`http://127.0.0.1:${port}/`, {
    secret_token: "bench",
    max_connections: 100,
  });
  console.log("ready");
});
