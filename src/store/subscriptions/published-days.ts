import type { Language } from "../../core/language.ts";
import type { CollectionSettings, EditionState } from "../../core/newsroom.ts";
import type { CollectedDays, PublishedDays } from "../../core/published-news.ts";
import type { Database, Transaction } from "../database.ts";
import { readKnowledgeScope } from "../documents/knowledge-scope.ts";
import { PUBLISHED_IN } from "./digest-editions.ts";
import { EDITION_FACTS, type EditionFactsRow, toAlertEdition } from "./edition-texts.ts";
import { gazettesOfBot } from "./gazettes-of-bot.ts";

/** A month of the BOE has some six thousand documents: its newest ones. */
const MAX_EDITIONS = 2_000;

/** `PublishedDays` over PostgreSQL, of the gazettes that the bot speaks of. */
export function createPublishedDays(database: Database): PublishedDays {
  return {
    listEditions: ({ tenantId, period, sources, knowledgeSets = [] }, now) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query<EditionFactsRow & { language: Language }>(
          `select ${EDITION_FACTS}, g.language ${PUBLISHED_IN} and (cardinality($4::text[]) = 0 or g.slug = any($4))
            order by e.published_on desc, g.name, e.document_name limit ${MAX_EDITIONS}`,
          [period, now, await slugsWithin(tx, knowledgeSets), sources],
        );
        return rows.map((row) => ({ ...toAlertEdition(row), language: row.language }));
      }),
    listCollected: ({ tenantId, botId }, now) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query<{
          name: string;
          time_zone: string;
          settings: CollectionSettings;
          states: Readonly<Record<string, EditionState>> | null;
          published: readonly string[];
        }>(
          `select g.name, g.time_zone, c.settings,
                  (select jsonb_object_agg(x.published_on, x.state) from edition_expectation x
                    where x.source_id = g.id and x.published_on between $1::date - 4 and $1::date + 1) as states,
                  array(select distinct e.published_on::text from edition e
                         where e.source_id = g.id and e.superseded_by is null
                           and e.published_on between $1::date - 4 and $1::date + 1) as published
             from source g join source_collection c on c.source_id = g.id
            where g.kind = 'gazette' and not c.is_paused and ($2::text[] is null or g.slug = any ($2))
            order by g.name`,
          [now.toISOString().slice(0, 10), (await gazettesOfBot(tx, botId)) ?? null],
        );
        return rows.map(
          (row): CollectedDays => ({
            sourceName: row.name,
            timeZone: row.time_zone,
            settings: row.settings,
            states: new Map(Object.entries(row.states ?? {})),
            published: new Set(row.published),
          }),
        );
      }),
  };
}

/** Null: all gazettes. */
async function slugsWithin(
  tx: Transaction,
  knowledgeSets: readonly string[],
): Promise<readonly string[] | null> {
  if (knowledgeSets.length === 0) return null;
  const scope = await readKnowledgeScope(tx, knowledgeSets);
  return scope.allGazettes ? null : scope.gazettes;
}
