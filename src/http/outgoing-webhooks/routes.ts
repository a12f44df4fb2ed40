import { type Request, type Response, Router } from "express";
import type { WebhookAdmin } from "../../core/outgoing-webhooks.ts";
import type { Authorise, TenantCaller } from "../access/authorise.ts";
import { cursorOf, keysetOf } from "../cursor.ts";
import { expectedRevision, sendRevision } from "../etag.ts";
import type { AnswerOnce } from "../idempotency.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { readJson } from "../read-body.ts";
import {
  AddWebhookRequest,
  ChangeWebhookRequest,
  DeliveriesQuery,
  ReplayRangeRequest,
} from "./contract.ts";
import { toDelivery, toLog, toWebhook } from "./views.ts";

export interface WebhookRoutePorts {
  readonly webhooks: WebhookAdmin;
  readonly authorise: Pick<Authorise, "tenant">;
  readonly answerOnce: AnswerOnce;
}

type Identify = (request: Request, response: Response) => Promise<TenantCaller>;

const CALLS_PER_MINUTE = 120;

/** Where a tenant's events are posted, and what became of each. */
export function outgoingWebhookRoutes(ports: WebhookRoutePorts): Router {
  const perTenant = createRateLimit("outgoing-webhooks-per-tenant", CALLS_PER_MINUTE, 60);
  const identify: Identify = async (request, response) => {
    const caller = await ports.authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    return caller;
  };
  const router = Router();
  router.use(
    endpointRoutes(ports, identify),
    deliveryRoutes(ports, identify),
    sendingRoutes(ports, identify),
  );
  return router;
}

function endpointRoutes({ webhooks, answerOnce }: WebhookRoutePorts, identify: Identify): Router {
  const router = Router();
  router
    .route("/api/v1/webhooks")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const endpoints = await webhooks.list(tenantId);
      response.json({ webhooks: endpoints.map(toWebhook) });
    })
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const draft = parseInput(AddWebhookRequest, await readJson(request));
      await answerOnce(request, response, caller, draft, async (operationId) => {
        const { tenantId } = caller;
        const { endpoint, secret } = await webhooks.add(tenantId, operationId, draft, caller);
        return { status: 201, body: { ...toWebhook(endpoint), secret } };
      });
    })
    .all(allowOnly("GET", "POST"));
  router
    .route("/api/v1/webhooks/:webhookId")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const endpoint = await webhooks.find(tenantId, request.params.webhookId);
      if (endpoint === undefined) throw noWebhook();
      sendRevision(response, endpoint.revision);
      response.json(toWebhook(endpoint));
    })
    .patch(async (request, response) => {
      const caller = await identify(request, response);
      const change = parseInput(ChangeWebhookRequest, await readJson(request));
      const endpoint = await webhooks.change(
        caller.tenantId,
        request.params.webhookId,
        change,
        expectedRevision(request),
        caller,
      );
      if (endpoint === undefined) throw noWebhook();
      sendRevision(response, endpoint.revision);
      response.json(toWebhook(endpoint));
    })
    .delete(async (request, response) => {
      const caller = await identify(request, response);
      if (!(await webhooks.remove(caller.tenantId, request.params.webhookId, caller))) {
        throw noWebhook();
      }
      response.status(204).end();
    })
    .all(allowOnly("GET", "PATCH", "DELETE"));
  router
    .route("/api/v1/webhooks/:webhookId/secret")
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const { webhookId } = request.params;
      const rotated = await webhooks.rotateSecret(caller.tenantId, webhookId, caller);
      if (rotated === undefined) throw noWebhook();
      const { secret, previousUntil } = rotated;
      response.status(201).json({ secret, previousUntil: previousUntil.toISOString() });
    })
    .all(allowOnly("POST"));
  return router;
}

function deliveryRoutes({ webhooks }: WebhookRoutePorts, identify: Identify): Router {
  const router = Router();
  router
    .route("/api/v1/webhooks/:webhookId/deliveries")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const { webhookId } = request.params;
      const query = parseInput(DeliveriesQuery, { ...request.query });
      if ((await webhooks.find(tenantId, webhookId)) === undefined) throw noWebhook();
      const page = await webhooks.listDeliveries(tenantId, webhookId, query.state, keysetOf(query));
      response.json({ deliveries: page.entries.map(toDelivery), next: cursorOf(page.next) });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/webhooks/:webhookId/deliveries/:deliveryId")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const { webhookId, deliveryId } = request.params;
      const found = await webhooks.findDelivery(tenantId, webhookId, deliveryId);
      if (found === undefined) throw noDelivery();
      response.json({ ...toDelivery(found.delivery), log: toLog(found.attempts) });
    })
    .all(allowOnly("GET"));
  return router;
}

/** What posts something that no event has just asked for. */
function sendingRoutes({ webhooks, answerOnce }: WebhookRoutePorts, identify: Identify): Router {
  const router = Router();
  router
    .route("/api/v1/webhooks/:webhookId/tests")
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const { webhookId } = request.params;
      await answerOnce(request, response, caller, {}, async (deliveryId) => {
        const isQueued = await webhooks.sendTest(caller.tenantId, webhookId, deliveryId, caller);
        if (!isQueued) throw noWebhook();
        return { status: 202, body: { deliveryId } };
      });
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/webhooks/:webhookId/replays")
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const { webhookId } = request.params;
      const asked = parseInput(ReplayRangeRequest, await readJson(request));
      const range = { from: new Date(asked.from), to: new Date(asked.to), all: asked.all };
      await answerOnce(request, response, caller, asked, async () => {
        const pending = await webhooks.replayRange(caller.tenantId, webhookId, range, caller);
        if (pending === undefined) throw noWebhook();
        return { status: 202, body: { pending } };
      });
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/webhooks/:webhookId/deliveries/:deliveryId/replay")
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const { webhookId, deliveryId } = request.params;
      await answerOnce(request, response, caller, {}, async () => {
        const { tenantId } = caller;
        const isFound = await webhooks.replay(tenantId, webhookId, deliveryId, caller);
        if (!isFound) throw noDelivery();
        return { status: 202, body: { deliveryId } };
      });
    })
    .all(allowOnly("POST"));
  return router;
}

const noWebhook = () => notFound("There is no such webhook.");
const noDelivery = () => notFound("There is no such delivery.");
