import type { Named } from "./read-names.ts";

/** Of a `$`, `pesos` and the like, by country. */
const PESOS: Readonly<Record<string, string>> = {
  MX: "MXN",
  CO: "COP",
  AR: "ARS",
  CL: "CLP",
  DO: "DOP",
  UY: "UYU",
};
const SIGNS: Readonly<Record<string, string>> = {
  r$: "BRL",
  us$: "USD",
  u$s: "USD",
  usd: "USD",
  "€": "EUR",
  "₡": "CRC",
  "¢": "CRC",
  c$: "NIO",
  rd$: "DOP",
  "bs.": "BOB",
  bs: "BOB",
};
const NAMES: Readonly<Record<string, string>> = {
  euros: "EUR",
  euro: "EUR",
  colones: "CRC",
  reais: "BRL",
  cordobas: "NIO",
  dolares: "USD",
  bolivianos: "BOB",
};
/** ISO 4217: all of ours have cents but these. */
const WITHOUT_CENTS = new Set(["CLP", "PYG"]);

const DIGITS =
  "(?<![\\d.,])\\d{1,3}(?:[., ]\\d{3})+(?:[.,]\\d{1,2})?(?!\\d)|(?<![\\d.,])\\d+(?:[.,]\\d{1,2})?(?![\\d])";
const SCALE =
  "(?<scale>\\s+(?:mil\\s+)?mill?on(?:es)?|\\s+milh(?:ao|oes)|\\s+mil(?=\\s))?(?:\\s+de)?";
const BEFORE = new RegExp(
  `(?<sign>us\\$|u\\$s|rd\\$|r\\$|c\\$|bs\\.?(?=\\s?\\d)|usd(?=\\s?\\d)|[€₡¢$])\\s?(?<number>${DIGITS})${SCALE}`,
  "g",
);
const AFTER = new RegExp(
  `(?<number>${DIGITS})${SCALE}\\s?(?<name>euros?|€|colones|reais|cordobas|dolares|bolivianos|pesos)(?!\\p{L})`,
  "gu",
);

/** Amounts with their currency, in minor units (`CRC 12345000` is ₡123.450,00). A `$` is a peso where pesos are. */
export function readAmounts(text: string, folded: string, country: string): readonly Named[] {
  const matches = [...folded.matchAll(BEFORE), ...folded.matchAll(AFTER)];
  return matches.flatMap((match) => {
    const groups: Readonly<Record<string, string | undefined>> = match.groups ?? {};
    const { sign, name, number = "", scale } = groups;
    const currency = currencyOf(sign ?? name ?? "", country);
    const value = numberOf(number) * scaleOf(scale);
    if (currency === undefined || !Number.isFinite(value) || value <= 0) return [];
    const minor = Math.round(value * (WITHOUT_CENTS.has(currency) ? 1 : 100));
    if (!Number.isSafeInteger(minor)) return [];
    const start = match.index;
    const end = start + match[0].trimEnd().replace(/\s+de$/, "").length;
    const written = text.slice(start, end).replace(/\s+/g, " ");
    return [{ kind: "amount", key: `${currency} ${minor}`, name: written, start, end } as const];
  });
}

function currencyOf(word: string, country: string): string | undefined {
  if (word === "$" || word === "pesos") return PESOS[country] ?? (word === "$" ? "USD" : undefined);
  return SIGNS[word] ?? NAMES[word];
}

/** `1.234.567,89`, `1,235.00`, `1.500` (thousands) and `1,59`: the last separator before one or two digits is the decimal one. */
function numberOf(written: string): number {
  const match = /^(?<whole>.*?)(?:[.,](?<decimals>\d{1,2}))?$/.exec(written);
  const whole = match?.groups?.whole?.replace(/\D/g, "") ?? "";
  return Number(`${whole}.${match?.groups?.decimals ?? "0"}`);
}

function scaleOf(scale: string | undefined): number {
  const words = scale?.trim() ?? "";
  if (words === "") return 1;
  if (/^mil\s+mill/.test(words)) return 1e9;
  return /^mil$/.test(words) ? 1e3 : 1e6;
}
