import type { GazetteDate } from "../../core/gazette.ts";
import type { SourceId } from "../../core/ids.ts";
import type { ReadingProgress, SourceOwner } from "../../core/newsroom.ts";
import type { Database } from "../database.ts";
import { asOwnerOf } from "./newsroom-rows.ts";

/** At the attempt that is under way; nothing when there is none any more. */
export async function noteReadingProgress(
  database: Database,
  owner: SourceOwner,
  edition: { readonly sourceId: SourceId; readonly publishedOn: GazetteDate },
  { step, done, total }: ReadingProgress,
): Promise<void> {
  await asOwnerOf(database, owner, (tx) =>
    tx.query(
      `update collection_attempt a set step = $3, pages_done = $4, pages_total = $5
         from edition_expectation e
        where e.id = a.expectation_id and e.source_id = $1 and e.published_on = $2 and a.ended_at is null`,
      [edition.sourceId, edition.publishedOn, step, done, total],
    ),
  );
}
