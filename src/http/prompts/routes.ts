import { type Request, type Response, Router } from "express";
import { asId, type PassageId, type PromptId, type PromptRunId } from "../../core/ids.ts";
import type { PromptAdmin } from "../../newsroom/prompts/prompt-admin.ts";
import type { PromptRunAdmin } from "../../newsroom/prompts/run-admin.ts";
import type { Authorise, TenantCaller } from "../access/authorise.ts";
import { cursorOf, keysetOf } from "../cursor.ts";
import { expectedRevision, sendRevision } from "../etag.ts";
import type { AnswerOnce } from "../idempotency.ts";
import { cleanText, parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { readJson } from "../read-body.ts";
import {
  ApprovalRequest,
  ComparisonQuery,
  PromptPause,
  PromptRequest,
  RejectionRequest,
  RunRequest,
  RunsQuery,
  StatementsRequest,
} from "./contract.ts";
import {
  toAskedRun,
  toGivenPrompt,
  viewComparison,
  viewEstimate,
  viewPages,
  viewPrompt,
  viewRun,
  viewSummary,
  viewVersion,
} from "./views.ts";

export interface PromptRoutePorts {
  readonly promptFeatures: { readonly prompts: PromptAdmin; readonly runs: PromptRunAdmin };
  readonly authorise: Pick<Authorise, "tenant">;
  readonly answerOnce: AnswerOnce;
}

const CALLS_PER_MINUTE = 240;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Identify = (request: Request, response: Response) => Promise<TenantCaller>;

/** A tenant's prompts and their runs, for its people. */
export function promptRoutes(ports: PromptRoutePorts): Router {
  const perTenant = createRateLimit("prompts-per-tenant", CALLS_PER_MINUTE, 60);
  const identify: Identify = async (request, response) => {
    const caller = await ports.authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    return caller;
  };
  const router = Router();
  addPrompts(router, ports, identify);
  addPrompt(router, ports, identify);
  addStarts(router, ports, identify);
  addRuns(router, ports, identify);
  addReview(router, ports, identify);
  return router;
}

function addPrompts(router: Router, ports: PromptRoutePorts, identify: Identify): void {
  const { prompts } = ports.promptFeatures;
  router
    .route("/api/v1/prompts")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      response.json({ prompts: (await prompts.list(tenantId)).map(viewPrompt), next: null });
    })
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const input = parseInput(PromptRequest, await readJson(request));
      await ports.answerOnce(request, response, caller, input, async (operationId) => {
        const promptId = asId<PromptId>(operationId);
        const given = toGivenPrompt(input);
        const made = await prompts.create(caller.tenantId, promptId, given, byOf(caller));
        const headers = { Location: `/api/v1/prompts/${promptId}`, ETag: `"r${made.revision}"` };
        return { status: 201, body: viewPrompt(made), headers };
      });
    })
    .all(allowOnly("GET", "POST"));
}

function addPrompt(router: Router, { promptFeatures }: PromptRoutePorts, identify: Identify): void {
  const { prompts } = promptFeatures;
  router
    .route("/api/v1/prompts/:promptId")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const found = await prompts.find(tenantId, promptOf(request));
      sendRevision(response, found.revision);
      response.json(viewPrompt(found));
    })
    .put(async (request, response) => {
      const caller = await identify(request, response);
      const promptId = promptOf(request);
      const given = toGivenPrompt(parseInput(PromptRequest, await readJson(request)));
      const revision = expectedRevision(request);
      const by = byOf(caller);
      const changed = await prompts.change(caller.tenantId, promptId, given, revision, by);
      sendRevision(response, changed.revision);
      response.json(viewPrompt(changed));
    })
    .patch(async (request, response) => {
      const caller = await identify(request, response);
      const { isPaused } = parseInput(PromptPause, await readJson(request));
      const { tenantId } = caller;
      const changed = await prompts.pause(tenantId, promptOf(request), isPaused, byOf(caller));
      sendRevision(response, changed.revision);
      response.json(viewPrompt(changed));
    })
    .delete(async (request, response) => {
      const caller = await identify(request, response);
      await prompts.remove(caller.tenantId, promptOf(request), byOf(caller));
      response.status(204).end();
    })
    .all(allowOnly("GET", "PUT", "PATCH", "DELETE"));
  router
    .route("/api/v1/prompts/:promptId/versions")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const versions = await prompts.versions(tenantId, promptOf(request));
      response.json({ versions: versions.map(viewVersion), next: null });
    })
    .all(allowOnly("GET"));
}

