import { type Request, type Response, Router } from "express";
import type { z } from "zod";
import type {
  ExperimentAdmin,
  ExperimentReport,
  VersionResult,
} from "../../core/assistant-experiment.ts";
import { isPregoneroError } from "../../core/errors.ts";
import type { Authorise, TenantCaller } from "../access/authorise.ts";
import { expectedRevision, staleRevision } from "../etag.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { readJson } from "../read-body.ts";
import { EndExperimentRequest, type ExperimentShape, StartExperimentRequest } from "./contract.ts";

export interface ExperimentPorts {
  readonly assistantExperiments: ExperimentAdmin;
  readonly authorise: Pick<Authorise, "tenant">;
}

/** Results are summed anew for each look at one that runs. */
const CALLS_PER_MINUTE = 60;

/** Two versions of an assistant side by side, and what came of each. */
export function experimentRoutes(ports: ExperimentPorts): Router {
  const { assistantExperiments: experiments } = ports;
  const perTenant = createRateLimit("experiments-per-tenant", CALLS_PER_MINUTE, 60);

  async function identify(request: Request, response: Response): Promise<TenantCaller> {
    const caller = await ports.authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    return caller;
  }

  const router = Router();
  router
    .route("/api/v1/assistants/:name/experiments")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const all = await experiments.list(tenantId, request.params.name);
      response.json({ experiments: all.map(toShape) });
    })
    .post(async (request, response) => {
      const { tenantId, actor } = await identify(request, response);
      const { name } = request.params;
      const asked = parseInput(StartExperimentRequest, await readJson(request));
      const draft = {
        otherRevision: asked.revision,
        share: asked.share,
        expectedRevision: expectedRevision(request),
      };
      try {
        const begun = await experiments.start(tenantId, name, draft, actor);
        response.status(201).json(toShape(begun));
      } catch (error) {
        throw isPregoneroError(error, "assistant-changed") ? staleRevision() : error;
      }
    })
    .all(allowOnly("GET", "POST"));
  router
    .route("/api/v1/assistants/:name/experiments/:experimentId/end")
    .post(async (request, response) => {
      const { tenantId, actor } = await identify(request, response);
      const { name, experimentId } = request.params;
      const { keep: kept } = parseInput(EndExperimentRequest, await readJson(request));
      const ended = await experiments.end(tenantId, name, { experimentId, kept }, actor);
      response.json(toShape(ended));
    })
    .all(allowOnly("POST"));
  return router;
}

function toShape(report: ExperimentReport): z.infer<typeof ExperimentShape> {
  const { startedAt, endedAt, keptRevision, results, differences, ...same } = report;
  return {
    ...same,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    keptRevision: keptRevision ?? null,
    results: results.map(toResult),
    differences: differences.map(({ difference, ...each }) => ({
      ...each,
      difference: difference ?? null,
    })),
  };
}

function toResult(result: VersionResult): z.infer<typeof ExperimentShape>["results"][number] {
  const { questions, abstained, answerMs } = result;
  return {
    revision: result.revision,
    people: result.people,
    questions,
    answered: questions - abstained,
    abstained,
    handedOver: result.handedOver,
    thumbsUp: result.thumbsUp,
    thumbsDown: result.thumbsDown,
    costMicroUsd: result.costMicroUsd,
    answerMs: answerMs ?? null,
  };
}
