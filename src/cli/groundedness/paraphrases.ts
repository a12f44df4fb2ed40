import type { Language } from "../../core/language.ts";
import { findDates, findNumbers, inWords, renotate, replaceAt, writeDate } from "./notations.ts";

/** Ways to say what a sentence of a gazette says, by name. Undefined: the sentence has nothing to say so. */
export type Paraphrase = (sentence: string, language: Language) => string | undefined;

const SYNONYMS: Readonly<Record<string, string>> = {
  solicita: "pide",
  inscripción: "registro",
  domicilio: "dirección",
  proteger: "amparar",
  plazo: "término",
  sociedad: "empresa",
  nombra: "designa",
  convocatoria: "convoca",
  suministro: "entrega",
  precio: "importe",
  presentada: "recibida",
  resolución: "acuerdo",
  obras: "trabajos",
  publicación: "publicado",
  objeto: "finalidade",
  prazo: "período",
  valor: "montante",
  servidor: "funcionário",
};

/** In the language of the gazette. */
export const PARAPHRASES: Readonly<Record<string, Paraphrase>> = {
  copied: (sentence) => sentence,
  "clauses in another order": (sentence) => {
    const clauses = sentence.split(/, (?=\p{L})/u);
    return clauses.length < 2 ? undefined : `${clauses.slice(1).join(", ")}, ${clauses[0]}`;
  },
  synonyms: (sentence) => {
    const changed = sentence.replace(/\p{L}+/gu, (word) => SYNONYMS[word] ?? word);
    return changed === sentence ? undefined : changed;
  },
  "date in digits or written": (sentence, language) => {
    const [date] = findDates(sentence);
    if (date === undefined) return undefined;
    return replaceAt(
      sentence,
      date,
      writeDate(date, language, date.printed.includes("/") ? "long" : "digits"),
    );
  },
  "date in words": (sentence, language) => {
    const [date] = findDates(sentence);
    return date === undefined || date.year < 2_000
      ? undefined
      : replaceAt(sentence, date, writeDate(date, language, "words"));
  },
  "date as ISO 8601": (sentence, language) => {
    const [date] = findDates(sentence);
    return date === undefined
      ? undefined
      : replaceAt(sentence, date, writeDate(date, language, "iso"));
  },
  "amount with spaces": (sentence) => renotated(sentence, "spaces"),
  "amount without separators": (sentence) => renotated(sentence, "bare"),
  "amount the English way": (sentence) => renotated(sentence, "english"),
  "currency by name": (sentence) => {
    const changed = sentence
      .replace(/R\$ ?([\d.,]*\d)/, "$1 reais")
      .replace(/[₡¢] ?([\d.,]*\d)/, "$1 colones")
      .replace(/([\d.,]*\d) ?€/, "$1 euros");
    return changed === sentence ? undefined : changed;
  },
  "number in words": (sentence, language) => {
    const found = findNumbers(sentence).find(
      ({ printed }) => /^[1-9]\d?$/.test(printed) && printed !== "1",
    );
    return found === undefined
      ? undefined
      : replaceAt(sentence, found, inWords(Number(found.printed), language));
  },
  "number in digits": (sentence, language) => {
    for (let value = 2; value < 100; value += 1) {
      if (value === 2 && language === "pt") continue;
      const word = inWords(value, language);
      const at = sentence.search(
        new RegExp(
          `(?<![\\p{L}\\d-])(?<! (?:[ye]|mil) )${word}(?! (?:y|e|mil) )(?![\\p{L}-])`,
          "u",
        ),
      );
      if (at !== -1) return replaceAt(sentence, { printed: word, start: at }, String(value));
    }
    return undefined;
  },
  "names in capitals without accents": (sentence) =>
    changedOrNone(sentence, (text) =>
      text.replace(/\p{Lu}[\p{L}]{2,}/gu, (name) => plain(name).toUpperCase()),
    ),
  "without accents": (sentence) => changedOrNone(sentence, plain),
  "another grammatical number": (sentence) =>
    changedOrNone(sentence, (text) =>
      text.replace(/(?<! de )(?<= )\p{Ll}{5,}[aeo](?= )/u, (word) => `${word}s`),
    ),
  introduced: (sentence, language) =>
    `${language === "pt" ? "De acordo com o diário oficial," : "Según la gaceta,"} ${sentence}`,
};

const FRAMES = {
  en: {
    name: (name: string) => `The notice mentions ${name}`,
    date: (date: string) => `According to the gazette, the date is ${date}`,
    amount: (amount: string) => `The gazette states a value of ${amount}`,
    months: (count: string) => `It says so for ${count} months`,
  },
  pt: {
    name: (name: string) => `O aviso menciona ${name}`,
    date: (date: string) => `Segundo o diário, a data é ${date}`,
    amount: (amount: string) => `O documento indica o valor de ${amount}`,
    months: (count: string) => `O documento fala de ${count} meses`,
  },
  es: {
    name: (name: string) => `El aviso menciona a ${name}`,
    date: (date: string) => `Según el diario, la fecha es ${date}`,
    amount: (amount: string) => `El documento indica el valor de ${amount}`,
    months: (count: string) => `El documento habla de ${count} meses`,
  },
} as const satisfies Readonly<Record<Language, unknown>>;

/** What a sentence says, told in another language: names and numbers within sentences of that language. */
export function tellAbroad(sentence: string, to: Language): readonly string[] {
  const frames = FRAMES[to];
  const told: string[] = [];
  const [name] = findNames(sentence);
  if (name !== undefined) told.push(frames.name(name));
  const [date] = findDates(sentence);
  if (date !== undefined) told.push(frames.date(writeDate(date, to, "long")));
  const amount = /R\$ ?([\d.,]*\d)/.exec(sentence)?.[1];
  if (amount !== undefined)
    told.push(
      frames.amount(`${(to === "en" ? renotate(amount, "english") : undefined) ?? amount} reais`),
    );
  if (/\bdos meses\b/.test(sentence)) told.push(frames.months(inWords(2, to)));
  return told;
}

/** Runs of two capitalised words and more, as names of people, companies and bodies are printed. */
export function findNames(text: string): readonly string[] {
  return [
    ...text.matchAll(
      /(?<![\p{L}\d.])\p{Lu}[\p{L}]{2,}(?: (?:de |del |la |da |do |y |e )?\p{Lu}[\p{L}]{2,})+(?![\p{L}\d])/gu,
    ),
  ]
    .filter((match) => match.index > 0)
    .map(([name]) => name);
}

function renotated(sentence: string, style: "spaces" | "bare" | "english"): string | undefined {
  for (const found of findNumbers(sentence)) {
    const by = renotate(found.printed, style);
    if (by !== undefined) return replaceAt(sentence, found, by);
  }
  return undefined;
}

function changedOrNone(sentence: string, change: (text: string) => string): string | undefined {
  const changed = change(sentence);
  return changed === sentence ? undefined : changed;
}

function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/(?!\u0303)[\u0300-\u036f]|(?<![nN])\u0303/g, "")
    .normalize("NFC");
}
