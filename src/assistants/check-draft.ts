import { type ModelAccess, PROVIDER_SETTINGS } from "../configuration/models.ts";
import { MODEL_PROVIDERS, type ModelProvider } from "../configuration/variables.ts";
import {
  type Assistant,
  type AssistantDraft,
  type AssistantLink,
  type AssistantSettings,
  DEFAULT_LARGE_CONTEXT,
  DEFAULT_STYLE,
  type LinkDraft,
} from "../core/assistant.ts";
import { PregoneroError } from "../core/errors.ts";
import type { TokenUsage } from "../core/language-model.ts";
import type { MicroUsd } from "../core/spending.ts";
import { isModelProvider } from "./model-access.ts";
import { readConduct } from "./read-conduct.ts";

/** What `src/chain/price.ts` knows; models are named `provider:model`. */
export interface PriceList {
  /** Undefined: the price of that model is not known. */
  priceOf(model: string, usage: TokenUsage): MicroUsd | undefined;
  /** Whether the price is known; of a provider without a list it always is. */
  isListed(model: string): boolean;
  /** Ids of the provider's models; undefined: it has no list. */
  listedModels(provider: string): readonly string[] | undefined;
}

export interface CheckContext {
  readonly access: ModelAccess;
  /** Loaded at its first use: it is large. */
  readonly priceList: () => Promise<PriceList>;
  /** The address as it is saved. Throws `assistant-invalid`. */
  readonly checkBaseUrl: (given: string) => Promise<string>;
}

/** What to save for a draft. Throws `assistant-invalid` (400): what is wrong, and what would be right. */
export async function checkDraft(
  draft: AssistantDraft,
  known: Assistant | undefined,
  context: CheckContext,
): Promise<AssistantSettings> {
  const saved = [...(known?.settings.usual ?? []), ...(known?.settings.large ?? [])];
  const check = (links: readonly LinkDraft[]) =>
    Promise.all(links.map((link) => checkLink(link, saved, context)));
  return {
    persona: draft.persona ?? DEFAULT_STYLE.persona,
    tone: draft.tone ?? DEFAULT_STYLE.tone,
    readingLevel: draft.readingLevel ?? DEFAULT_STYLE.readingLevel,
    maxSentences: draft.maxSentences ?? DEFAULT_STYLE.maxSentences,
    temperature: draft.temperature ?? DEFAULT_STYLE.temperature,
    forbiddenTopics: (draft.forbiddenTopics ?? []).filter((topic) => topic !== ""),
    disclaimer: draft.disclaimer ?? DEFAULT_STYLE.disclaimer,
    largeContextCharacters: draft.largeContextCharacters ?? DEFAULT_LARGE_CONTEXT,
    quotesOnly: draft.quotesOnly ?? false,
    ...(draft.checksGrounding == null ? {} : { checksGrounding: draft.checksGrounding }),
    conduct: readConduct(draft),
    usual: await check(draft.chain ?? []),
    large: await check(draft.large ?? []),
  };
}

async function checkLink(
  draft: LinkDraft,
  saved: readonly AssistantLink[],
  context: CheckContext,
): Promise<AssistantLink> {
  const { provider, model, unlisted = false } = draft;
  if (!isModelProvider(provider)) {
    throw invalid(`There is no provider "${provider}". Known: ${MODEL_PROVIDERS.join(", ")}.`);
  }
  const prices = await context.priceList();
  if (!unlisted && !prices.isListed(`${provider}:${model}`)) {
    const near = nearest(model, prices.listedModels(provider) ?? []);
    throw invalid(
      `${provider} has no model "${model}" on the price list. Near ones: ${near.join(", ")}. A model that is not listed is taken when it is marked as unlisted; it is then called only while the tenant has no limits.`,
    );
  }
  const endpoint = await endpointOf(draft, provider, saved, context);
  return { provider, model, isUnlisted: unlisted, endpoint };
}

/**
 * Address and key are one object: a key that was saved is kept only under the same provider and the same address.
 * Another address without its key given again has none.
 */
async function endpointOf(
  draft: LinkDraft,
  provider: ModelProvider,
  saved: readonly AssistantLink[],
  { access, checkBaseUrl }: CheckContext,
): Promise<AssistantLink["endpoint"]> {
  const { home } = PROVIDER_SETTINGS[provider];
  if (draft.baseUrl === undefined && typeof draft.apiKey !== "string") {
    if (home === undefined && access[provider].baseUrl === undefined) {
      throw invalid(
        `A link of "${provider}" needs a baseUrl: this installation has none of its own.`,
      );
    }
    return undefined;
  }
  const given = draft.baseUrl ?? home;
  if (given === undefined)
    throw invalid(`A key for "${provider}" needs the baseUrl that it is for.`);
  const baseUrl = given === home ? home : await checkBaseUrl(given);
  if (draft.apiKey === null) return { baseUrl, apiKey: undefined };
  const kept = saved.find(
    (link) =>
      link.provider === provider &&
      typeof link.endpoint === "object" &&
      link.endpoint.baseUrl === baseUrl,
  )?.endpoint;
  const keptKey = typeof kept === "object" ? kept.apiKey : undefined;
  return { baseUrl, apiKey: draft.apiKey ?? keptKey };
}

const NEAR_ONES = 5;

/** Those that share most with what was written, by pairs of letters (Dice's coefficient). */
function nearest(wanted: string, known: readonly string[]): readonly string[] {
  const pairsOf = (text: string) =>
    new Set(Array.from(text.toLowerCase()).map((_, at) => text.toLowerCase().slice(at, at + 2)));
  const own = pairsOf(wanted);
  const likeness = (id: string) => {
    const pairs = pairsOf(id);
    return (2 * [...pairs].filter((pair) => own.has(pair)).length) / (own.size + pairs.size);
  };
  return [...known].sort((a, b) => likeness(b) - likeness(a)).slice(0, NEAR_ONES);
}

function invalid(message: string): PregoneroError {
  return new PregoneroError("assistant-invalid", message, { status: 400 });
}
