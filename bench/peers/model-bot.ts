import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Bot, webhookCallback } from "grammy";
import OpenAI from "openai";

/**
 * A bare grammY bot that hands each message to a model, streaming, and sends what came: what the tutorials
 * build. Arguments: token, root of the Bot API, base URL of the model.
 */
const [token = "", apiRoot = "", baseURL = ""] = process.argv.slice(2);
const bot = new Bot(token, { client: { apiRoot } });
const openai = new OpenAI({ baseURL, apiKey: "bench", maxRetries: 0 });

bot.on("message:text", async (context) => {
  await context.replyWithChatAction("typing");
  const stream = await openai.chat.completions.create({
    model: "bench",
    stream: true,
    messages: [
      { role: "system", content: "You answer citizens' questions about the official gazette." },
      { role: "user", content: context.message.text },
    ],
  });
  let text = "";
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  await context.reply(text);
});

const server = createServer(
  webhookCallback(bot, "http", { secretToken: "bench", timeoutMilliseconds: 60_000 }),
);
server.listen(0, "127.0.0.1", async () => {
  const { port } = server.address() as AddressInfo;
  await bot.api.setWebhook(`http://127.0.0.1:${port}/`, {
    secret_token: "bench",
    max_connections: 100,
  });
  console.log("ready");
});
