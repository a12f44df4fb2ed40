import { type Request, Router } from "express";
import { asId, type BotId } from "../../core/ids.ts";
import type { StrangerRules } from "../../core/strangers.ts";
import { expectedRevision, sendRevision } from "../etag.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { readJson } from "../read-body.ts";
import { CodeRequest, StrangersRequest } from "./contract.ts";
import type { ContactRoutePorts, Identify } from "./ports.ts";
import { toCodeShape } from "./views.ts";

const HOUR_MS = 3_600_000;

/** Which strangers a bot answers, and the codes by which they are let in. */
export function strangerRoutes(ports: ContactRoutePorts, identify: Identify): Router {
  const { strangers } = ports.contactFeatures;
  const router = Router();
  router
    .route("/api/v1/bots/:botId/strangers")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const rules = await strangers.findRules(tenantId, botIdOf(request));
      if (rules === undefined) throw noBot();
      sendRevision(response, rules.revision);
      response.json(toRulesShape(rules));
    })
    .put(async (request, response) => {
      const { tenantId, by } = await identify(request, response);
      const wanted = parseInput(StrangersRequest, await readJson(request));
      const rules = { ...wanted, sentence: wanted.sentence ?? undefined };
      const revision = expectedRevision(request);
      const set = await strangers.setRules(tenantId, botIdOf(request), rules, revision, by);
      if (set === undefined) throw noBot();
      sendRevision(response, set.revision);
      response.json(toRulesShape(set));
    })
    .all(allowOnly("GET", "PUT"));
  router
    .route("/api/v1/bots/:botId/pairing-codes")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const codes = await strangers.listCodes(tenantId, botIdOf(request));
      if (codes === undefined) throw noBot();
      response.json({ codes: codes.map(toCodeShape) });
    })
    .post(async (request, response) => {
      const { tenantId, by } = await identify(request, response);
      const { validForHours } = parseInput(CodeRequest, await readJson(request));
      const expiresAt = new Date(ports.clock.now().getTime() + validForHours * HOUR_MS);
      const made = await strangers.makeCode(tenantId, botIdOf(request), expiresAt, by);
      if (made === undefined) throw noBot();
      response.status(201).json({ ...toCodeShape(made.view), code: made.code });
    })
    .all(allowOnly("GET", "POST"));
  router
    .route("/api/v1/bots/:botId/pairing-codes/:codeId")
    .delete(async (request, response) => {
      const { tenantId, by } = await identify(request, response);
      const { codeId } = request.params;
      if (!(await strangers.withdrawCode(tenantId, botIdOf(request), codeId, by))) {
        throw notFound("There is no such pairing code.");
      }
      response.status(204).end();
    })
    .all(allowOnly("DELETE"));
  return router;
}

function toRulesShape({ policy, answers, sentence }: StrangerRules) {
  return { policy, answers, sentence: sentence ?? null };
}

function botIdOf(request: Request): BotId {
  return asId<BotId>(String(request.params.botId).toLowerCase());
}

function noBot() {
  return notFound("There is no such bot.");
}
