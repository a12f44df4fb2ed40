import type { EditionId } from "../core/ids.ts";
import type { Transaction } from "./database.ts";

/** Key of the advisory lock: whoever dates an edition shares it, whoever asks until when all are there has it alone. */
const DATING = "edition dates";

/**
 * Says when an edition came in, as the last thing before its transaction commits: what took long to store is as new
 * as its commit, and never older than a moment that `settledUntil` gave.
 */
export async function dateEdition(tx: Transaction, editionId: EditionId): Promise<void> {
  await tx.query("select pg_advisory_xact_lock_shared(hashtextextended($1, 0))", [DATING]);
  await tx.query("update edition set ingested_at = clock_timestamp() where id = $1", [editionId]);
}

/**
 * A moment, as the database writes it, such that every edition that came in until then can be read from now on: those
 * that are being dated are waited for, and later ones are dated after it. In a transaction of its own, which ends
 * at once: meanwhile nobody dates.
 */
export async function settledUntil(tx: Transaction): Promise<string> {
  await tx.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [DATING]);
  const [row] = await tx.query<{ at: string }>("select clock_timestamp()::text as at");
  if (row === undefined) throw new Error("the database does not tell the time");
  return row.at;
}
