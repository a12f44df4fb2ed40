import { fold } from "../detect-language.ts";

/** What people often ask of an act in words that acts do not use. */
export interface Aspect {
  readonly name: "signature" | "entry-into-force";
  /** Words to search it by, as gazettes write. */
  readonly searchedBy: string;
  /** The stretch of a passage's text that shows it, from a little before it; undefined: it does not. */
  readonly find: (text: string) => string | undefined;
}

const OFFICES =
  "(?:ministr[oa]|secretari[oa]|subsecretari[oa]|director[a]?|diretor[a]?|president[ea]|vicepresident[ea]|consejer[oa]|alcalde(?:sa)?|prefeit[oa]|governador[a]?|gobernador[a]?|rector[a]?|reitor[a]?|registrador[a]?|juez|jueza|interventor[a]?|delegad[oa]|titular)";
/** How a signature shows, folded: "Madrid, 9 de abril de 2024.–El Ministro…", "FELIPE R.", "(f) …", "firmado". */
const SIGNATURE = new RegExp(
  `[–—-] ?(?:(?:el|la|o|a|p\\.\\s?[da]\\.[^.]{0,120}?,? (?:el|la)) )?${OFFICES}\\b|[–—-][^.–—-]{3,60}, ${OFFICES}\\b|\\bfelipe r\\.|\\(f\\)|\\bfirmad[oa] (?:por|en)\\b|\\bassinad[oa] (?:por|em)\\b|\\b(?:dado|dada) en\\b`,
);
const ENTRY =
  /\b(entrad\w* en vigor|entrar\w* en vigor|entra\w* em vigor|en vigor (desde|a partir|el dia)|rige a partir|rigen a partir|regira|vigencia|vigente desde|surt\w+ efectos?|producira\w* efectos?|efectos? (desde|a partir|del?|economicos)|con efectos|partir de (su|sua) publica\w+|aplicables? (desde|a partir))\b/;

const ASPECTS: readonly (Aspect & { readonly asks: RegExp })[] = [
  {
    name: "signature",
    asks: /\b(firm(a|an|o|aron|ada|ado)|suscrib(e|en|io)|assin(a|am|ou|aram|ada|ado)|sign(s|ed)?|signature)\b/,
    searchedBy: "firma Ministro Ministra Director Presidente Secretario",
    find: (text) => around(text, SIGNATURE),
  },
  {
    name: "entry-into-force",
    asks: /\b((des)?de (cuando|quando)|a partir de (cuando|quando|que)|entr(a|an|o|ara|aran|ou|am) e[nm] vigor|vigencia|vigor|rige|rigen|valid[oa]|vale|valen|aplica|since when|from when|take effect|takes effect|in force|into force|effective|starting when)\b/,
    searchedBy: "entrada en vigor efectos",
    find: (text) => around(text, ENTRY),
  },
];

const ASKING = ASPECTS.map(({ asks }) => new RegExp(asks, "g"));

/** What a short question asks of the act that was talked about; undefined: nothing that has its own words there. */
export function aspectOf(text: string): Aspect | undefined {
  const folded = fold(text.toLowerCase());
  return ASPECTS.find(({ asks }) => asks.test(folded));
}

/** The text without the words that ask for an aspect, folded. */
export function withoutAspect(text: string): string {
  return ASKING.reduce((rest, asks) => rest.replace(asks, " "), fold(text.toLowerCase()));
}

/** Words before and after a match that a quotation is chosen by. */
const BEFORE = 60;
const AFTER = 160;

function around(text: string, pattern: RegExp): string | undefined {
  // Folding takes marks away and leaves the letters; texts of gazettes come composed, one letter for one.
  const folded = fold(text.toLowerCase());
  const matches = [...folded.matchAll(new RegExp(pattern, "g"))];
  const last = matches.at(-1);
  if (last === undefined) return undefined;
  return text.slice(Math.max(0, last.index - BEFORE), last.index + AFTER);
}
