import { API_KEY_OPERATIONS } from "../api-keys/openapi.ts";
import { BALANCE_OPERATIONS } from "../balance/openapi.ts";
import { PLAN_OPERATIONS } from "../plans/openapi.ts";
import { TENANT_OPERATIONS } from "../tenants/openapi.ts";
import type { Operations } from "./describe-operations.ts";

/** What the API's description says of keys and tenants. */
export const ACCESS_ADMIN_OPERATIONS: Operations = {
  ...API_KEY_OPERATIONS,
  ...TENANT_OPERATIONS,
  ...BALANCE_OPERATIONS,
  ...PLAN_OPERATIONS,
};
