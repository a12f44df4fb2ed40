import type { Clock } from "../../core/clock.ts";
import type { ApprovedTexts } from "../../core/prompts.ts";
import type { PublicationLedger } from "../../core/publishing-work.ts";

/** What was approved longer ago is published by hand alone: after a standstill nobody posts last week's news unasked. */
const LOOK_BACK_MS = 2 * 86_400_000;
const PAGE = 200;
/** Runs that were dealt with, as far as they are remembered: the ledger itself takes none twice. */
const MAX_KNOWN = 10_000;

/**
 * Schedules what was approved on the targets that are linked with its prompt. No place in the list is remembered: the
 * last two days are looked at each time, so that nothing that was committed late is passed over.
 */
export function createApprovedScheduler(ports: {
  readonly texts: Pick<ApprovedTexts, "approvedSince">;
  readonly ledger: Pick<PublicationLedger, "listLinked" | "scheduleLinked">;
  readonly clock: Clock;
}): (signal: AbortSignal) => Promise<number> {
  const { texts, ledger, clock } = ports;
  const known = new Set<string>();

  return async (signal) => {
    const links = await ledger.listLinked();
    if (links.length === 0) return 0;
    const linked = new Set(links.map(({ tenantId, promptId }) => `${tenantId} ${promptId}`));
    let after = new Date(clock.now().getTime() - LOOK_BACK_MS);
    let scheduled = 0;
    while (!signal.aborted) {
      const runs = await texts.approvedSince(after, PAGE);
      for (const run of runs) {
        if (known.has(run.runId) || !linked.has(`${run.tenantId} ${run.promptId}`)) continue;
        scheduled += await ledger.scheduleLinked(run.tenantId, run);
        if (known.size >= MAX_KNOWN) known.clear();
        known.add(run.runId);
      }
      const last = runs.at(-1);
      if (runs.length < PAGE || last === undefined) break;
      // Of those of one millisecond the rest is in the next page too, unless it would begin with the same.
      const next = new Date(last.approvedAt.getTime() - 1);
      after = next > after ? next : last.approvedAt;
    }
    return scheduled;
  };
}
