import type { Token } from "./tokens.ts";

/** Units and currencies by the words that name them in the three languages, folded. */
const UNIT_WORDS = `
  hour:h,hs,hora,horas,hour,hours; minute:min,mins,minuto,minutos,minute,minutes; second:segundos,seconds;
  day:dia,dias,day,days; week:semana,semanas,week,weeks; month:mes,meses,month,months;
  year:ano,anos,year,years,anualidad,anualidades;
  metre:m,mt,mts,metro,metros,metre,metres,meter,meters; kilometre:km,kms,kilometro,kilometros,quilometro,quilometros,kilometre,kilometres,kilometer,kilometers;
  centimetre:cm,centimetro,centimetros,centimetre,centimetres; millimetre:mm,milimetro,milimetros;
  hectare:ha,hectarea,hectareas,hectare,hectares; kilogram:kg,kgs,kilo,kilos,kilogramo,kilogramos,quilo,quilos,kilogram,kilograms;
  gram:g,gr,gramo,gramos,grama,gramas,gram,grams; tonne:t,tonelada,toneladas,tonne,tonnes,ton,tons;
  litre:l,litro,litros,litre,litres,liter,liters; megawatt:mw,megavatio,megavatios,megawatt,megawatts;
  kilowatt:kw,kilovatio,kilovatios,kilowatt,kilowatts; kilovolt:kv; kilowatt-hour:kwh;
  percent:%,percent;
  CRC:₡,¢,colon,colones,colons,crc; EUR:€,euro,euros,eur; BRL:real,reais,reales,brl; USD:dolar,dolares,dollar,dollars,usd;
  GBP:£,libra,libras,gbp; BOB:bs,boliviano,bolivianos,bob; NIO:cordoba,cordobas,nio; DOP:dop; PEN:pen,soles; PESO:peso,pesos; $:$`;

const UNIT_OF: ReadonlyMap<string, string> = new Map(
  UNIT_WORDS.split(";").flatMap((entry) => {
    const [unit = "", words = ""] = entry.split(":").map((part) => part.trim());
    return words.split(",").map((word) => [word.trim(), unit] as const);
  }),
);

const CURRENCIES = new Set([
  "CRC",
  "EUR",
  "BRL",
  "USD",
  "GBP",
  "BOB",
  "NIO",
  "DOP",
  "PEN",
  "PESO",
  "$",
]);
/** What a letter or two before `$` makes of it. */
const DOLLARS: Readonly<Record<string, string>> = { r: "BRL", us: "USD", rd: "DOP", c: "NIO" };
const TIMES = new Set(["hour", "minute", "day", "week", "month", "year"]);
/** `doce millones de colones`. */
const FILLERS = new Set(["de", "of", "("]);

/** The unit that a word or sign alone names. */
export function unitNamed(word: string): string | undefined {
  return UNIT_OF.get(word);
}

function isCurrency(unit: string): boolean {
  return CURRENCIES.has(unit);
}

/** Whether two names of units may mean one: `$` is written for dollars and pesos. */
export function isSameUnit(one: string, other: string): boolean {
  if (one === other) return true;
  return SAME.some(([sign, ...units]) =>
    one === sign ? units.includes(other) : other === sign && units.includes(one),
  );
}

const SAME: readonly (readonly string[])[] = [
  ["$", "USD", "PESO", "DOP"],
  ["DOP", "PESO"],
];

export function isTime(unit: string): boolean {
  return TIMES.has(unit);
}

/** What the number in tokens `from` to before `to` is a number of; undefined when no known unit stands there. */
export function unitAt(tokens: readonly Token[], from: number, to: number): string | undefined {
  const before = prefixUnit(tokens, from);
  if (before !== undefined) return before;
  let at = to;
  if (FILLERS.has(tokens[at]?.folded ?? "")) at += 1;
  const word = tokens[at]?.folded ?? "";
  const after = tokens[at + 1]?.folded ?? "";
  if (word === "por" && (after === "ciento" || after === "cento")) return "percent";
  if (word === "per" && after === "cent") return "percent";
  if (word === "us" && after === "$") return "USD";
  const unit = UNIT_OF.get(word);
  // `36 m`: a letter is a unit when small; `5 L` could be a street.
  if (word.length === 1 && tokens[at]?.raw !== word) return undefined;
  return unit === "$" ? (DOLLARS[word] ?? "$") : unit;
}

function prefixUnit(tokens: readonly Token[], from: number): string | undefined {
  const previous = tokens[from - 1];
  const sign = previous?.folded ?? "";
  if (sign === "$") {
    const letters = tokens[from - 2];
    const isGlued = letters !== undefined && letters.end === previous?.start;
    return (isGlued ? DOLLARS[letters.folded] : undefined) ?? "$";
  }
  const unit = UNIT_OF.get(sign);
  // Words stand before an amount as codes only (`USD 300`, `Bs 20`); `dias 3 y 4` is no amount of days.
  return unit !== undefined && isCurrency(unit) && sign.length <= 3 ? unit : undefined;
}
