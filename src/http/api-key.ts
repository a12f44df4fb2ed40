import type { Request, Response } from "express";
import { PregoneroError } from "../core/errors.ts";
import type { TenantId } from "../core/ids.ts";
import type { ApiKeys } from "../core/tenants.ts";

/** The tenant whose key, with this scope, the request carries as a bearer token. Throws 401 or 403. */
export async function requireScope(
  request: Request,
  response: Response,
  findApiKey: ApiKeys["find"],
  scope: string,
): Promise<{ readonly tenantId: TenantId }> {
  const key = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(request.headers.authorization ?? "")?.[1];
  const found = key === undefined ? undefined : await findApiKey(key);
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
  return { tenantId: found.tenantId };
}
