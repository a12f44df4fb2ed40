import { Router } from "express";
import { type ApiKeyPorts, apiKeyRoutes } from "../api-keys/routes.ts";
import { type TenantPorts, tenantRoutes } from "../tenants/routes.ts";

export type AccessAdminPorts = ApiKeyPorts & TenantPorts;

/** Keys and tenants: what owners, and those who manage the installation, set up. */
export function accessAdminRoutes(ports: AccessAdminPorts): Router {
  const router = Router();
  router.use(apiKeyRoutes(ports), tenantRoutes(ports));
  return router;
}
