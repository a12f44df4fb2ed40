/** Of one text: what comes after is not found by search. */
const MAX_WORDS = 60;

/** Said by everybody in every message. */
const EVERYDAY = new Set(
  `que del los las con por para una uno como mas pero sus este esta son hay muy esto eso ese esa les nos cual
  quien donde cuando sobre entre desde hasta segun dos das nas aos pelo pela seu sua seus suas meu minha nao sim
  ele ela isso isto esse essa the and for with that this from are was were you your not can has have what which
  who when where how hola buenas gracias ola obrigado obrigada hello thanks please favor`.split(
    /\s+/,
  ),
);

/** What the three languages put at the end of a word, longest first: inflection, not meaning. */
const ENDINGS =
  /(amientos?|imientos?|aciones?|acoes?|icoes?|iciones?|adores|adoras|mente|acion|icion|acao|icao|ables?|ibles?|ador|adora|ados|adas|idos|idas|ando|iendo|endo|ings?|ado|ada|ido|ida|aron|ieron|aria|arias|ies|oes?|aes?|ais?|eis?|ed|es|os|as|ar|er|ir|a|e|o)$/;
const SHORTEST_STEM = 4;

/**
 * The distinct words of a text by which it is found again, without accents and endings: the same for what is stored
 * and for what is looked for, in whichever of our languages. No more than a way to find: nothing is shown of it.
 */
export function searchWords(text: string): readonly string[] {
  const folded = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}+/gu, "");
  const stems = new Set<string>();
  for (const [word] of folded.matchAll(/[\p{L}\p{N}]+/gu)) {
    if (stems.size >= MAX_WORDS) break;
    if (word.length > 40 || EVERYDAY.has(word)) continue;
    if (/\d/.test(word) ? word.length >= 2 : word.length >= 3) stems.add(stem(word));
  }
  return [...stems];
}

function stem(word: string): string {
  if (/\d/.test(word)) return word;
  const plural = word.length > SHORTEST_STEM ? word.replace(/s$/, "") : word;
  const bare = plural.replace(ENDINGS, "");
  return bare.length >= SHORTEST_STEM ? bare : plural;
}
