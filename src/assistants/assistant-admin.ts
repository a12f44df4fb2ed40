import { z } from "zod";
import {
  type Assistant,
  type AssistantAdmin,
  type AssistantDraft,
  type AssistantLink,
  type AssistantStore,
  type AssistantView,
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
  return {
    list,
    async save(tenantId, given, asked, actor) {
      const { name, draft } = readShape({ name: given, draft: asked });
      const { assistants } = await store.load(tenantId);
      const known = assistants.find((assistant) => assistant.name === name);
      if (known === undefined && assistants.length >= MAX_ASSISTANTS) throw tooMany();
      const settings = await checkDraft(draft, known, ports);
      const isFirst = !assistants.some((assistant) => assistant.isDefault);
      const isDefault = draft.isDefault ?? known?.isDefault ?? isFirst;
      const expected = draft.revision ?? known?.revision ?? 0;
      await store.save(tenantId, { name, isDefault, settings }, expected, actor);
      tell(tenantId);
      const saved = (await list(tenantId)).find((assistant) => assistant.name === name);
      if (saved === undefined) throw goneAgain(name);
      return saved;
    },
    async open(tenantId, given, asked) {
      const { assistants } = await store.load(tenantId);
      const known = assistants.find((assistant) => assistant.name === given);
      const settings =
        asked === undefined
          ? known?.settings
          : await checkDraft(readShape({ name: given, draft: asked }).draft, known, ports);
      if (settings === undefined) throw unknownAssistant(given);
      const assistant = { name: given, settings };
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
