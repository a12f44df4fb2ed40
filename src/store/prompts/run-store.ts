import {
  asId,
  type EditionId,
  type PromptId,
  type PromptRunId,
  type TenantId,
} from "../../core/ids.ts";
import type {
  DroppedStatement,
  PromptRun,
  PromptRunState,
  PromptRunStore,
  PromptRunSummary,
  PromptSettings,
  PromptTrigger,
  RunEstimate,
  RunPage,
  RunStatement,
} from "../../core/prompts.ts";
import type { Database, Transaction } from "../database.ts";
import { atOf, toKeysetPage } from "../keyset.ts";
import { insertRun } from "./insert-run.ts";
import { audit, IS_READ, NO_COVERAGE, readCoverage, readRunEditions } from "./prompt-rows.ts";
import { takeReviewStep } from "./review-run.ts";

export function createPromptRunStore(database: Database): PromptRunStore {
  return {
    create: (tenantId, { runId, promptId, version, title, editionIds, estimate }, by) =>
      database.asTenant(tenantId, async (tx) => {
        const run = { tenantId, runId, promptId, version, title, editionIds, estimate };
        const isMade = await insertRun(tx, { ...run, trigger: "person", askedBy: by.actor });
        if (!isMade) return;
        const detail = { promptId, version, documents: editionIds.length };
        await audit(tx, tenantId, { action: "prompt-run-asked", subject: runId, detail }, by);
      }),

    list: (tenantId, { promptId, state }, { after, limit }) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query<RunRow & { at: string }>(
          `select ${RUN_COLUMNS}, ${atOf("r.asked_at")} as at ${FROM_RUNS}
            where ($1::uuid is null or r.prompt_id = $1) and ($2::text is null or r.state = $2)
              and ($3::timestamptz is null or (r.asked_at, r.id) < ($3, $4::uuid))
            order by r.asked_at desc, r.id desc limit $5`,
          [promptId ?? null, state ?? null, after?.at ?? null, after?.id ?? null, limit + 1],
        );
        const rest = await readRest(tx, rows.slice(0, limit));
        return toKeysetPage(rows, limit, (row) => toSummary(row, rest));
      }),

    find: (tenantId, runId) =>
      database.asTenant(tenantId, async (tx) => {
        const [row] = await tx.query<RunRow>(`select ${RUN_COLUMNS} ${FROM_RUNS} where r.id = $1`, [
          runId,
        ]);
        if (row === undefined) return undefined;
        const rest = await readRest(tx, [row]);
        return { ...toSummary(row, rest), ...(await readWhole(tx, row)) } satisfies PromptRun;
      }),

    pages: (tenantId, runId) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query<{
          edition_id: string;
          page: number;
          state: RunPage["state"];
          passages: number;
          passages_read: number;
        }>(
          `select p.edition_id, p.page, p.passages, p.passages_read,
                  case when ${IS_READ} then 'read' when duty = 'read' then 'unread' else duty end as state
             from prompt_run_page p
             join prompt_run_edition e on e.run_id = p.run_id and e.edition_id = p.edition_id
            where p.run_id = $1 order by e.position, p.page`,
          [runId],
        );
        return rows.map((row) => ({
          editionId: asId<EditionId>(row.edition_id),
          page: row.page,
          state: row.state,
          passages: row.passages,
          passagesRead: row.passages_read,
        }));
      }),

    take: (tenantId, runId, step, revision, now, by) =>
      database.asTenant(tenantId, (tx) =>
        takeReviewStep(tx, { tenantId, runId, revision, now, by }, step),
      ),
  };
}

interface RunRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly prompt_id: string;
  readonly prompt_name: string;
  readonly version: number;
  readonly settings: PromptSettings;
  readonly trigger: PromptTrigger;
  readonly state: PromptRunState;
  readonly reason_code: string | null;
  readonly reason: string | null;
  readonly title: string;
  readonly estimate: RunEstimate | null;
  readonly statements: readonly RunStatement[];
  readonly dropped: readonly DroppedStatement[];
  readonly asked_by: string;
  readonly asked_at: Date;
  readonly changed_at: Date;
  readonly reviewed_by: string | null;
  readonly reviewed_at: Date | null;
  readonly review_reason: string | null;
  readonly revision: number;
}

