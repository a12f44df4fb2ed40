import { createHash } from "node:crypto";
import type { LookupFunction } from "node:net";
import { LRUCache } from "lru-cache";
import { createRoutedModel } from "../chain/routed-model.ts";
import type { ModelAccess } from "../configuration/models.ts";
import {
  type ActiveAssistant,
  type Assistant,
  type AssistantLink,
  type AssistantOf,
  type AssistantStore,
  DEFAULT_LARGE_CONTEXT,
  DEFAULT_STYLE,
  type TenantAssistants,
} from "../core/assistant.ts";
import { DEFAULT_CONDUCT } from "../core/hand-over.ts";
import type { BotId, TenantId } from "../core/ids.ts";
import type { LanguageModel } from "../core/language-model.ts";
import type { LiveEvents } from "../core/wake-up.ts";
import type { OpenableModel } from "../open-models.ts";
import { toModelConfig } from "./model-access.ts";
import { versionFor } from "./version-for.ts";

/** Whose assistants changed; the payload is the tenant's id. */
export const ASSISTANTS_TOPIC = "assistants";

/** What another process saved is known at most so much later, also without live events. */
const LOOK_EVERY_MS = 1_000;
const MAX_TENANTS = 1_000;
/** Chains kept open. Each holds its adapters, and a few connections while they are used. */
const MAX_CHAINS = 200;

export interface ResolverPorts {
  readonly store: Pick<AssistantStore, "load" | "revision">;
  readonly liveEvents: Pick<LiveEvents, "subscribe">;
  readonly access: ModelAccess;
  /** The installation's chain: of tenants without an assistant, and of assistants without a chain. */
  readonly model: LanguageModel | undefined;
  readonly openModels: (models: readonly OpenableModel[]) => Promise<LanguageModel | undefined>;
  /** Of tenants without an assistant, and of assistants that do not say. */
  readonly checksGrounding: boolean;
  /** For connections to a tenant's own addresses; undefined: the operator allows them to lead anywhere. */
  readonly lookup: LookupFunction | undefined;
}

interface Looked {
  readonly assistants: TenantAssistants;
  /** `performance.now()` */
  readonly at: number;
}

/**
 * Which chain and which manner answer, by tenant and bot. Chains are opened at their first use, kept under the
 * assistant's revision, and so opened anew after a change. A link that cannot be called (no key) is left out:
 * when none is left, answers are quotations; the installation's models never stand in for those that a tenant chose.
 */
export function createAssistantOf(ports: ResolverPorts): AssistantOf {
  const tenants = new LRUCache<TenantId, Promise<Looked>>({ max: MAX_TENANTS });
  const chains = new LRUCache<string, Promise<LanguageModel | undefined>>({ max: MAX_CHAINS });
  ports.liveEvents.subscribe(ASSISTANTS_TOPIC, (tenantId) => {
    tenants.delete(tenantId as TenantId);
  });

  async function look(tenantId: TenantId, known: Looked | undefined): Promise<Looked> {
    const at = performance.now();
    const isSame =
      known !== undefined && (await ports.store.revision(tenantId)) === known.assistants.revision;
    return { at, assistants: isSame ? known.assistants : await ports.store.load(tenantId) };
  }

  async function assistantsOf(tenantId: TenantId): Promise<TenantAssistants> {
    const running = tenants.get(tenantId);
    const known = await running;
    if (known !== undefined && performance.now() - known.at < LOOK_EVERY_MS)
      return known.assistants;
    // Of a crowd that finds it too old, one looks.
    const other = tenants.get(tenantId);
    if (other !== undefined && other !== running) return (await other).assistants;
    const looking = look(tenantId, known);
    tenants.set(tenantId, looking);
    looking.catch(() => {
      if (tenants.peek(tenantId) === looking) tenants.delete(tenantId);
    });
    return (await looking).assistants;
  }

  function chainOf(tenantId: TenantId, assistant: Assistant): Promise<LanguageModel | undefined> {
    // A chain that was opened while its version was live may hold keys that were taken back since.
    const compared = assistant.comparison?.experimentId ?? "";
    const key = `${tenantId}/${assistant.assistantId}/${assistant.revision}/${compared}`;
    const open = chains.get(key);
    if (open !== undefined) return open;
    const opening = openChains(ports, tenantId, assistant);
    chains.set(key, opening);
    opening.catch(() => chains.delete(key));
    return opening;
  }

  return async (tenantId, botId, contactId): Promise<ActiveAssistant> => {
    const chosen = choose(await assistantsOf(tenantId), botId);
    if (chosen === undefined) {
      return {
        name: undefined,
        model: ports.model,
        style: DEFAULT_STYLE,
        largeContextCharacters: DEFAULT_LARGE_CONTEXT,
        checksGrounding: ports.checksGrounding,
      };
    }
    const { experimentId, ...assistant } = versionFor(chosen, contactId);
    const active = await activate(ports, assistant, () => chainOf(tenantId, assistant));
    return experimentId === undefined ? active : { ...active, experimentId };
  };
}

