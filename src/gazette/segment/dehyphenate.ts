import type { Language } from "../../core/language.ts";

/** Counts of words as they stand within lines of the document, where no line break can have cut them. */
export type Vocabulary = ReadonlySet<string>;

/** Portuguese pronouns that hang on a verb by a hyphen of their own (`refere-se`). */
const ENCLITICS = new Set([
  "se",
  "me",
  "te",
  "lhe",
  "lhes",
  "nos",
  "vos",
  "lo",
  "la",
  "los",
  "las",
  "o",
  "a",
  "os",
  "as",
  "no",
  "na",
]);
/** First parts that keep their hyphen in Spanish or Portuguese. */
const FIRST_PARTS = new Set([
  "ex",
  "vice",
  "pós",
  "pré",
  "pró",
  "recém",
  "além",
  "segunda",
  "terça",
  "quarta",
  "quinta",
  "sexta",
  "socio",
  "físico",
  "teórico",
  "hispano",
  "técnico",
]);

/** Words and hyphenated words that occur whole within lines, in lower case. */
export function collectVocabulary(lines: Iterable<string>): Vocabulary {
  const words = new Set<string>();
  for (const line of lines) {
    for (const match of line.toLowerCase().matchAll(/[\p{L}\d]+(?:-[\p{L}\d]+)*/gu)) {
      // The last word of a line that ends in a hyphen is what we want to know about.
      const isCut =
        line.charCodeAt(match.index + match[0].length) === 45 &&
        match.index + match[0].length === line.length - 1;
      if (!isCut) words.add(match[0]);
    }
  }
  return words;
}

/**
 * What stands between two lines of a paragraph. A hyphen at the end of a line is a real one before or
 * after a figure, before a capital, in a compound that the document writes with a hyphen elsewhere,
 * and before a Portuguese enclitic; otherwise it was put there by the typesetter and goes.
 */
export function joinLines(
  before: string,
  after: string,
  vocabulary: Vocabulary,
  language: Language,
): { readonly before: string; readonly glue: "" | " " } {
  if (before.endsWith("\u00ad")) return { before: before.slice(0, -1), glue: "" };
  if (!/[\p{L}\d][-‐]$/u.test(before)) return { before, glue: " " };
  const first = /([\p{L}\d]+(?:-[\p{L}\d]+)*)[-‐]$/u.exec(before)?.[1] ?? "";
  const second = /^[\p{L}\d]+/u.exec(after)?.[0] ?? "";
  if (second === "") return { before, glue: " " };
  const isReal = isRealHyphen(first, second, vocabulary, language);
  return { before: isReal ? before : before.slice(0, -1), glue: "" };
}

function isRealHyphen(
  first: string,
  second: string,
  vocabulary: Vocabulary,
  language: Language,
): boolean {
  if (/\d$/.test(first) || /^\d/.test(second)) return true;
  const isAllCapitals = first === first.toUpperCase() && second === second.toUpperCase();
  const low = `${first}${second}`.toLowerCase();
  if (vocabulary.has(low)) return false;
  if (vocabulary.has(`${first}-${second}`.toLowerCase())) return true;
  if (/^\p{Lu}/u.test(second) && !isAllCapitals) return true;
  if (FIRST_PARTS.has(first.toLowerCase())) return true;
  return language === "pt" && ENCLITICS.has(second.toLowerCase()) && first.length > 2;
}
