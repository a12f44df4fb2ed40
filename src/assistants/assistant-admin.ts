import { z } from "zod";
import {
  type Assistant,
  type AssistantAdmin,
  type AssistantDraft,
  type AssistantLink,
  type AssistantSettings,
  type AssistantStore,
  type AssistantView,
  type LinkDraft,
  type LinkView,
  ROUTES,
  type TenantAssistants,
} from "../core/assistant.ts";
import { PregoneroError } from "../core/errors.ts";
import { DEFAULT_CONDUCT } from "../core/hand-over.ts";
import type { TenantId } from "../core/ids.ts";
import type { LiveEvents } from "../core/wake-up.ts";
import { type CheckContext, checkDraft } from "./check-draft.ts";
import { assistantDraft, assistantName } from "./draft-schema.ts";
import { listModelStates, type ModelStatePorts } from "./model-states.ts";
import {
  ASSISTANTS_TOPIC,
  activate,
  openChains,
  type ResolverPorts,
} from "./resolve-assistants.ts";

/** A tenant's assistants are read by every question: a list stays short. */
const MAX_ASSISTANTS = 50;

export function createAssistantAdmin(
  ports: ModelStatePorts &
    CheckContext &
    Pick<ResolverPorts, "checksGrounding" | "model" | "openModels"> & {
      readonly store: AssistantStore;
      readonly liveEvents: Pick<LiveEvents, "publish">;
    },
): AssistantAdmin {
  const { store, liveEvents } = ports;
  const tell = (tenantId: TenantId) => liveEvents.publish(ASSISTANTS_TOPIC, tenantId);
  const list = async (tenantId: TenantId) => {
    const all = await store.load(tenantId);
    return all.assistants.map((assistant) => toView(assistant, all));
  };
  async function save(
    tenantId: TenantId,
    given: string,
    asked: AssistantDraft,
    { actor, restoredFrom }: { readonly actor: string; readonly restoredFrom?: number },
  ): Promise<AssistantView> {
    const { name, draft } = readShape({ name: given, draft: asked });
    const { assistants } = await store.load(tenantId);
    const known = assistants.find((assistant) => assistant.name === name);
    if (known === undefined && assistants.length >= MAX_ASSISTANTS) throw tooMany();
    const settings = await checkDraft(draft, known, ports);
    const isFirst = !assistants.some((assistant) => assistant.isDefault);
    const isDefault = draft.isDefault ?? known?.isDefault ?? isFirst;
    const expected = draft.revision ?? known?.revision ?? 0;
    await store.save(tenantId, { name, isDefault, settings }, expected, actor, restoredFrom);
    tell(tenantId);
    const saved = (await list(tenantId)).find((assistant) => assistant.name === name);
    if (saved === undefined) throw goneAgain(name);
    return saved;
  }
  async function version(tenantId: TenantId, name: string, revision: number) {
    const all = await store.load(tenantId);
    const known = all.assistants.find((assistant) => assistant.name === name);
    if (known === undefined) throw unknownAssistant(name);
    const settings = await store.version(tenantId, name, revision);
    return toView({ ...known, revision, settings: withPresentKeys(settings, known.settings) }, all);
  }
  return {
    list,
    save: (tenantId, name, draft, actor) => save(tenantId, name, draft, { actor }),
    versions: (tenantId, name) => store.versions(tenantId, name),
    version,
    async restore(tenantId, name, revision, expectedRevision, actor) {
      const draft = draftOf(await version(tenantId, name, revision), expectedRevision);
      return save(tenantId, name, draft, { actor, restoredFrom: revision });
    },
    async open(tenantId, given, asked) {
      const { assistants } = await store.load(tenantId);
      const known = assistants.find((assistant) => assistant.name === given);
      const settings =
        asked === undefined
          ? known?.settings
          : await checkDraft(readShape({ name: given, draft: asked }).draft, known, ports);
      if (settings === undefined) throw unknownAssistant(given);
      // What is tried as it is being edited has no revision yet.
      const revision = asked === undefined ? known?.revision : undefined;
      const assistant = { name: given, settings, ...(revision !== undefined && { revision }) };
      return activate(ports, assistant, () => openChains(ports, tenantId, assistant));
    },
    async remove(tenantId, name, actor) {
      await store.remove(tenantId, name, actor);
      tell(tenantId);
    },
    async use(tenantId, botId, name, actor) {
      await store.use(tenantId, botId, name, actor);
      tell(tenantId);
    },
    listModels: (tenantId) => listModelStates(ports, tenantId),
  };
}

const shape = z.strictObject({ name: assistantName, draft: assistantDraft });

/** Also of what did not come over HTTP, where each field is named. */
function readShape(given: { readonly name: string; readonly draft: AssistantDraft }) {
  const read = shape.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const field = issue?.path.slice(-1).join("") ?? "";
  throw invalid(`The assistant's ${field}: ${issue?.message ?? "it is not valid"}.`);
}

function invalid(message: string): PregoneroError {
  return new PregoneroError("assistant-invalid", message, { status: 400 });
}

/** Field by field: what is not named here is shown to nobody. */
function toView(assistant: Assistant, { byBot }: TenantAssistants): AssistantView {
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
function draftOf(view: AssistantView, revision: number | undefined): AssistantDraft {
  const { name: _name, bots: _bots, isDefault: _isDefault, chain, large, ...same } = view;
  return { ...same, revision, chain: chain.map(linkOf), large: large.map(linkOf) };
}

function linkOf({ provider, model, baseUrl, unlisted }: LinkView): LinkDraft {
  return { provider, model, unlisted, ...(baseUrl !== null && { baseUrl }) };
}

/** As `checkDraft` would fill them in: by provider and address. */
function withPresentKeys(
  version: AssistantSettings,
  { usual, large }: AssistantSettings,
): AssistantSettings {
  const now = [...usual, ...large];
  const lend = (link: AssistantLink): AssistantLink => {
    if (typeof link.endpoint !== "object") return link;
    const { baseUrl } = link.endpoint;
    const same = now.find(
      ({ provider, endpoint }) =>
        provider === link.provider && typeof endpoint === "object" && endpoint.baseUrl === baseUrl,
    );
    return same === undefined ? link : { ...link, endpoint: same.endpoint };
  };
  return { ...version, usual: version.usual.map(lend), large: version.large.map(lend) };
}

function unknownAssistant(name: string): PregoneroError {
  return new PregoneroError("assistant-unknown", `There is no assistant "${name}".`, {
    status: 404,
  });
}

function tooMany(): PregoneroError {
  return invalid(
    `There are ${MAX_ASSISTANTS} assistants, which is the most that a tenant may have: remove one first.`,
  );
}

function goneAgain(name: string): PregoneroError {
  return new PregoneroError(
    "assistant-changed",
    `Assistant "${name}" was removed by somebody else right after it was saved.`,
    { status: 409 },
  );
}
