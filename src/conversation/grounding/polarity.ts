import type { Language } from "../../core/language.ts";
import { stem } from "../content-words.ts";
import type { Token } from "./tokens.ts";

const NEGATORS: Readonly<Record<Language, ReadonlySet<string>>> = {
  es: new Set("no ni nunca jamas tampoco sin".split(" ")),
  pt: new Set("nao nem nunca jamais tampouco sem".split(" ")),
  en: new Set("not no never neither nor without cannot".split(" ")),
};

/** What stands between a negation and the word that it negates. */
const BETWEEN = new Set(
  `se le lo la les los las me te nos ha han he haber habia sido es son fue fueron sera seran ser esta estan estar podra
  podran puede pueden poder debe deben debera deberan de que a el un una mas foi foram sera serao ser sao e esta estao
  pode podem podera deve devem devera o a os as tem do does did is are was were be been being has have had will would
  may can could should must the any`.split(/\s+/),
);
const REACH = 5;
/** Fixed phrases that negate nothing. */
const PHRASES = new Set(["obstante", "perjuicio", "embargo", "solo", "prejuizo", "duda"]);

/** Stems of the words that are negated in a text, and whether anything is. */
export function readNegations(
  tokens: readonly Token[],
  language: Language,
): { readonly stems: ReadonlySet<string>; readonly at: ReadonlySet<number> } {
  const negators = NEGATORS[language];
  const stems = new Set<string>();
  const at = new Set<number>();
  for (const [index, token] of tokens.entries()) {
    const isShort = token.folded === "t" && tokens[index - 1]?.folded.match(/^['’]$/) !== null;
    const isNegator =
      negators.has(token.folded) &&
      tokens[index + 1]?.raw !== "." &&
      tokens[index + 1]?.raw !== "º";
    if (!isNegator && !(language === "en" && isShort && index > 1)) continue;
    for (let next = index + 1; next < Math.min(tokens.length, index + 1 + REACH); next += 1) {
      const word = tokens[next];
      if (word === undefined || word.kind !== "word") break;
      if (BETWEEN.has(word.folded)) continue;
      if (PHRASES.has(word.folded)) break;
      stems.add(stem(word.folded));
      at.add(next);
      break;
    }
  }
  return { stems, at };
}
