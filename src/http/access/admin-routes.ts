import { Router } from "express";
import { type ApiKeyPorts, apiKeyRoutes } from "../api-keys/routes.ts";
import { type BalancePorts, balanceRoutes } from "../balance/routes.ts";
import { type PlanPorts, planRoutes } from "../plans/routes.ts";
import { type TenantPorts, tenantRoutes } from "../tenants/routes.ts";

export type AccessAdminPorts = ApiKeyPorts & TenantPorts & BalancePorts & PlanPorts;

/** Keys, tenants, their balances and plans: what owners, and those who manage the installation, set up. */
export function accessAdminRoutes(ports: AccessAdminPorts): Router {
  const router = Router();
  router.use(apiKeyRoutes(ports), tenantRoutes(ports), balanceRoutes(ports), planRoutes(ports));
  return router;
}
