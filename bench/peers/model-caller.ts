import { createOpenAI } from "@ai-sdk/openai";
import { streamText } from "ai";
import OpenAI from "openai";
import { request } from "undici";
import { createOpenAiModel } from "../../providers/openai/openai-model.ts";
import { createFallbackChain } from "../../src/chain/fallback-chain.ts";
import { createMeteredModel } from "../../src/chain/metered-model.ts";
import { priceOf } from "../../src/chain/price.ts";
import { createSharedBreakers } from "../../src/chain/shared-breakers.ts";
import { systemClock } from "../../src/core/clock.ts";
import { asId, type MessageId, type TenantId } from "../../src/core/ids.ts";
import type { LanguageModel, ModelRequest } from "../../src/core/language-model.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { createEmbeddedLiveEvents } from "../../src/queue/embedded-live-events.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";

/**
 * Asks a model over and over, 50 calls at once, in one of the ways of `CALLERS`, and prints
 * `report {"cpuMs": …}`: user and system time of this process per call. Arguments: the way, base URL, calls.
 */
const [way = "", baseURL = "", calls = "1000"] = process.argv.slice(2);
const IN_FLIGHT = 50;
const MODEL = "gpt-4o-mini";
const apiKey = "bench";

/** As long as the rules and eight passages of a true question. */
const SYSTEM = "Responde solo con lo que dicen los pasajes, y cita cada frase. ".repeat(30);
const USER = "[1] La resolución recoge los plazos y requisitos de la solicitud. ".repeat(90);
const MESSAGES = [
  { role: "system" as const, content: SYSTEM },
  { role: "user" as const, content: USER },
];
const REQUEST: ModelRequest = {
  messages: MESSAGES.map(({ role, content }) => ({ role, text: content })),
  maxOutputTokens: 400,
  temperature: 0.1,
  language: "es",
};
const BODY = {
  model: MODEL,
  messages: MESSAGES,
  stream: true as const,
  stream_options: { include_usage: true },
  max_completion_tokens: 400,
  temperature: 0.1,
};

const CALLERS: Readonly<Record<string, () => () => Promise<string>>> = {
  undici: () => async () => {
    const { body } = await request(`${baseURL}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(BODY),
    });
    let text = "";
    for (const frame of (await body.text()).split("\n\n")) {
      if (!frame.startsWith("data: {")) continue;
      const chunk = JSON.parse(frame.slice(6)) as OpenAI.ChatCompletionChunk;
      text += chunk.choices[0]?.delta.content ?? "";
    }
    return text;
  },
  "openai-sdk": () => {
    const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
    return async () => {
      let text = "";
      for await (const chunk of await client.chat.completions.create(BODY)) {
        text += chunk.choices[0]?.delta.content ?? "";
      }
      return text;
    };
  },
  "ai-sdk": () => {
    const model = createOpenAI({ baseURL, apiKey }).chat(MODEL);
    return async () => {
      const { textStream } = streamText({
        model,
        system: SYSTEM,
        prompt: USER,
        maxOutputTokens: 400,
        temperature: 0.1,
        maxRetries: 0,
      });
      let text = "";
      for await (const piece of textStream) text += piece;
      return text;
    };
  },
  adapter: () =>
    askerOf(createOpenAiModel({ baseUrl: baseURL, apiKey, model: MODEL, api: "chat" })),
  chain: () => askerOf(createChain()),
};

function askerOf(model: LanguageModel): () => Promise<string> {
  const payer = { tenantId: asId<TenantId>("bench"), messageId: asId<MessageId>("bench") };
  return async () => {
    const { signal } = new AbortController();
    const endsAt = performance.now() + 30_000;
    const { text } = await model.generate(REQUEST, { signal, payer, endsAt, onAttempt() {} });
    return text;
  };
}

/** As `openModels` puts it together, without the answer cache, over a ledger that writes nothing. */
function createChain(): LanguageModel {
  const { metrics } = createMetrics();
  const breakerOf = createSharedBreakers(systemClock, createEmbeddedLiveEvents(), metrics);
  const spending = {
    reserve: async () => undefined,
    isBound: async () => false,
    record: async () => {},
    settle: async () => {},
  };
  const model = createOpenAiModel({ baseUrl: baseURL, apiKey, model: MODEL, api: "chat" });
  const metered = createMeteredModel({
    model,
    spending,
    priceOf: (usage) => priceOf(model.name, usage),
    logger: silentLogger,
    metrics,
  });
  const links = [{ model: metered, breaker: breakerOf(model.name) }];
  return createFallbackChain({ links, clock: systemClock, logger: silentLogger, metrics });
}

/** Connections that idled while the machine was busy are cut by the server: a few calls may have to be made again. */
const FAILED_AT_MOST = 0.01;

async function askMany(ask: () => Promise<string>, count: number): Promise<void> {
  let left = count;
  let failed = 0;
  const one = async () => {
    while (left > 0) {
      left -= 1;
      const text = await ask().catch(() => "");
      if (text.length === 320) continue;
      left += 1;
      failed += 1;
      if (failed > count * FAILED_AT_MOST) throw new Error(`${way} failed ${failed} times`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, one));
}

const ask = CALLERS[way]?.();
if (ask === undefined) throw new Error(`No way "${way}": ${Object.keys(CALLERS).join(", ")}`);
const count = Number(calls);
await askMany(ask, count / 2);
const before = process.cpuUsage();
await askMany(ask, count);
const { user, system } = process.cpuUsage(before);
console.log(`report ${JSON.stringify({ cpuMs: (user + system) / 1_000 / count })}`);
process.exit();
