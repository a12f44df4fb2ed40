import { once } from "node:events";
import type { Response } from "express";
import type { CampaignAdmin } from "../../campaigns/campaign-admin.ts";
import { REPORT_HEAD, toReportLines } from "../../campaigns/report-csv.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Position } from "../../core/page.ts";

const PAGE = 1_000;

/** The delivery report as a file, page by page: a slow reader holds no more of it in memory than one. */
export async function sendReport(
  { find, store }: CampaignAdmin,
  response: Response,
  tenantId: TenantId,
  campaignId: string,
): Promise<void> {
  await find(tenantId, campaignId);
  response.setHeader("Content-Type", "text/csv; charset=utf-8");
  response.setHeader("Content-Disposition", `attachment; filename="campaign-${campaignId}.csv"`);
  response.write(REPORT_HEAD);
  let after: Position | undefined;
  do {
    const page = await store.listRecipients(tenantId, campaignId, {}, { after, limit: PAGE });
    const isRoom = response.write(toReportLines(page.entries));
    if (!isRoom && !response.destroyed) {
      await Promise.race([once(response, "drain"), once(response, "close")]);
    }
    after = page.next;
  } while (after !== undefined && !response.destroyed);
  response.end();
}
