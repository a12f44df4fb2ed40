import type { AssistantAdmin, AssistantOf } from "./core/assistant.ts";
import type { Clock } from "./core/clock.ts";
import { PregoneroError } from "./core/errors.ts";
import type { FaultPoint } from "./core/fault-point.ts";
import type { GazetteStore } from "./core/gazette-store.ts";
import type { TenantId } from "./core/ids.ts";
import type { Stemmer } from "./core/subscriptions.ts";
import type { Switches } from "./core/switches.ts";
import type { Installation } from "./installation.ts";
import { every } from "./line.ts";
import { createDueRunMaker } from "./newsroom/prompts/make-due-runs.ts";
import { createPromptAdmin } from "./newsroom/prompts/prompt-admin.ts";
import { createPromptRunAdmin } from "./newsroom/prompts/run-admin.ts";
import { createPromptRunner } from "./newsroom/prompts/run-prompts.ts";
import type { OpenWriter } from "./newsroom/prompts/writer.ts";
import type { Database } from "./store/database.ts";
import { createApprovedTexts } from "./store/prompts/approved-texts.ts";
import { createDueRuns } from "./store/prompts/due-runs.ts";
import { createPromptStore } from "./store/prompts/prompt-store.ts";
import {
  createFindEditions,
  createReadMaterials,
  createReadPassages,
} from "./store/prompts/run-material.ts";
import { createPromptRunStore } from "./store/prompts/run-store.ts";
import { createPromptWork } from "./store/prompts/run-work.ts";

/** What came in is read at most so much later, once it is all there. */
const LOOK_EVERY_MS = 3_000;
const RUN_EVERY_MS = 1_000;
/** Documents of one date come one after the other. */
const SETTLED_AFTER_MS = 30_000;
/** A person switched models off, and will switch them on again. */
const SWITCHED_OFF_MS = 10 * 60_000;

/** Prompts and their runs as people see them; the running itself is the scheduler's. */
export function createPromptFeatures(ports: {
  readonly database: Database;
  readonly gazetteStore: Pick<GazetteStore, "findSource">;
  readonly assistants: Pick<AssistantAdmin, "list" | "open" | "listModels">;
  readonly assistantOf: AssistantOf;
  readonly switches: Pick<Switches, "offFor">;
  readonly stemmer: Stemmer;
  readonly clock: Clock;
}) {
  const { database } = ports;
  const store = createPromptStore(database);
  const openWriter = createOpenWriter(ports);
  return {
    openWriter,
    prompts: createPromptAdmin({ ...ports, store }),
    runs: createPromptRunAdmin({
      ...ports,
      prompts: store,
      runs: createPromptRunStore(database),
      findEditions: createFindEditions(database),
      readPassages: createReadPassages(database),
      materials: createReadMaterials(database),
      openWriter,
    }),
    /** What publishing reads. */
    approvedTexts: createApprovedTexts(database),
  };
}

/** The chain of an assistant, with what is known of its links. Models and prices are loaded where there are any. */
function createOpenWriter({
  assistants,
  assistantOf,
  switches,
}: {
  readonly assistants: Pick<AssistantAdmin, "open" | "listModels">;
  readonly assistantOf: AssistantOf;
  readonly switches: Pick<Switches, "offFor">;
}): OpenWriter {
  return async (tenantId: TenantId, assistant: string | undefined) => {
    const active =
      assistant === undefined
        ? await assistantOf(tenantId, undefined)
        : await assistants.open(tenantId, assistant, undefined);
    const { model, checksGrounding } = active;
    if (model === undefined) {
      return {
        model: undefined,
        checksGrounding: false,
        name: undefined,
        contextWindow: undefined,
        priceOf: () => 0,
      };
    }
    if (switches.offFor(tenantId).has("models")) {
      throw new PregoneroError("models-switched-off", "Models are switched off at the moment.", {
        retry: { afterMs: SWITCHED_OFF_MS },
        status: 503,
      });
    }
    const { contextWindowOf, priceOf } = await import("./chain/price.ts");
    const states = await assistants.listModels(tenantId);
    const own = states.filter(
      (state) => state.assistant === (active.name ?? null) && state.state !== "needs-key",
    );
    const usual = own.filter(({ route }) => route === "usual");
    const links = usual.length > 0 ? usual : own;
    const windows = links.map(({ link }) => contextWindowOf(link));
    const known = windows.filter((tokens) => tokens !== undefined);
    const first = links[0];
    return {
      model,
      checksGrounding,
      name: first?.link ?? model.name,
      contextWindow:
        known.length > 0 && known.length === windows.length ? Math.min(...known) : undefined,
      priceOf: (usage) => (first === undefined ? undefined : priceOf(first.link, usage)),
    };
  };
}

/** The scheduler's part: new editions start runs, and runs are worked on, until closed. Any number of processes may. */
export function startPrompts(
  { database, promptFeatures, subscriptionFeatures, ...installation }: Installation,
  faultPoint: FaultPoint,
): { close(): Promise<void> } {
  const { clock, logger, exporter, owner, config } = installation;
  const stop = new AbortController();
  const makeRuns = createDueRunMaker({
    due: createDueRuns(database, {
      newerThanDays: config.newsDays,
      settledAfterMs: SETTLED_AFTER_MS,
    }),
    clock,
    logger,
  });
  const runOne = createPromptRunner({
    work: createPromptWork(database),
    stemmer: subscriptionFeatures.stemmer,
    openWriter: promptFeatures.openWriter,
    owner,
    clock,
    logger,
    metrics: exporter.metrics,
    faultPoint,
  });
  const guarded = (name: string, work: () => Promise<unknown>) => async () => {
    try {
      await work();
    } catch (error) {
      if (!stop.signal.aborted) logger.warn(name, { error });
    }
  };
  const rounds = [
    every(
      LOOK_EVERY_MS,
      guarded("prompts-not-started", () => makeRuns(stop.signal)),
    ),
    every(
      RUN_EVERY_MS,
      guarded("prompts-not-run", async () => {
        while (!stop.signal.aborted && (await runOne(stop.signal))) {
          // Others may be due.
        }
      }),
    ),
  ];
  return {
    async close() {
      stop.abort();
      await Promise.all(rounds.map((round) => round.close()));
    },
  };
}
