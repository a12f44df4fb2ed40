import { PregoneroError } from "../../core/errors.ts";
import type { TenantId } from "../../core/ids.ts";

/** Of one tenant in one process. Each may keep one of its connections to the database for seconds, of ten. */
const MOST = 4;

/** Runs what looks through all contacts of a tenant, a few at a time: more are told to come again. */
export function createSideBySide() {
  const underWay = new Map<TenantId, number>();
  return async function run<Result>(
    tenantId: TenantId,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const count = underWay.get(tenantId) ?? 0;
    if (count >= MOST) {
      throw new PregoneroError(
        "too-many-requests",
        `At most ${MOST} searches of contacts run side by side.`,
        { status: 429, retry: { afterMs: 1_000 } },
      );
    }
    underWay.set(tenantId, count + 1);
    try {
      return await work();
    } finally {
      const left = (underWay.get(tenantId) ?? 1) - 1;
      if (left > 0) underWay.set(tenantId, left);
      else underWay.delete(tenantId);
    }
  };
}
