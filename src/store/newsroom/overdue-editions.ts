import type { EditionAlert, SourceLease } from "../../core/collection.ts";
import type { Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import {
  changeState,
  EXPECTATION_COLUMNS,
  type ExpectationRow,
  toExpectation,
} from "./newsroom-rows.ts";

/** `expected` becomes `late`, `late` becomes `missing`; each edition is told of once, whatever it comes to later. */
export async function tellOverdue(
  tx: Transaction,
  lease: SourceLease,
  now: Date,
): Promise<readonly EditionAlert[]> {
  const overdue = await tx.query<ExpectationRow>(
    `select ${EXPECTATION_COLUMNS} from edition_expectation
      where source_id = $1 and state in ('expected', 'late') and late_at <= $2
        and not exists (select 1 from source_collection c
                         where c.source_id = $1 and c.settings -> 'locator' ->> 'kind' = 'numbered')
      order by published_on for update`,
    [lease.sourceId, now],
  );
  for (const row of overdue) {
    // Looked for first: after a long stop everything is overdue, and most of it is there.
    if (row.next_attempt_at !== null && row.next_attempt_at <= now) continue;
    const state = row.closes_at <= now ? "missing" : "late";
    if (state === row.state) continue;
    const reason = toExpectation(row).reason;
    await changeState(tx, lease.tenantId, toExpectation(row), { state, reason }, now);
    if (state === "missing") {
      await tx.query("update edition_expectation set next_attempt_at = null where id = $1", [
        row.id,
      ]);
    }
  }
  return tellAlerts(tx, lease, now);
}

async function tellAlerts(
  tx: Transaction,
  lease: SourceLease,
  now: Date,
): Promise<readonly EditionAlert[]> {
  const rows = await tx.query<ExpectationRow & { slug: string }>(
    `update edition_expectation e set alerted_at = $2 from source s
      where s.id = e.source_id and e.source_id = $1 and e.alerted_at is null
        and (e.state in ('late', 'missing', 'held-for-review', 'needs-attention')
             or e.state = 'failed' and (e.late_at <= $2 or e.next_attempt_at is null))
      returning e.id, e.source_id, e.published_on, e.state, e.reason_code, e.reason, e.attempts, e.failures,
                e.expected_at, e.late_at, e.closes_at, e.next_attempt_at, e.rechecks_left, e.alerted_at,
                e.state_before, e.changed_at, s.slug`,
    [lease.sourceId, now],
  );
  const alerts = rows.map((row) => {
    const { sourceId, publishedOn, state, reason } = toExpectation(row);
    return { sourceId, slug: row.slug, publishedOn, state, reason };
  });
  await appendEvents(
    tx,
    lease.tenantId,
    alerts.map(({ sourceId, publishedOn, state, reason }) => ({
      kind: "edition-alert",
      detail: { sourceId, publishedOn, state, ...(reason && { reason: reason.code }) },
    })),
  );
  return alerts;
}
