import { stringify } from "csv-stringify/sync";
import type { RecipientView } from "../core/campaigns.ts";

const COLUMNS = [
  "recipient",
  "contact",
  "line",
  "channel",
  "state",
  "reason",
  "changed_at",
] as const;

export const REPORT_HEAD = stringify([COLUMNS], { bom: true });

/** Lines of the delivery report. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function toReportLines(recipients: readonly RecipientView[]): string {
  return stringify(
    recipients.map((recipient) => [
      recipient.recipientId,
      recipient.contactId ?? "",
      recipient.line === undefined ? "" : String(recipient.line),
      recipient.channel ?? "",
      recipient.state,
      recipient.reason ?? "",
      recipient.changedAt.toISOString(),
    ]),
    { escape_formulas: true },
  );
}
