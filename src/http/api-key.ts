import type { Request, Response } from "express";
import { type ApiKeyScope, type ApiKeys, actorOfKey } from "../core/api-keys.ts";
import { PregoneroError } from "../core/errors.ts";
import type { TenantId } from "../core/ids.ts";
import type { TenantState } from "../core/tenants.ts";
import { originOf } from "./request-origin.ts";

export interface KeyCaller {
  readonly tenantId: TenantId;
  /** For the audit log: which key it was. */
  readonly actor: string;
}

/** The tenant whose key, with this scope, the request carries as a bearer token. Throws 401 or 403. */
export async function requireScope(
  request: Request,
  response: Response,
  findApiKey: ApiKeys["find"],
  scope: ApiKeyScope,
): Promise<KeyCaller> {
  const found = await findKeyOf(request, response, findApiKey);
  if (found === undefined) {
    response.setHeader("WWW-Authenticate", "Bearer");
    throw new PregoneroError(
      "api-key-needed",
      `Send an API key with scope "${scope}" as "Authorization: Bearer …". \`pregonero key add\` makes one.`,
      { status: 401 },
    );
  }
  if (!found.scopes.includes(scope)) {
    throw new PregoneroError("scope-missing", `This API key has no scope "${scope}".`, {
      status: 403,
    });
  }
  requireOpenTenant(found.tenantState);
  return { tenantId: found.tenantId, actor: actorOfKey(found.id) };
}

/** The key that a request carries, as it is known; undefined: none that counts. */
export function findKeyOf(request: Request, response: Response, findApiKey: ApiKeys["find"]) {
  const key = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(request.headers.authorization ?? "")?.[1];
  return key === undefined
    ? Promise.resolve(undefined)
    : findApiKey(key, originOf(request, response));
}

/** Throws `tenant-closed` (403) for staff and programs of a tenant that is suspended or being deleted. */
export function requireOpenTenant(state: TenantState): void {
  if (state === "active") return;
  throw new PregoneroError(
    "tenant-closed",
    state === "suspended"
      ? "This tenant is suspended: nothing is lost, and whoever manages the installation can open it again."
      : "This tenant is being deleted: until its day comes, an owner can call it back with DELETE /api/v1/tenant/deletion.",
    { status: 403 },
  );
}
