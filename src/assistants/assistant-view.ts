import {
  type Assistant,
  type AssistantDraft,
  type AssistantLink,
  type AssistantView,
  type LinkDraft,
  type LinkView,
  ROUTES,
  type TenantAssistants,
} from "../core/assistant.ts";
import { DEFAULT_CONDUCT } from "../core/hand-over.ts";

/** Field by field: what is not named here is shown to nobody. */
export function toView(assistant: Assistant, { byBot }: TenantAssistants): AssistantView {
  const { assistantId, name, isDefault, revision, settings } = assistant;
  const [chain, large] = ROUTES.map((route) => settings[route].map(toLinkView));
  return {
    name,
    isDefault,
    revision,
    bots: [...byBot].filter(([, used]) => used === assistantId).map(([botId]) => botId),
    chain: chain ?? [],
    large: large ?? [],
    largeContextCharacters: settings.largeContextCharacters,
    quotesOnly: settings.quotesOnly ?? false,
    checksGrounding: settings.checksGrounding ?? null,
    persona: settings.persona,
    tone: settings.tone,
    readingLevel: settings.readingLevel,
    maxSentences: settings.maxSentences,
    temperature: settings.temperature,
    forbiddenTopics: settings.forbiddenTopics,
    disclaimer: settings.disclaimer,
    ...DEFAULT_CONDUCT,
    ...settings.conduct,
  };
}

function toLinkView({ provider, model, isUnlisted, endpoint }: AssistantLink): LinkView {
  const own = typeof endpoint === "object" ? endpoint : undefined;
  return {
    provider,
    model,
    baseUrl: own?.baseUrl ?? null,
    hasKey: own?.apiKey !== undefined,
    unlisted: isUnlisted,
  };
}

/** What saving the view again would say; a key that its address has now is kept by not being named. */
export function draftOf(view: AssistantView, revision: number | undefined): AssistantDraft {
  const { name: _name, bots: _bots, isDefault: _isDefault, chain, large, ...same } = view;
  return { ...same, revision, chain: chain.map(linkOf), large: large.map(linkOf) };
}

function linkOf({ provider, model, baseUrl, unlisted }: LinkView): LinkDraft {
  return { provider, model, unlisted, ...(baseUrl !== null && { baseUrl }) };
}
