import { type Request, Router } from "express";
import type { EventReader, StreamHolder } from "../../core/events.ts";
import type { Authorise, TenantCaller } from "../access/authorise.ts";
import { TENANT_HEADER } from "../access/authorise.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { requireSameOrigin } from "../same-origin.ts";
import { EventsQuery, readLastEventId } from "./contract.ts";
import type { LiveStreams } from "./live-streams.ts";

export interface EventRoutePorts {
  readonly authorise: Pick<Authorise, "tenant">;
  readonly streams: LiveStreams;
  readonly publicUrl: string | undefined;
}

/** Of one session or key: pages that reconnect after 2 s, all that it may have open. */
const OPENED_PER_MINUTE = 600;

/** Live events of a tenant, with what was missed. */
export function eventRoutes({ authorise, streams, publicUrl }: EventRoutePorts): Router {
  const perCaller = createRateLimit("events-per-caller", OPENED_PER_MINUTE, 60);
  const router = Router();
  router
    .route("/api/v1/events")
    // Express would answer HEAD by GET: a stream without a body, and without an end.
    .head(allowOnly("GET"))
    .get(async (request, response) => {
      requireSameOrigin(request, publicUrl);
      const named = request.query.tenant;
      if (typeof named === "string") request.headers[TENANT_HEADER] ??= named;
      const caller = await authorise.tenant(request, response);
      const query = parseInput(EventsQuery, { ...request.query });
      await perCaller.take(caller.actor, response);
      streams.open(
        {
          holder: holderOf(caller),
          reader: { roles: rolesOf(caller), personId: caller.person?.personId },
          kinds: query.kinds === undefined ? undefined : new Set<string>(query.kinds),
          after: lastEventId(request) ?? query.since,
        },
        response,
      );
    })
    .all(allowOnly("GET"));
  return router;
}

function lastEventId(request: Request): number | undefined {
  return readLastEventId(request.get("last-event-id"));
}

function holderOf({ tenantId, actor, person }: TenantCaller): StreamHolder {
  if (person !== undefined) return { kind: "person", sessionId: person.sessionId, tenantId };
  return { kind: "key", keyId: actor.replace(/^key:/, ""), tenantId };
}

/** A key reads what the owner, who made it, reads. */
function rolesOf({ tenantId, person }: TenantCaller): readonly EventReader[] {
  if (person === undefined) return ["owner"];
  const membership = person.memberships.find((each) => each.tenantId === tenantId);
  return [membership?.role, person.platformRole].filter((role) => role !== undefined);
}
