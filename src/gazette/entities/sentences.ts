import type { Stretch } from "../../core/gazette-archive.ts";

/** Longer ones are lists or tables: what is read of them is their beginning. */
const MAX_SENTENCE = 1_500;
/** Before these a full stop ends no sentence. */
const ABBREVIATED =
  /(?:^|[^\p{L}\p{N}])(?:arts?|n|no|nº|num|nro|inc|pags?|pgs?|p|dr|dra|drs|sr|sra|ing|lic|licda|mag|msc|prof|s|a|c|v|r|l|ltda|cia|fl|fls|mat|proc|ex|exc|exma|exmo|d|m|e|op|cit|etc|cap|tit|par|seg|sec|av|tel|ext|no?s)$/u;

/**
 * Sentences of folded text, in order: up to a full stop or semicolon after which something new begins in `text`, or at
 * the end of a paragraph. Abbreviations and numbers end none.
 */
export function findSentences(text: string, folded: string): readonly Stretch[] {
  const sentences: Stretch[] = [];
  let start = 0;
  const close = (end: number) => {
    const lead = /^[\s.;]*/.exec(text.slice(start, end))?.[0].length ?? 0;
    if (end - start - lead > 8) {
      sentences.push({ start: start + lead, end: Math.min(end, start + lead + MAX_SENTENCE) });
    }
    start = end;
  };
  for (const { index, 0: mark } of text.matchAll(
    /[.;](?=["”»)]?\s+["“«(*]{0,3}[\p{Lu}\d])|(?<=[.;:)»”"])\n/gu,
  )) {
    const isAbbreviated =
      mark === "." && ABBREVIATED.test(folded.slice(Math.max(start, index - 8), index));
    if (!isAbbreviated) close(index + 1);
  }
  close(text.length);
  return sentences;
}
