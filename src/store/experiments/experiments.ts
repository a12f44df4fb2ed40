import { randomUUID } from "node:crypto";
import type { AssistantSettings } from "../../core/assistant.ts";
import type {
  Experiment,
  ExperimentDraft,
  ExperimentEnd,
  ExperimentStore,
} from "../../core/assistant-experiment.ts";
import type { Cipher } from "../../core/cipher.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { TenantId } from "../../core/ids.ts";
import {
  auditAssistant,
  changed,
  type FoundAssistant,
  needAssistant,
  raiseRevision,
  writeRevision,
} from "../assistant-rows.ts";
import { readVersion } from "../assistant-versions.ts";
import type { Database, Transaction } from "../database.ts";
import { readResults } from "./results.ts";
import { refuseWhileRunning } from "./running.ts";

/** Of an assistant, newest first. */
const LISTED = 20;

export function createExperimentStore(database: Database, cipher: Cipher): ExperimentStore {
  return {
    list: (tenantId, name) =>
      database.asTenant(tenantId, async (tx) => {
        const { id } = await needAssistant(tx, name);
        return listExperiments(tx, id);
      }),
    start: (tenantId, name, draft, actor) =>
      database.asTenant(tenantId, async (tx) => {
        await raiseRevision(tx, tenantId);
        const assistant = await needAssistant(tx, name);
        await refuseWhileRunning(tx, name, assistant.id);
        checkDraft(name, assistant, draft);
        await readVersion(tx, cipher, tenantId, assistant.id, draft.otherRevision);
        await insertExperiment(tx, tenantId, assistant, draft, actor);
        const { otherRevision, share } = draft;
        const detail = { revision: assistant.revision, otherRevision, share };
        await auditAssistant(tx, tenantId, actor, "assistant-experiment-started", name, detail);
      }),
    end: (tenantId, name, end, next, actor) =>
      database.asTenant(tenantId, async (tx) => {
        await raiseRevision(tx, tenantId);
        const assistant = await needAssistant(tx, name);
        if (!(await closeExperiment(tx, assistant.id, end, next))) return;
        const { experimentId, kept } = end;
        const detail = { experimentId, kept };
        await auditAssistant(tx, tenantId, actor, "assistant-experiment-ended", name, detail);
        if (next === undefined) return;
        await writeRevision(tx, cipher, tenantId, {
          assistant: { name, isDefault: assistant.isDefault, settings: next },
          known: assistant,
          actor,
          restoredFrom: kept,
        });
      }),
  };
}

function checkDraft(
  name: string,
  { revision }: FoundAssistant,
  { expectedRevision, otherRevision }: ExperimentDraft,
): void {
  if (expectedRevision !== undefined && expectedRevision !== revision) throw changed(name);
  if (otherRevision !== revision) return;
  throw new PregoneroError(
    "experiment-pointless",
    `Version ${revision} is the one that answers now: compare it with an earlier one.`,
    { status: 400 },
  );
}

async function insertExperiment(
  tx: Transaction,
  tenantId: TenantId,
  { id: assistantId, revision }: FoundAssistant,
  { otherRevision, share }: ExperimentDraft,
  startedBy: string,
): Promise<void> {
  await tx.query(
    `insert into assistant_experiment
       (tenant_id, id, assistant_id, live_revision, other_revision, share, started_by)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [tenantId, randomUUID(), assistantId, revision, otherRevision, share, startedBy],
  );
}

/** Under the lock of `raiseRevision`. False: it was ended in this way before. */
async function closeExperiment(
  tx: Transaction,
  assistantId: string,
  { experimentId, kept }: ExperimentEnd,
  next: AssistantSettings | undefined,
): Promise<boolean> {
  const [row] = await tx.query<ExperimentRow>(
    `select ${COLUMNS} from assistant_experiment where assistant_id = $1 and id::text = $2`,
    [assistantId, experimentId],
  );
  if (row === undefined || (kept !== row.live_revision && kept !== row.other_revision)) {
    throw notCompared(kept);
  }
  if (row.ended_at !== null) {
    if (row.kept_revision === kept) return false;
    throw endedOtherwise(row.kept_revision);
  }
  // Whoever keeps the other version has looked up what to save before: of this experiment, and of no other.
  if ((next === undefined) !== (kept === row.live_revision)) throw notCompared(kept);
  const { results } = await toExperiment(tx, row);
  await tx.query(
    `update assistant_experiment
     set ended_at = clock_timestamp(), kept_revision = $2, results = $3::jsonb where id = $1`,
    [row.id, kept, JSON.stringify(results)],
  );
  return true;
}

const COLUMNS = `id, live_revision, other_revision, share, started_by, started_at, ended_at, kept_revision,
  results`;

interface ExperimentRow {
  readonly id: string;
  readonly live_revision: number;
  readonly other_revision: number;
  readonly share: number;
  readonly started_by: string;
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly kept_revision: number | null;
  readonly results: Experiment["results"] | null;
}

async function listExperiments(
  tx: Transaction,
  assistantId: string,
): Promise<readonly Experiment[]> {
  const rows = await tx.query<ExperimentRow>(
    `select ${COLUMNS} from assistant_experiment where assistant_id = $1
     order by ended_at is null desc, started_at desc limit ${LISTED}`,
    [assistantId],
  );
  const experiments: Experiment[] = [];
  for (const row of rows) experiments.push(await toExperiment(tx, row));
  return experiments;
}

async function toExperiment(tx: Transaction, row: ExperimentRow): Promise<Experiment> {
  const { live_revision: liveRevision, other_revision: otherRevision } = row;
  return {
    id: row.id,
    liveRevision,
    otherRevision,
    share: row.share,
    startedBy: row.started_by,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    keptRevision: row.kept_revision ?? undefined,
    results: row.results ?? (await readResults(tx, row.id, [liveRevision, otherRevision])),
  };
}

function notCompared(kept: number): PregoneroError {
  return new PregoneroError(
    "experiment-unknown",
    `There is no such experiment of this assistant, or it does not compare version ${kept}.`,
    { status: 404 },
  );
}

function endedOtherwise(kept: number | null): PregoneroError {
  return new PregoneroError(
    "experiment-ended",
    `Somebody else has ended it meanwhile, and kept version ${kept}.`,
    { status: 409 },
  );
}
