import type { ProviderFigures } from "../../core/health.ts";
import type { Database } from "../database.ts";

/** Long enough that a quiet hour still shows some calls, short enough that yesterday's trouble is over. */
const WINDOW_MINUTES = 15;

/** How the calls of the last quarter of an hour went, by provider. */
export function createProviderFigures(
  database: Database,
): () => Promise<readonly ProviderFigures[]> {
  return () =>
    database.asDispatcher(async (tx) => {
      const rows = await tx.query<{
        provider: string;
        calls: number;
        failures: number;
        mostly: string | null;
        succeeded_at: Date | null;
        failed_at: Date | null;
        p95: number | null;
      }>(FIGURES, [WINDOW_MINUTES]);
      return rows.map((row) => ({
        provider: row.provider,
        calls: row.calls,
        failures: row.failures,
        mostlyFailedWith: row.mostly ?? undefined,
        lastSuccessAt: row.succeeded_at ?? undefined,
        lastFailureAt: row.failed_at ?? undefined,
        firstTokenMsP95: row.p95 === null ? undefined : Math.round(row.p95),
      }));
    });
}

/** A call that was given up because a person wrote again says nothing of its provider. */
const FIGURES = `
  with recent as (
    select split_part(model, ':', 1) as provider, outcome, first_token_ms, settled_at, outcome = 'answered' as is_answered
    from model_call
    where called_on >= current_date - 1 and called_at > now() - $1 * interval '1 minute' and state = 'settled'
      and outcome not in ('aborted', 'model-over-budget')
  )
  select provider, count(*)::int as calls, count(*) filter (where not is_answered)::int as failures,
         mode() within group (order by outcome) filter (where not is_answered) as mostly,
         max(settled_at) filter (where is_answered) as succeeded_at,
         max(settled_at) filter (where not is_answered) as failed_at,
         percentile_cont(0.95) within group (order by first_token_ms) as p95
  from recent group by provider order by provider`;
