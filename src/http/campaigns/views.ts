import type { z } from "zod";
import type { CampaignAdmin, DryRun } from "../../campaigns/campaign-admin.ts";
import type { Campaign, CampaignDraft, RecipientView } from "../../core/campaigns.ts";
import { asId, type BotId } from "../../core/ids.ts";
import type { KeysetPage } from "../../core/page.ts";
import { cursorOf } from "../cursor.ts";
import type {
  CampaignRequest,
  CampaignShape,
  DryRunShape,
  PreviewShape,
  RecipientPageShape,
} from "./contract.ts";

export function toDraft(asked: CampaignRequest): CampaignDraft {
  return {
    name: asked.name,
    text: asked.text,
    template: asked.template,
    attachment: asked.attachment,
    bots: [...new Set(asked.bots)].map((bot) => asId<BotId>(bot)),
    pacePerMinute: asked.pacePerMinute,
  };
}

export function viewCampaign(campaign: Campaign): z.infer<typeof CampaignShape> {
  const { attachment, audience, template } = campaign;
  return {
    id: campaign.campaignId,
    name: campaign.name,
    text: campaign.text,
    bots: [...campaign.bots],
    template: template === undefined ? null : { ...template, parameters: [...template.parameters] },
    attachment:
      attachment === undefined
        ? null
        : {
            fileName: attachment.fileName,
            mimeType: attachment.mimeType,
            sizeBytes: Buffer.byteLength(attachment.contentBase64, "base64"),
          },
    pacePerMinute: campaign.pacePerMinute ?? null,
    state: campaign.state,
    audience:
      audience === undefined
        ? null
        : { kind: audience.kind, segment: audience.segmentId ?? null, isListed: audience.isListed },
    startsAt: campaign.startsAt?.toISOString() ?? null,
    timeZone: campaign.timeZone ?? null,
    pauseReason: campaign.pauseReason ?? null,
    createdBy: campaign.createdBy,
    changedBy: campaign.changedBy,
    scheduledBy: campaign.scheduledBy ?? null,
    approvedBy: campaign.approvedBy ?? null,
    createdAt: campaign.createdAt.toISOString(),
    startedAt: campaign.startedAt?.toISOString() ?? null,
    endedAt: campaign.endedAt?.toISOString() ?? null,
    counts: { ...campaign.counts },
  };
}

export function viewRecipients(
  page: KeysetPage<RecipientView>,
): z.infer<typeof RecipientPageShape> {
  return {
    recipients: page.entries.map((recipient) => ({
      id: recipient.recipientId,
      contact: recipient.contactId ?? null,
      conversation: recipient.conversationId ?? null,
      channel: recipient.channel ?? null,
      line: recipient.line ?? null,
      state: recipient.state,
      reason: recipient.reason ?? null,
      changedAt: recipient.changedAt.toISOString(),
    })),
    next: cursorOf(page.next),
  };
}

export function viewDryRun({ total, outcomes, channels }: DryRun): z.infer<typeof DryRunShape> {
  return {
    total,
    outcomes: [...outcomes].map(([outcome, { contacts, page }]) => ({
      outcome,
      contacts,
      page: page.map(({ contactId, line }) => ({ contact: contactId ?? null, line: line ?? null })),
    })),
    channels: [...channels].map(([channel, counted]) => ({ channel, ...counted })),
  };
}

export function viewPreview(
  preview: Awaited<ReturnType<CampaignAdmin["preview"]>>,
): z.infer<typeof PreviewShape> {
  return {
    placesNeeded: [...preview.placesNeeded],
    previews: preview.previews.map(({ channel, botId, parts, template }) => ({
      channel,
      bot: botId,
      messages: parts === undefined ? null : [...parts],
      template: template === undefined ? null : [...template],
    })),
  };
}
