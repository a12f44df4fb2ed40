import type { Logger } from "../core/logger.ts";
import type { TenantChores } from "../core/tenants.ts";

/** Batches of one kind before the others have their turn. */
const BATCHES_PER_ROUND = 200;

/**
 * One round of what is done to tenants in the background: archives, retention, deletions. Never rejects: what failed is
 * logged, and tried again in the next round.
 */
export async function runTenantChores(
  chores: TenantChores,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const kinds = {
    export: () => chores.exportNext(signal),
    "export-expiry": async () => (await chores.expireExports()) > 0,
    retention: () => chores.retainNext(),
    erasure: () => chores.eraseNext(),
  };
  for (const [kind, next] of Object.entries(kinds)) {
    try {
      for (let batch = 0; batch < BATCHES_PER_ROUND && !signal.aborted; batch += 1) {
        if (!(await next())) break;
      }
    } catch (error) {
      if (!signal.aborted) logger.warn("tenant-chore-failed", { kind, error });
    }
  }
}
