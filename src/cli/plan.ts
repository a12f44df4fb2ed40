import { PregoneroError } from "../core/errors.ts";
import type { TenantId } from "../core/ids.ts";
import type { People } from "../core/people.ts";
import type { Plan, Plans } from "../core/plans.ts";
import type {
  AssignPlanInput,
  PlanCommandPorts,
  PlanLimitsInput,
  PlanRowView,
} from "./plan-ports.ts";
import type { CommandContext, Output } from "./ports.ts";
import { table } from "./terminal.ts";

const MAX_QUESTIONS = 1_000_000_000;

/** Throws `usage`. */
export function parseQuestions(text: string): number {
  const questions = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (questions >= 1 && questions <= MAX_QUESTIONS) return questions;
  throw new PregoneroError("usage", `"${text}" is no number of questions. Write it as 40.`);
}

export function planCommands({
  plans,
  people,
  tenantId,
  actor,
}: {
  readonly plans: Plans;
  readonly people: { readonly members: Pick<People["members"], "findTenant"> };
  readonly tenantId: TenantId;
  readonly actor: string;
}): PlanCommandPorts {
  const by = { actor };
  return {
    listPlans: async () => (await plans.list()).map(toRow),
    async setPlan({ name, questionsPerDay, questionsPerContactDay }) {
      const limits = {
        questionsPerDay: questionsPerDay ?? undefined,
        questionsPerContactDay: questionsPerContactDay ?? undefined,
      };
      return toRow(await plans.set(name, limits, undefined, by));
    },
    async removePlan({ name }) {
      if (await plans.remove(name, by)) return {};
      throw new PregoneroError("plan-unknown", `There is no plan "${name}".`, { status: 404 });
    },
    async assignPlan({ name, tenant }) {
      const found = tenant === undefined ? tenantId : await people.members.findTenant(tenant);
      if (found === undefined) {
        throw new PregoneroError("tenant-unknown", `There is no tenant "${tenant}".`);
      }
      await plans.assign(found, name, by);
      return {};
    },
  };
}

export async function listPlansCommand(
  ports: Pick<PlanCommandPorts, "listPlans">,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const plans = await ports.listPlans({}, context);
  if (plans.length === 0) {
    out.progress("There is no plan. Make one with: pregonero plan set basic --per-person 40");
    return 0;
  }
  out.result(
    table([
      ["PLAN", "A DAY", "A DAY AND PERSON", "TENANTS"],
      ...plans.map(({ name, questionsPerDay, questionsPerContactDay, tenants }) => [
        name,
        tell(questionsPerDay),
        tell(questionsPerContactDay),
        String(tenants),
      ]),
    ]),
  );
  return 0;
}

export async function setPlanCommand(
  ports: Pick<PlanCommandPorts, "setPlan">,
  input: PlanLimitsInput & { readonly name: string },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const plan = await ports.setPlan(input, context);
  out.result(
    `${plan.name}: questions a day ${tell(plan.questionsPerDay)}, a day and person ${tell(plan.questionsPerContactDay)}.`,
  );
  return 0;
}

export async function removePlanCommand(
  ports: Pick<PlanCommandPorts, "removePlan">,
  input: { readonly name: string },
  context: CommandContext,
  out: Output,
): Promise<number> {
  await ports.removePlan(input, context);
  out.result(`The plan ${input.name} is removed.`);
  return 0;
}

export async function assignPlanCommand(
  ports: Pick<PlanCommandPorts, "assignPlan">,
  input: AssignPlanInput,
  context: CommandContext,
  out: Output,
): Promise<number> {
  await ports.assignPlan(input, context);
  out.result(
    input.name === undefined
      ? "No plan any more: all questions are answered."
      : `The plan is ${input.name} from now on.`,
  );
  return 0;
}

function toRow({ name, questionsPerDay, questionsPerContactDay, tenants }: Plan): PlanRowView {
  return {
    name,
    tenants,
    questionsPerDay: questionsPerDay ?? null,
    questionsPerContactDay: questionsPerContactDay ?? null,
  };
}

function tell(questions: number | null): string {
  return questions === null ? "all" : String(questions);
}
