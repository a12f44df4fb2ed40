import { PregoneroError } from "../../core/errors.ts";
import type { TenantId } from "../../core/ids.ts";
import type { PublicationState, PublicationStep, PublishingActor } from "../../core/publishing.ts";
import type { Transaction } from "../database.ts";
import { noPublication, noteDeed, publicationEvent } from "./publishing-rows.ts";

interface Standing {
  readonly state: PublicationState;
  readonly run_id: string;
  readonly target_id: string;
  /** A process is in the middle of a call. */
  readonly is_posting: boolean;
  /** Something of it is out there, or may be. */
  readonly is_begun: boolean;
}

/** One step of a person, under the publication's lock: whoever worked at it has it no longer. */
export async function takeStep(
  tx: Transaction,
  tenantId: TenantId,
  publicationId: string,
  step: PublicationStep,
  by: PublishingActor,
): Promise<void> {
  const [standing] = await tx.query<Standing>(
    `select p.state, p.run_id, p.target_id,
            p.next_at > now() and exists (
              select 1 from publication_post o where o.publication_id = p.id and o.tenant_id = p.tenant_id
                and o.state = 'attempting') as is_posting,
            exists (
              select 1 from publication_post o where o.publication_id = p.id and o.tenant_id = p.tenant_id
                and o.state in ('sent', 'attempting', 'unknown')) as is_begun
     from publication p where p.tenant_id = $1 and p.id = $2 for update`,
    [tenantId, publicationId],
  );
  if (standing === undefined) throw noPublication();
  const next = nextState(standing, step);
  await changePosts(tx, [tenantId, publicationId], step);
  const isAgain = step.kind !== "cancel";
  const at = step.kind === "schedule" ? step.at : undefined;
  await tx.query(
    `update publication
     set state = $3, claims = claims + 1, failures = 0, reason = case when $4 then null else reason end,
         next_at = coalesce($5::timestamptz, now()),
         scheduled_for = coalesce($5::timestamptz, scheduled_for),
         time_zone = case when $5::timestamptz is null then time_zone else $6::text end
     where tenant_id = $1 and id = $2`,
    [
      tenantId,
      publicationId,
      next,
      isAgain,
      at ?? null,
      step.kind === "schedule" ? (step.timeZone ?? null) : null,
    ],
  );
  const { run_id: runId, target_id: targetId } = standing;
  const events = [publicationEvent({ publicationId, targetId, runId }, next)];
  const detail = { from: standing.state, to: next, ...(at && { at: at.toISOString() }) };
  const deed = { tenantId, action: DEEDS[step.kind], subject: publicationId };
  await noteDeed(tx, { ...deed, detail, events }, by);
}

const DEEDS: Readonly<Record<PublicationStep["kind"], string>> = {
  schedule: "publication-scheduled",
  cancel: "publication-cancelled",
  retry: "publication-retried",
  resend: "publication-resent",
  accept: "publication-accepted",
};

function nextState(standing: Standing, { kind }: PublicationStep): PublicationState {
  const { state, is_posting, is_begun } = standing;
  switch (kind) {
    case "schedule":
      if (!is_begun && (state === "scheduled" || state === "cancelled")) return "scheduled";
      throw misfit(`It is ${state}: only what is scheduled, or was cancelled before it began, is.`);
    case "cancel":
      if (is_posting) throw misfit("It is being posted at this moment. Try again in a minute.");
      if (state !== "published" && state !== "cancelled") return "cancelled";
      throw misfit(`It is ${state} already.`);
    case "retry":
      if (state === "failed") return is_begun ? "publishing" : "scheduled";
      throw misfit(`It is ${state}: only what failed is tried again.`);
    case "resend":
    case "accept":
      if (state === "unknown") return "publishing";
      throw misfit(`It is ${state}: there is no doubt to decide.`);
    default:
      return kind satisfies never;
  }
}

async function changePosts(
  tx: Transaction,
  place: readonly [TenantId, string],
  step: PublicationStep,
): Promise<void> {
  const change = POST_CHANGES[step.kind];
  if (change === undefined) return;
  const [from, to] = change;
  const position = "position" in step ? step.position : undefined;
  const changed = await tx.query(
    `update publication_post set state = $4, look_ups = 0
     where tenant_id = $1 and publication_id = $2 and state = any($3::text[])
       and ($5::integer is null or position = $5) returning position`,
    [...place, from, to, position ?? null],
  );
  if (position !== undefined && changed.length === 0) {
    throw misfit(`Its post ${position} is in no doubt.`);
  }
}

const POST_CHANGES: Readonly<
  Partial<Record<PublicationStep["kind"], readonly [readonly string[], string]>>
> = {
  // The process that attempted it died: nobody knows, and nobody will ask.
  cancel: [["attempting"], "unknown"],
  retry: [["refused"], "pending"],
  resend: [["unknown"], "pending"],
  accept: [["unknown"], "sent"],
};

function misfit(why: string): PregoneroError {
  return new PregoneroError("publication-state", why, { status: 409 });
}
