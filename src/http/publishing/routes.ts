import { type Request, type Response, Router } from "express";
import { toInstant } from "../../campaigns/start-time.ts";
import { asId, type PromptId, type PromptRunId } from "../../core/ids.ts";
import type { PublicationStep } from "../../core/publishing.ts";
import type { PublishingDesk } from "../../newsroom/publishing/publishing-desk.ts";
import type { Authorise, TenantCaller } from "../access/authorise.ts";
import { cursorOf, keysetOf } from "../cursor.ts";
import { expectedRevision, sendRevision } from "../etag.ts";
import type { AnswerOnce } from "../idempotency.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { readJson } from "../read-body.ts";
import {
  DoubtRequest,
  PreviewRequest,
  PublicationsQuery,
  PublishRequest,
  RescheduleRequest,
  TargetChangeRequest,
  TargetRequest,
} from "./contract.ts";
import {
  toPreview,
  toPublicationView,
  toPublicationWithPosts,
  toSettings,
  toTargetView,
} from "./views.ts";

export interface PublishingRoutePorts {
  readonly publishing: PublishingDesk;
  readonly authorise: Pick<Authorise, "tenant">;
  readonly answerOnce: AnswerOnce;
}

type Identify = (request: Request, response: Response) => Promise<TenantCaller>;

const CALLS_PER_MINUTE = 120;
/** Each asks somebody else's server. */
const CHECKS_PER_MINUTE = 10;

/** Where approved texts are published, and what became of each. */
export function publishingRoutes(ports: PublishingRoutePorts): Router {
  const perTenant = createRateLimit("publishing-per-tenant", CALLS_PER_MINUTE, 60);
  const identify: Identify = async (request, response) => {
    const caller = await ports.authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    return caller;
  };
  const router = Router();
  addTargets(router, ports, identify);
  addTarget(router, ports, identify);
  addPublications(router, ports, identify);
  addSteps(router, ports, identify);
  return router;
}

function addTargets(
  router: Router,
  { publishing, answerOnce }: PublishingRoutePorts,
  identify: Identify,
): void {
  router
    .route("/api/v1/publishing-targets")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const targets = await publishing.store.listTargets(tenantId);
      response.json({ targets: targets.map(toTargetView) });
    })
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const { tenantId } = caller;
      const given = parseInput(TargetRequest, await readJson(request));
      await answerOnce(request, response, caller, given, async (targetId) => {
        const draft = {
          name: given.name,
          settings: toSettings(given.settings),
          promptIds: given.prompts.map((id) => asId<PromptId>(id)),
        };
        const target = await publishing.store.addTarget(tenantId, targetId, draft, caller);
        const headers = {
          Location: `/api/v1/publishing-targets/${targetId}`,
          ETag: `"r${target.revision}"`,
        };
        return { status: 201, body: toTargetView(target), headers };
      });
    })
    .all(allowOnly("GET", "POST"));
}

function addTarget(router: Router, { publishing }: PublishingRoutePorts, identify: Identify): void {
  const { store } = publishing;
  const checks = createRateLimit("publishing-checks-per-tenant", CHECKS_PER_MINUTE, 60);
  router
    .route("/api/v1/publishing-targets/:targetId")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const target = await store.findTarget(tenantId, request.params.targetId);
      if (target === undefined) throw noTarget();
      sendRevision(response, target.revision);
      response.json(toTargetView(target));
    })
    .patch(async (request, response) => {
      const caller = await identify(request, response);
      const given = parseInput(TargetChangeRequest, await readJson(request));
      const change = {
        name: given.name,
        settings: given.settings && toSettings(given.settings),
        promptIds: given.prompts?.map((id) => asId<PromptId>(id)),
        state: given.state,
      };
      const revision = expectedRevision(request);
      const { targetId } = request.params;
      const target = await store.changeTarget(caller.tenantId, targetId, change, revision, caller);
      if (target === undefined) throw noTarget();
      sendRevision(response, target.revision);
      response.json(toTargetView(target));
    })
    .delete(async (request, response) => {
      const caller = await identify(request, response);
      if (!(await store.removeTarget(caller.tenantId, request.params.targetId, caller))) {
        throw noTarget();
      }
      response.status(204).end();
    })
    .all(allowOnly("GET", "PATCH", "DELETE"));
  router
    .route("/api/v1/publishing-targets/:targetId/check")
    .post(async (request, response) => {
      const caller = await identify(request, response);
      await checks.take(caller.tenantId, response);
      const { targetId } = request.params;
      const found = await publishing.check(caller.tenantId, targetId, caller);
      const { isWell, code, name = null, evidence } = found;
      response.json({ isWell, code, name, evidence });
    })
    .all(allowOnly("POST"));
}

