import type { Language } from "../../core/language.ts";
import type { TextLine } from "../reading/fragment.ts";

/** Fewer letters than this are no page of text: a divider at best, a scan without a text layer at worst. */
const MIN_LETTERS = 20;
/** Shares are judged on this many words or more. */
const MIN_WORDS = 30;
/**
 * Measured on the pages of 13 gazettes with sound text layers: at most .024 of the words are odd, and
 * function words are .063 or more, tables included (mostly .2 to .5). Broken layers: .03 and beyond.
 */
const MAX_ODD_SHARE = 0.03;
const MIN_FUNCTION_SHARE = 0.05;

/** Longer than any word, web address or row of leaders cut at its spaces. */
const MAX_WORD_LENGTH = 300;

const FUNCTION_WORDS: Readonly<Record<Language, ReadonlySet<string>>> = {
  es: new Set(
    "de la el que en y a los del se las por un para con no una su al lo como o e".split(" "),
  ),
  pt: new Set(
    "de a o e do da em que os no na dos das para com por ao um uma se as à nº art".split(" "),
  ),
  en: new Set("the of and to in a is that for it as was with be by on not or are at".split(" ")),
};

/** Nine words of ten: capitals, then small letters, then at most one mark. All that can be odd in it is that it has no vowel. */
const PLAIN_WORD = /^([A-Z\xc0-\xd6\xd8-\xde]*[a-z\xdf-\xf6\xf8-\xff]*)(?<!^)[.,;:]?$/;

/** Marks that stand alone in sound text: bullets, leaders, dashes, quotation marks, currency. */
const LONE_MARK = /^[-–—−•·▪.,;:…%$€£₡()[\]/"'«»“”‘’°ºª+*&#§!?¿¡_]+$/;

/** Whether the text of a page can be used, is not there, or is not what the page shows (a broken or poor layer). */
export function judgeText(
  lines: readonly TextLine[],
  language: Language,
): "readable" | "missing" | "garbage" {
  const count = countWords(lines, language);
  if (count.letters < MIN_LETTERS) return "missing";
  if (count.strange > 0.05 * count.letters) return "garbage";
  if (count.words + count.odd < MIN_WORDS) return "readable";
  const all = count.words + count.odd;
  if (count.odd / all > MAX_ODD_SHARE) return "garbage";
  return all >= 2 * MIN_WORDS && count.functionWords / all < MIN_FUNCTION_SHARE
    ? "garbage"
    : "readable";
}

/** How much sound text there is: to compare two readings of one page. Higher is better; may be negative. */
export function textScore(lines: readonly TextLine[], language: Language): number {
  const count = countWords(lines, language);
  return count.words + 2 * count.functionWords - 3 * count.odd - count.strange;
}

interface WordCount {
  readonly letters: number;
  readonly words: number;
  /** Words that no language writes: mixed with signs or capitals, without vowels. */
  readonly odd: number;
  readonly functionWords: number;
  /** Characters that stand for "unknown": replacement and private use. */
  readonly strange: number;
}

function countWords(lines: readonly TextLine[], language: Language): WordCount {
  let letters = 0;
  let words = 0;
  let odd = 0;
  let functionWords = 0;
  let strange = 0;
  for (const line of lines) {
    strange += line.text.match(/[\ufffd\ue000-\uf8ff\u0080-\u009f]/g)?.length ?? 0;
    for (const token of line.text.split(/\s+/)) {
      if (token.length > MAX_WORD_LENGTH) {
        odd += 1;
        continue;
      }
      const plain = PLAIN_WORD.exec(token)?.[1];
      letters += plain?.length ?? token.match(/\p{L}/gu)?.length ?? 0;
      const word = plain ?? token.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
      if (word === "") odd += token === "" || LONE_MARK.test(token) ? 0 : 1;
      else if (plain === undefined && !/\p{L}/u.test(word)) continue;
      else if (plain === undefined ? isOdd(word) : isWithoutVowels(word)) odd += 1;
      else {
        words += 1;
        if (FUNCTION_WORDS[language].has(word.toLowerCase())) functionWords += 1;
      }
    }
  }
  return { letters, words, odd, functionWords, strange };
}

function isOdd(word: string): boolean {
  if (/[~^|\\<>{}*¬¢¤¦©®±\ufffd\ue000-\uf8ff]/.test(word)) return true;
  // ProCredit and PyME are names; iAcetuno and GuANaCAsTe are misread.
  const isName =
    /^(?:\p{Lu}\p{Ll}+)?(?:\p{Lu}+\p{Ll}*)+$/u.test(word) && !/(?:\p{Ll}\p{Lu}){2}/u.test(word);
  if ((/\p{Ll}\p{Lu}/u.test(word) && !isName) || /\p{Ll}\d\p{Ll}/u.test(word)) return true;
  return isWithoutVowels(word);
}

function isWithoutVowels(word: string): boolean {
  return !/[aeiouyáéíóúãõâêôàüœæ]/i.test(word) && /^\p{Ll}{4,}$/u.test(word);
}
