import type { Language } from "../../core/language.ts";
import type { Token } from "./tokens.ts";

/** Words of a number, folded. `un`, `una`, `um`, `a` are articles first: they count before a unit of time only. */
const UNITS: Readonly<Record<Language, string>> = {
  es: `cero:0 uno:1 dos:2 tres:3 cuatro:4 cinco:5 seis:6 siete:7 ocho:8 nueve:9 diez:10 once:11 doce:12 trece:13
    catorce:14 quince:15 dieciseis:16 diecisiete:17 dieciocho:18 diecinueve:19 veinte:20 veintiun:21 veintiuno:21
    veintiuna:21 veintidos:22 veintitres:23 veinticuatro:24 veinticinco:25 veintiseis:26 veintisiete:27
    veintiocho:28 veintinueve:29 treinta:30 cuarenta:40 cincuenta:50 sesenta:60 setenta:70 ochenta:80 noventa:90
    cien:100 ciento:100 doscientos:200 doscientas:200 trescientos:300 trescientas:300 cuatrocientos:400
    cuatrocientas:400 quinientos:500 quinientas:500 seiscientos:600 seiscientas:600 setecientos:700
    setecientas:700 ochocientos:800 ochocientas:800 novecientos:900 novecientas:900`,
  pt: `zero:0 dois:2 duas:2 tres:3 quatro:4 cinco:5 seis:6 sete:7 oito:8 nove:9 dez:10 onze:11 doze:12 treze:13
    catorze:14 quatorze:14 quinze:15 dezesseis:16 dezasseis:16 dezessete:17 dezassete:17 dezoito:18 dezenove:19
    dezanove:19 vinte:20 trinta:30 quarenta:40 cinquenta:50 sessenta:60 setenta:70 oitenta:80 noventa:90 cem:100
    cento:100 duzentos:200 duzentas:200 trezentos:300 trezentas:300 quatrocentos:400 quatrocentas:400
    quinhentos:500 quinhentas:500 seiscentos:600 seiscentas:600 setecentos:700 setecentas:700 oitocentos:800
    oitocentas:800 novecentos:900 novecentas:900`,
  en: `zero:0 one:1 two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9 ten:10 eleven:11 twelve:12 thirteen:13
    fourteen:14 fifteen:15 sixteen:16 seventeen:17 eighteen:18 nineteen:19 twenty:20 thirty:30 forty:40 fifty:50
    sixty:60 seventy:70 eighty:80 ninety:90 hundred:100`,
};

/** What a number before them is multiplied by. */
const SCALES: Readonly<Record<string, number>> = {
  mil: 1_000,
  thousand: 1_000,
  millon: 1_000_000,
  millones: 1_000_000,
  milhao: 1_000_000,
  milhoes: 1_000_000,
  million: 1_000_000,
  millions: 1_000_000,
};

/** Ordinals up to ten; `segundo` and `second` are other words as well, and not read. */
const ORDINALS: Readonly<Record<Language, string>> = {
  es: "primer:1 primero:1 primera:1 tercer:3 tercero:3 tercera:3 cuarto:4 cuarta:4 quinto:5 quinta:5 sexto:6 sexta:6 septimo:7 septima:7 octavo:8 octava:8 noveno:9 novena:9 decimo:10 decima:10",
  pt: "primeiro:1 primeira:1 terceiro:3 terceira:3 quarto:4 quinto:5 sexto:6 setimo:7 setima:7 oitavo:8 oitava:8 nono:9 nona:9 decimo:10 decima:10",
  en: "first:1 third:3 fourth:4 fifth:5 sixth:6 seventh:7 eighth:8 ninth:9 tenth:10",
};

const TABLES: Readonly<Record<Language, ReadonlyMap<string, number>>> = {
  es: toMap(`${UNITS.es} ${ORDINALS.es}`),
  pt: toMap(`${UNITS.pt} ${ORDINALS.pt}`),
  en: toMap(`${UNITS.en} ${ORDINALS.en}`),
};

const JOINERS = new Set(["y", "e", "and", "-"]);
const ONES = new Set(["un", "una", "uno", "um", "uma", "one"]);

/** What words may stand for 1 before a unit: `un mes`. */
export function isOne(word: string): boolean {
  return ONES.has(word);
}

export function scaleOf(word: string): number | undefined {
  return Object.hasOwn(SCALES, word) ? SCALES[word] : undefined;
}

/**
 * The number written out from `at` on (`dos mil catorce` is 2014), and how many tokens it takes. Undefined when
 * none begins there. "dos" is a number in Spanish and an article in Portuguese: `language` decides.
 */
export function readNumberWords(
  tokens: readonly Token[],
  at: number,
  language: Language,
): { readonly value: number; readonly length: number } | undefined {
  const table = TABLES[language];
  const first = tokens[at]?.folded ?? "";
  if (!table.has(first) && first !== "mil") return undefined;
  let total = 0;
  let group = 0;
  let lastPart = Number.POSITIVE_INFINITY;
  let next = at;
  let end = at;
  while (next < tokens.length) {
    const word = tokens[next]?.folded ?? "";
    const scale = scaleOf(word);
    const part = table.get(word);
    if (scale !== undefined) {
      total += (group === 0 ? 1 : group) * scale;
      group = 0;
      lastPart = Number.POSITIVE_INFINITY;
    } else if (part === 100 && language === "en" && group > 0 && group < 10) {
      group *= 100;
      lastPart = 100;
    } else if (part !== undefined && fits(part, lastPart)) {
      group += part;
      lastPart = part;
    } else if (!(JOINERS.has(word) && next > at && continues(tokens[next + 1], table, lastPart))) {
      break;
    } else {
      next += 1;
      continue;
    }
    next += 1;
    end = next;
  }
  return { value: total + group, length: end - at };
}

/** `treinta y cinco` goes on, `tres y cuatro` does not. */
function fits(part: number, lastPart: number): boolean {
  if (lastPart === Number.POSITIVE_INFINITY) return true;
  return lastPart >= 100 ? part < 100 : lastPart >= 20 && part < 10 && part > 0;
}

function continues(
  token: Token | undefined,
  table: ReadonlyMap<string, number>,
  lastPart: number,
): boolean {
  const part = table.get(token?.folded ?? "");
  return part !== undefined && fits(part, lastPart);
}

function toMap(list: string): ReadonlyMap<string, number> {
  return new Map(
    list.split(/\s+/).map((entry) => {
      const [word = "", value = "0"] = entry.split(":");
      return [word, Number(value)] as const;
    }),
  );
}
