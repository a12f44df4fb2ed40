import type { GazetteDate } from "../core/gazette.ts";
import { PUBLICATION_WORDS } from "./question-sources.ts";

export interface DateRange {
  readonly from: GazetteDate;
  readonly to: GazetteDate;
}

/** A date read at some word: how far it reaches, and whether it filters without a gazette beside it. */
interface ReadDate {
  readonly range: DateRange;
  readonly wordCount: number;
  readonly standsAlone: boolean;
}

/**
 * The publication date that a question asks for, from its folded words. A day or month counts only
 * beside a publication ("la gaceta del 14 de noviembre", "publicado el 3/4/2024"); "hoy", "ayer", "este
 * mes" and "en 2019" count by themselves. A date without its year is the latest one not after today.
 */
export function findDates(
  words: readonly string[],
  today: GazetteDate,
  sourceWords: ReadonlySet<string>,
): DateRange | undefined {
  for (let at = 0; at < words.length; at++) {
    const found = readRelative(words, at, today) ?? readCalendar(words, at, today);
    if (found === undefined) continue;
    if (found.standsAlone || isTiedToPublication(words, at, sourceWords)) return found.range;
    at += found.wordCount - 1;
  }
  return undefined;
}

/** What may stand between a publication and its date: articles, "n.º 220", "con fecha". */
const LINK =
  /^(del?|da|do|dos|das|el|la|los|o|a|en|em|no|na|on|of|from|the|in|dia|dias|fecha|data|dated|con|com|n|no|num|numero|mes|entre|between|desde|\d{1,6})$/;
const PUBLISHING =
  /^(publicad[oa]s?|publico|publicaron|publica|publicou|publicaram|salio|salieron|sale|salen|saiu|sairam|aparecio|aparecieron|published|appeared)$/;

function isTiedToPublication(
  words: readonly string[],
  dateAt: number,
  sourceWords: ReadonlySet<string>,
): boolean {
  for (let at = dateAt - 1; at >= Math.max(0, dateAt - 6); at--) {
    const word = words[at] ?? "";
    if (PUBLICATION_WORDS.has(word) || sourceWords.has(word) || PUBLISHING.test(word)) return true;
    if (!LINK.test(word)) break;
  }
  // "the 15 April gazette", "the November 14 edition".
  const next = words.slice(dateAt + 2, dateAt + 4);
  return next.some((word) => /^(gazette|bulletin|edition|issue|journal)$/.test(word));
}

function readRelative(
  words: readonly string[],
  at: number,
  today: GazetteDate,
): ReadDate | undefined {
  const [word, next, third] = [words[at] ?? "", words[at + 1] ?? "", words[at - 1] ?? ""];
  const alone = (range: DateRange, wordCount: number): ReadDate => ({
    range,
    wordCount,
    standsAlone: true,
  });
  // "a partir de hoy", "hasta hoy": a term that runs, not a day of publication.
  const isLimit = /^(hasta|ate|until|desde|since)$/.test(third) || words[at - 2] === "partir";
  const dayOffset = isLimit ? undefined : DAY_OFFSETS.get(word);
  if (dayOffset !== undefined) {
    const day = addDays(today, dayOffset);
    return alone({ from: day, to: day }, 1);
  }
  const pair = `${word} ${next}`;
  if (/^(esta semana|nesta semana|this week)$/.test(pair)) return alone(weekOf(today), 2);
  if (/^(semana pasada|semana passada|last week)$/.test(pair)) {
    return alone(weekOf(addDays(today, -7)), 2);
  }
  if (/^(este mes|neste mes|deste mes|this month)$/.test(pair)) return alone(monthOf(today), 2);
  if (/^(mes pasado|mes passado|last month)$/.test(pair)) {
    return alone(monthOf(addDays(monthOf(today).from, -1)), 2);
  }
  return undefined;
}

const DAY_OFFSETS: ReadonlyMap<string, number> = new Map([
  ["hoy", 0],
  ["hoje", 0],
  ["today", 0],
  ["ayer", -1],
  ["ontem", -1],
  ["yesterday", -1],
  ["anteayer", -2],
  ["antier", -2],
  ["anteontem", -2],
]);

const MONTHS: ReadonlyMap<string, number> = new Map(
  [
    "enero janeiro january",
    "febrero fevereiro february",
    "marzo marco march",
    "abril april",
    "mayo maio may",
    "junio junho june",
    "julio julho july",
    "agosto august",
    "septiembre setiembre setembro september",
    "octubre outubro october",
    "noviembre novembro november",
    "diciembre dezembro december",
  ].flatMap((names, index) => names.split(" ").map((name) => [name, index + 1] as const)),
);

function readCalendar(
  words: readonly string[],
  at: number,
  today: GazetteDate,
): ReadDate | undefined {
  return (
    readNumericDate(words, at) ??
    readDayRange(words, at, today) ??
    readDayAndMonth(words, at, today) ??
    readMonth(words, at, today) ??
    readYear(words, at)
  );
}

