import { type Request, type Response, Router } from "express";
import type { z } from "zod";
import type { ApiKeys, ApiKeyView } from "../../core/api-keys.ts";
import type { Clock } from "../../core/clock.ts";
import type { Authorise } from "../access/authorise.ts";
import { cursorOf, KeysetQuery, keysetOf } from "../cursor.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, InvalidInput, notFound } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { readJson } from "../read-body.ts";
import { AddKeyRequest, type ApiKeyShape } from "./contract.ts";

export interface ApiKeyPorts {
  readonly apiKeys: ApiKeys;
  readonly authorise: Pick<Authorise, "tenant">;
  readonly clock: Clock;
}

const CALLS_PER_MINUTE = 60;

/** Keys of a tenant's programs, for its owners. */
export function apiKeyRoutes({ apiKeys, authorise, clock }: ApiKeyPorts): Router {
  const perTenant = createRateLimit("api-keys-per-tenant", CALLS_PER_MINUTE, 60);
  const identify = async (request: Request, response: Response) => {
    const caller = await authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    return caller;
  };
  const router = Router();
  router
    .route("/api/v1/api-keys")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const query = parseInput(KeysetQuery, { ...request.query });
      const page = await apiKeys.list(tenantId, keysetOf(query));
      response.json({ apiKeys: page.entries.map(toShape), next: cursorOf(page.next) });
    })
    .post(async (request, response) => {
      const { tenantId, actor, origin } = await identify(request, response);
      const { name, scopes, expiresAt } = parseInput(AddKeyRequest, await readJson(request));
      const expires = expiresAt === undefined ? undefined : new Date(expiresAt);
      if (expires !== undefined && expires <= clock.now()) {
        throw new InvalidInput([{ field: "expiresAt", problem: "must be in the future" }]);
      }
      const made = { actor, origin, expiresAt: expires };
      const { key, id } = await apiKeys.create(tenantId, name, [...new Set(scopes)], made);
      const view = await apiKeys.findView(tenantId, id);
      if (view === undefined) throw noKey();
      response.status(201).json({ ...toShape(view), key });
    })
    .all(allowOnly("GET", "POST"));
  router
    .route("/api/v1/api-keys/:keyId")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const view = await apiKeys.findView(tenantId, request.params.keyId);
      if (view === undefined) throw noKey();
      response.json(toShape(view));
    })
    .delete(async (request, response) => {
      const { tenantId, actor, origin } = await identify(request, response);
      const isRevoked = await apiKeys.revoke(tenantId, request.params.keyId, actor, origin);
      if (!isRevoked) throw noKey();
      response.status(204).end();
    })
    .all(allowOnly("GET", "DELETE"));
  return router;
}

function toShape(view: ApiKeyView): z.infer<typeof ApiKeyShape> {
  return {
    id: view.id,
    name: view.name,
    scopes: [...view.scopes],
    createdAt: view.createdAt.toISOString(),
    createdBy: view.createdBy,
    lastUsedAt: view.lastUsedAt?.toISOString() ?? null,
    expiresAt: view.expiresAt?.toISOString() ?? null,
    revokedAt: view.revokedAt?.toISOString() ?? null,
  };
}

function noKey() {
  return notFound("There is no such key that counts.");
}
