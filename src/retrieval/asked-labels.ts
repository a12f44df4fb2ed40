import { type FoldedWord, foldWords } from "./words.ts";

/** Nouns that a number or letter of its own follows, and how they begin in any spelling of a gazette. */
const LABELLED: readonly { readonly asks: RegExp; readonly begins: string }[] = [
  { asks: /^(articulos?|artigos?|articles?|art)$/, begins: "art" },
  { asks: /^(resolucion|resoluciones|resolucao|resolution)$/, begins: "res" },
  { asks: /^(categorias?|category)$/, begins: "cat" },
  { asks: /^(contratos?|contract)$/, begins: "contrat" },
  { asks: /^(anexos?|annex)$/, begins: "an" },
  { asks: /^(decretos?|decree)$/, begins: "decret" },
  { asks: /^portarias?$/, begins: "portaria" },
  { asks: /^(edital|editais)$/, begins: "edita" },
];
/** At most so many words stand between the two: "Nº", "administrativo", "internacional". */
const NEAR_WORDS = 6;
/** "n.º" is folded to two words. */
const NUMBER_SIGN = /^(n|o|no|nro|num|numero|number)$/;
/** Digits, a letter that is no word by itself, or a Roman number. */
const LABEL = /^(\d+|[b-dfhj-np-tv-xz]|[ivxl]{2,5})$/;

/** "artículo 306", "resolución n.º 40", "categoría K": how the noun begins, and its label. */
interface Label {
  readonly begins: string;
  readonly word: string;
}

/** Whether the question asks for an article, a contract, a category by its number, and no text has that one. */
export function lacksAskedLabel(question: string, texts: readonly string[]): boolean {
  const labels = findLabels(foldWords(question));
  if (labels.length === 0) return false;
  const read = texts.map((text) => foldWords(text));
  return labels.some((label) => !read.some((words) => holdsLabel(words, label)));
}

function findLabels(words: readonly FoldedWord[]): readonly Label[] {
  return words.flatMap(({ word }, at): Label[] => {
    const noun = LABELLED.find(({ asks }) => asks.test(word));
    if (noun === undefined) return [];
    const next = words.slice(at + 1).find((item) => !NUMBER_SIGN.test(item.word));
    if (next === undefined || !LABEL.test(next.word)) return [];
    return [{ begins: noun.begins, word: withoutZeros(next.word) }];
  });
}

function holdsLabel(words: readonly FoldedWord[], label: Label): boolean {
  return words.some(({ word }, at) => {
    if (withoutZeros(word) !== label.word) return false;
    const before = words.slice(Math.max(0, at - NEAR_WORDS), at);
    return before.some((item) => item.word.startsWith(label.begins));
  });
}

function withoutZeros(word: string): string {
  return word.replace(/^0+(?=\d)/, "");
}
