import { isUtf8 } from "node:buffer";
import type { Request } from "express";
import type { z } from "zod";
import type { CampaignAdmin } from "../../campaigns/campaign-admin.ts";
import type { CampaignActor } from "../../core/campaigns.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type ContactId, type TenantId } from "../../core/ids.ts";
import { expectedRevision } from "../etag.ts";
import { parseInput } from "../parse-input.ts";
import { readBody, readJson } from "../read-body.ts";
import { AudienceRequest, type CsvOutcomeShape, CsvQuery } from "./contract.ts";

/** 100,000 lines of usual length. */
const MAX_CSV_BYTES = 10 * 1024 * 1024;
const MAX_PROBLEMS = 1_000;

type Outcome = z.infer<typeof CsvOutcomeShape>;

/** Takes contacts or a segment as JSON, or a list as text/csv. */
export async function setAudience(
  campaigns: CampaignAdmin,
  request: Request,
  to: { readonly tenantId: TenantId; readonly campaignId: string; readonly by: CampaignActor },
): Promise<Outcome> {
  const { tenantId, campaignId, by } = to;
  if (/^text\/csv\s*(;|$)/i.test(request.headers["content-type"] ?? "")) {
    const { problems: policy } = parseInput(CsvQuery, request.query);
    const revision = expectedRevision(request);
    const body = await readBody(request, MAX_CSV_BYTES);
    if (!isUtf8(body)) {
      throw new PregoneroError("bad-csv", "The file is not UTF-8: save it as CSV UTF-8.", {
        status: 400,
      });
    }
    const given = { text: body.toString("utf8"), skipsProblems: policy === "skip" };
    const { problems, isSet } = await campaigns.setCsv(tenantId, campaignId, given, revision, by);
    return { isSet, problems: problems.slice(0, MAX_PROBLEMS).map((problem) => ({ ...problem })) };
  }
  const asked = parseInput(AudienceRequest, await readJson(request));
  const revision = expectedRevision(request);
  if (asked.kind === "segment") {
    await campaigns.setSegment(tenantId, campaignId, asked.segment, revision, by);
  } else {
    const entries = asked.contacts.map((contact) => ({
      contactId: asId<ContactId>(contact),
      line: undefined,
      variables: {},
    }));
    const audience = { kind: "contacts", entries } as const;
    await campaigns.store.setAudience(tenantId, campaignId, audience, revision, by);
  }
  return { isSet: true, problems: [] };
}
