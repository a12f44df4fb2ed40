import { PregoneroError } from "../../core/errors.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Plan, PlanLimits, Plans, QuestionsToday, TenantPlan } from "../../core/plans.ts";
import type { Requester } from "../../core/tenants.ts";
import type { Database, Transaction } from "../database.ts";
import { writeAudit } from "../people-rows.ts";

interface LimitsRow {
  readonly questions_per_day: number | null;
  readonly questions_per_contact_day: number | null;
}

interface PlanRow extends LimitsRow {
  readonly name: string;
  readonly revision: number;
  readonly tenants: number;
}

const PLANS = `select p.name, p.questions_per_day, p.questions_per_contact_day, p.revision,
    (select count(*)::integer from tenant_plan t where t.plan = p.name) as tenants from plan p`;

/** `Plans` over PostgreSQL: the registrar writes them, and copies the limits to the tenants that have them. */
export function createPlans(database: Database): Plans {
  return {
    list: () =>
      database.asRegistrar(async (tx) => {
        const rows = await tx.query<PlanRow>(`${PLANS} order by p.name`);
        return rows.map(toPlan);
      }),
    find: (name) => database.asRegistrar((tx) => findPlan(tx, name)),
    set: (name, limits, revision, by) =>
      database.asRegistrar((tx) => setPlan(tx, name, limits, revision, by)),
    remove: (name, by) =>
      database.asRegistrar(async (tx) => {
        // Whoever is about to get it is waited for.
        const [plan] = await tx.query<PlanRow>(
          `${PLANS} where p.name = $1 for no key update of p`,
          [name],
        );
        if (plan === undefined) return false;
        const found = await findPlan(tx, name);
        if (found !== undefined && found.tenants > 0) throw inUse(found);
        await tx.query("delete from plan where name = $1", [name]);
        await note(tx, undefined, "plan-removed", name, {}, by);
        return true;
      }),
    assign: (tenantId, name, by) =>
      database.asRegistrar((tx) => assignPlan(tx, tenantId, name, by)),
    planOf: (tenantId) =>
      database.asTenant(tenantId, async (tx) => {
        const [row] = await tx.query<LimitsRow & { plan: string }>(
          "select plan, questions_per_day, questions_per_contact_day from tenant_plan",
        );
        return row && ({ plan: row.plan, ...toLimits(row) } satisfies TenantPlan);
      }),
    today: (tenantId) => database.asTenant(tenantId, readToday),
  };
}

async function findPlan(tx: Transaction, name: string): Promise<Plan | undefined> {
  const [row] = await tx.query<PlanRow>(`${PLANS} where p.name = $1`, [name]);
  return row && toPlan(row);
}

async function setPlan(
  tx: Transaction,
  name: string,
  limits: PlanLimits,
  revision: number | "new" | undefined,
  by: Requester,
): Promise<Plan> {
  const values = [name, limits.questionsPerDay ?? null, limits.questionsPerContactDay ?? null];
  const set = await tx.query(
    `insert into plan as p (name, questions_per_day, questions_per_contact_day)
     select $1, $2::integer, $3::integer where $4::integer is null or exists (select 1 from plan where name = $1)
     on conflict (name) do update
     set questions_per_day = excluded.questions_per_day,
         questions_per_contact_day = excluded.questions_per_contact_day,
         revision = p.revision + 1, changed_at = now()
     where not $5 and ($4::integer is null or p.revision = $4) returning p.name`,
    [...values, revision === "new" ? null : (revision ?? null), revision === "new"],
  );
  if (set.length === 0) throw stale();
  await tx.query(
    "update tenant_plan set questions_per_day = $2, questions_per_contact_day = $3 where plan = $1",
    values,
  );
  await note(tx, undefined, "plan-set", name, { ...limits }, by);
  const plan = await findPlan(tx, name);
  if (plan === undefined) throw new Error(`the plan ${name} vanished while it was being set`);
  return plan;
}

async function assignPlan(
  tx: Transaction,
  tenantId: TenantId,
  name: string | undefined,
  by: Requester,
): Promise<void> {
  if (name === undefined) {
    await tx.query("delete from tenant_plan where tenant_id = $1", [tenantId]);
  } else {
    // A change of its limits is waited for, so that none is missed.
    const [plan] = await tx.query<LimitsRow>(
      "select questions_per_day, questions_per_contact_day from plan where name = $1 for share",
      [name],
    );
    if (plan === undefined) throw unknown(name);
    await tx.query(
      `insert into tenant_plan (tenant_id, plan, questions_per_day, questions_per_contact_day)
       values ($1, $2, $3, $4)
       on conflict (tenant_id) do update
       set plan = excluded.plan, questions_per_day = excluded.questions_per_day,
           questions_per_contact_day = excluded.questions_per_contact_day, set_at = now()`,
      [tenantId, name, plan.questions_per_day, plan.questions_per_contact_day],
    );
  }
  await note(tx, tenantId, "plan-assigned", tenantId, { plan: name ?? null }, by);
}

async function readToday(tx: Transaction): Promise<QuestionsToday | undefined> {
  const [row] = await tx.query<{
    day: string;
    ends_at: Date;
    questions: number;
    refused: number;
  }>(
    `select today.day::text as day, (today.day + 1)::timestamp at time zone t.time_zone as ends_at,
            coalesce((select c.questions from question_count c
                      where c.tenant_id = p.tenant_id and c.day = today.day and c.subject = ''), 0) as questions,
            (select count(*)::integer from counted_question q
             where q.tenant_id = p.tenant_id and q.day = today.day and q.refused_by is not null) as refused
     from tenant_plan p join tenant t on t.id = p.tenant_id
     cross join lateral (select (now() at time zone t.time_zone)::date as day) today`,
  );
  return (
    row && {
      day: row.day,
      endsAt: row.ends_at,
      questions: row.questions,
      refused: row.refused,
    }
  );
}

function toPlan({ name, revision, tenants, ...limits }: PlanRow): Plan {
  return { name, revision, tenants, ...toLimits(limits) };
}

function toLimits(row: LimitsRow): PlanLimits {
  return {
    questionsPerDay: row.questions_per_day ?? undefined,
    questionsPerContactDay: row.questions_per_contact_day ?? undefined,
  };
}

function note(
  tx: Transaction,
  tenantId: TenantId | undefined,
  action: string,
  subject: string,
  detail: Readonly<Record<string, unknown>>,
  { actor, origin }: Requester,
): Promise<void> {
  const from = origin === undefined ? {} : { origin };
  return writeAudit(tx, { tenantId, actor, action, subject, detail, ...from });
}

function unknown(name: string): PregoneroError {
  return new PregoneroError("plan-unknown", `There is no plan "${name}".`, { status: 404 });
}

function inUse({ name, tenants }: Plan): PregoneroError {
  return new PregoneroError(
    "plan-in-use",
    `The plan "${name}" is that of ${tenants} ${tenants === 1 ? "tenant" : "tenants"}. Give them another one first.`,
    { status: 409 },
  );
}

function stale(): PregoneroError {
  return new PregoneroError(
    "stale",
    "Somebody changed it since you read it. Read it again, and make your change to what is there now.",
    { status: 412 },
  );
}
