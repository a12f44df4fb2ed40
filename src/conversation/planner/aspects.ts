import { fold } from "../detect-language.ts";
import { signaturesIn, stretchesAround } from "../signatures.ts";

/** What people often ask of an act in words that acts do not use. */
export interface Aspect {
  readonly name: "signature" | "entry-into-force";
  /** Words to search it by, as gazettes write. */
  readonly searchedBy: string;
  /** The stretch of a passage's text that shows it, from a little before it; undefined: it does not. */
  readonly find: (text: string) => string | undefined;
}

const ENTRY =
  /\b(entrad\w* en vigor|entrar\w* en vigor|entra\w* em vigor|en vigor (desde|a partir|el dia)|rige a partir|rigen a partir|regira|vigencia|vigente desde|surt\w+ efectos?|producira\w* efectos?|efectos? (desde|a partir|del?|economicos)|con efectos|partir de (su|sua) publica\w+|aplicables? (desde|a partir))\b/g;

const ASPECTS: readonly (Aspect & { readonly asks: RegExp })[] = [
  {
    name: "signature",
    asks: /\b(firm(a|an|o|aron|ada|ado)|suscrib(e|en|io)|assin(a|am|ou|aram|ada|ado)|sign(s|ed)?|signature)\b/,
    searchedBy: "firma Ministro Ministra Director Presidente Secretario",
    find: (text) => signaturesIn(text).at(-1),
  },
  {
    name: "entry-into-force",
    asks: /\b((des)?de (cuando|quando)|a partir de (cuando|quando|que)|entr(a|an|o|ara|aran|ou|am) e[nm] vigor|vigencia|vigor|rige|rigen|valid[oa]|vale|valen|aplica|since when|from when|take effect|takes effect|in force|into force|effective|starting when)\b/,
    searchedBy: "entrada en vigor efectos",
    find: (text) => stretchesAround(text, ENTRY).at(-1),
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
