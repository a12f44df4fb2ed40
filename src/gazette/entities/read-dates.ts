import type { GazetteDate } from "../../core/gazette.ts";

const MONTHS: ReadonlyMap<string, number> = new Map(
  [
    "enero janeiro",
    "febrero fevereiro",
    "marzo marco",
    "abril",
    "mayo maio",
    "junio junho",
    "julio julho",
    "agosto",
    "septiembre setiembre setembro",
    "octubre outubro",
    "noviembre novembro",
    "diciembre dezembro",
  ].flatMap((names, index) => names.split(" ").map((name) => [name, index + 1] as const)),
);
const MONTH_NAMES = [...MONTHS.keys()].join("|");
const YEAR = "(?:19|20)\\d{2}";

/**
 * A date in folded text, with named groups of the given suffix: `14 de noviembre del 2014`, `1º de janeiro de 2019`,
 * `9 de abril` (of a year that stands elsewhere), `16/10/2018`, `30.9.14`.
 */
export function datePattern(suffix: string): string {
  const written = `(?<day${suffix}>\\d{1,2})\\s?º?\\s+de\\s+(?<month${suffix}>${MONTH_NAMES})(?:(?:\\s*,)?\\s+(?:(?:del?\\s+){1,2}(?:ano\\s+)?)?(?<year${suffix}>${YEAR}))?`;
  const numeric = `(?<nday${suffix}>\\d{1,2})[/.-](?<nmonth${suffix}>\\d{1,2})[/.-](?<nyear${suffix}>${YEAR}|\\d{2})(?!\\d)`;
  return `(?:${written}|${numeric})`;
}

/** The date that a match of `datePattern` has; of one without a year, in `year`. */
export function dateOf(
  groups: Readonly<Record<string, string | undefined>> | undefined,
  suffix: string,
  year?: number,
): GazetteDate | undefined {
  const get = (name: string) => groups?.[`${name}${suffix}`];
  const numeric = get("nday");
  if (numeric !== undefined) {
    return toDate(fullYear(get("nyear") ?? ""), Number(get("nmonth")), Number(numeric));
  }
  const written = get("year");
  const wanted = written === undefined ? year : Number(written);
  const month = MONTHS.get(get("month") ?? "");
  if (wanted === undefined || month === undefined) return undefined;
  return toDate(wanted, month, Number(get("day")));
}

/** `18` is 2018, `98` is 1998: no gazette speaks of a year further ahead than 2050. */
export function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 4) return year;
  return year > 50 ? 1900 + year : 2000 + year;
}

const ANY_DATE = new RegExp(`(?<![\\d/.-])${datePattern("")}`, "g");

/** All dates with their years, in order. */
export function findDates(
  folded: string,
): readonly { readonly date: GazetteDate; readonly start: number; readonly end: number }[] {
  return [...folded.matchAll(ANY_DATE)].flatMap((match) => {
    const date = dateOf(match.groups, "");
    return date === undefined
      ? []
      : [{ date, start: match.index, end: match.index + match[0].length }];
  });
}

function toDate(year: number, month: number, day: number): GazetteDate | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? date.toISOString().slice(0, 10) : undefined;
}