function addStarts(router: Router, ports: PromptRoutePorts, identify: Identify): void {
  const { runs } = ports.promptFeatures;
  router
    .route("/api/v1/prompts/:promptId/estimate")
    .post(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const asked = toAskedRun(parseInput(RunRequest, await readJson(request)));
      response.json(viewEstimate(await runs.estimate(tenantId, promptOf(request), asked)));
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/prompts/:promptId/runs")
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const promptId = promptOf(request);
      const input = parseInput(RunRequest, await readJson(request));
      await ports.answerOnce(request, response, caller, input, async (operationId) => {
        const runId = asId<PromptRunId>(operationId);
        const { tenantId } = caller;
        const asked = toAskedRun(input);
        const run = await runs.start(tenantId, runId, promptId, asked, byOf(caller));
        const headers = { Location: `/api/v1/prompt-runs/${runId}`, ETag: `"r${run.revision}"` };
        return { status: 202, body: viewRun(run), headers };
      });
    })
    .all(allowOnly("POST"));
}

function addRuns(router: Router, { promptFeatures }: PromptRoutePorts, identify: Identify): void {
  const { runs } = promptFeatures;
  router
    .route("/api/v1/prompt-runs")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const query = parseInput(RunsQuery, request.query);
      const promptId = query.promptId === undefined ? undefined : asId<PromptId>(query.promptId);
      const page = await runs.list(tenantId, { promptId, state: query.state }, keysetOf(query));
      response.json({ runs: page.entries.map(viewSummary), next: cursorOf(page.next) });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/prompt-runs/:runId")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const found = await runs.find(tenantId, runOf(request));
      sendRevision(response, found.revision);
      response.json(viewRun(found));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/prompt-runs/:runId/pages")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      response.json(viewPages(await runs.pages(tenantId, runOf(request))));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/prompt-runs/:runId/comparison")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const { with: other } = parseInput(ComparisonQuery, { ...request.query });
      const compared = await runs.compare(tenantId, runOf(request), asId<PromptRunId>(other));
      response.json(viewComparison(compared));
    })
    .all(allowOnly("GET"));
}

function addReview(router: Router, { promptFeatures }: PromptRoutePorts, identify: Identify): void {
  const { runs } = promptFeatures;
  router
    .route("/api/v1/prompt-runs/:runId/statements")
    .put(async (request, response) => {
      const caller = await identify(request, response);
      const runId = runOf(request);
      const { statements } = parseInput(StatementsRequest, await readJson(request));
      const revision = expectedRevision(request);
      const given = statements.map(({ text, cites }) => ({
        text: cleanText(text),
        cites: cites.map((id) => asId<PassageId>(id)),
      }));
      const run = await runs.edit(caller.tenantId, runId, given, revision, byOf(caller));
      sendRevision(response, run.revision);
      response.json(viewRun(run));
    })
    .all(allowOnly("PUT"));
  router
    .route("/api/v1/prompt-runs/:runId/approval")
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const runId = runOf(request);
      const { confirmUnsupported } = parseInput(ApprovalRequest, await readJson(request));
      const revision = expectedRevision(request);
      const { tenantId } = caller;
      const by = byOf(caller);
      const run = await runs.approve(tenantId, runId, confirmUnsupported, revision, by);
      sendRevision(response, run.revision);
      response.json(viewRun(run));
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/prompt-runs/:runId/rejection")
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const runId = runOf(request);
      const { reason } = parseInput(RejectionRequest, await readJson(request));
      const revision = expectedRevision(request);
      const run = await runs.reject(caller.tenantId, runId, reason, revision, byOf(caller));
      sendRevision(response, run.revision);
      response.json(viewRun(run));
    })
    .all(allowOnly("POST"));
  for (const [path, step] of [
    ["cancellation", runs.cancel],
    ["retry", runs.retry],
  ] as const) {
    router
      .route(`/api/v1/prompt-runs/:runId/${path}`)
      .post(async (request, response) => {
        const caller = await identify(request, response);
        const run = await step(caller.tenantId, runOf(request), byOf(caller));
        sendRevision(response, run.revision);
        response.json(viewRun(run));
      })
      .all(allowOnly("POST"));
  }
}

function byOf({ actor, origin }: TenantCaller) {
  return { actor, origin };
}

function promptOf(request: Request): PromptId {
  const id = String(request.params.promptId).toLowerCase();
  if (!UUID.test(id)) throw notFound("There is no such prompt.");
  return asId<PromptId>(id);
}

function runOf(request: Request): PromptRunId {
  const id = String(request.params.runId).toLowerCase();
  if (!UUID.test(id)) throw notFound("There is no such run.");
  return asId<PromptRunId>(id);
}
