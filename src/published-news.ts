import type { EditionSearch, FoundAct } from "./core/gazette-archive.ts";
import { LANGUAGES } from "./core/language.ts";
import type { PublishedDays, PublishedNews } from "./core/published-news.ts";
import { explainAbsence } from "./newsroom/collection/explain-absence.ts";

const DAYS_AGO: Readonly<Record<string, number>> = {
  today: 0,
  yesterday: 1,
  "day-before-yesterday": 2,
};

/** Questions of days and weeks, answered from editions, the index that finds words in them, and the calendars. */
export function createPublishedNews(ports: {
  readonly days: PublishedDays;
  readonly editionSearch: EditionSearch;
}): PublishedNews {
  const { days, editionSearch } = ports;
  return {
    async findSubject(where, { subject, limit }, now) {
      const editions = await days.listEditions(where, now);
      const acts: FoundAct[] = [];
      let total = 0;
      for (const language of LANGUAGES) {
        const editionIds = editions
          .filter((edition) => edition.language === language)
          .map(({ editionId }) => editionId);
        if (editionIds.length === 0) continue;
        const wanted = { text: subject, editionIds, language, offset: 0, limit };
        const found = await editionSearch.search(where.tenantId, wanted);
        // Some of the words alone is another subject.
        if (found.isPartial) continue;
        total += found.total;
        acts.push(...found.acts);
      }
      const byId = new Map(editions.map((edition) => [edition.editionId, edition]));
      return { total, acts: acts.slice(0, limit), editions: byId };
    },
    async whyNothing(bot, period, now) {
      const daysAgo = DAYS_AGO[period];
      if (daysAgo === undefined) return [];
      const collected = await days.listCollected(bot, now);
      return collected.flatMap((gazette) => {
        const absence = explainAbsence(gazette, daysAgo, now);
        const { sourceName, settings } = gazette;
        return absence === undefined
          ? []
          : [{ sourceName, absence, expectedAt: settings.expectedAt }];
      });
    },
  };
}
