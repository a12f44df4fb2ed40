import type { GazetteDate } from "../core/gazette.ts";

const MONTHS = [
  ["enero", "janeiro", "january"],
  ["febrero", "fevereiro", "february"],
  ["marzo", "março", "marco", "march"],
  ["abril", "april"],
  ["mayo", "maio", "may"],
  ["junio", "junho", "june"],
  ["julio", "julho", "july"],
  ["agosto", "august"],
  ["septiembre", "setiembre", "setembro", "september"],
  ["octubre", "outubro", "october"],
  ["noviembre", "novembro", "november"],
  ["diciembre", "dezembro", "december"],
];
const MONTH_NAMES = MONTHS.flat().join("|");
const WEEKDAYS =
  "lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo|segunda|ter[çc]a|quarta|quinta|sexta|monday|tuesday|wednesday|thursday|friday|saturday|sunday";

/** `14 de noviembre del 2014`, `26 de Outubro de 2020`. */
const WRITTEN = new RegExp(`(\\d{1,2})[º°o]?\\s+de\\s+(${MONTH_NAMES})\\s+del?\\s+(\\d{4})`, "giu");
/** `January 16, 2019`. */
const ENGLISH = new RegExp(`(${MONTH_NAMES})\\s+(\\d{1,2}),\\s+(\\d{4})`, "giu");
const WEEKDAY_BEFORE = new RegExp(`(?:${WEEKDAYS})(?:-feira)?[\\s,•–-]*$`, "iu");

/**
 * The date that the document gives itself: the one written after a weekday, as mastheads do, that is
 * met most often in the text of its first pages, running heads included. Undefined when there is none.
 */
export function findPublicationDate(text: string): GazetteDate | undefined {
  const counts = new Map<string, number>();
  function add(day: string, month: string, year: string, index: number): void {
    const date = toDate(day, month, year);
    if (date === undefined) return;
    const isMasthead = WEEKDAY_BEFORE.test(text.slice(Math.max(0, index - 24), index));
    if (isMasthead) counts.set(date, (counts.get(date) ?? 0) + 1);
  }
  for (const match of text.matchAll(WRITTEN))
    add(match[1] ?? "", match[2] ?? "", match[3] ?? "", match.index);
  for (const match of text.matchAll(ENGLISH))
    add(match[2] ?? "", match[1] ?? "", match[3] ?? "", match.index);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** A date in a file's name, day first or year first: `COMP_14_11_2014`, `DODF_011_16-01-2019`, `2014-11-30`. */
export function findDateInName(name: string): GazetteDate | undefined {
  const iso = /(?<!\d)(20\d\d|19\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)/.exec(
    name,
  );
  if (iso !== null) return checked(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const dayFirst =
    /(?<!\d)(0?[1-9]|[12]\d|3[01])[-_.](0?[1-9]|1[0-2])[-_.](20\d\d|19\d\d)(?!\d)/.exec(name);
  return dayFirst === null
    ? undefined
    : checked(Number(dayFirst[3]), Number(dayFirst[2]), Number(dayFirst[1]));
}

/** Whether `value` is a day that exists, written `yyyy-mm-dd`. */
export function isGazetteDate(value: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  return match !== null && checked(Number(match[1]), Number(match[2]), Number(match[3])) === value;
}

function toDate(day: string, monthName: string, year: string): GazetteDate | undefined {
  const month = MONTHS.findIndex((names) => names.includes(monthName.toLowerCase())) + 1;
  return checked(Number(year), month, Number(day));
}

function checked(year: number, month: number, day: number): GazetteDate | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal && year >= 1800 ? date.toISOString().slice(0, 10) : undefined;
}
