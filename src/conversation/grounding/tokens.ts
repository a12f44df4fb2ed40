import { fold } from "../detect-language.ts";

/** A word, a number as printed, or one other character. */
export interface Token {
  readonly raw: string;
  /** Lower case, without accents. */
  readonly folded: string;
  readonly kind: "word" | "number" | "other";
  /** Where it begins and ends in the text, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/** Words, numbers with the separators within them (`12.500,50`), and each other visible character. */
export function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(/\d+(?:[.,]\d+)*|[\p{L}\p{M}]+|[^\s]/gu)) {
    const [raw] = match;
    const first = raw.charCodeAt(0);
    const isNumber = first >= 48 && first <= 57;
    tokens.push({
      raw,
      folded: isNumber ? raw : fold(raw.toLowerCase()),
      kind: isNumber ? "number" : LETTER.test(raw) ? "word" : "other",
      start: match.index,
      end: match.index + raw.length,
    });
  }
  return tokens;
}

const LETTER = /^\p{L}/u;
