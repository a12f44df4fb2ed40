import { type Request, type Response, Router } from "express";
import type { CampaignAdmin } from "../../campaigns/campaign-admin.ts";
import type { CampaignStep } from "../../core/campaigns.ts";
import type { Authorise, TenantCaller } from "../access/authorise.ts";
import { cursorOf, keysetOf } from "../cursor.ts";
import { expectedRevision, expectedRevisionIfAny, sendRevision } from "../etag.ts";
import type { AnswerOnce } from "../idempotency.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { readJson } from "../read-body.ts";
import { setAudience } from "./audience.ts";
import {
  ApprovalRequest,
  CampaignRequest,
  CampaignsQuery,
  DryRunQuery,
  PolicyShape,
  PreviewRequest,
  RecipientsQuery,
  ResendRequest,
  RetryRequest,
  ScheduleRequest,
} from "./contract.ts";
import { sendReport } from "./report.ts";
import { toDraft, viewCampaign, viewDryRun, viewPreview, viewRecipients } from "./views.ts";

export interface CampaignPorts {
  readonly campaigns: CampaignAdmin;
  readonly authorise: Pick<Authorise, "tenant">;
  readonly answerOnce: AnswerOnce;
}

const CALLS_PER_MINUTE = 240;

type Identify = (request: Request, response: Response) => Promise<TenantCaller>;

/** A tenant's campaigns, for members and for API keys with scope `campaigns`. */
export function campaignRoutes(ports: CampaignPorts): Router {
  const perTenant = createRateLimit("campaigns-per-tenant", CALLS_PER_MINUTE, 60);
  const identify: Identify = async (request, response) => {
    const caller = await ports.authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    return caller;
  };
  const router = Router();
  addPolicyRoute(router, ports, identify);
  addListRoute(router, ports, identify);
  addCampaignRoute(router, ports, identify);
  addLooks(router, ports, identify);
  addScheduling(router, ports, identify);
  addSteps(router, ports, identify);
  return router;
}

function addPolicyRoute(router: Router, { campaigns }: CampaignPorts, identify: Identify): void {
  const { store } = campaigns;
  router
    .route("/api/v1/campaign-policy")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      response.json({ approvalAbove: await store.approvalAbove(tenantId) });
    })
    .put(async (request, response) => {
      const caller = await identify(request, response);
      const { approvalAbove } = parseInput(PolicyShape, await readJson(request));
      await store.setApprovalAbove(caller.tenantId, approvalAbove, byOf(caller));
      response.json({ approvalAbove });
    })
    .all(allowOnly("GET", "PUT"));
}

function addListRoute(router: Router, ports: CampaignPorts, identify: Identify): void {
  const { store, find } = ports.campaigns;
  router
    .route("/api/v1/campaigns")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const query = parseInput(CampaignsQuery, request.query);
      const page = await store.list(tenantId, { state: query.state }, keysetOf(query));
      response.json({ campaigns: page.entries.map(viewCampaign), next: cursorOf(page.next) });
    })
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const { tenantId } = caller;
      const input = parseInput(CampaignRequest, await readJson(request));
      await ports.answerOnce(request, response, caller, input, async (campaignId) => {
        await store.create(tenantId, campaignId, toDraft(input), byOf(caller));
        const campaign = await find(tenantId, campaignId);
        const headers = {
          Location: `/api/v1/campaigns/${campaignId}`,
          ETag: `"r${campaign.revision}"`,
        };
        return { status: 201, body: viewCampaign(campaign), headers };
      });
    })
    .all(allowOnly("GET", "POST"));
}

function addCampaignRoute(router: Router, { campaigns }: CampaignPorts, identify: Identify): void {
  const { store } = campaigns;
  router
    .route("/api/v1/campaigns/:campaignId")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      await sendCampaign(campaigns, response, tenantId, idOf(request));
    })
    .put(async (request, response) => {
      const caller = await identify(request, response);
      const campaignId = idOf(request);
      const input = parseInput(CampaignRequest, await readJson(request));
      const revision = expectedRevision(request);
      await store.change(caller.tenantId, campaignId, toDraft(input), revision, byOf(caller));
      await sendCampaign(campaigns, response, caller.tenantId, campaignId);
    })
    .delete(async (request, response) => {
      const caller = await identify(request, response);
      await store.remove(caller.tenantId, idOf(request), byOf(caller));
      response.status(204).end();
    })
    .all(allowOnly("GET", "PUT", "DELETE"));
  router
    .route("/api/v1/campaigns/:campaignId/audience")
    .put(async (request, response) => {
      const caller = await identify(request, response);
      const campaignId = idOf(request);
      const given = { tenantId: caller.tenantId, campaignId, by: byOf(caller) };
      const outcome = await setAudience(campaigns, request, given);
      const campaign = await campaigns.find(caller.tenantId, campaignId);
      sendRevision(response, campaign.revision);
      response.status(outcome.isSet ? 200 : 400).json(outcome);
    })
    .all(allowOnly("PUT"));
}

