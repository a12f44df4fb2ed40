import type { TenantId } from "../../core/ids.ts";
import type { PassportEvent } from "../../core/passport.ts";
import type { Passport } from "../../core/passport-reader.ts";
import type { Database } from "../database.ts";

/** Pauses are few; whoever asks about a message asks about one of late. */
const MOST = 1_000;

interface Row {
  readonly action: string;
  readonly subject: string;
  readonly happened_at: Date;
  readonly scope: string;
  readonly stops_answers: boolean;
  readonly stops_sending: boolean;
}

/** A time in which answers or sending stood still; open at its end while it lasts. */
export interface PauseSpan {
  readonly scope: string;
  readonly stops: "answers" | "sending" | "both";
  readonly from: Date;
  readonly until: Date | undefined;
}

/**
 * When the tenant's bots stood still, also by an order of the platform; as the audit has it, for a pause that was
 * lifted leaves no other trace. Without who ordered it and why, which is the operator's.
 */
export async function readPauseSpans(
  database: Database,
  tenantId: TenantId,
): Promise<readonly PauseSpan[]> {
  const rows = await database.asRegistrar((tx) =>
    tx.query<Row>(
      `select action, subject, happened_at, detail ->> 'scope' as scope,
              coalesce((detail ->> 'stopsAnswers')::boolean, false) as stops_answers,
              coalesce((detail ->> 'stopsSending')::boolean, false) as stops_sending
       from audit where action in ('line-paused', 'line-resumed') and (tenant_id is null or tenant_id = $1)
       order by id desc limit ${MOST}`,
      [tenantId],
    ),
  );
  const spans: PauseSpan[] = [];
  const open = new Map<string, PauseSpan>();
  for (const row of rows.reverse()) {
    const before = open.get(row.subject);
    if (before !== undefined) spans.push({ ...before, until: row.happened_at });
    open.delete(row.subject);
    if (row.action === "line-paused") open.set(row.subject, toSpan(row));
  }
  return [...spans, ...open.values()];
}

function toSpan(row: Row): PauseSpan {
  const stops = row.stops_answers && row.stops_sending ? "both" : undefined;
  return {
    scope: row.scope,
    stops: stops ?? (row.stops_answers ? "answers" : "sending"),
    from: row.happened_at,
    until: undefined,
  };
}

const SETTLED: ReadonlySet<string> = new Set(["sent", "failed", "unknown"]);

/** The passport with the pauses that its message met between its arrival and the last that was done with it. */
export function withPauses(
  passport: Passport,
  spans: readonly PauseSpan[],
  channel: string | undefined,
): Passport {
  const { botId, tenantId, events, parts, state } = passport;
  const [first, last] = [events[0], events.at(-1)];
  if (botId === undefined || first === undefined || last === undefined) return passport;
  const scopes = ["installation", `tenant:${tenantId}`, `channel:${channel}`, `bot:${botId}`];
  const isOver = state !== "pending" && parts.every((part) => SETTLED.has(part.state));
  const end = isOver ? last.at : undefined;
  const met = spans.filter(
    ({ scope, from, until }) =>
      scopes.includes(scope) &&
      (until === undefined || until > first.at) &&
      (end === undefined || from < end),
  );
  const added = met.flatMap(({ stops, from, until }): PassportEvent[] => {
    // One that was in force when it came is told after its arrival.
    const isEarlier = from < first.at;
    const begun: PassportEvent = {
      kind: "paused",
      at: isEarlier ? first.at : from,
      detail: { stops, ...(isEarlier && { since: from.toISOString() }) },
    };
    if (until === undefined || (end !== undefined && until > end)) return [begun];
    return [begun, { kind: "resumed", at: until, detail: { stops } }];
  });
  if (added.length === 0) return passport;
  // Sorting is stable: what is of one moment stays in its order.
  return {
    ...passport,
    events: [...events, ...added].sort((a, b) => a.at.getTime() - b.at.getTime()),
  };
}
