import { fold } from "./detect-language.ts";

const OFFICES =
  "(?:ministr[oa]|secretari[oa]|subsecretari[oa]|director[a]?|diretor[a]?|president[ea]|vicepresident[ea]|consejer[oa]|alcalde(?:sa)?|prefeit[oa]|governador[a]?|gobernador[a]?|rector[a]?|reitor[a]?|registrador[a]?|juez|jueza|interventor[a]?|delegad[oa]|titular)";
/** How a signature shows, folded: "Madrid, 9 de abril de 2024.–El Ministro…", "FELIPE R.", "(f) …", "firmado". */
const SIGNATURE = new RegExp(
  `[–—-] ?(?:(?:el|la|o|a|p\\.\\s?[da]\\.[^.]{0,120}?,? (?:el|la)) )?${OFFICES}\\b|[–—-][^.–—-]{3,60}, ${OFFICES}\\b|\\bfelipe r\\.|\\(f\\)|\\bfirmad[oa] (?:por|en)\\b|\\bassinad[oa] (?:por|em)\\b|\\b(?:dado|dada) en\\b`,
  "g",
);
/** Characters before and after such a sign in which place, date, office and name stand. */
const BEFORE = 60;
const AFTER = 160;

const OFFICE = new RegExp(`^${OFFICES}$`);

/** Whether a folded word is an office of those who sign acts: `ministro`, `diretora`. */
export function isOffice(word: string): boolean {
  return OFFICE.test(word);
}

/** The stretches of a text in which somebody signs, in its order. */
export function signaturesIn(text: string): readonly string[] {
  return stretchesAround(text, SIGNATURE);
}

/** The stretches of `text` around what a global `pattern` finds in its folded form. */
export function stretchesAround(text: string, pattern: RegExp): readonly string[] {
  // Folding takes marks away and leaves the letters; texts of gazettes come composed, one letter for one.
  const folded = fold(text.toLowerCase());
  return [...folded.matchAll(pattern)].map(({ index }) =>
    text.slice(Math.max(0, index - BEFORE), index + AFTER),
  );
}
