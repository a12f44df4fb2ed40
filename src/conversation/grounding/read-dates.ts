import type { Token } from "./tokens.ts";

/** A date as far as it was given; at least two of the three, or a month alone. */
export interface ReadDate {
  readonly day: number | undefined;
  readonly month: number;
  readonly year: number | undefined;
}

const MONTHS = new Map<string, number>(
  `enero,ene,janeiro,january,jan;febrero,feb,fevereiro,fev,february;marzo,mar,marco,march;abril,abr,april,apr;
  mayo,may,maio,mai;junio,jun,junho,june;julio,jul,julho,july;agosto,ago,august,aug;
  septiembre,setiembre,sept,sep,set,setembro,september;octubre,oct,outubro,out,october;
  noviembre,nov,novembro,november;diciembre,dic,dezembro,dez,december,dec`
    .split(";")
    .flatMap((names, index) => names.split(",").map((name) => [name.trim(), index + 1] as const)),
);

/** Months that are no other word: a date even without day or year. */
const PLAIN_MONTH =
  /^(?:ene|feb|fev|abr|apr|ju[ln]|ago|aug|sep|set|oct|out|nov|di[cz]|de[cz]|jan)\p{L}{3,}$/u;
const OF = new Set(["de", "del", "of", "do", "da", "the", ",", "."]);
const AND = new Set([
  "y",
  "e",
  "a",
  "al",
  "ao",
  "and",
  "to",
  "hasta",
  "ate",
  "until",
  ",",
  "-",
  "–",
]);

type ReadNumber = (at: number) => { readonly value: number; readonly length: number } | undefined;

/** The date that begins at a token, or several that share a month (`del 4 al 8 de abril`), and where they end. */
export function datesAt(
  tokens: readonly Token[],
  at: number,
  readNumber: ReadNumber,
): { readonly dates: readonly ReadDate[]; readonly to: number } | undefined {
  return (
    numericAt(tokens, at) ?? monthFirst(tokens, at, readNumber) ?? dayFirst(tokens, at, readNumber)
  );
}

/** `14/11/2014`, `14-11-2014`, `14.11.2014`, `2014-11-14`; the month is the second unless it cannot be. */
function numericAt(
  tokens: readonly Token[],
  at: number,
): { readonly dates: readonly ReadDate[]; readonly to: number } | undefined {
  const first = tokens[at];
  if (first?.kind !== "number") return undefined;
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(first.raw);
  if (dotted !== null) return oneDate(dotted[1], dotted[2], dotted[3], at + 1);
  const [sign, second, sign2, third] = tokens.slice(at + 1, at + 5);
  if (sign === undefined || second === undefined || third === undefined) return undefined;
  if ((sign.raw !== "/" && sign.raw !== "-") || sign2?.raw !== sign.raw) return undefined;
  if (third.end - first.start > 14) return undefined;
  if (/^\d{4}$/.test(first.raw)) return oneDate(third.raw, second.raw, first.raw, at + 5);
  return oneDate(first.raw, second.raw, third.raw, at + 5);
}

function oneDate(
  one: string | undefined,
  two: string | undefined,
  three: string | undefined,
  to: number,
): { readonly dates: readonly ReadDate[]; readonly to: number } | undefined {
  if (![one, two, three].every((part) => /^\d{1,4}$/.test(part ?? ""))) return undefined;
  const [first, second] = [Number(one), Number(two)];
  const [day, month] = second > 12 ? [second, first] : [first, second];
  const year = toYear(Number(three));
  return isDay(day) && month >= 1 && month <= 12 && year !== undefined
    ? { dates: [{ day, month, year }], to }
    : undefined;
}

/** `November 14, 2014`, `noviembre de 2014`, `November`. */
function monthFirst(
  tokens: readonly Token[],
  at: number,
  readNumber: ReadNumber,
): { readonly dates: readonly ReadDate[]; readonly to: number } | undefined {
  const name = tokens[at]?.folded ?? "";
  const month = MONTHS.get(name);
  if (month === undefined) return undefined;
  const next = skip(tokens, at + 1, OF, 2);
  const number = readNumber(next);
  if (number !== undefined && isYear(number.value)) {
    return { dates: [{ day: undefined, month, year: number.value }], to: next + number.length };
  }
  if (number !== undefined && isDay(number.value) && next === at + 1) {
    const afterDay = skipOrdinal(tokens, next + number.length);
    const yearAt = skip(tokens, afterDay, OF, 2);
    const year = readNumber(yearAt);
    const hasYear = year !== undefined && isYear(year.value);
    return {
      dates: [{ day: number.value, month, year: hasYear ? year.value : undefined }],
      to: hasYear ? yearAt + year.length : afterDay,
    };
  }
  return PLAIN_MONTH.test(name)
    ? { dates: [{ day: undefined, month, year: undefined }], to: at + 1 }
    : undefined;
}

/** `14 de noviembre de 2014`, `14th November`, `1.º de enero`, `4 y 5 de abril del 2024`. */
function dayFirst(
  tokens: readonly Token[],
  at: number,
  readNumber: ReadNumber,
): { readonly dates: readonly ReadDate[]; readonly to: number } | undefined {
  const days: number[] = [];
  let next = at;
  for (let tries = 0; tries < 8; tries += 1) {
    const number = readNumber(next);
    if (number === undefined || !isDay(number.value)) return undefined;
    days.push(number.value);
    next = skipOrdinal(tokens, next + number.length);
    const monthAt = skip(tokens, next, OF, 2);
    const month = MONTHS.get(tokens[monthAt]?.folded ?? "");
    if (month !== undefined) return withYear(tokens, days, month, monthAt + 1, readNumber);
    const joined = skip(tokens, next, AND, 2);
    if (joined === next) return undefined;
    next = skip(tokens, joined, new Set(["el", "dia", "the"]), 2);
  }
  return undefined;
}

function withYear(
  tokens: readonly Token[],
  days: readonly number[],
  month: number,
  at: number,
  readNumber: ReadNumber,
): { readonly dates: readonly ReadDate[]; readonly to: number } {
  const yearAt = skip(tokens, at, new Set([...OF, "ano"]), 3);
  const number = readNumber(yearAt);
  const year = number !== undefined && isYear(number.value) ? number.value : undefined;
  return {
    dates: days.map((day) => ({ day, month, year })),
    to: year === undefined || number === undefined ? at : yearAt + number.length,
  };
}

/** The mark of `1.º`, `1º`, `14th`. */
function skipOrdinal(tokens: readonly Token[], at: number): number {
  let next = at;
  if (tokens[next]?.raw === "." && /^[ºª°]$/.test(tokens[next + 1]?.raw ?? "")) next += 1;
  return /^(?:º|ª|°|o|st|nd|rd|th)$/.test(tokens[next]?.folded ?? "") ? next + 1 : next;
}

function skip(
  tokens: readonly Token[],
  at: number,
  words: ReadonlySet<string>,
  most: number,
): number {
  let next = at;
  while (next < at + most && words.has(tokens[next]?.folded ?? "")) next += 1;
  return next;
}

function isDay(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 31;
}

function isYear(value: number): boolean {
  return value >= 1_500 && value <= 2_999;
}

/** Two digits are of this century, or for 70 and more of the last. */
function toYear(value: number): number | undefined {
  if (isYear(value)) return value;
  return value < 100 ? value + (value >= 70 ? 1_900 : 2_000) : undefined;
}
