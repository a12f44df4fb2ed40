import type { CampaignActor, CampaignState, CampaignStep } from "../../core/campaigns.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";
import { type LockedCampaign, lockCampaign, noteChange, requireState } from "./campaign-rows.ts";

const DEFAULT_APPROVAL_ABOVE = 100;

export async function readApprovalAbove(tx: Transaction): Promise<number> {
  const [row] = await tx.query<{ approval_above: number }>(
    "select approval_above from campaign_policy",
  );
  return row?.approval_above ?? DEFAULT_APPROVAL_ABOVE;
}

interface Taken {
  readonly state: CampaignState;
  readonly recipients: number;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** One step, under the campaign's lock, with its audit. Returns how many recipients it concerned. */
export async function takeStep(
  tx: Transaction,
  tenantId: TenantId,
  campaignId: string,
  step: CampaignStep,
  revision: number | undefined,
  by: CampaignActor,
): Promise<number> {
  const campaign = await lockCampaign(tx, campaignId, revision);
  const { state, recipients, detail } = await take(tx, campaign, step, by);
  await tx.query("update campaign set revision = revision + 1, changed_at = now() where id = $1", [
    campaignId,
  ]);
  await noteChange(tx, tenantId, {
    campaignId,
    action: `campaign-${ACTIONS[step.kind]}`,
    state,
    by,
    detail: { ...(recipients === 0 ? {} : { recipients }), ...detail },
  });
  return recipients;
}

const ACTIONS: Readonly<Record<CampaignStep["kind"], string>> = {
  schedule: "scheduled",
  unschedule: "unscheduled",
  approve: "approved",
  reject: "rejected",
  pause: "paused",
  resume: "resumed",
  cancel: "cancelled",
  "retry-failed": "failed-retried",
  "resend-unknown": "unknown-resent",
};

async function take(
  tx: Transaction,
  campaign: LockedCampaign,
  step: CampaignStep,
  by: CampaignActor,
): Promise<Taken> {
  switch (step.kind) {
    case "schedule":
      return schedule(tx, campaign, step, by);
    case "unschedule":
      requireState(campaign, ["awaiting-approval", "scheduled"], "editing it again");
      return toDraft(tx, campaign);
    case "approve":
      return approve(tx, campaign, by);
    case "reject":
      requireState(campaign, ["awaiting-approval"], "rejecting it");
      return toDraft(tx, campaign);
    case "pause":
      requireState(campaign, ["sending"], "pausing it");
      return become(tx, campaign, "paused");
    case "resume":
      requireState(campaign, ["paused"], "resuming it");
      return become(tx, campaign, "sending");
    case "cancel":
      return cancel(tx, campaign);
    case "retry-failed":
      return again(tx, campaign, "failed", step.recipientIds);
    case "resend-unknown":
      return again(tx, campaign, "unknown", step.recipientIds);
    default:
      return step satisfies never;
  }
}

async function become(
  tx: Transaction,
  { id }: LockedCampaign,
  state: CampaignState,
): Promise<Taken> {
  await tx.query("update campaign set state = $2, pause_reason = null where id = $1", [id, state]);
  return { state, recipients: 0 };
}

async function schedule(
  tx: Transaction,
  campaign: LockedCampaign,
  step: Extract<CampaignStep, { readonly kind: "schedule" }>,
  by: CampaignActor,
): Promise<Taken> {
  requireState(campaign, ["draft"], "scheduling it");
  if (campaign.audience_kind === null) {
    throw new PregoneroError("campaign-empty", "The campaign has no audience yet.", {
      status: 409,
    });
  }
  const above = await readApprovalAbove(tx);
  const state = step.size > above ? "awaiting-approval" : "scheduled";
  await tx.query(
    `update campaign set state = $2, starts_at = $3, time_zone = $4, scheduled_by = $5, approved_by = null
     where id = $1`,
    [campaign.id, state, step.startsAt, step.timeZone ?? null, by.actor],
  );
  const detail = { startsAt: step.startsAt.toISOString(), size: step.size, approvalAbove: above };
  return { state, recipients: 0, detail };
}

/** Whoever made it, changed it or scheduled it is not the second person. */
async function approve(
  tx: Transaction,
  campaign: LockedCampaign,
  by: CampaignActor,
): Promise<Taken> {
  requireState(campaign, ["awaiting-approval"], "approving it");
  if ([campaign.created_by, campaign.changed_by, campaign.scheduled_by].includes(by.actor)) {
    throw new PregoneroError(
      "second-person-needed",
      "You wrote, changed or scheduled this campaign: another person must approve it.",
      { status: 403 },
    );
  }
  await tx.query("update campaign set state = 'scheduled', approved_by = $2 where id = $1", [
    campaign.id,
    by.actor,
  ]);
  return { state: "scheduled", recipients: 0 };
}

/** What was listed of a segment is forgotten: it is listed anew. */
async function toDraft(tx: Transaction, { id }: LockedCampaign): Promise<Taken> {
  await tx.query(
    `update campaign set state = 'draft', starts_at = null, time_zone = null, scheduled_by = null, approved_by = null,
            pause_reason = null, is_listed = audience_kind <> 'segment',
            audience_id = case when audience_kind = 'segment' then gen_random_uuid() else audience_id end
     where id = $1`,
    [id],
  );
  return { state: "draft", recipients: 0 };
}

/** What waits in the outbox is taken back here; the runner takes back what is not there yet. */
async function cancel(tx: Transaction, campaign: LockedCampaign): Promise<Taken> {
  requireState(
    campaign,
    ["draft", "awaiting-approval", "scheduled", "sending", "paused"],
    "cancelling it",
  );
  await tx.query(
    "update campaign set state = 'cancelled', pause_reason = null, ended_at = now() where id = $1",
    [campaign.id],
  );
  return { state: "cancelled", recipients: await withdrawQueued(tx, campaign.id) };
}

/** Parts of the campaign that nobody claimed yet are not sent any more. Returns of how many recipients. */
export async function withdrawQueued(tx: Transaction, campaignId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `with withdrawn as (
       update outbox o set state = 'failed', reason = 'cancelled', settled_at = now()
       from campaign_recipient r
       where r.campaign_id = $1 and r.state = 'queued' and o.recipient_id = r.id and o.state = 'queued'
       returning o.tenant_id, o.id, o.recipient_id
     ), noted as (
       insert into passport_event (tenant_id, message_id, kind, detail)
       select tenant_id, id, 'dropped', jsonb_build_object('outbox', id, 'reason', 'cancelled') from withdrawn
     )
     select count(distinct recipient_id)::int as n from withdrawn`,
    [campaignId],
  );
  return row?.n ?? 0;
}

/** They wait once more, and the same parts go again: of a long text, those that did not arrive. */
async function again(
  tx: Transaction,
  campaign: LockedCampaign,
  from: "failed" | "unknown",
  recipientIds: readonly string[] | undefined,
): Promise<Taken> {
  requireState(campaign, ["sending", "paused", "done"], "sending again");
  const rows = await tx.query<{ id: string }>(
    `update campaign_recipient set state = 'pending', changed_at = now()
     where audience_id = $1 and state = $2 and ($3::uuid[] is null or id = any($3::uuid[])) returning id`,
    [campaign.audience_id, from, recipientIds ?? null],
  );
  const state = campaign.state === "done" ? "sending" : campaign.state;
  if (rows.length > 0 && state !== campaign.state) {
    await tx.query("update campaign set state = $2, ended_at = null where id = $1", [
      campaign.id,
      state,
    ]);
  }
  const listed = recipientIds === undefined ? {} : { recipientIds: rows.map(({ id }) => id) };
  return {
    state: rows.length > 0 ? state : campaign.state,
    recipients: rows.length,
    detail: listed,
  };
}
