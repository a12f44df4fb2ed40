import type { AssistantSettings, AssistantStore } from "../core/assistant.ts";
import type {
  Experiment,
  ExperimentAdmin,
  ExperimentReport,
  ExperimentStore,
} from "../core/assistant-experiment.ts";
import { PregoneroError } from "../core/errors.ts";
import type { TenantId } from "../core/ids.ts";
import type { LiveEvents } from "../core/wake-up.ts";
import { draftOf } from "./assistant-view.ts";
import { type CheckContext, checkDraft } from "./check-draft.ts";
import { compareVersions } from "./compare-versions.ts";
import { readFormer } from "./former-version.ts";
import { readDraft } from "./read-draft.ts";
import { ASSISTANTS_TOPIC } from "./resolve-assistants.ts";

export function createExperimentAdmin(
  ports: CheckContext & {
    readonly store: Pick<AssistantStore, "load" | "version">;
    readonly experiments: ExperimentStore;
    readonly liveEvents: Pick<LiveEvents, "publish">;
  },
): ExperimentAdmin {
  const { store, experiments } = ports;
  const tell = (tenantId: TenantId) => ports.liveEvents.publish(ASSISTANTS_TOPIC, tenantId);

  /** What would be saved if this version were restored now. */
  async function toSave(
    tenantId: TenantId,
    name: string,
    revision: number,
  ): Promise<AssistantSettings> {
    const { now, former } = await readFormer(store, tenantId, name, revision);
    const { draft } = readDraft({ name, draft: draftOf(former, undefined) });
    return checkDraft(draft, now, ports);
  }

  async function find(
    tenantId: TenantId,
    name: string,
    isIt: (experiment: Experiment) => boolean,
  ): Promise<ExperimentReport> {
    const found = (await experiments.list(tenantId, name)).find(isIt);
    if (found === undefined) throw gone(name);
    return toReport(found);
  }

  return {
    async list(tenantId, name) {
      return (await experiments.list(tenantId, name)).map(toReport);
    },
    async start(tenantId, name, draft, actor) {
      await toSave(tenantId, name, draft.otherRevision);
      await experiments.start(tenantId, name, draft, actor);
      tell(tenantId);
      return find(tenantId, name, () => true);
    },
    async end(tenantId, name, end, actor) {
      const known = (await experiments.list(tenantId, name)).find(
        ({ id }) => id === end.experimentId,
      );
      const isOther = known?.endedAt === undefined && known?.otherRevision === end.kept;
      const next = isOther ? await toSave(tenantId, name, end.kept) : undefined;
      await experiments.end(tenantId, name, end, next, actor);
      tell(tenantId);
      return find(tenantId, name, ({ id }) => id === end.experimentId);
    },
  };
}

function toReport(experiment: Experiment): ExperimentReport {
  return { ...experiment, differences: compareVersions(experiment.results) };
}

function gone(name: string): PregoneroError {
  return new PregoneroError(
    "experiment-unknown",
    `Assistant "${name}" was removed by somebody else meanwhile, with what was compared of it.`,
    { status: 404 },
  );
}
