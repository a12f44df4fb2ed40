/** Which entries of the audit are shown; in the address, so that they can be linked to. */
export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  readonly requestId?: string | undefined;
  /** ISO dates, both included. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

export const TEXT_FIELDS = ["actor", "action", "subject", "requestId"] as const;
const DAY_FIELDS = ["from", "until"] as const;
const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Reads what stands in the address, or was typed; what is empty or cannot be is left out. */
export function readAuditFilter(search: Readonly<Record<string, unknown>>): AuditFilter {
  const filter: Record<string, string> = {};
  for (const name of TEXT_FIELDS) {
    const value = search[name];
    const text = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
    if (text !== "" && (name !== "requestId" || UUID.test(text))) filter[name] = text;
  }
  for (const name of DAY_FIELDS) {
    const day = search[name];
    if (typeof day === "string" && ISO_DAY.test(day) && !Number.isNaN(Date.parse(day))) {
      filter[name] = day;
    }
  }
  return filter;
}

/** As the API asks for it. Days are those of this machine's clock, as the times that are shown. */
export function toAuditQuery({ from, until, ...rest }: AuditFilter) {
  return {
    ...rest,
    ...(from !== undefined && { from: startOf(from, 0) }),
    ...(until !== undefined && { until: startOf(until, 1) }),
  };
}

function startOf(day: string, daysLater: number): string {
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + daysLater);
  return date.toISOString();
}
