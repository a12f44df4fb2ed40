import { fold } from "./detect-language.ts";

/** Words too common in the three languages to tell what a sentence is about, without accents. */
const COMMON = new Set(
  `para como pero este esta estos estas esos esas desde hasta entre sobre segun donde cuando cual cuales quien
  quienes cuanto cuanta cuantos cuantas tiene tienen hay ser fue fueron son era una unas uno unos los las del que
  por con sin sus mas muy tambien dice dicen gaceta diario oficial boletin articulo quiero saber puede pueden
  pra pelo pela pelos pelas dos das nos nas com sem seu sua seus suas nao qual quais quem quando onde foi foram
  sao tem isso isto essa esse mais tambem muito
  the and for from with that this these those what which who whom when where how much many are was were been has
  have had does did about into there their they its not any can will would should could says said gazette official
  article page pagina number numero`.split(/\s+/),
);

/**
 * Folded words of at least three letters that say what a text is about, and its numbers (`3.101` is `3101`),
 * each once.
 */
export function contentWords(text: string): Set<string> {
  const words = new Set<string>();
  for (const word of foldedWords(text)) {
    if (/^\d/.test(word) || (word.length >= 3 && !COMMON.has(word))) words.add(word);
  }
  return words;
}

/** What the forms of a word have in common: the word without up to three letters of ending. */
export function stem(word: string): string {
  return /^\d/.test(word) || word.length <= 5 ? word : word.slice(0, Math.max(5, word.length - 3));
}

function foldedWords(text: string): readonly string[] {
  return (
    fold(text.toLowerCase())
      .match(/[a-z]+|\d+(?:[.,]\d+)*/g)
      ?.map(dropSeparators) ?? []
  );
}

function dropSeparators(word: string): string {
  const first = word.charCodeAt(0);
  return first >= 48 && first <= 57 ? word.replace(/[.,]/g, "") : word;
}
