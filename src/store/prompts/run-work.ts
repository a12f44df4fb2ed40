import { v7 as uuidv7 } from "uuid";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type PromptId, type PromptRunId, type TenantId } from "../../core/ids.ts";
import type {
  HeldRun,
  PromptStep,
  PromptWork,
  RunLease,
  StepOutput,
} from "../../core/prompt-work.ts";
import type { PromptRunState, PromptSettings } from "../../core/prompts.ts";
import type { Database, Transaction } from "../database.ts";
import { freeze } from "./freeze-run.ts";
import { NO_COVERAGE, readCoverage, readRunEditions, tellRun } from "./prompt-rows.ts";
import { createReadMaterials } from "./run-material.ts";

/** In which somebody has to work on it. */
const AT_WORK = "state in ('queued', 'mapping', 'reducing', 'checking')";

export function createPromptWork(database: Database): PromptWork {
  const held = <Result>(
    lease: RunLease,
    work: (tx: Transaction, promptId: string) => Promise<Result>,
  ) => asHolder(database, lease, work);
  return {
    claim: (owner, now, leaseMs) => database.asDispatcher((tx) => claim(tx, owner, now, leaseMs)),

    keep: ({ runId, fence }, now, leaseMs) =>
      database.asDispatcher(async (tx) => {
        const kept = await tx.query(
          "update prompt_run set lease_until = $3 where id = $1 and fence = $2 returning 1 as kept",
          [runId, fence, later(now, leaseMs)],
        );
        return kept.length > 0;
      }),

    release: ({ runId, fence }, nextAt) =>
      database.asDispatcher(async (tx) => {
        await tx.query(
          `update prompt_run set lease_owner = null, lease_until = null,
                  next_attempt_at = case when ${AT_WORK} then $3::timestamptz end
            where id = $1 and fence = $2`,
          [runId, fence, nextAt],
        );
      }),

    read: (lease) => database.asTenant(lease.tenantId, (tx) => read(tx, lease)),

    materials: createReadMaterials(database),

    plan: (lease, { steps, pages, estimate }, now) =>
      held(lease, async (tx, promptId) => {
        await insertSteps(
          tx,
          lease,
          0,
          steps.map((parts) => ({ kind: "map" as const, parts })),
        );
        await tx.query(
          `insert into prompt_run_page (tenant_id, run_id, edition_id, page, duty, passages)
           select $1, $2, w."editionId", w.page, w.duty, w.passages
             from jsonb_to_recordset($3::jsonb) as w ("editionId" uuid, page integer, duty text, passages integer)`,
          [lease.tenantId, lease.runId, JSON.stringify(pages)],
        );
        await tx.query("update prompt_run set estimate = $2 where id = $1", [
          lease.runId,
          JSON.stringify(estimate),
        ]);
        await setState(tx, lease, promptId, "mapping", now);
      }),

    nextStep: (lease) => held(lease, (tx) => nextStep(tx, lease)),

    commitStep: (lease, step, output, pages, now) =>
      held(lease, async (tx) => {
        const [done] = await tx.query(
          `update prompt_run_step set output = $2, done_at = $3 where id = $1 and output is null
           returning 1 as done`,
          [step.stepId, JSON.stringify(output), now],
        );
        if (done === undefined) return;
        await tx.query(
          `update prompt_run_page p set passages_read = passages_read + w.passages
             from jsonb_to_recordset($2::jsonb) as w ("editionId" uuid, page integer, passages integer)
            where p.run_id = $1 and p.edition_id = w."editionId" and p.page = w.page`,
          [lease.runId, JSON.stringify(pages)],
        );
        await tx.query("update prompt_run set failures = 0, changed_at = $2 where id = $1", [
          lease.runId,
          now,
        ]);
      }),

    noteJunk: (lease, step, now) =>
      held(lease, async (tx) => {
        await tx.query("update prompt_run_step set tries = tries + 1 where id = $1", [step.stepId]);
        await tx.query("update prompt_run set changed_at = $2 where id = $1", [lease.runId, now]);
      }),

    outputs: (lease) => held(lease, (tx) => readOutputs(tx, lease)),

    planReduction: (lease, level, groups, now) =>
      held(lease, async (tx, promptId) => {
        await insertSteps(
          tx,
          lease,
          level,
          groups.map((group) => ({ kind: "reduce" as const, ...group })),
        );
        await setState(tx, lease, promptId, "reducing", now);
      }),

    startChecking: (lease, now) =>
      held(lease, (tx, promptId) => setState(tx, lease, promptId, "checking", now)),

    finish: (lease, { state, reason, text }, now) =>
      held(lease, async (tx, promptId) => {
        if (text !== undefined) {
          await tx.query("update prompt_run set statements = $2, dropped = $3 where id = $1", [
            lease.runId,
            JSON.stringify(text.statements),
            JSON.stringify(text.dropped),
          ]);
        }
        if (state === "approved") {
          await freeze(tx, lease, { by: { actor: "automatic" }, now });
        }
        await tx.query(
          `update prompt_run set state = $2, reason_code = $3, reason = $4, changed_at = $5, next_attempt_at = null
            where id = $1 and state <> 'approved'`,
          [lease.runId, state, reason?.code ?? null, reason?.detail ?? null, now],
        );
        await tellRun(tx, lease.tenantId, { id: lease.runId, promptId }, state, reason?.code);
      }),

    noteFailure: (lease, reason, now) =>
      held(lease, async (tx) => {
        await tx.query(
          `update prompt_run set failures = failures + 1, reason_code = $2, reason = $3, changed_at = $4
            where id = $1`,
          [lease.runId, reason.code, reason.detail, now],
        );
      }),
  };
}

