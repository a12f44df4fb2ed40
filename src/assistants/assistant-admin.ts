import type {
  AssistantAdmin,
  AssistantDraft,
  AssistantStore,
  AssistantView,
} from "../core/assistant.ts";
import { PregoneroError } from "../core/errors.ts";
import type { TenantId } from "../core/ids.ts";
import type { LiveEvents } from "../core/wake-up.ts";
import { draftOf, toView } from "./assistant-view.ts";
import { type CheckContext, checkDraft } from "./check-draft.ts";
import { readFormer, unknownAssistant } from "./former-version.ts";
import { listModelStates, type ModelStatePorts } from "./model-states.ts";
import { readDraft } from "./read-draft.ts";
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
    const { name, draft } = readDraft({ name: given, draft: asked });
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
  const version = async (tenantId: TenantId, name: string, revision: number) =>
    (await readFormer(store, tenantId, name, revision)).former;
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
          : await checkDraft(readDraft({ name: given, draft: asked }).draft, known, ports);
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

function tooMany(): PregoneroError {
  return new PregoneroError(
    "assistant-invalid",
    `There are ${MAX_ASSISTANTS} assistants, which is the most that a tenant may have: remove one first.`,
    { status: 400 },
  );
}

function goneAgain(name: string): PregoneroError {
  return new PregoneroError(
    "assistant-changed",
    `Assistant "${name}" was removed by somebody else right after it was saved.`,
    { status: 409 },
  );
}
