import { expect, it } from "vitest";
import { systemClock } from "../core/clock.ts";
import { PregoneroError } from "../core/errors.ts";
import { asId, type MessageId, type TenantId } from "../core/ids.ts";
import type { LanguageModel, ModelReply, ModelRequest } from "../core/language-model.ts";
import { silentLogger } from "../core/logger.ts";
import { createEmbeddedLiveEvents } from "../queue/embedded-live-events.ts";
import { createProcessCache } from "../queue/process-cache.ts";
import { createCipher } from "../store/encryption.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { createCachedModel } from "./cached-model.ts";
import { createFallbackChain } from "./fallback-chain.ts";
import { createMeteredModel } from "./metered-model.ts";
import { createSeal } from "./seal.ts";
import { createSharedBreakers } from "./shared-breakers.ts";

const REQUEST: ModelRequest = {
  messages: [{ role: "user", text: "¿Qué salió hoy?" }],
  maxOutputTokens: 10,
  temperature: 0,
  language: "es",
};

const answering = (name: string): LanguageModel => ({
  name,
  async generate(_, { onText }): Promise<ModelReply> {
    onText?.("Sí.");
    const usage = { input: 120, cachedInput: 20, output: 40 };
    return { text: "Sí.", model: name, usage, finish: "stop" };
  },
});
const failing = (name: string): LanguageModel => ({
  name,
  async generate() {
    throw new PregoneroError("model-bad-key", "scripted", { retry: "never" });
  },
});

it("an operator sees tries, fallbacks, tokens with the cached apart, cost, breakers and the cache", async () => {
  const exporter = createMetrics();
  const { metrics } = exporter;
  const breakerOf = createSharedBreakers(systemClock, createEmbeddedLiveEvents(), metrics);
  const spending = {
    reserve: async () => undefined,
    isBound: async () => false,
    record: async () => {},
    settle: async () => {},
  };
  const links = [failing("openai:a"), answering("anthropic:b")].map((model) => ({
    model: createMeteredModel({
      model,
      spending,
      priceOf: ({ output }) => output * 1_000,
      logger: silentLogger,
      metrics,
    }),
    breaker: breakerOf(model.name),
  }));
  const model = createCachedModel({
    model: createFallbackChain({ links, clock: systemClock, logger: silentLogger, metrics }),
    cache: createProcessCache({ maxBytes: 100_000 }),
    seal: createSeal(createCipher([Buffer.alloc(32, 7)])),
    clock: systemClock,
    metrics,
  });
  const payer = { tenantId: asId<TenantId>("t"), messageId: asId<MessageId>("m") };
  const ask = (text: string) =>
    model.generate(
      { ...REQUEST, messages: [{ role: "user", text }] },
      { signal: AbortSignal.timeout(10_000), payer },
    );
  await ask("uno");
  await ask("uno");
  await ask("dos");

  const shown = (await exporter.scrape()).split("\n");
  for (const line of [
    'model_calls_total{provider="openai",outcome="model-bad-key"} 1',
    'model_calls_total{provider="openai",outcome="skipped"} 1',
    'model_calls_total{provider="anthropic",outcome="answered"} 2',
    'model_first_token_seconds_count{provider="anthropic"} 2',
    'model_call_seconds_count{provider="openai"} 1',
    'model_tokens_total{provider="anthropic",kind="input"} 200',
    'model_tokens_total{provider="anthropic",kind="cached"} 40',
    'model_tokens_total{provider="anthropic",kind="output"} 80',
    'model_cost_usd_total{provider="anthropic"} 0.08',
    "model_fallbacks_total 2",
    'model_cache_total{outcome="asked"} 2',
    'model_cache_total{outcome="cached"} 1',
    'breaker_state{provider="openai"} 2',
    'breaker_state{provider="anthropic"} 0',
  ]) {
    expect(shown).toContain(`pregonero_${line}`);
  }
});

it("a provider's breaker is as bad as that of its worst model, in every process that has it", async () => {
  const exporter = createMetrics();
  const events = createEmbeddedLiveEvents();
  let now = 0;
  const clock = { now: () => new Date(now) };
  const here = createSharedBreakers(clock, events, exporter.metrics);
  const elsewhere = createSharedBreakers(clock, events);
  const state = async () =>
    /breaker_state\{provider="openai"\} (\d)/.exec(await exporter.scrape())?.[1];
  const [large] = [here("openai:large"), here("openai:small")];
  expect(await state()).toBe("0");
  const error = new PregoneroError("model-quota", "scripted", { retry: { afterMs: 1_000 } });
  elsewhere("openai:small").enter()?.failed(error);
  // Live events are passed on after the work at hand.
  await new Promise(setImmediate);
  expect(await state()).toBe("2");
  large.enter()?.succeeded();
  expect(await state()).toBe("2");
  now = 1_000;
  const probe = here("openai:small").enter();
  expect(await state()).toBe("1");
  probe?.succeeded();
  expect(await state()).toBe("0");
  here("openai:small#tenant").enter()?.failed(error);
  expect(await state()).toBe("0");
});
