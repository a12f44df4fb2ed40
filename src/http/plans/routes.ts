import { type Request, type Response, Router } from "express";
import type { z } from "zod";
import { asId, type TenantId } from "../../core/ids.ts";
import type { Plan, Plans } from "../../core/plans.ts";
import type { Tenants } from "../../core/tenants.ts";
import type { Authorise } from "../access/authorise.ts";
import { expectedRevision, sendRevision } from "../etag.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { readJson } from "../read-body.ts";
import { originOf } from "../request-origin.ts";
import {
  AssignPlanRequest,
  PlanInPath,
  type PlanShape,
  SetPlanRequest,
  type TenantPlanShape,
} from "./contract.ts";

export interface PlanPorts {
  readonly plans: Plans;
  readonly tenants: Pick<Tenants, "find">;
  readonly authorise: Pick<Authorise, "tenant" | "platform">;
}

const CALLS_PER_MINUTE = 120;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** How many questions are answered in a day: plans for who manages the installation, and a tenant's own to look at. */
export function planRoutes(ports: PlanPorts): Router {
  const router = Router();
  addPlans(router, ports);
  addAssignment(router, ports);
  addOwn(router, ports);
  return router;
}

function addPlans(router: Router, { plans, authorise }: PlanPorts): void {
  const find = async (name: string): Promise<Plan> => {
    const plan = await plans.find(name);
    if (plan === undefined) throw notFound("There is no such plan.");
    return plan;
  };
  router
    .route("/api/v1/plans")
    .get(async (request, response) => {
      await authorise.platform(request, response);
      response.json({ plans: (await plans.list()).map(toShape) });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/plans/:name")
    .get(async (request, response) => {
      await authorise.platform(request, response);
      send(response, await find(nameIn(request)));
    })
    .put(async (request, response) => {
      const by = await requesterOf(authorise, request, response);
      const name = nameIn(request);
      const { questionsPerDay, questionsPerContactDay } = parseInput(
        SetPlanRequest,
        await readJson(request),
      );
      const isThere = (await plans.find(name)) !== undefined;
      const revision = isThere ? expectedRevision(request) : "new";
      const limits = {
        questionsPerDay: questionsPerDay ?? undefined,
        questionsPerContactDay: questionsPerContactDay ?? undefined,
      };
      send(response, await plans.set(name, limits, revision, by));
    })
    .delete(async (request, response) => {
      const by = await requesterOf(authorise, request, response);
      if (!(await plans.remove(nameIn(request), by))) throw notFound("There is no such plan.");
      response.status(204).end();
    })
    .all(allowOnly("GET", "PUT", "DELETE"));
}

function addAssignment(router: Router, ports: PlanPorts): void {
  const { plans, tenants, authorise } = ports;
  const find = async (request: Request): Promise<TenantId> => {
    const id = String(request.params.tenantId);
    const tenant = UUID.test(id) ? await tenants.find(asId<TenantId>(id)) : undefined;
    if (tenant === undefined) throw notFound("There is no tenant with this id.");
    return tenant.tenantId;
  };
  router
    .route("/api/v1/tenants/:tenantId/plan")
    .get(async (request, response) => {
      await authorise.platform(request, response);
      response.json(await view(plans, await find(request)));
    })
    .put(async (request, response) => {
      const by = await requesterOf(authorise, request, response);
      const { plan } = parseInput(AssignPlanRequest, await readJson(request));
      const tenantId = await find(request);
      await plans.assign(tenantId, plan ?? undefined, by);
      response.json(await view(plans, tenantId));
    })
    .all(allowOnly("GET", "PUT"));
}

function addOwn(router: Router, { plans, authorise }: PlanPorts): void {
  const perTenant = createRateLimit("plan-per-tenant", CALLS_PER_MINUTE, 60);
  router
    .route("/api/v1/plan")
    .get(async (request, response) => {
      const { tenantId } = await authorise.tenant(request, response);
      await perTenant.take(tenantId, response);
      response.json(await view(plans, tenantId));
    })
    .all(allowOnly("GET"));
}

async function requesterOf(
  authorise: PlanPorts["authorise"],
  request: Request,
  response: Response,
) {
  const person = await authorise.platform(request, response);
  return { actor: `person:${person.personId}`, origin: originOf(request, response) };
}

function nameIn(request: Request): string {
  const path = PlanInPath.safeParse({ name: request.params.name });
  if (!path.success) throw notFound("There is no such plan.");
  return path.data.name;
}

function send(response: Response, plan: Plan): void {
  sendRevision(response, plan.revision);
  response.json(toShape(plan));
}

function toShape(plan: Plan): z.infer<typeof PlanShape> {
  return {
    name: plan.name,
    questionsPerDay: plan.questionsPerDay ?? null,
    questionsPerContactDay: plan.questionsPerContactDay ?? null,
    tenants: plan.tenants,
  };
}

async function view(plans: Plans, tenantId: TenantId): Promise<z.infer<typeof TenantPlanShape>> {
  const plan = await plans.planOf(tenantId);
  const today = await plans.today(tenantId);
  return {
    plan: plan?.plan ?? null,
    questionsPerDay: plan?.questionsPerDay ?? null,
    questionsPerContactDay: plan?.questionsPerContactDay ?? null,
    today: today === undefined ? null : { ...today, endsAt: today.endsAt.toISOString() },
  };
}
