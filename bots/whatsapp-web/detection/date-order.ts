import type { DrawnTime } from "./drawn-time.ts";

/** Which of the three numbers is what. The clock's style says nothing of it: `[19:46, 8/11/2023]` was seen for 11 August. */
export type DateOrder = "day-month-year" | "month-day-year" | "year-month-day";

/** A date of the calendar, as the page's zone counts. `month` 1–12. */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const ORDERS: readonly DateOrder[] = ["day-month-year", "month-day-year", "year-month-day"];

/**
 * Learns in which order a page writes day and month, from what cannot be read otherwise: a number over 12, a date that
 * would lie in the future, a message that has just arrived. Proof against proof (a page that changed its language)
 * forgets everything and begins anew: a date is never guessed. The locale is a hint that proof overrules.
 */
export interface DateOrders {
  /** The order in use; undefined: not known. */
  current(): DateOrder | undefined;
  /** A date drawn on the page at `today`. */
  learn(time: DrawnTime, today: CalendarDate): void;
  /** A date drawn beside a message that appeared while we looked. */
  learnFromArrival(time: DrawnTime, today: CalendarDate): void;
  learnFromLocale(locale: string | undefined): void;
  /** Undefined unless the order is known, or does not matter (3/3), and the date exists. */
  resolve(time: DrawnTime): CalendarDate | undefined;
}

export function createDateOrders(): DateOrders {
  let proven: DateOrder | undefined;
  let hinted: DateOrder | undefined;
  let hintedLocale: string | undefined;

  function prove(orders: readonly DateOrder[]): void {
    const [only] = orders;
    if (orders.length !== 1 || only === undefined) return;
    if (proven !== undefined && proven !== only) proven = undefined;
    else proven = only;
    if (hinted !== only) hinted = undefined;
  }

  const current = () => proven ?? hinted;
  return {
    current,
    learn(time, today) {
      if (time.date === undefined || time.isYearFirst) return;
      prove(possibleOrders(time, (date) => dayNumber(date) <= dayNumber(today) + 1));
    },
    learnFromArrival(time, today) {
      if (time.date === undefined || time.isYearFirst) return;
      prove(possibleOrders(time, (date) => Math.abs(dayNumber(date) - dayNumber(today)) <= 1));
    },
    learnFromLocale(locale) {
      if (locale === hintedLocale) return;
      if (hintedLocale !== undefined) proven = undefined;
      hintedLocale = locale;
      hinted = orderOfLocale(locale);
    },
    resolve(time) {
      const possible = possibleOrders(time, () => true);
      const order = time.isYearFirst ? "year-month-day" : current();
      if (order !== undefined) return possible.includes(order) ? readAs(time, order) : undefined;
      const dates = possible.map((each) => readAs(time, each));
      const days = new Set(
        dates.map((date) => (date === undefined ? Number.NaN : dayNumber(date))),
      );
      return days.size === 1 ? dates[0] : undefined;
    },
  };
}

function possibleOrders(time: DrawnTime, isPossible: (date: CalendarDate) => boolean): DateOrder[] {
  return ORDERS.filter((order) => {
    const date = readAs(time, order);
    return date !== undefined && isPossible(date);
  });
}

function readAs(time: DrawnTime, order: DateOrder): CalendarDate | undefined {
  if (time.date === undefined) return undefined;
  const [first, second, third] = time.date;
  const isYear = (value: number) => value > 31;
  if (order === "year-month-day") {
    // Two digits in front are a year in no locale that was seen.
    return isYear(first) && first > 99 ? checked(first, second, third) : undefined;
  }
  const year = third > 99 ? third : 2000 + third;
  return order === "day-month-year" ? checked(year, second, first) : checked(year, first, second);
}

function checked(year: number, month: number, day: number): CalendarDate | undefined {
  // WhatsApp began in 2009; later than 2100 is no date.
  if (year < 2009 || year > 2100 || month < 1 || month > 12 || day < 1) return undefined;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate() ? { year, month, day } : undefined;
}

function dayNumber({ year, month, day }: CalendarDate): number {
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

/**
 * Only where the locale leaves no doubt. `en` alone says nothing (8/11 is August in Chicago and November in London), nor
 * do the Spanish of the United States, Puerto Rico and Panama, where both are written.
 */
function orderOfLocale(locale: string | undefined): DateOrder | undefined {
  const [language = "", ...subtags] = (locale ?? "").toLowerCase().split(/[-_]/);
  const region = subtags.find((tag) => /^[a-z]{2}$/.test(tag));
  if (["zh", "ja", "ko", "hu", "lt", "mn"].includes(language)) return "year-month-day";
  if (language === "en") {
    if (region === "us") return "month-day-year";
    return region !== undefined && ["gb", "ie", "au", "nz", "in"].includes(region)
      ? "day-month-year"
      : undefined;
  }
  if (language === "es" && ["us", "pr", "pa"].includes(region ?? "")) return undefined;
  return ["es", "pt", "it", "ca", "gl", "ro"].includes(language) ? "day-month-year" : undefined;
}