/** `2014-11-14`, `14/11/2014`, `14.11.14`: the separators are gone, the day comes first. */
function readNumericDate(words: readonly string[], at: number): ReadDate | undefined {
  const [first, second, third] = words.slice(at, at + 3);
  if (first === undefined || second === undefined || third === undefined) return undefined;
  if (![first, second, third].every((word) => /^\d{1,4}$/.test(word))) return undefined;
  const day =
    first.length === 4
      ? toDate(Number(first), Number(second), Number(third))
      : third.length === 4
        ? toDate(Number(third), Number(second), Number(first))
        : undefined;
  return day === undefined
    ? undefined
    : { range: { from: day, to: day }, wordCount: 3, standsAlone: false };
}

/** "del 1 al 15 de abril (de 2024)", "entre el 1 y el 15 de abril". */
function readDayRange(
  words: readonly string[],
  at: number,
  today: GazetteDate,
): ReadDate | undefined {
  if (!/^\d{1,2}$/.test(words[at] ?? "")) return undefined;
  let next = at + 1;
  while (next - at < 4 && /^(al?|y|e|el|ao?|o|and|to)$/.test(words[next] ?? "")) next++;
  if (next === at + 1) return undefined;
  const last = readDayAndMonth(words, next, today);
  if (last === undefined) return undefined;
  const from = `${last.range.to.slice(0, 8)}${(words[at] ?? "").padStart(2, "0")}`;
  if (from > last.range.to || !isDate(from)) return undefined;
  return {
    range: { from, to: last.range.to },
    wordCount: next - at + last.wordCount,
    standsAlone: false,
  };
}

/** "14 de noviembre (de 2014)", "14 November 2014", "November 14, 2014". */
function readDayAndMonth(
  words: readonly string[],
  at: number,
  today: GazetteDate,
): ReadDate | undefined {
  const dayFirst = /^(\d{1,2})(st|nd|rd|th|o)?$/.exec(words[at] ?? "");
  let next = at + 1;
  let day: number;
  let month: number | undefined;
  if (dayFirst !== null) {
    day = Number(dayFirst[1]);
    if (/^(de|of)$/.test(words[next] ?? "")) next++;
    month = MONTHS.get(words[next] ?? "");
    next++;
  } else {
    month = MONTHS.get(words[at] ?? "");
    const english = /^(\d{1,2})(st|nd|rd|th)?$/.exec(words[next] ?? "");
    if (english === null) return undefined;
    day = Number(english[1]);
    next++;
  }
  if (month === undefined) return undefined;
  const year = readYearAfter(words, next);
  const date = toDate(year.year ?? Number(today.slice(0, 4)), month, day);
  if (date === undefined) return undefined;
  const past = year.year === undefined && date > today ? yearBefore(date) : date;
  return { range: { from: past, to: past }, wordCount: year.next - at, standsAlone: false };
}

/** "noviembre (de 2014)"; with "en" before it and its year after it, it filters by itself. */
function readMonth(words: readonly string[], at: number, today: GazetteDate): ReadDate | undefined {
  const month = MONTHS.get(words[at] ?? "");
  if (month === undefined) return undefined;
  const { year, next } = readYearAfter(words, at + 1);
  const first = toDate(year ?? Number(today.slice(0, 4)), month, 1);
  if (first === undefined) return undefined;
  const range = monthOf(year === undefined && first > today ? yearBefore(first) : first);
  const standsAlone = year !== undefined && /^(en|em|in)$/.test(words[at - 1] ?? "");
  return { range, wordCount: next - at, standsAlone };
}

function readYear(words: readonly string[], at: number): ReadDate | undefined {
  const year = words[at] ?? "";
  if (!/^(19|20)\d{2}$/.test(year)) return undefined;
  return {
    range: { from: `${year}-01-01`, to: `${year}-12-31` },
    wordCount: 1,
    standsAlone: /^(en|em|in)$/.test(words[at - 1] ?? ""),
  };
}

function readYearAfter(words: readonly string[], at: number): { year?: number; next: number } {
  const next = /^(del?|of)$/.test(words[at] ?? "") ? at + 1 : at;
  const word = words[next] ?? "";
  return /^(19|20)\d{2}$/.test(word) ? { year: Number(word), next: next + 1 } : { next: at };
}

function toDate(year: number, month: number, day: number): GazetteDate | undefined {
  const text = [
    String(year).padStart(4, "0"),
    String(month).padStart(2, "0"),
    String(day).padStart(2, "0"),
  ].join("-");
  return isDate(text) ? text : undefined;
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function yearBefore(date: GazetteDate): GazetteDate {
  const before = `${Number(date.slice(0, 4)) - 1}${date.slice(4)}`;
  return isDate(before) ? before : addDays(`${before.slice(0, 8)}28`, 0);
}

export function addDays(date: GazetteDate, days: number): GazetteDate {
  const moved = new Date(`${date}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

/** Monday to Sunday. */
function weekOf(date: GazetteDate): DateRange {
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  return { from: addDays(date, -weekday), to: addDays(date, 6 - weekday) };
}

function monthOf(date: GazetteDate): DateRange {
  const next = new Date(`${date.slice(0, 8)}01T00:00:00Z`);
  next.setUTCMonth(next.getUTCMonth() + 1);
  return { from: `${date.slice(0, 8)}01`, to: addDays(next.toISOString().slice(0, 10), -1) };
}
