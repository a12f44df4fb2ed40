import { foldWords } from "./clean-text.ts";
import { WORD_KEYS, type WordKey, type Words } from "./pack-schema.ts";

export type TickWord = keyof Words["ticks"];
export type MediaWord = keyof Words["media"];

/** The pack's phrases of every language, folded. The page's language is not asked: an account may change it any time. */
export interface PhraseBook {
  /** The text is one of the phrases, but for case, accents and a final period. */
  is(key: WordKey, text: string): boolean;
  startsWith(key: WordKey, text: string): boolean;
  contains(key: WordKey, text: string): boolean;
  tick(label: string): TickWord | undefined;
  /** By the longest phrase with which the label begins. */
  media(label: string): MediaWord | undefined;
}

export function createPhraseBook(words: Words): PhraseBook {
  const flat = (byLanguage: Readonly<Record<string, readonly string[]>>) =>
    [...new Set(Object.values(byLanguage).flat().map(fold))].filter((phrase) => phrase !== "");
  const { ticks, media } = words;
  const phrases = new Map(WORD_KEYS.map((key) => [key, flat(words[key])]));
  const tickOf = new Map(
    Object.entries(ticks).flatMap(([tick, value]) =>
      flat(value ?? {}).map((phrase) => [phrase, tick as TickWord] as const),
    ),
  );
  const mediaOf = Object.entries(media)
    .flatMap(([kind, value]) =>
      flat(value ?? {}).map((phrase) => [phrase, kind as MediaWord] as const),
    )
    .sort(([one], [other]) => other.length - one.length);
  const of = (key: WordKey) => phrases.get(key) ?? [];
  return {
    is: (key, text) => of(key).includes(fold(text)),
    startsWith: (key, text) => of(key).some((phrase) => fold(text).startsWith(phrase)),
    contains: (key, text) => of(key).some((phrase) => hasWords(fold(text), phrase)),
    tick: (label) => tickOf.get(fold(label)),
    media: (label) => {
      const said = fold(label);
      return mediaOf.find(([phrase]) => said === phrase || said.startsWith(`${phrase} `))?.[1];
    },
  };
}

function fold(text: string): string {
  return foldWords(text).replace(/[.!…:]+$/u, "");
}

/** Whole words only: "read" is not in "already". */
function hasWords(text: string, phrase: string): boolean {
  const at = text.indexOf(phrase);
  if (at < 0) return false;
  const isWord = (sign: string | undefined) => sign !== undefined && /[\p{L}\p{N}]/u.test(sign);
  const isWhole = !isWord(text[at - 1]) && !isWord(text[at + phrase.length]);
  // Scripts without spaces have no word boundaries.
  return isWhole || /[^\p{Script=Latin}\p{P}\p{N}\s]/u.test(phrase);
}
