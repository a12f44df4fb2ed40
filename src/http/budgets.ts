import { type Request, type Response, Router } from "express";
import { z } from "zod";
import type { TenantId } from "../core/ids.ts";
import { BUDGET_PERIODS, type Spending } from "../core/spending.ts";
import type { Authorise, TenantCaller } from "./access/authorise.ts";
import { SetBudgetRequest } from "./contract.ts";
import { parseInput } from "./parse-input.ts";
import { allowOnly } from "./problem.ts";
import { createRateLimit } from "./rate-limit.ts";
import { readJson } from "./read-body.ts";

const CALLS_PER_MINUTE = 120;

/** What models may cost a tenant, for members and for API keys with scope `assistants`. */
export function budgetRoutes(ports: {
  readonly spending: Pick<Spending, "listBudgets" | "setBudget" | "balance">;
  readonly authorise: Pick<Authorise, "tenant">;
}): Router {
  const { spending } = ports;
  const perTenant = createRateLimit("budgets-per-tenant", CALLS_PER_MINUTE, 60);

  async function identify(request: Request, response: Response): Promise<TenantCaller> {
    const caller = await ports.authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    return caller;
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
      const { tenantId } = await identify(request, response);
      response.json(await view(tenantId));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/budgets/:period")
    .put(async (request, response) => {
      const { tenantId, actor } = await identify(request, response);
      const { period } = parseInput(PeriodInPath, { period: request.params.period });
      const { limitMicroUsd } = parseInput(SetBudgetRequest, await readJson(request));
      await spending.setBudget(tenantId, period, limitMicroUsd ?? undefined, actor);
      response.json(await view(tenantId));
    })
    .all(allowOnly("PUT"));
  return router;
}

const PeriodInPath = z.strictObject({ period: z.enum(BUDGET_PERIODS) });
