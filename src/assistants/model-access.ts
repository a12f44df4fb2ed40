import { type ModelAccess, type ModelConfig, PROVIDER_SETTINGS } from "../configuration/models.ts";
import { secret } from "../configuration/secret.ts";
import { MODEL_PROVIDERS, type ModelProvider } from "../configuration/variables.ts";
import type { AssistantLink } from "../core/assistant.ts";

export function isModelProvider(name: string): name is ModelProvider {
  return (MODEL_PROVIDERS as readonly string[]).includes(name);
}

/**
 * How to reach a link: by the tenant's own address and key, which are one object; without them by the installation's
 * own, which are another. They are never mixed: no key goes to an address that it was not saved with. `needsKey` also
 * when the address is missing, or what was saved cannot be read.
 */
export function toModelConfig(link: AssistantLink, access: ModelAccess): ModelConfig | undefined {
  const { provider, model, endpoint } = link;
  if (!isModelProvider(provider)) return undefined;
  const { home } = PROVIDER_SETTINGS[provider];
  const own = endpoint !== undefined;
  const { baseUrl, apiKey } = own ? readOwn(endpoint) : access[provider];
  return {
    provider,
    model,
    baseUrl: baseUrl ?? home ?? "",
    apiKey,
    needsKey: baseUrl === undefined || (apiKey === undefined && isAskedForKey(provider, baseUrl)),
    speaksOnlyChat: provider === "local" || (provider === "openai" && baseUrl !== home),
    isSaidToSee: access[provider].modelsThatSee.includes(`${provider}:${model}`),
  };
}

function readOwn(endpoint: NonNullable<AssistantLink["endpoint"]>) {
  if (endpoint === "unreadable") return { baseUrl: undefined, apiKey: undefined };
  const { baseUrl, apiKey } = endpoint;
  return { baseUrl, apiKey: apiKey === undefined ? undefined : secret(apiKey) };
}

/** A server of one's own that speaks OpenAI's protocol may want no key; the vendors do, and what stands before them. */
function isAskedForKey(provider: ModelProvider, baseUrl: string): boolean {
  if (provider === "local") return false;
  return provider !== "openai" || baseUrl === PROVIDER_SETTINGS.openai.home;
}
