import type { Language } from "../../core/language.ts";
import { findDates, findNumbers, inWords, replaceAt, writeDate } from "./notations.ts";
import { findNames } from "./paraphrases.ts";

/** A sentence with something untrue in it. `lie`: what must not be told; empty: the sentence as a whole. */
export interface Invention {
  readonly text: string;
  readonly lie: string;
}

/** What an invention is made from. */
export interface Ground {
  readonly sentence: string;
  /** Of the passage that it is from. */
  readonly passage: string;
  /** Of another passage that the model was shown. */
  readonly other: string;
  readonly language: Language;
}

type Invent = (ground: Ground) => Invention | undefined;

const VERBS =
  /(?<=\s|^)(?:solicita|autoriza|nombra|aprueba|convoca|dispone|resuelve|acuerda|anuncia|establece|podrá|pasará|deberá|será|entrarán|suprime|crea|firma|torna|resolve|concede|declara|aprova|nomeia|exonera)(?=\s)/u;
const UNITS: readonly (readonly [RegExp, string])[] = [
  [/(\d|dos|tres|un|cuatro|diez) (?:meses|mes)(?!\p{L})/u, "$1 años"],
  [/(\d|dos|tres|un|cuatro|diez|cinco) horas?(?!\p{L})/u, "$1 semanas"],
  [/(\d|dos|tres|cinco|diez) (?:días|dias)(?!\p{L})/u, "$1 meses"],
  [/(\d) ?(?:metros|mts|m)(?![\p{L}])/u, "$1 km"],
  [/(\d) km(?!\p{L})/u, "$1 metros"],
  [/(\d) ?MW(?!\p{L})/u, "$1 kW"],
  [/R\$ ?([\d.,]*\d)/, "US$ $1"],
  [/([\d.,]*\d) ?€/, "$1 dólares"],
  [/([\d.,]*\d) euros/, "$1 dólares"],
  [/(\d) colones/, "$1 dólares"],
  [/(\d) ?%/, "$1 euros"],
];

/** Kinds of untruth, each made by one small change to a true sentence. */
export const INVENTIONS: Readonly<Record<string, Invent>> = {
  "number with one digit changed": ({ sentence, passage }) => {
    for (const found of findNumbers(sentence)) {
      const changed = changeDigit(found.printed, passage);
      if (changed !== undefined) return { text: replaceAt(sentence, found, changed), lie: changed };
    }
    return undefined;
  },
  "number in words changed": ({ sentence, passage, language }) => {
    const match =
      /(?<!\p{L})(dos|tres|cuatro|cinco|diez|duas|dois|quatro) (?=meses|días|dias|horas|años|anos|mil )/u.exec(
        sentence,
      );
    if (match?.[1] === undefined) return undefined;
    const other = [7, 9, 11, 12]
      .map((value) => inWords(value, language))
      .find((word) => !hasWord(passage, word));
    if (other === undefined) return undefined;
    return {
      text: replaceAt(sentence, { printed: match[1], start: match.index }, other),
      lie: other,
    };
  },
  "date moved by a day": ({ sentence, passage, language }) => {
    const [date] = findDates(sentence);
    if (date === undefined) return undefined;
    const day = date.day < 28 ? date.day + 1 : date.day - 1;
    const isElsewhere = findDates(passage).some(
      (each) => each.day === day && each.month === date.month,
    );
    const lie = writeDate(
      { ...date, day },
      language,
      date.printed.includes("/") ? "digits" : "long",
    );
    return isElsewhere ? undefined : { text: replaceAt(sentence, date, lie), lie };
  },
  "date of another year": ({ sentence, passage, language }) => {
    const [date] = findDates(sentence);
    if (date === undefined || passage.includes(String(date.year + 3))) return undefined;
    const lie = writeDate({ ...date, year: date.year + 3 }, language, "long");
    return { text: replaceAt(sentence, date, lie), lie };
  },
  "invented name": ({ sentence }) => swapName(sentence, "Ramiro Quesnel Iturbe"),
  "invented name at the beginning": ({ sentence }) => {
    const rest = /^\p{Lu}[\p{L}]+(?: \p{Lu}[\p{L}]+)* (.+)$/u.exec(sentence)?.[1];
    return rest === undefined ? undefined : { text: `Iturbe ${rest}`, lie: "Iturbe" };
  },
  "name of another passage": ({ sentence, passage, other }) => {
    const folded = passage.toLowerCase();
    const name = findNames(other).find((each) =>
      each.split(" ").every((word) => word.length < 4 || !folded.includes(word.toLowerCase())),
    );
    return name === undefined ? undefined : swapName(sentence, name);
  },
  "another unit": ({ sentence, passage }) => {
    for (const [pattern, by] of UNITS) {
      const text = sentence.replace(pattern, by);
      const lie = text === sentence ? "" : (pattern.exec(sentence)?.[0].replace(pattern, by) ?? "");
      if (lie !== "" && !passage.includes(lie)) return { text, lie };
    }
    return undefined;
  },
  "negation added or taken": ({ sentence, language }) => {
    if (/ no (?:se|podrá|será|es) /.test(sentence))
      return { text: sentence.replace(" no ", " "), lie: "" };
    const negator = language === "pt" ? "não" : "no";
    const text = sentence.replace(VERBS, (verb) => `${negator} ${verb}`);
    return text === sentence ? undefined : { text, lie: "" };
  },
  "telephone added": ({ sentence }) => ({
    text: `${sentence}, teléfono 2290-4471`,
    lie: "2290-4471",
  }),
  "link added": ({ sentence }) => ({
    text: `${sentence}, vea https://consulta.example/pago`,
    lie: "consulta.example",
  }),
  "e-mail added": ({ sentence }) => ({
    text: `${sentence}, escriba a tramites@consulta.example`,
    lie: "consulta.example",
  }),
  advice: ({ language }) => ({
    text:
      language === "pt"
        ? "Recomendamos contratar logo um advogado da sua confiança"
        : "Le conviene contratar cuanto antes a un abogado de confianza",
    lie: "",
  }),
};

/** The same with one digit changed, such that the passage has no such number. */
function changeDigit(printed: string, passage: string): string | undefined {
  const at = printed.length - 1;
  for (let step = 1; step < 10; step += 1) {
    const digit = (Number(printed[at]) + step) % 10;
    const changed = printed.slice(0, at) + digit;
    if (!passage.includes(changed) && !/^0*1?$/.test(changed)) return changed;
  }
  return undefined;
}

function swapName(sentence: string, by: string): Invention | undefined {
  const [name] = findNames(sentence);
  if (name === undefined) return undefined;
  return { text: sentence.replace(name, by), lie: by };
}

function hasWord(text: string, word: string): boolean {
  return new RegExp(`(?<!\\p{L})${word}(?!\\p{L})`, "iu").test(text);
}
