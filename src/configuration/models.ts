import type { Secret } from "./secret.ts";
import type { ModelProvider, Settings, VariableName } from "./variables.ts";

/** How to reach one model: one link of the chain. */
export interface ModelConfig {
  readonly provider: ModelProvider;
  readonly baseUrl: string;
  /** Undefined: the server asks for none. */
  readonly apiKey: Secret | undefined;
  readonly model: string;
  /** The provider's key is missing: the link is skipped, and `doctor` says so. */
  readonly needsKey: boolean;
  /** A server of another's that speaks OpenAI's protocol: chat completions, and nothing newer. */
  readonly speaksOnlyChat: boolean;
  /** MODELS_THAT_SEE names it. */
  readonly isSaidToSee: boolean;
}

interface ProviderSettings {
  /** What its own addresses begin with; undefined: the operator names one. */
  readonly home: string | undefined;
  readonly key:
    | "OPENAI_API_KEY"
    | "ANTHROPIC_API_KEY"
    | "GEMINI_API_KEY"
    | "XAI_API_KEY"
    | undefined;
  readonly baseUrl: VariableName & `${string}_BASE_URL`;
  readonly model: VariableName & `${string}_MODEL`;
}

/** In the order in which they are tried when MODEL_CHAIN says nothing else. */
export const PROVIDER_SETTINGS: Readonly<Record<ModelProvider, ProviderSettings>> = {
  openai: {
    home: "https://api.openai.com/v1",
    key: "OPENAI_API_KEY",
    baseUrl: "OPENAI_BASE_URL",
    model: "OPENAI_MODEL",
  },
  anthropic: {
    home: "https://api.anthropic.com",
    key: "ANTHROPIC_API_KEY",
    baseUrl: "ANTHROPIC_BASE_URL",
    model: "ANTHROPIC_MODEL",
  },
  gemini: {
    home: "https://generativelanguage.googleapis.com",
    key: "GEMINI_API_KEY",
    baseUrl: "GEMINI_BASE_URL",
    model: "GEMINI_MODEL",
  },
  xai: {
    home: "https://api.x.ai/v1",
    key: "XAI_API_KEY",
    baseUrl: "XAI_BASE_URL",
    model: "XAI_MODEL",
  },
  local: {
    home: undefined,
    key: undefined,
    baseUrl: "LOCAL_LLM_BASE_URL",
    model: "LOCAL_LLM_MODEL",
  },
};

/** The links of the chain in their order: as MODEL_CHAIN says, else every provider that has a model. */
export function modelsOf(settings: Settings): readonly ModelConfig[] {
  const chain =
    settings.MODEL_CHAIN ??
    (Object.keys(PROVIDER_SETTINGS) as ModelProvider[]).map((provider) => ({
      provider,
      model: undefined,
    }));
  return toLinks(chain, settings);
}

/** As MODEL_CHAIN_LARGE says; without it there is no large chain. */
export function largeModelsOf(settings: Settings): readonly ModelConfig[] {
  return toLinks(settings.MODEL_CHAIN_LARGE ?? [], settings);
}

function toLinks(
  chain: NonNullable<Settings["MODEL_CHAIN"]>,
  settings: Settings,
): readonly ModelConfig[] {
  return chain.flatMap((link) => {
    const { home, key, baseUrl, model } = PROVIDER_SETTINGS[link.provider];
    const wanted = link.model ?? textOf(settings[model]);
    const address = textOf(settings[baseUrl]) ?? home;
    if (wanted === undefined || address === undefined) return [];
    const apiKey = key === undefined ? undefined : settings[key];
    return [
      {
        provider: link.provider,
        baseUrl: address,
        apiKey,
        model: wanted,
        // Another server at OPENAI_BASE_URL may want no key; the vendors themselves do.
        needsKey: apiKey === undefined && address === home,
        speaksOnlyChat:
          link.provider === "local" || (link.provider === "openai" && address !== home),
        isSaidToSee: (settings.MODELS_THAT_SEE ?? []).includes(`${link.provider}:${wanted}`),
      },
    ];
  });
}

/** How to have speech turned into text. */
export interface TranscriberConfig {
  readonly baseUrl: string;
  /** Undefined: the server asks for none. */
  readonly apiKey: Secret | undefined;
  readonly model: string;
  /** OpenAI's own, which charges; a server of one's own costs nothing. */
  readonly isOpenAi: boolean;
}

/** OpenAI's own unless another server is named; OPENAI_API_KEY goes to OpenAI alone. */
export function transcriberOf(settings: Settings): TranscriberConfig | undefined {
  const { TRANSCRIBER_BASE_URL, TRANSCRIBER_API_KEY, TRANSCRIBER_MODEL } = settings;
  const { home } = PROVIDER_SETTINGS.openai;
  const baseUrl = TRANSCRIBER_BASE_URL ?? home;
  if (TRANSCRIBER_MODEL === undefined || baseUrl === undefined) return undefined;
  const isOpenAi = baseUrl === home;
  // A key that was given with another address is that server's.
  const isKeyOfOpenAi = (settings.OPENAI_BASE_URL ?? home) === home;
  return {
    baseUrl,
    apiKey:
      TRANSCRIBER_API_KEY ?? (isOpenAi && isKeyOfOpenAi ? settings.OPENAI_API_KEY : undefined),
    model: TRANSCRIBER_MODEL,
    isOpenAi,
  };
}

/** How the installation reaches each provider, whether or not its chain names it. */
export type ModelAccess = Readonly<
  Record<
    ModelProvider,
    {
      readonly baseUrl: string | undefined;
      readonly apiKey: Secret | undefined;
      /** `provider:model`, as MODELS_THAT_SEE names them. */
      readonly modelsThatSee: readonly string[];
    }
  >
>;

export function modelAccessOf(settings: Settings): ModelAccess {
  const of = (provider: ModelProvider) => {
    const { home, key, baseUrl } = PROVIDER_SETTINGS[provider];
    return {
      baseUrl: textOf(settings[baseUrl]) ?? home,
      apiKey: key === undefined ? undefined : settings[key],
      modelsThatSee: settings.MODELS_THAT_SEE ?? [],
    };
  };
  return {
    openai: of("openai"),
    anthropic: of("anthropic"),
    gemini: of("gemini"),
    xai: of("xai"),
    local: of("local"),
  };
}

function textOf(value: Settings[VariableName]): string | undefined {
  return typeof value === "string" ? value : undefined;
}