const RUN_COLUMNS = `r.id, r.tenant_id, r.prompt_id, p.name as prompt_name, r.version, v.settings, r.trigger, r.state,
  r.reason_code, r.reason, r.title, r.estimate, r.statements, r.dropped, r.asked_by, r.asked_at, r.changed_at,
  r.reviewed_by, r.reviewed_at, r.review_reason, r.revision`;
const FROM_RUNS = `from prompt_run r join prompt p on p.id = r.prompt_id
  join prompt_version v on v.prompt_id = r.prompt_id and v.version = r.version`;

type Rest = Awaited<ReturnType<typeof readRest>>;

async function readRest(tx: Transaction, rows: readonly RunRow[]) {
  const ids = rows.map(({ id }) => id);
  const editions = await readRunEditions(tx, ids);
  const coverage = await readCoverage(tx, ids);
  const steps = await tx.query<{ run_id: string; done: number; planned: number }>(
    `select run_id, count(output)::integer as done, count(*)::integer as planned
       from prompt_run_step where run_id = any($1::uuid[]) group by run_id`,
    [ids],
  );
  const stepsOf = new Map(steps.map(({ run_id, done, planned }) => [run_id, { done, planned }]));
  const outdated = await tx.query<{ run_id: string }>(
    `select distinct r.run_id from prompt_run_edition r join edition e on e.id = r.edition_id
     where r.run_id = any($1::uuid[]) and e.revision > r.revision`,
    [ids],
  );
  const outdatedRuns = new Set(outdated.map(({ run_id }) => run_id));
  return { editions, coverage, stepsOf, outdatedRuns };
}

function toSummary(
  row: RunRow,
  { editions, coverage, stepsOf, outdatedRuns }: Rest,
): PromptRunSummary {
  const { reviewed_by: by, reviewed_at: at } = row;
  return {
    runId: asId<PromptRunId>(row.id),
    tenantId: asId<TenantId>(row.tenant_id),
    promptId: asId<PromptId>(row.prompt_id),
    promptName: row.prompt_name,
    version: row.version,
    trigger: row.trigger,
    state: row.state,
    reason:
      row.reason_code === null ? undefined : { code: row.reason_code, detail: row.reason ?? "" },
    title: row.title,
    editions: editions.get(row.id) ?? [],
    coverage: coverage.get(row.id) ?? NO_COVERAGE,
    isOutdated: outdatedRuns.has(row.id),
    steps: stepsOf.get(row.id) ?? { done: 0, planned: 0 },
    estimate: row.estimate === null ? undefined : readEstimate(row.estimate),
    statementCount: row.statements.length,
    droppedCount: row.dropped.length,
    askedBy: row.asked_by,
    askedAt: row.asked_at,
    changedAt: row.changed_at,
    review:
      by === null || at === null
        ? undefined
        : {
            decision: row.state === "approved" ? "approved" : "rejected",
            by,
            at,
            reason: row.review_reason ?? undefined,
          },
    revision: row.revision,
  };
}

/** JSON has no undefined: what was left out is. */
function readEstimate(stored: RunEstimate): RunEstimate {
  return { ...stored, model: stored.model, costMicroUsd: stored.costMicroUsd };
}

/** What a list leaves out. */
async function readWhole(tx: Transaction, row: RunRow) {
  const [spent] = await tx.query<{ calls: number; cost: number | null; unpriced: number }>(
    `select count(*)::integer as calls, sum(cost_micro_usd)::double precision as cost,
            (count(*) filter (where state = 'settled' and cost_micro_usd is null))::integer as unpriced
       from model_call
      where message_id = $1 or message_id in (select id from prompt_run_step where run_id = $1)`,
    [row.id],
  );
  const isKnown = (spent?.unpriced ?? 0) === 0;
  return {
    settings: row.settings,
    statements: row.statements,
    dropped: row.dropped,
    spent: { calls: spent?.calls ?? 0, costMicroUsd: isKnown ? (spent?.cost ?? 0) : undefined },
  };
}
