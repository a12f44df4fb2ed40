import { isPregoneroError, PregoneroError } from "../../core/errors.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Database, Transaction } from "../database.ts";

/** What looks through a tenant's contacts by conditions of somebody's choice may keep a connection for so long. */
const MOST_SECONDS = 5;
/** `query_canceled` (PostgreSQL, appendix A). */
const CANCELLED = "57014";

/**
 * A transaction whose statements are cut off: a filter may have fifty conditions that nobody fits, and a connection that
 * looks for them is one less for the citizens of all tenants. Throws `filter-too-slow` (422).
 */
export async function withinTime<Result>(
  database: Database,
  tenantId: TenantId,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  try {
    return await database.asTenant(tenantId, async (tx) => {
      await tx.query(`set local statement_timeout = '${MOST_SECONDS}s'`);
      return work(tx);
    });
  } catch (error) {
    const { cause } = error as { readonly cause?: { readonly code?: unknown } };
    const isCutOff = isPregoneroError(error, "store-unavailable") && cause?.code === CANCELLED;
    if (!isCutOff) throw error;
    throw new PregoneroError(
      "filter-too-slow",
      `Looking for who fits took longer than ${MOST_SECONDS} s. Use fewer conditions, or such as fit fewer people.`,
      { status: 422, cause: error },
    );
  }
}
