import { z } from "zod";
import type { Operation, Operations } from "../access/describe-operations.ts";
import {
  AgainShape,
  ApprovalRequest,
  AudienceRequest,
  CampaignPageShape,
  CampaignRequest,
  CampaignShape,
  CampaignsQuery,
  CsvOutcomeShape,
  CsvQuery,
  DryRunQuery,
  DryRunShape,
  PolicyShape,
  PreviewRequest,
  PreviewShape,
  RecipientPageShape,
  RecipientsQuery,
  ResendRequest,
  RetryRequest,
  ScheduleRequest,
} from "./contract.ts";

const ifMatch = z.string().openapi({ description: "The ETag of what was read.", example: '"r3"' });
const onceKey = z.string().optional().openapi({
  description:
    "Made anew for each request: the same request again is answered again, and done once.",
});
const edited = { "If-Match": ifMatch };
const once = { "Idempotency-Key": onceKey };

const invalid = { 400: "The request is not valid; `fields` says where." };
const unknown = { 404: "There is no such campaign." };
const misplaced = { 409: "It does not fit the campaign's state; the detail says which it has." };
const stale = {
  412: "Somebody changed it since it was read.",
  428: "Send the ETag that you read as If-Match.",
};

const step = (id: string, summary: string, description?: string): Operation => ({
  id,
  summary,
  ...(description === undefined ? {} : { description }),
  gives: CampaignShape,
  otherwise: { ...unknown, ...misplaced },
});

/** The part of the API's description that tells of campaigns. */
export const CAMPAIGN_OPERATIONS: Operations = {
  "GET /api/v1/campaign-policy": {
    id: "getCampaignPolicy",
    summary: "From how many contacts on a second person must approve",
    gives: PolicyShape,
  },
  "PUT /api/v1/campaign-policy": {
    id: "setCampaignPolicy",
    summary: "Say from how many contacts on a second person must approve",
    takes: PolicyShape,
    gives: PolicyShape,
    otherwise: invalid,
  },
  "GET /api/v1/campaigns": {
    id: "listCampaigns",
    summary: "Campaigns, newest first",
    query: CampaignsQuery,
    gives: CampaignPageShape,
    otherwise: invalid,
  },
  "POST /api/v1/campaigns": {
    id: "createCampaign",
    summary: "Write a campaign; to one contact it is a manual send",
    description: "It is a draft, to nobody yet.",
    headers: once,
    takes: CampaignRequest,
    gives: CampaignShape,
    status: 201,
    otherwise: { ...invalid, 404: "A bot is not there." },
  },
  "GET /api/v1/campaigns/:campaignId": {
    id: "getCampaign",
    summary: "One campaign, with its recipients counted as they are now",
    gives: CampaignShape,
    otherwise: unknown,
  },
  "PUT /api/v1/campaigns/:campaignId": {
    id: "changeCampaign",
    summary: "Change a draft",
    headers: edited,
    takes: CampaignRequest,
    gives: CampaignShape,
    otherwise: { ...invalid, ...unknown, ...misplaced, ...stale },
  },
  "DELETE /api/v1/campaigns/:campaignId": {
    id: "removeCampaign",
    summary: "Remove a draft",
    otherwise: { ...unknown, ...misplaced },
  },
  "PUT /api/v1/campaigns/:campaignId/audience": {
    id: "setAudience",
    summary: "Say whom a draft is for",
    description:
      "Contacts or a segment as JSON, or a list as text/csv with a head: a column contact, telefono or telegram, the others fill places. With lines that are wrong nothing is written (400, each line named), unless problems=skip.",
    headers: edited,
    query: CsvQuery,
    takes: AudienceRequest,
    takesFile: ["text/csv"],
    gives: CsvOutcomeShape,
    otherwise: { ...unknown, ...misplaced, ...stale },
  },
  "POST /api/v1/campaigns/:campaignId/preview": {
    id: "previewCampaign",
    summary: "What each channel would send",
    takes: PreviewRequest,
    gives: PreviewShape,
    otherwise: { ...invalid, ...unknown },
  },
  "GET /api/v1/campaigns/:campaignId/dry-run": {
    id: "dryRunCampaign",
    summary: "Who would get it now, and who not, and why",
    description: "Counts and a page of each; nothing is sent and nothing is written.",
    query: DryRunQuery,
    gives: DryRunShape,
    otherwise: unknown,
  },
  "POST /api/v1/campaigns/:campaignId/schedule": {
    id: "scheduleCampaign",
    summary: "Send it now, or at a time",
    description: "Above the threshold it waits for a second person's approval.",
    headers: { ...edited, ...once },
    takes: ScheduleRequest,
    gives: CampaignShape,
    otherwise: { ...invalid, ...unknown, ...misplaced, ...stale },
  },
  "POST /api/v1/campaigns/:campaignId/unschedule": step(
    "unscheduleCampaign",
    "Make it a draft again",
  ),
  "POST /api/v1/campaigns/:campaignId/approval": {
    id: "approveCampaign",
    summary: "Approve it, or send it back",
    description: "By a person who neither wrote, changed nor scheduled it.",
    headers: edited,
    takes: ApprovalRequest,
    gives: CampaignShape,
    otherwise: { ...invalid, ...unknown, ...misplaced, ...stale },
  },
  "POST /api/v1/campaigns/:campaignId/pause": step(
    "pauseCampaign",
    "Send nothing for now",
    "What is on its way settles; nothing else is begun.",
  ),
  "POST /api/v1/campaigns/:campaignId/resume": step("resumeCampaign", "Go on"),
  "POST /api/v1/campaigns/:campaignId/cancel": step(
    "cancelCampaign",
    "End it",
    "What waits is withdrawn, what is on its way settles.",
  ),
  "POST /api/v1/campaigns/:campaignId/retry-failed": {
    id: "retryFailed",
    summary: "Send again to whom it certainly did not arrive",
    headers: once,
    takes: RetryRequest,
    gives: AgainShape,
    otherwise: { ...invalid, ...unknown, ...misplaced },
  },
  "POST /api/v1/campaigns/:campaignId/resend-unknown": {
    id: "resendUnknown",
    summary: "Send again to whom it may have arrived",
    description: "Each named: whoever got it gets it twice.",
    headers: once,
    takes: ResendRequest,
    gives: AgainShape,
    otherwise: { ...invalid, ...unknown, ...misplaced },
  },
  "GET /api/v1/campaigns/:campaignId/recipients": {
    id: "listRecipients",
    summary: "What became of each",
    query: RecipientsQuery,
    gives: RecipientPageShape,
    otherwise: { ...invalid, ...unknown },
  },
  "GET /api/v1/campaigns/:campaignId/report.csv": {
    id: "getCampaignReport",
    summary: "What became of each, as a file",
    media: "text/csv",
    otherwise: unknown,
  },
};
