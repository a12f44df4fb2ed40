import {
  type Campaign,
  type CampaignActor,
  type CampaignContent,
  type CampaignState,
  RECIPIENT_STATES,
  type RecipientCounts,
  type RecipientState,
} from "../../core/campaigns.ts";
import type { Cipher, CipherPlace } from "../../core/cipher.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { atOf, type PlacedRow } from "../keyset.ts";

export interface CampaignRow extends PlacedRow {
  readonly content: Buffer;
  readonly bot_ids: readonly string[];
  readonly state: CampaignState;
  readonly revision: number;
  readonly audience_kind: "contacts" | "segment" | "csv" | null;
  readonly audience_id: string | null;
  readonly segment_id: string | null;
  readonly is_listed: boolean;
  readonly pace_per_minute: number | null;
  readonly starts_at: Date | null;
  readonly time_zone: string | null;
  readonly pause_reason: string | null;
  readonly created_by: string;
  readonly changed_by: string;
  readonly scheduled_by: string | null;
  readonly approved_by: string | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  /** State → contacts. */
  readonly counts: Readonly<Record<string, number>> | null;
}

/** Of a campaign `k`, with the counts of the audience that counts. */
export const CAMPAIGN_COLUMNS = `${atOf("k.created_at")} as at, k.id, k.content, k.bot_ids, k.state, k.revision,
  k.audience_kind, k.audience_id, k.segment_id, k.is_listed, k.pace_per_minute, k.starts_at, k.time_zone,
  k.pause_reason, k.created_by, k.changed_by, k.scheduled_by, k.approved_by, k.created_at, k.started_at, k.ended_at,
  (select jsonb_object_agg(tally.state, tally.contacts) from (
     select r.state, count(*) as contacts from campaign_recipient r
     where r.audience_id = k.audience_id group by r.state) tally) as counts`;

export function contentPlace(tenantId: TenantId, campaignId: string): CipherPlace {
  return { tenantId, table: "campaign", column: "content", rowId: campaignId };
}

export function variablesPlace(tenantId: TenantId, recipientId: string): CipherPlace {
  return { tenantId, table: "campaign_recipient", column: "variables", rowId: recipientId };
}

export function sealContent(
  cipher: Cipher,
  tenantId: TenantId,
  campaignId: string,
  { name, text, template, attachment }: CampaignContent,
): Buffer {
  const content: CampaignContent = { name, text, template, attachment };
  return cipher.encrypt(contentPlace(tenantId, campaignId), JSON.stringify(content));
}

export function toCampaign(cipher: Cipher, tenantId: TenantId, row: CampaignRow): Campaign {
  const content = JSON.parse(
    cipher.decrypt(contentPlace(tenantId, row.id), row.content),
  ) as CampaignContent;
  return {
    name: content.name,
    text: content.text,
    template: content.template,
    attachment: content.attachment,
    tenantId,
    campaignId: row.id,
    bots: row.bot_ids.map((id) => asId(id)),
    pacePerMinute: row.pace_per_minute ?? undefined,
    state: row.state,
    revision: row.revision,
    audience:
      row.audience_kind === null
        ? undefined
        : {
            kind: row.audience_kind,
            segmentId: row.segment_id ?? undefined,
            isListed: row.is_listed,
          },
    startsAt: row.starts_at ?? undefined,
    timeZone: row.time_zone ?? undefined,
    pauseReason: row.pause_reason ?? undefined,
    createdBy: row.created_by,
    changedBy: row.changed_by,
    scheduledBy: row.scheduled_by ?? undefined,
    approvedBy: row.approved_by ?? undefined,
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
    counts: toCounts(row.counts),
  };
}

function toCounts(counts: CampaignRow["counts"]): RecipientCounts {
  const known = RECIPIENT_STATES.map((state) => [state, counts?.[state] ?? 0] as const);
  return Object.fromEntries(known) as Record<RecipientState, number>;
}

export interface LockedCampaign {
  readonly id: string;
  readonly state: CampaignState;
  readonly revision: number;
  readonly audience_kind: string | null;
  readonly audience_id: string | null;
  readonly is_listed: boolean;
  readonly created_by: string;
  readonly changed_by: string;
  readonly scheduled_by: string | null;
  readonly approved_by: string | null;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Locks it for a change by a person. Throws `campaign-unknown` and `stale`. */
export async function lockCampaign(
  tx: Transaction,
  campaignId: string,
  revision?: number | undefined,
): Promise<LockedCampaign> {
  const [row] = UUID.test(campaignId)
    ? await tx.query<LockedCampaign>(
        `select id, state, revision, audience_kind, audience_id, is_listed, created_by, changed_by, scheduled_by,
                approved_by
         from campaign where id = $1 for no key update`,
        [campaignId],
      )
    : [];
  if (row === undefined) throw campaignUnknown();
  if (revision !== undefined && revision !== row.revision) {
    throw new PregoneroError(
      "stale",
      "Somebody changed it since you read it. Read it again, and make your change to what is there now.",
      { status: 412 },
    );
  }
  return row;
}

export function campaignUnknown(): PregoneroError {
  return new PregoneroError("campaign-unknown", "There is no such campaign.", { status: 404 });
}

/** Throws `campaign-state` (409) when what is asked does not fit where the campaign is. */
export function requireState(
  { state }: Pick<LockedCampaign, "state">,
  allowed: readonly CampaignState[],
  what: string,
): void {
  if (allowed.includes(state)) return;
  throw new PregoneroError(
    "campaign-state",
    `The campaign is ${state}; ${what} is possible while it is ${allowed.join(" or ")}.`,
    { status: 409 },
  );
}

/** In the transaction of the change: what a person did, and that something changed. */
export async function noteChange(
  tx: Transaction,
  tenantId: TenantId,
  change: {
    readonly campaignId: string;
    readonly action: string;
    readonly state: CampaignState | "removed";
    readonly by: CampaignActor;
    readonly detail?: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { campaignId, action, state, by, detail = {} } = change;
  await tx.query(
    "insert into audit (tenant_id, actor, action, subject, detail) values ($1, $2, $3, $4, $5)",
    [
      tenantId,
      by.actor,
      action,
      campaignId,
      JSON.stringify({ ...detail, ...(by.requestId === "" ? {} : { requestId: by.requestId }) }),
    ],
  );
  const told = { campaignId, state, change: action.replace(/^campaign-/, "") };
  await appendEvents(tx, tenantId, [{ kind: "campaign-changed", detail: told }]);
}
