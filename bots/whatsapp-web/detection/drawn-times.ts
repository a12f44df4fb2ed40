import type { Clock } from "../../../src/core/clock.ts";
import { type CalendarDate, createDateOrders } from "./date-order.ts";
import { readDrawnTime } from "./drawn-time.ts";
import type { PageFacts } from "./in-page/collected.ts";
import { instantOf, wallClock } from "./local-time.ts";
import type { MessageRow } from "./page-reader.ts";

/** Two clocks, of the page and ours, and a reading that came late. */
const ARRIVAL_WITHIN_MINUTES = 3;

/** Turns the times that rows show into instants, where that takes no guess. */
export interface DrawnTimes {
  /** `rows` in their order, as drawn now. What appeared below those of the last call shows the present. */
  date(rows: readonly MessageRow[], page: PageFacts): MessageRow[];
  /** While `work` scrolls, what appears below is no news. */
  whileScrolling<T>(work: () => Promise<T>): Promise<T>;
}

export function createDrawnTimes(ports: {
  readonly clock: Clock;
  readonly locale?: string;
}): DrawnTimes {
  const orders = createDateOrders();
  let lastId: string | undefined;
  let isScrolling = false;

  function arrivals(rows: readonly MessageRow[]): readonly MessageRow[] {
    const at = rows.findIndex(({ canonicalId }) => canonicalId === lastId);
    lastId = rows.at(-1)?.canonicalId;
    return at < 0 || isScrolling ? [] : rows.slice(at + 1);
  }

  return {
    date(rows, page) {
      const now = wallClock(ports.clock.now(), page.timeZone);
      if (now === undefined) return [...rows];
      orders.learnFromLocale(ports.locale ?? localeOf(page));
      const times = rows.map((row) => readDrawnTime(row.rawTime ?? ""));
      for (const time of times) if (time?.date !== undefined) orders.learn(time, now);
      for (const row of arrivals(rows)) {
        const time = readDrawnTime(row.rawTime ?? "");
        const isNow =
          time !== undefined &&
          Math.abs(time.hour * 60 + time.minute - now.hour * 60 - now.minute) <=
            ARRIVAL_WITHIN_MINUTES;
        if (isNow) orders.learnFromArrival(time, now);
      }
      const dates = times.map((time) => (time === undefined ? undefined : orders.resolve(time)));
      return rows.map((row, at) => {
        const time = times[at];
        const date = dates[at] ?? dateBetween(dates, at, now);
        const instant =
          time === undefined || date === undefined
            ? undefined
            : instantOf(date, time.hour, time.minute, page.timeZone);
        return instant === undefined ? row : { ...row, sentAt: instant.toISOString() };
      });
    },
    async whileScrolling(work) {
      isScrolling = true;
      try {
        return await work();
      } finally {
        isScrolling = false;
        lastId = undefined;
      }
    },
  };
}

/**
 * The date of a row that shows its clock only: that of the rows around it when they have one and the same. Nothing is
 * written after today.
 */
function dateBetween(
  dates: readonly (CalendarDate | undefined)[],
  at: number,
  today: CalendarDate,
): CalendarDate | undefined {
  const before = dates.slice(0, at).findLast((date) => date !== undefined);
  const after = dates.slice(at + 1).find((date) => date !== undefined) ?? today;
  return before !== undefined && isSameDay(before, after) ? before : undefined;
}

function isSameDay(one: CalendarDate, other: CalendarDate): boolean {
  return one.year === other.year && one.month === other.month && one.day === other.day;
}

/** The region is the browser's, and only when both speak the same language. */
function localeOf({ language, browserLanguage }: PageFacts): string | undefined {
  const own = language.slice(0, 2).toLowerCase();
  if (own === "") return undefined;
  return language.length <= 2 && browserLanguage.toLowerCase().startsWith(own)
    ? browserLanguage
    : language;
}
