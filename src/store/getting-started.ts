import type { GazetteDate } from "../core/gazette.ts";
import type { GettingStartedReader } from "../core/getting-started.ts";
import type { Database, Transaction } from "./database.ts";

interface EditionRow {
  readonly slug: string;
  readonly name: string;
  readonly date: GazetteDate;
  readonly number: string | null;
}

interface CountsRow {
  readonly sources: number;
  readonly documents: number;
  readonly was_asked: boolean;
  readonly people: number;
  readonly subscriptions: number;
}

/** `GettingStartedReader` over PostgreSQL: nothing is kept of its own, everything is looked up where it is. */
export function createGettingStarted(database: Database): GettingStartedReader {
  return {
    read: (tenantId) =>
      database.asTenant(tenantId, async (tx) => {
        const edition = await findNewestEdition(tx);
        const counts = await count(tx);
        return {
          edition: edition && {
            source: edition.slug,
            name: edition.name,
            date: edition.date,
            number: edition.number ?? undefined,
          },
          sourceCount: counts?.sources ?? 0,
          documentCount: counts?.documents ?? 0,
          wasAsked: counts?.was_asked ?? false,
          peopleCount: counts?.people ?? 0,
          subscriptionCount: counts?.subscriptions ?? 0,
        };
      }),
  };
}

/** Of the tenant or public. */
async function findNewestEdition(tx: Transaction): Promise<EditionRow | undefined> {
  const [row] = await tx.query<EditionRow>(
    `select s.slug, s.name, to_char(e.published_on, 'YYYY-MM-DD') as date, e.number
       from edition e join source s on s.id = e.source_id
      where e.superseded_by is null and s.kind = 'gazette'
      order by e.published_on desc, e.ingested_at desc
      limit 1`,
  );
  return row;
}

/** A conversation is looked for bot by bot, by the index of the inbox. */
async function count(tx: Transaction): Promise<CountsRow | undefined> {
  const [row] = await tx.query<CountsRow>(
    `select
       (select count(*)::integer from source_collection where not is_paused) as sources,
       (select count(*)::integer from document d
         where d.deleting_at is null
           and exists (select 1 from document_version v where v.document_id = d.id and v.is_current)) as documents,
       exists (select 1 from bot b
                where exists (select 1 from conversation c where c.bot_id = b.id)) as was_asked,
       (select count(*)::integer from membership where disabled_at is null) as people,
       (select count(*)::integer from subscription where state = 'active') as subscriptions`,
  );
  return row;
}
