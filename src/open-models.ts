import type { LookupFunction } from "node:net";
import type { Breaker } from "./chain/breaker.ts";
import type { Config, ModelConfig, TranscriberConfig } from "./config.ts";
import type { Route } from "./core/assistant.ts";
import type { Cache } from "./core/cache.ts";
import type { Cipher } from "./core/cipher.ts";
import type { Clock } from "./core/clock.ts";
import type { Embedder, LanguageModel } from "./core/language-model.ts";
import type { Logger } from "./core/logger.ts";
import type { Metrics } from "./core/metrics.ts";
import type { Spending } from "./core/spending.ts";
import type { Transcriber } from "./core/transcriber.ts";

/** A model as it is configured, or as a tenant's assistant names it. */
export interface OpenableModel extends ModelConfig {
  /** Looks up the host of each connection instead of the system's; undefined: the system's. */
  readonly lookup?: LookupFunction;
  /** Links of the same name share a breaker. Default: the model's name. */
  readonly breakerName?: string;
}

/** As it is booked, and as passports show it. */
export function modelNameOf({ provider, model, apiKey, speaksOnlyChat }: ModelConfig): string {
  const isCompatible = speaksOnlyChat || apiKey === undefined;
  return `${isCompatible ? "openai-compatible" : provider}:${model}`;
}

/**
 * The configured models as one chain; undefined when there is none that can be called, and answers are
 * quotations. The vendors' SDKs and the price list are loaded only here, when they are configured: 30 MB and
 * half a second otherwise spared.
 */
export async function openModels(
  models: readonly OpenableModel[],
  ports: {
    readonly spending: Spending;
    /** One per model, shared by all chains of this process. */
    readonly breakerOf: (model: string) => Breaker;
    /** Undefined: every question is asked anew. */
    readonly cache: Cache | undefined;
    readonly cipher: Cipher;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly metrics: Metrics;
    /** Whether a link that is slow to begin is joined by the next. */
    readonly hedges: boolean;
  },
): Promise<LanguageModel | undefined> {
  const callable = models.filter(({ needsKey }) => !needsKey);
  for (const { provider, model } of models.filter(({ needsKey }) => needsKey)) {
    ports.logger.warn("model-needs-key", { model: `${provider}:${model}` });
  }
  if (callable.length === 0) return undefined;
  const { createFirstTokenTimes } = await import("./chain/first-token-times.ts");
  const { createFallbackChain } = await import("./chain/fallback-chain.ts");
  const { createMeteredModel } = await import("./chain/metered-model.ts");
  const { contextWindowOf, priceOf } = await import("./chain/price.ts");
  const { sees } = await import("./chain/sees.ts");
  const links = await Promise.all(
    callable.map(async (config) => {
      const model = await openModel(config);
      // A server of another's at OPENAI_BASE_URL is paid for as OpenAI's model of that name, or of unknown price.
      const priced = `${config.provider}:${config.model}`;
      return {
        model: createMeteredModel({
          ...ports,
          model,
          priceOf: (usage) => priceOf(priced, usage),
        }),
        contextWindow: contextWindowOf(priced),
        sees: config.isSaidToSee || sees(priced),
        breaker: ports.breakerOf(config.breakerName ?? model.name),
        firstTokens: ports.hedges ? createFirstTokenTimes() : undefined,
      };
    }),
  );
  const { cache, cipher, clock, logger, metrics } = ports;
  const chain = createFallbackChain({ links, clock, logger, metrics });
  if (cache === undefined) return chain;
  const { createCachedModel } = await import("./chain/cached-model.ts");
  const { createSeal } = await import("./chain/seal.ts");
  return createCachedModel({ model: chain, cache, seal: createSeal(cipher), clock, metrics });
}

/** Both chains of the environment as one; undefined when neither has a link that can be called. */
export async function openRoutes(
  { usual, large }: Readonly<Record<Route, readonly OpenableModel[]>>,
  ports: Parameters<typeof openModels>[1],
): Promise<LanguageModel | undefined> {
  const chain = await openModels(usual, ports);
  const forLarge = await openModels(large, ports);
  if (chain === undefined || forLarge === undefined) return chain ?? forLarge;
  const { createRoutedModel } = await import("./chain/routed-model.ts");
  return createRoutedModel({ usual: chain, large: forLarge });
}

async function openModel({
  provider,
  baseUrl,
  apiKey,
  model,
  speaksOnlyChat,
  lookup,
}: OpenableModel): Promise<LanguageModel> {
  const key = apiKey?.reveal();
  if (speaksOnlyChat || key === undefined) {
    const { createOpenAiCompatibleModel } = await import(
      "../providers/openai-compatible/openai-compatible-model.ts"
    );
    return createOpenAiCompatibleModel({ baseUrl, apiKey: key, model, lookup });
  }
  switch (provider) {
    case "anthropic": {
      const { createAnthropicModel } = await import("../providers/anthropic/anthropic-model.ts");
      return createAnthropicModel({ baseUrl, apiKey: key, model, lookup });
    }
    case "gemini": {
      const { createGeminiModel } = await import("../providers/gemini/gemini-model.ts");
      return createGeminiModel({ baseUrl, apiKey: key, model, lookup });
    }
    case "xai": {
      const { createXaiModel } = await import("../providers/xai/xai-model.ts");
      return createXaiModel({ baseUrl, apiKey: key, model, lookup });
    }
    default: {
      const { createOpenAiModel } = await import("../providers/openai/openai-model.ts");
      return createOpenAiModel({ baseUrl, apiKey: key, model, lookup });
    }
  }
}

/** Undefined when none is configured, and voice notes are not heard. Loaded only then, as the models are. */
export async function openTranscriber(
  config: TranscriberConfig | undefined,
  ports: { readonly spending: Spending; readonly logger: Logger },
): Promise<Transcriber | undefined> {
  if (config === undefined) return undefined;
  const { createOpenAiTranscriber } = await import("../providers/openai/openai-transcriber.ts");
  const { createMeteredTranscriber } = await import("./chain/metered-transcriber.ts");
  const { priceOfSpeech } = await import("./chain/price.ts");
  const { baseUrl, apiKey, model, isOpenAi } = config;
  const transcriber = createOpenAiTranscriber({
    baseUrl,
    // The SDK wants one; a server of one's own that asks for none passes it over.
    apiKey: apiKey?.reveal() ?? "none-needed",
    model,
  });
  return createMeteredTranscriber({
    ...ports,
    transcriber,
    priceOf: (seconds) => (isOpenAi ? priceOfSpeech(transcriber.id, seconds) : 0),
  });
}

/** Undefined when none is configured: words alone find. What is read on a tenant's account is booked to it. */
export async function openEmbedder(
  config: Config["embedder"],
  ports: { readonly spending: Spending; readonly logger: Logger },
): Promise<Embedder | undefined> {
  if (config === undefined) return undefined;
  const { createOpenAiCompatibleEmbedder } = await import(
    "../providers/openai-compatible/openai-compatible-embedder.ts"
  );
  const { createMeteredEmbedder } = await import("./chain/metered-embedder.ts");
  const { priceOf } = await import("./chain/price.ts");
  const { baseUrl, apiKey, model, dimensions, isOpenAi } = config;
  return createMeteredEmbedder({
    ...ports,
    embedder: createOpenAiCompatibleEmbedder({
      ...{ baseUrl, apiKey: apiKey?.reveal(), model, dimensions },
    }),
    // A server of one's own costs nothing here.
    priceOf: (input) =>
      isOpenAi ? priceOf(`openai:${model}`, { input, cachedInput: 0, output: 0 }) : 0,
  });
}