/** An assistant as it answers. `openChain` is asked only where models are. */
export async function activate(
  ports: Pick<ResolverPorts, "checksGrounding">,
  {
    name,
    settings,
    revision,
  }: Pick<Assistant, "name" | "settings"> & Partial<Pick<Assistant, "revision">>,
  openChain: () => Promise<LanguageModel | undefined>,
): Promise<ActiveAssistant> {
  return {
    name,
    ...(revision !== undefined && { revision }),
    model: settings.quotesOnly === true ? undefined : await openChain(),
    style: settings,
    largeContextCharacters: settings.largeContextCharacters,
    checksGrounding: settings.checksGrounding ?? ports.checksGrounding,
    conduct: { ...DEFAULT_CONDUCT, ...settings.conduct },
  };
}

/** The one that the bot names, else the tenant's default. */
function choose(
  { assistants, byBot }: TenantAssistants,
  botId: BotId | undefined,
): Assistant | undefined {
  const own = botId === undefined ? undefined : byBot.get(botId);
  return (
    assistants.find(({ assistantId }) => assistantId === own) ??
    assistants.find(({ isDefault }) => isDefault)
  );
}

export async function openChains(
  ports: Pick<ResolverPorts, "access" | "lookup" | "model" | "openModels">,
  tenantId: TenantId,
  { settings }: Pick<Assistant, "settings">,
): Promise<LanguageModel | undefined> {
  const open = (links: readonly AssistantLink[]) =>
    ports.openModels(links.flatMap((link) => toOpenable(link, tenantId, ports) ?? []));
  const usual = settings.usual.length === 0 ? ports.model : await open(settings.usual);
  const large = settings.large.length === 0 ? undefined : await open(settings.large);
  if (usual === undefined || large === undefined) return usual ?? large;
  return createRoutedModel({ usual, large });
}

/** Undefined: this version has no such provider. */
export function toOpenable(
  link: AssistantLink,
  tenantId: TenantId,
  { access, lookup }: Pick<ResolverPorts, "access" | "lookup">,
): OpenableModel | undefined {
  const config = toModelConfig(link, access);
  if (config === undefined || typeof link.endpoint !== "object") return config;
  return {
    ...config,
    breakerName: breakerNameOf(config, tenantId),
    ...(lookup === undefined ? {} : { lookup }),
  };
}

/**
 * A link over a tenant's own address or key fails for its own reasons: its breaker is shared with the links of that
 * tenant that are the same in model, address and key, in all processes, and with no others.
 */
function breakerNameOf(
  { provider, model, baseUrl, apiKey }: OpenableModel,
  tenantId: TenantId,
): string {
  const told = JSON.stringify([tenantId, baseUrl, apiKey?.reveal() ?? ""]);
  const mark = createHash("sha256").update(told).digest("hex").slice(0, 16);
  return `${provider}:${model}#${mark}`;
}