function addPublications(
  router: Router,
  { publishing, answerOnce }: PublishingRoutePorts,
  identify: Identify,
): void {
  const { store } = publishing;
  router
    .route("/api/v1/publications")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const query = parseInput(PublicationsQuery, { ...request.query });
      const { state, targetId, runId } = query;
      const filter = {
        state,
        targetId,
        runId: runId === undefined ? undefined : asId<PromptRunId>(runId),
      };
      const page = await store.list(tenantId, filter, keysetOf(query));
      response.json({
        publications: page.entries.map(toPublicationView),
        next: cursorOf(page.next),
      });
    })
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const { tenantId } = caller;
      const given = parseInput(PublishRequest, await readJson(request));
      const order = {
        runId: asId<PromptRunId>(given.runId),
        targetIds: given.targetIds,
        ...whenOf(given),
      };
      await answerOnce(request, response, caller, given, async (operationId) => {
        const ids = await publishing.publish(tenantId, order, operationId, caller);
        const made = await Promise.all(ids.map((id) => store.find(tenantId, id)));
        const publications = made.flatMap((found) =>
          found === undefined ? [] : [toPublicationView(found.publication)],
        );
        return { status: 201, body: { publications } };
      });
    })
    .all(allowOnly("GET", "POST"));
  router
    .route("/api/v1/publications/preview")
    .post(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const { runId, targetIds } = parseInput(PreviewRequest, await readJson(request));
      const previews = await publishing.preview(tenantId, asId<PromptRunId>(runId), targetIds);
      response.json({ previews: previews.map(toPreview) });
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/publications/:publicationId")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      await sendPublication(publishing, response, [tenantId, request.params.publicationId]);
    })
    .all(allowOnly("GET"));
}

/** Steps that have no body: what they mean is in their address. */
const PLAIN_STEPS = ["cancel", "retry"] as const;
/** What is in doubt: somebody looked, and it is not there, or is. */
const DOUBT_STEPS = ["resend", "accept"] as const;

function addSteps(
  router: Router,
  { publishing, answerOnce }: PublishingRoutePorts,
  identify: Identify,
): void {
  const { store } = publishing;
  const take = (
    request: Request,
    response: Response,
    caller: TenantCaller,
    step: PublicationStep,
  ) => {
    const publicationId = String(request.params.publicationId);
    return answerOnce(request, response, caller, step, async () => {
      await store.take(caller.tenantId, publicationId, step, caller);
      const found = await store.find(caller.tenantId, publicationId);
      if (found === undefined) throw noPublication();
      return { status: 200, body: toPublicationWithPosts(found) };
    });
  };
  for (const kind of PLAIN_STEPS) {
    router
      .route(`/api/v1/publications/:publicationId/${kind}`)
      .post(async (request, response) => {
        const caller = await identify(request, response);
        await take(request, response, caller, { kind });
      })
      .all(allowOnly("POST"));
  }
  for (const kind of DOUBT_STEPS) {
    router
      .route(`/api/v1/publications/:publicationId/${kind}`)
      .post(async (request, response) => {
        const caller = await identify(request, response);
        const { position } = parseInput(DoubtRequest, await readJson(request));
        await take(request, response, caller, { kind, position });
      })
      .all(allowOnly("POST"));
  }
  router
    .route("/api/v1/publications/:publicationId/schedule")
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const { publicationId } = request.params;
      const given = parseInput(RescheduleRequest, await readJson(request));
      await publishing.reschedule(caller.tenantId, publicationId, whenOf(given), caller);
      await sendPublication(publishing, response, [caller.tenantId, publicationId]);
    })
    .all(allowOnly("POST"));
}

function whenOf(given: {
  readonly startsAt?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly whenTwice?: "earlier" | "later" | undefined;
}): { readonly at: Date | undefined; readonly timeZone: string | undefined } {
  const { startsAt, timeZone, whenTwice } = given;
  const at = startsAt === undefined ? undefined : toInstant({ startsAt, timeZone, whenTwice });
  return { at, timeZone: at === undefined ? undefined : timeZone };
}

async function sendPublication(
  { store }: PublishingDesk,
  response: Response,
  [tenantId, publicationId]: readonly [TenantCaller["tenantId"], string],
): Promise<void> {
  const found = await store.find(tenantId, publicationId);
  if (found === undefined) throw noPublication();
  response.json(toPublicationWithPosts(found));
}

const noTarget = () => notFound("There is no such target.");
const noPublication = () => notFound("There is no such publication.");
