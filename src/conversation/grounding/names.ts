import { stem } from "../content-words.ts";
import { isOffice } from "../signatures.ts";
import type { Evidence } from "./evidence.ts";
import type { Claim } from "./supports.ts";
import type { Token } from "./tokens.ts";
import { isOpener, translations } from "./vocabulary.ts";

/** Two words of one name stand within this many tokens in the passage: `Laura … Sanz` of `Laura Marín Sanz`. */
const NAME_SPAN = 4;
/** `El Ministro de Asuntos Exteriores, Unión Europea y Cooperación, José…` is `el Ministro José…` in an answer. */
const OFFICE_SPAN = 20;
/** What may stand between the words of a name. */
const CONNECTORS = new Set("de del la las los y e da do das dos of the and & - ’ ' .".split(" "));

/** Forms of address, said or left out at will. */
const TITLES = new Set(
  "sr sra srta sres dr dra lic licda ing don dona senor senora senhor senhora mr mrs ms".split(" "),
);

/**
 * Whether every capitalised word of the sentence is in the passage, whatever its case and accents, and words that
 * make one name stand together there: the first name of one person with the surname of another is nobody.
 */
export function namesStand(evidence: Evidence, claim: Claim): boolean {
  const { tokens, facts } = claim;
  let previous: { readonly word: string; readonly index: number } | undefined;
  for (const [index, token] of tokens.entries()) {
    if (TITLES.has(token.folded)) continue;
    if (facts.taken.has(index) || !isCapitalised(token)) {
      if (!CONNECTORS.has(token.folded)) previous = undefined;
      continue;
    }
    const isFirst = isSentenceStart(tokens, index);
    const form = formIn(evidence, claim, token.folded);
    if (form === undefined) {
      if (!isFirst || !(isOpener(token.folded) || evidence.stems.has(stem(token.folded))))
        return false;
      previous = undefined;
      continue;
    }
    if (previous !== undefined) {
      const isHolder = isOffice(previous.word) && previous.index === index - 1;
      const span = isHolder ? OFFICE_SPAN : NAME_SPAN;
      if (!standTogether(evidence, previous.word, form, span)) return false;
    }
    previous = isFirst && isOpener(token.folded) ? undefined : { word: form, index };
  }
  return true;
}

/** The word as the passage has it: the same, its singular or plural, or in another language its translation. */
function formIn(evidence: Evidence, claim: Claim, word: string): string | undefined {
  const forms = [word, `${word}s`, `${word}es`, word.replace(/e?s$/, ""), word.replace(/s$/, "")];
  if (evidence.language !== claim.language) forms.push(...translations(word, claim.language));
  return forms.find((form) => evidence.words.has(form));
}

function standTogether(evidence: Evidence, one: string, other: string, span: number): boolean {
  const [ones, others] = [evidence.words.get(one) ?? [], evidence.words.get(other) ?? []];
  return ones.some((at) => others.some((there) => Math.abs(there - at) <= span));
}

function isCapitalised(token: Token): boolean {
  return token.kind === "word" && token.raw.length > 1 && /^\p{Lu}/u.test(token.raw);
}

function isSentenceStart(tokens: readonly Token[], index: number): boolean {
  return tokens.slice(0, index).every(({ kind }) => kind === "other");
}
