import { randomUUID } from "node:crypto";
import type {
  Audience,
  CampaignActor,
  CampaignDraft,
  CampaignState,
  CampaignStore,
} from "../../core/campaigns.ts";
import type { Cipher } from "../../core/cipher.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { KeysetRequest } from "../../core/page.ts";
import type { Database, Transaction } from "../database.ts";
import { toKeysetPage } from "../keyset.ts";
import { matchIdentifiers, removeLeftBehind, writeEntries } from "./audience.ts";
import {
  CAMPAIGN_COLUMNS,
  type CampaignRow,
  lockCampaign,
  noteChange,
  requireState,
  sealContent,
  toCampaign,
} from "./campaign-rows.ts";
import { judgeContacts } from "./judge.ts";
import { judgePage, readRecipients } from "./recipients.ts";
import { readApprovalAbove, takeStep } from "./take-step.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Campaigns on PostgreSQL: what is sent is sealed, who gets it are contacts' ids. */
export function createCampaignStore(database: Database, cipher: Cipher): CampaignStore {
  return {
    create: (tenantId, campaignId, draft, by) =>
      database.asTenant(tenantId, (tx) => create(tx, cipher, tenantId, campaignId, draft, by)),
    change: (tenantId, campaignId, draft, revision, by) =>
      database.asTenant(tenantId, async (tx) => {
        const campaign = await lockCampaign(tx, campaignId, revision);
        requireState(campaign, ["draft"], "changing it");
        await requireBots(tx, draft);
        await tx.query(
          `update campaign set content = $2, bot_ids = $3, pace_per_minute = $4, changed_by = $5,
                  changed_at = now(), revision = revision + 1 where id = $1`,
          [
            campaignId,
            sealContent(cipher, tenantId, campaignId, draft),
            draft.bots,
            draft.pacePerMinute ?? null,
            by.actor,
          ],
        );
        const action = "campaign-changed";
        await noteChange(tx, tenantId, { campaignId, action, state: "draft", by });
      }),
    async find(tenantId, campaignId) {
      if (!UUID.test(campaignId)) return undefined;
      const [row] = await database.asTenant(tenantId, (tx) =>
        tx.query<CampaignRow>(`select ${CAMPAIGN_COLUMNS} from campaign k where k.id = $1`, [
          campaignId,
        ]),
      );
      return row && toCampaign(cipher, tenantId, row);
    },
    list: (tenantId, filter, page) =>
      database.asTenant(tenantId, (tx) => list(tx, cipher, tenantId, filter, page)),
    remove: (tenantId, campaignId, by) =>
      database.asTenant(tenantId, async (tx) => {
        const campaign = await lockCampaign(tx, campaignId);
        requireState(campaign, ["draft"], "removing it");
        await tx.query("delete from campaign where id = $1", [campaignId]);
        const action = "campaign-removed";
        await noteChange(tx, tenantId, { campaignId, action, state: "removed", by });
      }),
    setAudience: (tenantId, campaignId, audience, revision, by) =>
      setAudience(database, cipher, { tenantId, campaignId }, audience, revision, by),
    take: (tenantId, campaignId, step, revision, by) =>
      database.asTenant(tenantId, (tx) => takeStep(tx, tenantId, campaignId, step, revision, by)),
    listRecipients: (tenantId, campaignId, filter, page) =>
      database.asTenant(tenantId, (tx) => readRecipients(tx, campaignId, filter, page)),
    approvalAbove: (tenantId) => database.asTenant(tenantId, readApprovalAbove),
    setApprovalAbove: (tenantId, contacts, by) =>
      database.asTenant(tenantId, async (tx) => {
        await tx.query(
          `insert into campaign_policy (tenant_id, approval_above) values ($1, $2)
           on conflict (tenant_id) do update set approval_above = $2, changed_at = now()`,
          [tenantId, contacts],
        );
        await tx.query(
          `insert into audit (tenant_id, actor, action, subject, detail)
           values ($1, $2, 'campaign-policy-changed', $3, $4)`,
          [tenantId, by.actor, tenantId, { approvalAbove: contacts, requestId: by.requestId }],
        );
      }),
    judgePage: (campaign, page) => judgePage(database, cipher, campaign, page),
    async judgeContacts(campaign, contactIds) {
      const judged = await database.asTenant(campaign.tenantId, (tx) =>
        judgeContacts(tx, cipher, campaign, contactIds),
      );
      return judged.map(({ contactId, judgement }) => ({ contactId: asId(contactId), judgement }));
    },
    matchIdentifiers: (tenantId, identifiers) =>
      database.asTenant(tenantId, (tx) => matchIdentifiers(tx, cipher, tenantId, identifiers)),
  };
}