/** One statement claims; nothing of the row is trusted but what it returns. */
async function claim(
  tx: Transaction,
  owner: string,
  now: Date,
  leaseMs: number,
): Promise<RunLease | undefined> {
  const [row] = await tx.query<{ id: string; tenant_id: string; fence: number }>(
    `update prompt_run set lease_owner = $1, lease_until = $3, fence = fence + 1
      where id = (select r.id from prompt_run r join tenant t on t.id = r.tenant_id
                   where r.next_attempt_at <= $2 and (r.lease_until is null or r.lease_until <= $2)
                     and t.state = 'active' and r.${AT_WORK}
                   order by r.next_attempt_at, r.id limit 1 for update of r skip locked)
      returning id, tenant_id, fence::double precision as fence`,
    [owner, now, later(now, leaseMs)],
  );
  return (
    row && {
      tenantId: asId<TenantId>(row.tenant_id),
      runId: asId<PromptRunId>(row.id),
      owner,
      fence: row.fence,
    }
  );
}

/** Runs while the lease is this one; the row is locked, so that nobody takes it in between. */
function asHolder<Result>(
  database: Database,
  { tenantId, runId, fence }: RunLease,
  work: (tx: Transaction, promptId: string) => Promise<Result>,
): Promise<Result> {
  return database.asTenant(tenantId, async (tx) => {
    const [row] = await tx.query<{ prompt_id: string }>(
      `select prompt_id from prompt_run where id = $1 and fence = $2 and ${AT_WORK} for update`,
      [runId, fence],
    );
    if (row === undefined) {
      throw new PregoneroError("lease-lost", "Another process works on this run by now, or none.");
    }
    return work(tx, row.prompt_id);
  });
}

async function read(tx: Transaction, lease: RunLease): Promise<HeldRun | undefined> {
  const [row] = await tx.query<{
    id: string;
    prompt_id: string;
    state: PromptRunState;
    settings: PromptSettings;
    failures: number;
  }>(
    `select r.id, r.prompt_id, r.state, v.settings, r.failures
       from prompt_run r join prompt_version v on v.prompt_id = r.prompt_id and v.version = r.version
      where r.id = $1 and r.fence = $2 and r.${AT_WORK}`,
    [lease.runId, lease.fence],
  );
  if (row === undefined) return undefined;
  const editions = await readRunEditions(tx, [row.id]);
  const coverage = await readCoverage(tx, [row.id]);
  return {
    runId: lease.runId,
    tenantId: lease.tenantId,
    promptId: asId<PromptId>(row.prompt_id),
    state: row.state,
    settings: row.settings,
    editions: editions.get(row.id) ?? [],
    failures: row.failures,
    coverage: coverage.get(row.id) ?? NO_COVERAGE,
  };
}

async function insertSteps(
  tx: Transaction,
  { tenantId, runId }: RunLease,
  level: number,
  inputs: readonly PromptStep["input"][],
): Promise<void> {
  const steps = inputs.map((input, position) => ({ id: uuidv7(), position, input }));
  await tx.query(
    `insert into prompt_run_step (tenant_id, id, run_id, level, position, input)
     select $1, w.id, $2, $3, w.position, w.input
       from jsonb_to_recordset($4::jsonb) as w (id uuid, position integer, input jsonb)`,
    [tenantId, runId, level, JSON.stringify(steps)],
  );
}

async function nextStep(tx: Transaction, { runId }: RunLease): Promise<PromptStep | undefined> {
  const [row] = await tx.query<{
    id: string;
    level: number;
    position: number;
    input: PromptStep["input"];
    tries: number;
    round: number;
  }>(
    `select s.id, s.level, s.position, s.input, s.tries, r.round
       from prompt_run_step s join prompt_run r on r.id = s.run_id
      where s.run_id = $1 and s.output is null order by s.level, s.position limit 1`,
    [runId],
  );
  if (row === undefined) return undefined;
  const { id: stepId, level, position, input, tries, round } = row;
  return { stepId, level, position, input, tries, round };
}

async function readOutputs(tx: Transaction, { runId }: RunLease) {
  const rows = await tx.query<{ level: number; output: StepOutput }>(
    `select level, output from prompt_run_step where run_id = $1 and output is not null order by level, position`,
    [runId],
  );
  const level = rows.at(-1)?.level ?? 0;
  const at = (wanted: number) =>
    rows.filter((row) => row.level === wanted).flatMap(({ output }) => output.statements);
  return {
    level,
    statements: at(level),
    dropped: rows.flatMap(({ output }) => output.dropped),
    mapped: at(0).length,
  };
}

async function setState(
  tx: Transaction,
  { tenantId, runId }: RunLease,
  promptId: string,
  state: PromptRunState,
  now: Date,
): Promise<void> {
  const [changed] = await tx.query(
    `update prompt_run set state = $2, reason_code = null, reason = null, changed_at = $3
      where id = $1 and state <> $2 returning 1 as changed`,
    [runId, state, now],
  );
  if (changed !== undefined) await tellRun(tx, tenantId, { id: runId, promptId }, state);
}

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}
