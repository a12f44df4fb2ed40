import type { Campaign, CampaignRuns, CampaignState } from "../../core/campaigns.ts";
import type { Cipher } from "../../core/cipher.ts";
import { asId, type BotId, type ContactId } from "../../core/ids.ts";
import type { Database, Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { insertEntries, LIST_BATCH } from "./audience.ts";
import { judgeContacts } from "./judge.ts";
import { BATCH, release } from "./release.ts";
import { readApprovalAbove, withdrawQueued } from "./take-step.ts";

/** What runs campaigns. A crash anywhere leaves a transaction undone, which the next look does again. */
export function createCampaignRuns(database: Database, cipher: Cipher): CampaignRuns {
  return {
    async listDue() {
      const rows = await database.asDispatcher((tx) =>
        tx.query<{ tenant_id: string; id: string }>({
          name: "campaigns-due",
          // Those of a tenant that is closed wait until it is opened; what is cancelled is withdrawn.
          text: `select k.tenant_id, k.id from campaign k join tenant t on t.id = k.tenant_id
                 where t.state = 'active' and (k.state = 'sending' or k.state = 'scheduled' and k.starts_at <= now())
                    or k.state = 'cancelled' and exists (
                         select 1 from campaign_recipient r
                         where r.campaign_id = k.id and r.state in ('pending', 'queued'))
                 limit 500`,
        }),
      );
      return rows.map((row) => ({ tenantId: asId(row.tenant_id), campaignId: row.id }));
    },
    addListed: ({ tenantId, campaignId }, contactIds) =>
      database.asTenant(tenantId, async (tx) => {
        const [campaign] = await tx.query<{ audience_id: string }>(
          "select audience_id from campaign where id = $1 and state = 'scheduled' for no key update",
          [campaignId],
        );
        if (campaign === undefined) return;
        const place = { tenantId, campaignId, audienceId: campaign.audience_id };
        const entries = contactIds.map((contactId) => ({
          contactId,
          line: undefined,
          variables: {},
        }));
        for (let start = 0; start < entries.length; start += LIST_BATCH) {
          const batch = entries.slice(start, start + LIST_BATCH);
          await insertEntries(tx, cipher, place, batch, "duplicates-left-out");
        }
      }),
    begin: (campaign) => database.asTenant(campaign.tenantId, (tx) => begin(tx, campaign)),
    release: (campaign, compose) =>
      database.asTenant(campaign.tenantId, (tx) => release(tx, cipher, campaign, compose)),
    listUnopened: (campaign) =>
      database.asTenant(campaign.tenantId, (tx) => listUnopened(tx, cipher, campaign)),
    tell: ({ tenantId, campaignId, state, counts }) =>
      database.asTenant(tenantId, async (tx) => {
        // Of several processes that look at it, one tells.
        const isDue = await tx.query(
          `update campaign set told_at = now()
           where id = $1 and (told_at is null or told_at <= now() - interval '1 second') returning id`,
          [campaignId],
        );
        const detail = { campaignId, state, counts };
        if (isDue.length > 0)
          await appendEvents(tx, tenantId, [{ kind: "campaign-changed", detail }]);
      }),
    withdraw: ({ tenantId, campaignId }) =>
      database.asTenant(tenantId, (tx) => withdraw(tx, campaignId)),
  };
}

/** A segment may have grown since it was scheduled: what nobody agreed to is not sent. */
async function begin(tx: Transaction, { tenantId, campaignId }: Campaign): Promise<boolean> {
  const above = await readApprovalAbove(tx);
  const [row] = await tx.query<{ state: CampaignState }>(
    `update campaign k
     set is_listed = true,
         state = case when grown.is_too_large then 'awaiting-approval' else 'sending' end,
         pause_reason = case when grown.is_too_large then 'audience-grew' end,
         started_at = case when grown.is_too_large then null else now() end
     from (select a.approved_by is null and (
                    select count(*) from campaign_recipient r
                    where r.audience_id = a.audience_id and r.state = 'pending') > $2 as is_too_large
           from campaign a where a.id = $1) grown
     where k.id = $1 and k.state = 'scheduled' and k.starts_at <= now()
     returning k.state`,
    [campaignId, above],
  );
  if (row === undefined) return false;
  await appendEvents(tx, tenantId, [
    { kind: "campaign-changed", detail: { campaignId, state: row.state } },
  ]);
  return row.state === "sending";
}

async function listUnopened(
  tx: Transaction,
  cipher: Cipher,
  campaign: Campaign,
): Promise<ReadonlyMap<BotId, readonly ContactId[]>> {
  const byBot = new Map<BotId, ContactId[]>();
  if (campaign.template === undefined) return byBot;
  const rows = await tx.query<{ contact_id: string }>(
    `select r.contact_id from campaign_recipient r join campaign k on k.audience_id = r.audience_id
     where k.id = $1 and r.state = 'pending' and r.contact_id is not null
     order by r.created_at, r.id limit ${BATCH}`,
    [campaign.campaignId],
  );
  const ids = rows.map((row) => row.contact_id);
  for (const { contactId, judgement } of await judgeContacts(tx, cipher, campaign, ids)) {
    if (judgement.kind !== "open") continue;
    const known = byBot.get(judgement.botId) ?? [];
    byBot.set(judgement.botId, [...known, asId<ContactId>(contactId)]);
  }
  return byBot;
}

/** Those that the outbox does not know yet, a batch at a time, and what was queued again after the cancelling. */
async function withdraw(tx: Transaction, campaignId: string): Promise<number> {
  const queued = await withdrawQueued(tx, campaignId);
  const rows = await tx.query<{ id: string }>(
    `update campaign_recipient set state = 'skipped', reason = 'cancelled', changed_at = now()
     where id in (select r.id from campaign_recipient r join campaign k on k.id = r.campaign_id
                  where k.id = $1 and k.state = 'cancelled' and r.state = 'pending'
                    and r.audience_id = k.audience_id limit ${LIST_BATCH})
     returning id`,
    [campaignId],
  );
  return queued + rows.length;
}
