import type { DigestEdition, PublishedPeriod } from "../../core/subscriptions.ts";
import type { Transaction } from "../database.ts";
import { EDITION_FACTS, type EditionFactsRow, toAlertEdition } from "./edition-texts.ts";

/** Editions that one digest names (the BOE has over a hundred documents a day), */
const MAX_EDITIONS = 40;
/** and acts of each that it may choose from. */
const MAX_ACTS = 200;

type EditionRow = EditionFactsRow & { readonly act_count: number };

/** What came in after `from` and not after `until`, of which day it is; nothing that was old when it came in. */
export async function readIngested(
  tx: Transaction,
  {
    from,
    until,
    newerThanDays,
  }: {
    readonly from: string;
    readonly until: string;
    readonly newerThanDays: number;
  },
): Promise<readonly DigestEdition[]> {
  const rows = await tx.query<EditionRow>(
    `select ${EDITION_FACTS}, e.act_count from edition e join source g on g.id = e.source_id
     where g.kind = 'gazette' and e.superseded_by is null
       and e.ingested_at > $1::timestamptz and e.ingested_at <= $2::timestamptz
       and e.published_on > (e.ingested_at - $3 * interval '1 day')::date
     order by e.published_on desc, g.name, e.document_name limit ${MAX_EDITIONS}`,
    [from, until, newerThanDays],
  );
  return withActs(tx, rows);
}

/**
 * From and where of `edition e` and `source g`: current editions of gazettes published in the time $1, a
 * `PublishedPeriod`, as each gazette's own zone counts days at $2; of the slugs $3, or all when it is null.
 */
export const PUBLISHED_IN = `
  from source g
  cross join lateral (select ($2::timestamptz at time zone g.time_zone)::date as day) today
  join edition e on e.source_id = g.id
  where g.kind = 'gazette' and e.superseded_by is null and ($3::text[] is null or g.slug = any($3))
    and e.published_on <= case $1::text when 'yesterday' then day - 1
                                        when 'day-before-yesterday' then day - 2
                                        when 'last-week' then date_trunc('week', day)::date - 1
                                        when 'last-month' then date_trunc('month', day)::date - 1
                                        else day end
    and e.published_on >= case $1::text when 'yesterday' then day - 1
                                        when 'day-before-yesterday' then day - 2
                                        when 'week' then date_trunc('week', day)::date
                                        when 'last-week' then date_trunc('week', day)::date - 7
                                        when 'month' then date_trunc('month', day)::date
                                        when 'last-month' then (date_trunc('month', day) - interval '1 month')::date
                                        else day end`;

export async function readPublished(
  tx: Transaction,
  period: PublishedPeriod,
  now: Date,
  slugs: readonly string[] | undefined,
): Promise<readonly DigestEdition[]> {
  const rows = await tx.query<EditionRow>(
    `select ${EDITION_FACTS}, e.act_count ${PUBLISHED_IN}
     order by e.published_on desc, g.name, e.document_name limit ${MAX_EDITIONS}`,
    [period, now, slugs ?? null],
  );
  return withActs(tx, rows);
}

async function withActs(
  tx: Transaction,
  editions: readonly EditionRow[],
): Promise<readonly DigestEdition[]> {
  const acts = await tx.query<{ edition_id: string; section: string; title: string; page: number }>(
    `select edition_id, section, coalesce(nullif(title, ''), issuing_body) as title, page
     from act where edition_id = any($1::uuid[]) and position < ${MAX_ACTS}
       and coalesce(nullif(title, ''), issuing_body) <> ''
     order by edition_id, position`,
    [editions.map(({ edition_id }) => edition_id)],
  );
  return editions.map((row) => ({
    ...toAlertEdition(row),
    actCount: row.act_count,
    acts: acts
      .filter(({ edition_id }) => edition_id === row.edition_id)
      .map(({ section, title, page }) => ({ section, title, page })),
  }));
}
