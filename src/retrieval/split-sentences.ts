import { fold } from "./words.ts";

/** A sentence of a text, or a clause of a long one: what a quotation takes or leaves. */
export interface Piece {
  /** In UTF-16 code units of the text; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** Lower case without accents; not of the same length as the piece. */
  readonly folded: string;
  readonly endsSentence: boolean;
}

/** Shorter pieces ("Art. 3.", "Leche.") are no sentence of their own. */
const MIN_SENTENCE = 40;
/** A longer sentence is cut at its clauses, none shorter than the second. */
const LONG_SENTENCE = 240;
const MIN_CLAUSE = 60;

/** Ends at . ; ? ! before a space and a capital or digit, or at an empty line. */
const BOUNDARY = /(?<=[.;?!]["”»)]?)\s+(?=["“«(¿¡]?[\p{Lu}\d–—])|\n\s*\n/gu;
const CLAUSE = /(?<=[,;:—])\s+|(?<=[a-záéíóúñãõç\d])\.(?=—)/gu;

/** A single letter, or a short form that a name, a number or a title follows. Tested on what ends at the boundary. */
const ABBREVIATION =
  /(?:^|[^\p{L}\p{N}])(?:\p{L}|n[ºo°]s?|num|núm|art|arts|ltda?|c[ií]a|inc|co|corp|lic|licda|licdos|lcda|lcdas|dra?s?|sra?s?|srta|ing|prof|gral|av|avda|res|depto?|dpto|edif|urb|esq|ap|apdo|tel|p[áa]g|págs|pp|fls?|cap|vs|ext|km|mts?|aprox|exp|ref|ud|uds|pe|sto|sta|st)\.$/iu;

/** Sentences in order, long ones by clauses; never cut at an abbreviation. Blank stretches are in none. */
export function splitSentences(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  for (const boundary of text.matchAll(BOUNDARY)) {
    if (boundary.index - start < MIN_SENTENCE) continue;
    if (ABBREVIATION.test(text.slice(Math.max(start, boundary.index - 12), boundary.index)))
      continue;
    addSentence(text, start, boundary.index, pieces);
    start = boundary.index + boundary[0].length;
  }
  if (text.slice(start).trim() !== "") addSentence(text, start, text.length, pieces);
  return pieces;
}

function addSentence(text: string, start: number, end: number, into: Piece[]): void {
  let from = start;
  const add = (to: number, endsSentence: boolean) => {
    into.push({ start: from, end: to, folded: ` ${fold(text.slice(from, to))}`, endsSentence });
  };
  if (end - start > LONG_SENTENCE) {
    for (const clause of text.slice(start, end).matchAll(CLAUSE)) {
      const at = start + clause.index;
      if (at - from < MIN_CLAUSE || end - at < MIN_CLAUSE) continue;
      add(at, false);
      from = at + clause[0].length;
    }
  }
  add(end, true);
}
