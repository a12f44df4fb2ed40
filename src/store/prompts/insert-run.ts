import type { EditionId, PromptId, PromptRunId, TenantId } from "../../core/ids.ts";
import type { PromptTrigger, RunEstimate } from "../../core/prompts.ts";
import type { Transaction } from "../database.ts";
import { tellRun } from "./prompt-rows.ts";

/** False: it is there already. A run that nobody asked for takes its editions from every other such run of the prompt. */
export async function insertRun(
  tx: Transaction,
  run: {
    readonly tenantId: TenantId;
    readonly runId: PromptRunId;
    readonly promptId: PromptId;
    readonly version: number;
    readonly trigger: PromptTrigger;
    readonly title: string;
    readonly editionIds: readonly EditionId[];
    readonly estimate: RunEstimate | undefined;
    readonly askedBy: string;
  },
): Promise<boolean> {
  const { tenantId, runId, promptId } = run;
  const [made] = await tx.query(
    `insert into prompt_run (tenant_id, id, prompt_id, version, trigger, title, estimate, asked_by, asked_at,
                             changed_at, next_attempt_at)
     select $1, $2, $3, $4, $5, $6, $7, $8, at, at, at from date_trunc('milliseconds', now()) as at
     on conflict (id, tenant_id) do nothing returning 1 as made`,
    [
      tenantId,
      runId,
      promptId,
      run.version,
      run.trigger,
      run.title,
      run.estimate === undefined ? null : JSON.stringify(run.estimate),
      run.askedBy,
    ],
  );
  if (made === undefined) return false;
  await tx.query(
    `insert into prompt_run_edition (tenant_id, run_id, prompt_id, edition_id, position, is_triggered, revision)
     select $1, $2, $3, w.id, w.position - 1, $5, coalesce(e.revision, 1)
       from unnest($4::uuid[]) with ordinality as w (id, position) left join edition e on e.id = w.id`,
    [tenantId, runId, promptId, run.editionIds, run.trigger !== "person"],
  );
  await tellRun(tx, tenantId, { id: runId, promptId }, "queued");
  return true;
}