async function create(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  campaignId: string,
  draft: CampaignDraft,
  by: CampaignActor,
): Promise<void> {
  await requireBots(tx, draft);
  const made = await tx.query<{ id: string }>(
    `insert into campaign (tenant_id, id, content, bot_ids, pace_per_minute, created_by, changed_by)
     values ($1, $2, $3, $4, $5, $6, $6) on conflict do nothing returning id`,
    [
      tenantId,
      campaignId,
      sealContent(cipher, tenantId, campaignId, draft),
      draft.bots,
      draft.pacePerMinute ?? null,
      by.actor,
    ],
  );
  if (made.length === 0) return;
  await noteChange(tx, tenantId, { campaignId, action: "campaign-created", state: "draft", by });
}

/** A removed bot, and one of another tenant, are no bots here. */
async function requireBots(tx: Transaction, { bots }: CampaignDraft): Promise<void> {
  const known = await tx.query<{ id: string }>(
    "select id from bot where id = any($1::uuid[]) and state <> 'removed'",
    [bots.filter((id) => UUID.test(id))],
  );
  const missing = bots.find((id) => !known.some((bot) => bot.id === id));
  if (missing === undefined) return;
  throw new PregoneroError("bot-unknown", `There is no bot ${missing}.`, { status: 404 });
}

async function list(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  { state }: { readonly state?: CampaignState | undefined },
  { after, limit }: KeysetRequest,
) {
  const rows = await tx.query<CampaignRow>(
    `select ${CAMPAIGN_COLUMNS} from campaign k
     where k.tenant_id = $1 and ($2::text is null or k.state = $2)
       and ($3::timestamptz is null or (k.created_at, k.id) < ($3::timestamptz, $4::uuid))
     order by k.created_at desc, k.id desc limit $5`,
    [tenantId, state ?? null, after?.at ?? null, after?.id ?? null, limit + 1],
  );
  return toKeysetPage(rows, limit, (row) => toCampaign(cipher, tenantId, row));
}

/** The new one is written beside the old one, and takes its place in one moment; a crash before leaves the old one. */
async function setAudience(
  database: Database,
  cipher: Cipher,
  { tenantId, campaignId }: { readonly tenantId: TenantId; readonly campaignId: string },
  audience: Audience,
  revision: number | undefined,
  by: CampaignActor,
): Promise<void> {
  const audienceId = randomUUID();
  const place = { tenantId, campaignId, audienceId };
  const lock = async (tx: Transaction) =>
    requireState(await lockCampaign(tx, campaignId, revision), ["draft"], "changing its audience");
  await database.asTenant(tenantId, lock);
  const isSegment = audience.kind === "segment";
  if (!isSegment) await writeEntries(database, cipher, place, audience.entries);
  await database.asTenant(tenantId, async (tx) => {
    await lock(tx);
    if (!isSegment) await requireWhole(tx, audienceId, audience.entries.length);
    await tx.query(
      `update campaign set audience_kind = $2, audience_id = $3, segment_id = $4, is_listed = $5, changed_by = $6,
              changed_at = now(), revision = revision + 1 where id = $1`,
      [
        campaignId,
        audience.kind,
        audienceId,
        isSegment ? audience.segmentId : null,
        !isSegment,
        by.actor,
      ],
    );
    const entries = isSegment ? undefined : audience.entries.length;
    const detail = { kind: audience.kind, ...(entries === undefined ? {} : { entries }) };
    const action = "campaign-audience-set";
    await noteChange(tx, tenantId, { campaignId, action, state: "draft", by, detail });
  });
  await removeLeftBehind(database, place);
}

/** Somebody who set another audience at the same moment may have removed some of these. */
async function requireWhole(tx: Transaction, audienceId: string, entries: number): Promise<void> {
  const [row] = await tx.query<{ n: number }>(
    "select count(*)::int as n from campaign_recipient where audience_id = $1",
    [audienceId],
  );
  if (row?.n === entries) return;
  throw new PregoneroError("stale", "Somebody set another audience meanwhile. Read it again.", {
    status: 412,
  });
}
