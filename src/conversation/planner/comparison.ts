import { contentWords } from "../content-words.ts";

/** "compare X con Y", "diferencia entre X y Y", "qual a diferença entre X e Y", "difference between X and Y". */
const COMPARISONS: readonly RegExp[] = [
  /\b(?:diferencias?|diferenças?|comparaci[oó]n|comparação)\s+(?:hay\s+|há\s+)?(?:entre|de)\s+(?<one>.+?)\s+(?:y|e|con|com)\s+(?<other>.+)/iu,
  /\bcompar(?:a|e|ar|en|á|e-me|ame|eme)\s+(?<one>.+?)\s+(?:con|y|com|e)\s+(?<other>.+)/iu,
  /\b(?:differences?|comparison)\s+(?:is there\s+)?between\s+(?<one>.+?)\s+and\s+(?<other>.+)/iu,
  /\bcompare\s+(?<one>.+?)\s+(?:with|and|to)\s+(?<other>.+)/iu,
];

/**
 * The two things that a question compares, each to be searched by itself: one search for both finds the act
 * whose words are the rarer, and nothing of the other. Undefined when nothing is compared.
 */
export function splitComparison(text: string): readonly [string, string] | undefined {
  for (const pattern of COMPARISONS) {
    const { one, other } = pattern.exec(text)?.groups ?? {};
    if (one === undefined || other === undefined) continue;
    const second = other.replace(/[?¿.!]+\s*$/u, "").trim();
    if (contentWords(one).size > 0 && contentWords(second).size > 0) return [one.trim(), second];
  }
  return undefined;
}