function addLooks(router: Router, { campaigns }: CampaignPorts, identify: Identify): void {
  router
    .route("/api/v1/campaigns/:campaignId/preview")
    .post(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const { values } = parseInput(PreviewRequest, await readJson(request));
      const named = Object.entries(values).map(([name, value]) => [name.toLowerCase(), value]);
      const filled = Object.fromEntries(named) as Record<string, string>;
      response.json(viewPreview(await campaigns.preview(tenantId, idOf(request), filled)));
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/campaigns/:campaignId/dry-run")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const { limit } = parseInput(DryRunQuery, request.query);
      const signal = abortedWith(response);
      response.json(viewDryRun(await campaigns.dryRun(tenantId, idOf(request), limit, signal)));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/campaigns/:campaignId/recipients")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const query = parseInput(RecipientsQuery, request.query);
      const { campaignId } = await campaigns.find(tenantId, idOf(request));
      const filter = { state: query.state, reason: query.reason };
      const page = await campaigns.store.listRecipients(
        tenantId,
        campaignId,
        filter,
        keysetOf(query),
      );
      response.json(viewRecipients(page));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/campaigns/:campaignId/report.csv")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      await sendReport(campaigns, response, tenantId, idOf(request));
    })
    .all(allowOnly("GET"));
}

function addScheduling(router: Router, ports: CampaignPorts, identify: Identify): void {
  const { campaigns } = ports;
  router
    .route("/api/v1/campaigns/:campaignId/schedule")
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const { tenantId } = caller;
      const campaignId = idOf(request);
      const asked = parseInput(ScheduleRequest, await readJson(request));
      const revision = expectedRevision(request);
      await ports.answerOnce(request, response, caller, asked, async () => {
        const { startsAt, timeZone, whenTwice } = asked;
        const start = startsAt === undefined ? undefined : { startsAt, timeZone, whenTwice };
        const how = { by: byOf(caller), signal: abortedWith(response) };
        await campaigns.schedule(tenantId, campaignId, start, revision, how);
        const campaign = await campaigns.find(tenantId, campaignId);
        const headers = { ETag: `"r${campaign.revision}"` };
        return { status: 200, body: viewCampaign(campaign), headers };
      });
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/campaigns/:campaignId/approval")
    .post(async (request, response) => {
      const caller = await identify(request, response);
      const { approved } = parseInput(ApprovalRequest, await readJson(request));
      const kind = approved ? "approve" : "reject";
      const revision = expectedRevision(request);
      const { tenantId } = caller;
      await campaigns.store.take(tenantId, idOf(request), { kind }, revision, byOf(caller));
      await sendCampaign(campaigns, response, tenantId, idOf(request));
    })
    .all(allowOnly("POST"));
}

/** Steps that have no body: what they mean is in their address. */
const PLAIN_STEPS = ["unschedule", "pause", "resume", "cancel"] as const;

function addSteps(router: Router, ports: CampaignPorts, identify: Identify): void {
  const { campaigns } = ports;
  for (const kind of PLAIN_STEPS) {
    router
      .route(`/api/v1/campaigns/:campaignId/${kind}`)
      .post(async (request, response) => {
        const caller = await identify(request, response);
        const revision = expectedRevisionIfAny(request);
        const { tenantId } = caller;
        await campaigns.store.take(tenantId, idOf(request), { kind }, revision, byOf(caller));
        await sendCampaign(campaigns, response, tenantId, idOf(request));
      })
      .all(allowOnly("POST"));
  }
  const sendAgain = async (
    request: Request,
    response: Response,
    toStep: (body: unknown) => CampaignStep,
  ) => {
    const caller = await identify(request, response);
    const step = toStep(await readJson(request));
    await ports.answerOnce(request, response, caller, step, async () => {
      const { tenantId } = caller;
      const taken = await campaigns.store.take(
        tenantId,
        idOf(request),
        step,
        undefined,
        byOf(caller),
      );
      return { status: 200, body: { recipients: taken } };
    });
  };
  router
    .route("/api/v1/campaigns/:campaignId/retry-failed")
    .post((request, response) =>
      sendAgain(request, response, (body) => {
        const { recipients } = parseInput(RetryRequest, body);
        return { kind: "retry-failed", recipientIds: recipients };
      }),
    )
    .all(allowOnly("POST"));
  router
    .route("/api/v1/campaigns/:campaignId/resend-unknown")
    .post((request, response) =>
      sendAgain(request, response, (body) => {
        const { recipients } = parseInput(ResendRequest, body);
        return { kind: "resend-unknown", recipientIds: recipients };
      }),
    )
    .all(allowOnly("POST"));
}

async function sendCampaign(
  campaigns: CampaignAdmin,
  response: Response,
  tenantId: TenantCaller["tenantId"],
  campaignId: string,
): Promise<void> {
  const campaign = await campaigns.find(tenantId, campaignId);
  sendRevision(response, campaign.revision);
  response.json(viewCampaign(campaign));
}

function idOf(request: Request): string {
  return String(request.params.campaignId).toLowerCase();
}

function byOf({ actor, origin }: TenantCaller) {
  return { actor, requestId: origin.requestId };
}

/** Nobody waits for what nobody hears. */
export function abortedWith(response: Response): AbortSignal {
  const aborter = new AbortController();
  response.once("close", () => aborter.abort());
  return aborter.signal;
}
