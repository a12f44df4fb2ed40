import { type Request, type Response, Router } from "express";
import { z } from "zod";
import { assistantDraft, assistantName } from "../assistants/draft-schema.ts";
import type { AssistantAdmin } from "../core/assistant.ts";
import { asId, type BotId } from "../core/ids.ts";
import type { Authorise, TenantCaller } from "./access/authorise.ts";
import { addVersions } from "./assistant-versions.ts";
import { UseAssistantRequest } from "./contract.ts";
import { sendRevision } from "./etag.ts";
import { parseInput } from "./parse-input.ts";
import { allowOnly, notFound } from "./problem.ts";
import { createRateLimit } from "./rate-limit.ts";
import { readJson } from "./read-body.ts";

export const ASSISTANTS_SCOPE = "assistants";

const CALLS_PER_MINUTE = 120;

/** A tenant's assistants and the state of their models, for members and for API keys with scope `assistants`. */
export function assistantRoutes(ports: {
  readonly assistants: AssistantAdmin;
  readonly authorise: Pick<Authorise, "tenant">;
}): Router {
  const { assistants } = ports;
  const perTenant = createRateLimit("assistants-per-tenant", CALLS_PER_MINUTE, 60);

  async function identify(request: Request, response: Response): Promise<TenantCaller> {
    const caller = await ports.authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    return caller;
  }

  const router = Router();
  router
    .route("/api/v1/assistants")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      response.json({ assistants: await assistants.list(tenantId) });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/assistants/:name")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const { name } = request.params;
      const found = (await assistants.list(tenantId)).find((assistant) => assistant.name === name);
      if (found === undefined) throw notFound(`There is no assistant "${name}".`);
      sendRevision(response, found.revision);
      response.json(found);
    })
    .put(async (request, response) => {
      const { tenantId, actor } = await identify(request, response);
      const { name } = parseInput(NameInPath, { name: request.params.name });
      const draft = parseInput(assistantDraft, await readJson(request));
      const saved = await assistants.save(tenantId, name, draft, actor);
      sendRevision(response, saved.revision);
      response.json(saved);
    })
    .delete(async (request, response) => {
      const { tenantId, actor } = await identify(request, response);
      await assistants.remove(tenantId, request.params.name, actor);
      response.status(204).end();
    })
    .all(allowOnly("GET", "PUT", "DELETE"));
  addVersions(router, assistants, identify);
  router
    .route("/api/v1/bots/:botId/assistant")
    .put(async (request, response) => {
      const { tenantId, actor } = await identify(request, response);
      const { assistant } = parseInput(UseAssistantRequest, await readJson(request));
      const botId = asId<BotId>(request.params.botId);
      await assistants.use(tenantId, botId, assistant ?? undefined, actor);
      response.status(204).end();
    })
    .all(allowOnly("PUT"));
  router
    .route("/api/v1/models")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      response.json({ models: await assistants.listModels(tenantId) });
    })
    .all(allowOnly("GET"));
  return router;
}

const NameInPath = z.strictObject({ name: assistantName });
