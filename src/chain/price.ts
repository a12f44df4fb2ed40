import { calcPrice, findProvider } from "@pydantic/genai-prices";
import type { TokenUsage } from "../core/language-model.ts";
import type { MicroUsd } from "../core/spending.ts";

/** Our providers' names → the price list's. A provider that is not here runs on the operator's own machine. */
const PRICE_LISTS: ReadonlyMap<string, string> = new Map([
  ["openai", "openai"],
  ["anthropic", "anthropic"],
  ["gemini", "google"],
  ["xai", "x-ai"],
]);

/**
 * What a call costs, rounded up, by the prices that ship with `@pydantic/genai-prices` (no network). 0 for a
 * local model; undefined when the list does not know the model.
 */
export function priceOf(model: string, usage: TokenUsage): MicroUsd | undefined {
  const [provider = "", id] = splitName(model);
  const providerId = PRICE_LISTS.get(provider);
  if (providerId === undefined) return 0;
  const price = calcPrice(
    {
      input_tokens: usage.input,
      cache_read_tokens: usage.cachedInput,
      cache_write_tokens: usage.cacheWrites ?? 0,
      output_tokens: usage.output,
    },
    id,
    { providerId },
  );
  // Tenths of a micro-dollar are floating-point residue, not money.
  return price === null ? undefined : Math.ceil(Number((price.total_price * 1e6).toFixed(1)));
}

/**
 * Tokens of a minute of speech, where a model is priced by tokens: OpenAI's own figures of 0.006 and 0.003 dollars a
 * minute for gpt-4o-transcribe and its mini are 1,000 tokens at their prices (developers.openai.com/api/docs/pricing).
 */
const SPEECH_TOKENS_PER_MINUTE = 1_000;

/** What it costs to have `seconds` of speech transcribed, rounded up; undefined when the list does not know the model. */
export function priceOfSpeech(model: string, seconds: number): MicroUsd | undefined {
  const [provider = "", id] = splitName(model);
  const providerId = PRICE_LISTS.get(provider);
  if (providerId === undefined) return 0;
  const tokens = Math.ceil((seconds / 60) * SPEECH_TOKENS_PER_MINUTE);
  const byTheHour = calcPrice({ audio_seconds: seconds, input_audio_seconds: seconds }, id, {
    providerId,
  });
  if (byTheHour === null) return undefined;
  const isByTheHour = byTheHour.model_price.input_audio_hours !== undefined;
  const price = isByTheHour
    ? byTheHour
    : calcPrice({ input_tokens: tokens, input_audio_tokens: tokens }, id, { providerId });
  return price === null ? undefined : Math.ceil(Number((price.total_price * 1e6).toFixed(1)));
}

/** Tokens that the model reads at most, or undefined when the list does not say. */
export function contextWindowOf(model: string): number | undefined {
  const [provider = "", id] = splitName(model);
  const providerId = PRICE_LISTS.get(provider);
  if (providerId === undefined) return undefined;
  return calcPrice({ input_tokens: 0 }, id, { providerId })?.model.context_window;
}

/** Ids of a provider's models on the price list; undefined: it has none there, since it is on somebody's own machine. */
export function listedModels(provider: string): readonly string[] | undefined {
  const providerId = PRICE_LISTS.get(provider);
  if (providerId === undefined) return undefined;
  return findProvider({ providerId })?.models.map(({ id }) => id) ?? [];
}

/** Whether the price of a model is known; of a provider without a list it always is. */
export function isListed(model: string): boolean {
  return priceOf(model, { input: 0, cachedInput: 0, output: 0 }) !== undefined;
}

function splitName(model: string): readonly [string, string] {
  const colon = model.indexOf(":");
  return [model.slice(0, colon), model.slice(colon + 1)];
}
