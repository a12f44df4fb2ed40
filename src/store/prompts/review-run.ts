import { PregoneroError } from "../../core/errors.ts";
import type { PromptRunId, TenantId } from "../../core/ids.ts";
import type { Author } from "../../core/operations.ts";
import type { PromptRunState, ReviewStep } from "../../core/prompts.ts";
import type { Transaction } from "../database.ts";
import { freeze } from "./freeze-run.ts";
import { audit, tellRun } from "./prompt-rows.ts";
import { stale } from "./prompt-store.ts";

interface At {
  readonly tenantId: TenantId;
  readonly runId: PromptRunId;
  readonly revision: number | undefined;
  readonly now: Date;
  readonly by: Author;
}

/** From which states each step may be taken. */
const FROM: Readonly<Record<ReviewStep["kind"], readonly PromptRunState[]>> = {
  edit: ["waiting-for-review"],
  approve: ["waiting-for-review"],
  reject: ["waiting-for-review", "held"],
  cancel: ["queued", "mapping", "reducing", "checking", "held", "failed"],
  retry: ["held", "failed"],
};

/** What came of every batch is what is wrong: they are read again. After anything else the run goes on where it was. */
const STARTS_OVER = new Set(["nothing-found", "too-little-left", "coverage-missing"]);

/** One step of a person, with the row locked. */
export async function takeReviewStep(tx: Transaction, at: At, step: ReviewStep): Promise<void> {
  const [run] = await tx.query<{
    state: PromptRunState;
    prompt_id: string;
    revision: number;
    reason_code: string | null;
  }>("select state, prompt_id, revision, reason_code from prompt_run where id = $1 for update", [
    at.runId,
  ]);
  if (run === undefined) {
    throw new PregoneroError("not-found", "There is no such run.", { status: 404 });
  }
  if (!FROM[step.kind].includes(run.state)) throw notSo(step.kind, run.state);
  if (at.revision !== undefined && at.revision !== run.revision) throw stale();
  const state = await write(tx, at, step, run.reason_code);
  await tellRun(tx, at.tenantId, { id: at.runId, promptId: run.prompt_id }, state);
}

/** Resolves with the state that it is in then. */
async function write(
  tx: Transaction,
  at: At,
  step: ReviewStep,
  reasonCode: string | null,
): Promise<PromptRunState> {
  const { tenantId, runId, now, by } = at;
  const note = (action: string, detail: Readonly<Record<string, unknown>> = {}) =>
    audit(tx, tenantId, { action, subject: runId, detail }, by);
  switch (step.kind) {
    case "edit": {
      await setStatements(tx, at, step.statements);
      const unsupported = step.statements.filter(({ isSupported }) => !isSupported).length;
      await note("prompt-run-edited", { statements: step.statements.length, unsupported });
      return "waiting-for-review";
    }
    case "approve":
      await setStatements(tx, at, step.statements);
      await freeze(tx, at, { by, now });
      return "approved";
    case "reject":
      await tx.query(
        `update prompt_run set state = 'rejected', reviewed_by = $2, reviewed_at = $3, review_reason = $4,
                changed_at = $3, revision = revision + 1 where id = $1`,
        [runId, by.actor, now, step.reason],
      );
      await note("prompt-run-rejected");
      return "rejected";
    case "cancel":
      // The fence grows: who is at it learns that it is not theirs any more.
      await tx.query(
        `update prompt_run set state = 'cancelled', fence = fence + 1, lease_owner = null, lease_until = null,
                next_attempt_at = null, changed_at = $2, revision = revision + 1 where id = $1`,
        [runId, now],
      );
      await note("prompt-run-cancelled");
      return "cancelled";
    case "retry": {
      const state = await restart(tx, at, STARTS_OVER.has(reasonCode ?? ""));
      await note("prompt-run-retried", { reason: reasonCode });
      return state;
    }
    default:
      return step satisfies never;
  }
}

async function setStatements(
  tx: Transaction,
  { runId, now }: At,
  statements: Extract<ReviewStep, { readonly kind: "edit" }>["statements"],
): Promise<void> {
  await tx.query(
    "update prompt_run set statements = $2, changed_at = $3, revision = revision + 1 where id = $1",
    [runId, JSON.stringify(statements), now],
  );
}

async function restart(
  tx: Transaction,
  { runId, now }: At,
  startsOver: boolean,
): Promise<PromptRunState> {
  if (startsOver) {
    await tx.query("delete from prompt_run_step where run_id = $1", [runId]);
    await tx.query("delete from prompt_run_page where run_id = $1", [runId]);
    await tx.query(
      `update prompt_run_edition r set revision = e.revision from edition e
       where e.id = r.edition_id and r.run_id = $1`,
      [runId],
    );
  }
  await tx.query("update prompt_run_step set tries = 0 where run_id = $1 and output is null", [
    runId,
  ]);
  const [row] = await tx.query<{ state: PromptRunState }>(
    `update prompt_run r set round = round + 1, failures = 0, reason_code = null, reason = null,
            next_attempt_at = $2, changed_at = $2, revision = revision + 1,
            state = case when not exists (select 1 from prompt_run_page p where p.run_id = r.id) then 'queued'
                         when exists (select 1 from prompt_run_step s where s.run_id = r.id and s.level > 0)
                           then 'reducing'
                         else 'mapping' end
      where id = $1 returning state`,
    [runId, now],
  );
  return row?.state ?? "queued";
}

function notSo(step: ReviewStep["kind"], state: PromptRunState): PregoneroError {
  const from = FROM[step].join(", ");
  return new PregoneroError(
    "run-not-so",
    `The run is ${state}: this can be done while it is ${from}.`,
    { status: 409 },
  );
}
