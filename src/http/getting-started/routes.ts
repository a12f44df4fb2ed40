import { Router } from "express";
import type { z } from "zod";
import type { GettingStarted, GettingStartedReader } from "../../core/getting-started.ts";
import type { Authorise } from "../access/authorise.ts";
import { allowOnly } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import type { GettingStartedShape } from "./contract.ts";

export interface GettingStartedPorts {
  readonly gettingStarted: GettingStartedReader;
  readonly authorise: Pick<Authorise, "tenant">;
}

/** A page that waits for the first edition looks every few seconds. */
const CALLS_PER_MINUTE = 240;

/** What a new tenant has and what it lacks, for who sets it up. */
export function gettingStartedRoutes({ gettingStarted, authorise }: GettingStartedPorts): Router {
  const perTenant = createRateLimit("getting-started-per-tenant", CALLS_PER_MINUTE, 60);
  const router = Router();
  router
    .route("/api/v1/getting-started")
    .get(async (request, response) => {
      const { tenantId } = await authorise.tenant(request, response);
      await perTenant.take(tenantId, response);
      response.json(view(await gettingStarted.read(tenantId)));
    })
    .all(allowOnly("GET"));
  return router;
}

function view({ edition, ...counts }: GettingStarted): z.infer<typeof GettingStartedShape> {
  return {
    ...counts,
    edition: edition === undefined ? null : { ...edition, number: edition.number ?? null },
  };
}
