import type { Language } from "../../core/language.ts";

/** One number or date in a text, to be written another way or another number in its place. */
interface Found {
  readonly printed: string;
  readonly start: number;
}

const MONTHS: Readonly<Record<Language, readonly string[]>> = {
  es: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(
    " ",
  ),
  pt: "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(
    " ",
  ),
  en: "January February March April May June July August September October November December".split(
    " ",
  ),
};
const TENS: Readonly<Record<Language, readonly string[]>> = {
  es: ",,,treinta,cuarenta,cincuenta,sesenta,setenta,ochenta,noventa".split(","),
  pt: ",,vinte,trinta,quarenta,cinquenta,sessenta,setenta,oitenta,noventa".split(","),
  en: ",,twenty,thirty,forty,fifty,sixty,seventy,eighty,ninety".split(","),
};
const SMALL: Readonly<Record<Language, readonly string[]>> = {
  es: `cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete
    dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete
    veintiocho veintinueve`.split(/\s+/),
  pt: `zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete
    dezoito dezenove`.split(/\s+/),
  en: `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen`.split(/\s+/),
};
const AND: Readonly<Record<Language, string>> = { es: " y ", pt: " e ", en: "-" };

export interface FoundDate extends Found {
  readonly day: number;
  readonly month: number;
  readonly year: number;
}

const WRITTEN = /(?<!\d)(\d{1,2}) de ([a-zç]{4,10}) (?:de|del) (\d{4})(?!\d)/giu;
const DIGITS = /(?<![\d/])(\d{1,2})\/(\d{1,2})\/(\d{4})(?![\d/])/g;

/** Full dates of a Spanish or Portuguese text, first those written out. */
export function findDates(text: string): readonly FoundDate[] {
  const written = [...text.matchAll(WRITTEN)].map((match) => {
    const name = (match[2] ?? "").toLowerCase().replace("setiembre", "septiembre");
    const month = 1 + Math.max(MONTHS.es.indexOf(name), MONTHS.pt.indexOf(name));
    return {
      printed: match[0],
      start: match.index,
      day: Number(match[1]),
      month,
      year: Number(match[3]),
    };
  });
  const digits = [...text.matchAll(DIGITS)].map((match) => ({
    printed: match[0],
    start: match.index,
    day: Number(match[1]),
    month: Number(match[2]),
    year: Number(match[3]),
  }));
  return [...written, ...digits].filter(
    ({ day, month }) => day >= 1 && day <= 31 && month >= 1 && month <= 12,
  );
}

/** A date as people write it in a language: in words and digits, in digits only, in words only. */
export function writeDate(
  date: Pick<FoundDate, "day" | "month" | "year">,
  language: Language,
  style: "long" | "digits" | "iso" | "words",
): string {
  const { day, month, year } = date;
  const name = MONTHS[language][month - 1] ?? "";
  const two = (value: number) => String(value).padStart(2, "0");
  switch (style) {
    case "digits":
      return `${two(day)}/${two(month)}/${year}`;
    case "iso":
      return `${year}-${two(month)}-${two(day)}`;
    case "words":
      return `${inWords(day, language)} de ${name} de ${inWords(year, language)}`;
    case "long":
      return language === "en" ? `${name} ${day}, ${year}` : `${day} de ${name} de ${year}`;
    default:
      return style satisfies never;
  }
}

/** 0 to 2099, as far as gazettes' days and years go. */
export function inWords(value: number, language: Language): string {
  const small = SMALL[language];
  if (value >= 2_000)
    return `${small[2]} mil${value % 1_000 === 0 ? "" : rest(value % 1_000, language)}`;
  if (value >= 100) return String(value);
  const known = small[value];
  if (known !== undefined) return known;
  const tens = TENS[language][Math.floor(value / 10)] ?? "";
  return value % 10 === 0 ? tens : `${tens}${AND[language]}${small[value % 10]}`;
}

function rest(value: number, language: Language): string {
  return `${language === "pt" ? " e " : " "}${inWords(value, language)}`;
}

/** Numbers of a text that stand by themselves: not part of a date, code or word. */
export function findNumbers(text: string): readonly Found[] {
  const dates = findDates(text);
  return [...text.matchAll(/(?<![\p{L}\d/.,:º-])\d+(?:[.,]\d+)*(?![\p{L}\dº/:-]|[.,]\d)/gu)]
    .map((match) => ({ printed: match[0], start: match.index }))
    .filter(
      ({ start }) =>
        !dates.some((date) => start >= date.start && start < date.start + date.printed.length),
    );
}

/** `4.144.800,00` as `4 144 800,00`, as `4144800` or the English way; undefined when there is nothing to change. */
export function renotate(
  printed: string,
  style: "spaces" | "bare" | "english",
): string | undefined {
  if (!/^[1-9]\d{0,2}(?:\.\d{3})+(?:,\d{1,2})?$/.test(printed)) return undefined;
  if (style === "spaces") return printed.replace(/\./g, " ");
  if (style === "bare") return printed.replace(/\./g, "").replace(/,00$/, "");
  return printed.replace(/[.,]/g, (sign) => (sign === "." ? "," : "."));
}

export function replaceAt(text: string, found: Found, by: string): string {
  return text.slice(0, found.start) + by + text.slice(found.start + found.printed.length);
}
