import { type Request, type Response, Router } from "express";
import type { z } from "zod";
import { asId, type ContactId } from "../../core/ids.ts";
import type { NewsTemplates, SubscriptionAdmin } from "../../core/subscriptions.ts";
import type { Authorise } from "../access/authorise.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { readJson } from "../read-body.ts";
import { type ContactSubscriptionsShape, NewsTemplatesShape } from "./contract.ts";

export interface SubscriptionRoutePorts {
  readonly subscriptionFeatures: {
    readonly admin: SubscriptionAdmin;
    readonly templates: NewsTemplates;
  };
  readonly authorise: Pick<Authorise, "tenant">;
}

const CALLS_PER_MINUTE = 120;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

type Listed = NonNullable<Awaited<ReturnType<SubscriptionAdmin["listOfContact"]>>>[number];

/** What citizens are subscribed to, for the tenant's staff. */
export function subscriptionRoutes({
  subscriptionFeatures: { admin, templates },
  authorise,
}: SubscriptionRoutePorts): Router {
  const perTenant = createRateLimit("subscriptions-per-tenant", CALLS_PER_MINUTE, 60);
  const identify = async (request: Request, response: Response) => {
    const caller = await authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    const requestId = String(response.locals.requestId ?? "");
    return { ...caller, by: { actor: caller.actor, requestId } };
  };
  const idOf = (value: unknown, what: string): string => {
    const id = String(value).toLowerCase();
    if (!UUID.test(id)) throw notFound(`There is no such ${what}.`);
    return id;
  };

  const router = Router();
  router
    .route("/api/v1/subscriptions")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      response.json(await admin.count(tenantId));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/news-templates")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      response.json({ templates: await templates.list(tenantId) });
    })
    .put(async (request, response) => {
      const { tenantId, by } = await identify(request, response);
      const given = parseInput(NewsTemplatesShape, await readJson(request));
      await templates.replace(tenantId, given.templates, by);
      response.json({ templates: await templates.list(tenantId) });
    })
    .all(allowOnly("GET", "PUT"));
  router
    .route("/api/v1/contacts/:contactId/subscriptions")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const contactId = asId<ContactId>(idOf(request.params.contactId, "contact"));
      const subscriptions = await admin.listOfContact(tenantId, contactId);
      if (subscriptions === undefined) throw notFound("There is no such contact.");
      response.json({ subscriptions: subscriptions.map(view) });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/subscriptions/:subscriptionId")
    .delete(async (request, response) => {
      const { tenantId, by } = await identify(request, response);
      const subscriptionId = idOf(request.params.subscriptionId, "subscription");
      if (!(await admin.remove(tenantId, subscriptionId, by))) {
        throw notFound("There is no such subscription.");
      }
      response.status(204).end();
    })
    .all(allowOnly("DELETE"));
  return router;
}

function view(listed: Listed): z.infer<typeof ContactSubscriptionsShape>["subscriptions"][number] {
  const { topic, quietHours } = listed;
  return {
    id: listed.subscriptionId,
    kind: listed.kind,
    state: listed.state,
    topic:
      topic === undefined
        ? null
        : {
            anyOf: topic.anyOf.map((terms) => [...terms]),
            without: [...topic.without],
            body: topic.body ?? null,
            section: topic.section ?? null,
            name: topic.name ?? null,
            place: topic.place ?? null,
          },
    language: listed.language,
    timeZone: listed.timeZone,
    quietHours: quietHours ?? null,
    minute: listed.minute ?? null,
    weekday: listed.weekday ?? null,
    conversationId: listed.conversationId,
    botId: listed.botId,
    createdAt: listed.createdAt.toISOString(),
  };
}
