import type { Clock } from "../core/clock.ts";
import type { GazetteStore } from "../core/gazette-store.ts";
import type { TenantId } from "../core/ids.ts";
import type { NamedSource } from "./ports.ts";

/** A gazette added now is known to questions this much later. */
const KEPT_MS = 30_000;
const MAX_TENANTS = 1_000;

/** The gazettes of a tenant, kept for half a minute, so that a question does not cost one more query. */
export function createKnownSources(
  gazetteStore: Pick<GazetteStore, "listSources">,
  clock: Clock,
): (tenantId: TenantId) => Promise<readonly NamedSource[]> {
  const kept = new Map<
    TenantId,
    { readonly until: number; readonly sources: Promise<readonly NamedSource[]> }
  >();
  return (tenantId) => {
    const now = clock.now().getTime();
    const known = kept.get(tenantId);
    if (known !== undefined && known.until > now) return known.sources;
    const sources = gazetteStore.listSources(tenantId);
    kept.delete(tenantId);
    kept.set(tenantId, { until: now + KEPT_MS, sources });
    sources.catch(() => kept.delete(tenantId));
    const [oldest] = kept.keys();
    if (kept.size > MAX_TENANTS && oldest !== undefined) kept.delete(oldest);
    return sources;
  };
}
