import { type Request, type Response, Router } from "express";
import { z } from "zod";
import type { TenantId } from "../core/ids.ts";
import { BUDGET_PERIODS, type Spending } from "../core/spending.ts";
import type { ApiKeys } from "../core/tenants.ts";
import { requireScope } from "./api-key.ts";
import { ASSISTANTS_SCOPE } from "./assistants.ts";
import { SetBudgetRequest } from "./contract.ts";
import { parseInput } from "./parse-input.ts";
import { allowOnly } from "./problem.ts";
import { createRateLimit } from "./rate-limit.ts";
import { readJson } from "./read-body.ts";

/** Changes by an API key, in the audit log. */
const ACTOR = "api";
const CALLS_PER_MINUTE = 120;

/** What models may cost a tenant, for an API key with scope `assistants`. */
export function budgetRoutes(ports: {
  readonly spending: Pick<Spending, "listBudgets" | "setBudget" | "balance">;
  readonly findApiKey: ApiKeys["find"];
}): Router {
  const { spending } = ports;
  const perTenant = createRateLimit(CALLS_PER_MINUTE, 60);

  async function identify(request: Request, response: Response): Promise<TenantId> {
    const { tenantId } = await requireScope(request, response, ports.findApiKey, ASSISTANTS_SCOPE);
    await perTenant.take(tenantId, response);
    response.setHeader("Cache-Control", "no-store");
    return tenantId;
  }

  async function view(tenantId: TenantId) {
    const [budgets, account] = await Promise.all([
      spending.listBudgets(tenantId),
      spending.balance(tenantId),
    ]);
    return {
      budgets: budgets.map(({ period, limit, spent, reserved }) => ({
        period,
        limitMicroUsd: limit,
        spentMicroUsd: spent,
        reservedMicroUsd: reserved,
      })),
      balanceMicroUsd: account === undefined ? null : account.balance,
    };
  }

  const router = Router();
  router
    .route("/api/v1/budgets")
    .get(async (request, response) => {
      response.json(await view(await identify(request, response)));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/budgets/:period")
    .put(async (request, response) => {
      const tenantId = await identify(request, response);
      const { period } = parseInput(PeriodInPath, { period: request.params.period });
      const { limitMicroUsd } = parseInput(SetBudgetRequest, await readJson(request));
      await spending.setBudget(tenantId, period, limitMicroUsd ?? undefined, ACTOR);
      response.json(await view(tenantId));
    })
    .all(allowOnly("PUT"));
  return router;
}

const PeriodInPath = z.strictObject({ period: z.enum(BUDGET_PERIODS) });
