import { z } from "zod";
import type { Operations } from "../access/describe-operations.ts";
import {
  AssignPlanRequest,
  PlanShape,
  PlansShape,
  SetPlanRequest,
  TenantPlanShape,
} from "./contract.ts";

const invalid = { 400: "The request is not valid; `fields` says where." };
const unknown = { 404: "There is no such plan." };

/** The part of the API's description that tells how many questions are answered in a day. */
export const PLAN_OPERATIONS: Operations = {
  "GET /api/v1/plans": {
    id: "listPlans",
    summary: "The plans of the installation",
    gives: PlansShape,
  },
  "GET /api/v1/plans/:name": {
    id: "getPlan",
    summary: "One plan",
    gives: PlanShape,
    otherwise: unknown,
  },
  "PUT /api/v1/plans/:name": {
    id: "setPlan",
    summary: "Make or change a plan",
    description: "A change counts at once for all tenants that have it.",
    headers: { "If-Match": z.string().optional().openapi({ example: '"r3"' }) },
    takes: SetPlanRequest,
    gives: PlanShape,
    otherwise: {
      ...invalid,
      412: "Somebody changed it meanwhile.",
      428: "If-Match is missing, and it is there already.",
    },
  },
  "DELETE /api/v1/plans/:name": {
    id: "removePlan",
    summary: "Remove a plan that no tenant has",
    otherwise: { ...unknown, 409: "A tenant has it." },
  },
  "GET /api/v1/tenants/:tenantId/plan": {
    id: "getPlanOfTenant",
    summary: "A tenant's plan, and what was asked today",
    gives: TenantPlanShape,
    otherwise: { 404: "There is no such tenant." },
  },
  "PUT /api/v1/tenants/:tenantId/plan": {
    id: "assignPlan",
    summary: "Give a tenant a plan, or none",
    takes: AssignPlanRequest,
    gives: TenantPlanShape,
    otherwise: { ...invalid, 404: "There is no such tenant or plan." },
  },
  "GET /api/v1/plan": {
    id: "getOwnPlan",
    summary: "The tenant's plan, and what was asked today",
    description:
      "When a limit is reached citizens are told so once a day, in their language; what they ask is kept. Programs get 429.",
    gives: TenantPlanShape,
  },
};
