import { type AskedKind, askedKinds, holdsKind } from "./asked-kinds.ts";
import { isFillerWord } from "./filler-words.ts";
import { type Piece, splitSentences } from "./split-sentences.ts";
import { foldWords } from "./words.ts";

/** What a date or figure that is asked for weighs, in the unit of `weigh`: about as much as a long word. */
const KIND_WEIGHT: Readonly<Record<AskedKind, number>> = {
  date: 2,
  term: 2,
  figure: 1,
  name: 0.7,
};
/** A piece apart from those chosen needs to bring so much: each gap costs the reader. */
const GAP_COST = 0.6;
const MAX_STRETCHES = 2;

/** Something asked for: a word, by its beginning, or a kind. */
interface Wanted {
  readonly weight: number;
  /** By index of the pieces. */
  readonly isIn: readonly boolean[];
}

/**
 * The stretch of `text` that answers `question` best: whole when it fits, else the sentences with most of
 * what is asked. Verbatim, at most `maxLength` UTF-16 code units, cut between words when one sentence
 * alone is longer. Empty only for an empty text.
 */
export function selectQuote(question: string, text: string, maxLength: number): string {
  return selectFrom({ question, text, maxLength, among: [] }, splitSentences(text), 1)[0] ?? "";
}

/** Kept as long as the passage itself is in memory: splitting and folding cost more than choosing. */
const PIECES = new WeakMap<object, readonly Piece[]>();

/**
 * As `selectQuote`, from one place or two of the passage, in its order; `maxLength` holds for the sum. A word
 * of the question counts for more when few of `among`, the passages found with this one, have it.
 */
export function selectStretches(
  question: string,
  passage: { readonly text: string },
  maxLength: number,
  among: readonly { readonly text: string }[],
): readonly string[] {
  const whole = passage.text.trim();
  if (whole.length <= maxLength) return whole === "" ? [] : [whole];
  const request = { question, text: passage.text, maxLength, among: among.map(piecesOf) };
  return selectFrom(request, piecesOf(passage), MAX_STRETCHES);
}

function piecesOf(passage: { readonly text: string }): readonly Piece[] {
  const known = PIECES.get(passage);
  if (known !== undefined) return known;
  const pieces = splitSentences(passage.text);
  PIECES.set(passage, pieces);
  return pieces;
}

interface Request {
  readonly question: string;
  readonly text: string;
  readonly maxLength: number;
  readonly among: readonly (readonly Piece[])[];
}

function selectFrom(
  request: Request,
  pieces: readonly Piece[],
  maxStretches: number,
): readonly string[] {
  const { question, text, maxLength, among } = request;
  const begins = askedBegins(question);
  const wanted = findWanted(question, begins, pieces, among);
  const best = bestPiece(pieces, wanted);
  const first = pieces[best];
  if (first === undefined) return [];
  if (first.end - first.start > maxLength) return [cutAround(text, first, begins, maxLength)];
  const chosen = new Set([best]);
  addWhatIsMissing(pieces, wanted, chosen, maxLength, maxStretches);
  fill(pieces, wanted, chosen, maxLength);
  return toStretches(text, pieces, chosen);
}

/** Beginnings that the forms of a word share: `precio`, `precios`; `presento`, `presentada`. */
function askedBegins(question: string): ReadonlyMap<string, number> {
  const begins = new Map<string, number>();
  for (const { word } of foldWords(question)) {
    if (isFillerWord(word) || (word.length < 3 && !/\d/.test(word))) continue;
    begins.set(beginOf(word), /^\d+$/.test(word) ? 3 : Math.min(word.length, 9) / 4);
  }
  return begins;
}

function beginOf(word: string): string {
  if (/\d/.test(word)) return word;
  return word.length <= 5 ? word.replace(/s$/, "") : word.slice(0, Math.ceil(0.75 * word.length));
}

/** A word that is in many pieces tells them apart less. */
function findWanted(
  question: string,
  begins: ReadonlyMap<string, number>,
  pieces: readonly Piece[],
  among: readonly (readonly Piece[])[],
): readonly Wanted[] {
  const wanted: Wanted[] = [];
  const add = (weight: number, isIn: readonly boolean[]) => {
    const count = isIn.filter(Boolean).length;
    if (count > 0) wanted.push({ weight: weight / Math.sqrt(count), isIn });
  };
  for (const [begin, weight] of begins) {
    const isIn = pieces.map((piece) => hasWord(piece.folded, begin));
    if (isIn.includes(true)) add(weight * rarity(begin, among), isIn);
  }
  for (const kind of askedKinds(question)) {
    const isIn = pieces.map((piece) => holdsKind(piece.folded, kind));
    if (isIn.includes(true)) wanted.push({ weight: KIND_WEIGHT[kind], isIn });
  }
  return wanted;
}

/** ln(1 + N / n), so that a word in all of them keeps 0.7 of its weight. */
function rarity(begin: string, among: readonly (readonly Piece[])[]): number {
  const holding = among.filter((pieces) => pieces.some((piece) => hasWord(piece.folded, begin)));
  return among.length === 0 ? 1 : Math.log(1 + among.length / Math.max(1, holding.length));
}

/** Whether a word begins so. Searches rather than splits. */
function hasWord(folded: string, begin: string): boolean {
  for (let at = folded.indexOf(begin); at !== -1; at = folded.indexOf(begin, at + 1)) {
    if (!isWordCode(folded.charCodeAt(at - 1))) return true;
  }
  return false;
}

function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
}

function bestPiece(pieces: readonly Piece[], wanted: readonly Wanted[]): number {
  let best = 0;
  let bestScore = -1;
  for (let at = 0; at < pieces.length; at++) {
    let score = 0;
    for (const { weight, isIn } of wanted) if (isIn[at]) score += weight;
    if (score > bestScore) [best, bestScore] = [at, score];
  }
  return best;
}

/** Piece by piece, the one that brings most of what is still missing and fits. */
function addWhatIsMissing(
  pieces: readonly Piece[],
  wanted: readonly Wanted[],
  chosen: Set<number>,
  maxLength: number,
  maxStretches: number,
): void {
  for (;;) {
    const missing = wanted.filter(({ isIn }) => ![...chosen].some((at) => isIn[at]));
    if (missing.length === 0) return;
    let best = -1;
    let bestGain = 0;
    for (let at = 0; at < pieces.length; at++) {
      if (chosen.has(at)) continue;
      let gain = 0;
      for (const { weight, isIn } of missing) if (isIn[at]) gain += weight;
      if (gain === 0) continue;
      const isBeside = chosen.has(at - 1) || chosen.has(at + 1);
      // What follows explains: of two dates the one after what is asked about is meant.
      gain -= (isBeside ? 0 : GAP_COST) + 0.01 * distance(at, chosen);
      if (gain > bestGain && fits(pieces, chosen, at, maxLength, maxStretches)) {
        [best, bestGain] = [at, gain];
      }
    }
    if (best === -1) return;
    chosen.add(best);
  }
}

/** In pieces, from the nearest chosen; half a piece more when it comes before. */
function distance(at: number, chosen: ReadonlySet<number>): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const other of chosen)
    nearest = Math.min(nearest, at > other ? at - other : other - at + 0.5);
  return nearest;
}

/** What room is left goes to the neighbours: to whole sentences first, whose beginning says who, then to what follows. */
function fill(
  pieces: readonly Piece[],
  wanted: readonly Wanted[],
  chosen: Set<number>,
  maxLength: number,
): void {
  const scoreOf = (at: number) =>
    wanted.reduce((sum, { weight, isIn }) => sum + (isIn[at] ? weight : 0), 0);
  for (;;) {
    let best = -1;
    let bestRank = -1;
    for (const at of chosen) {
      for (const next of [at + 1, at - 1]) {
        const piece = pieces[next];
        if (piece === undefined || chosen.has(next)) continue;
        const isBroken = next > at ? pieces[at]?.endsSentence === false : !piece.endsSentence;
        const rank = (isBroken ? 100 : 0) + (next > at === isBroken ? 0 : 0.5) + scoreOf(next);
        if (rank > bestRank && fits(pieces, chosen, next, maxLength, MAX_STRETCHES)) {
          [best, bestRank] = [next, rank];
        }
      }
    }
    if (best === -1) return;
    chosen.add(best);
  }
}

function fits(
  pieces: readonly Piece[],
  chosen: ReadonlySet<number>,
  added: number,
  maxLength: number,
  maxStretches: number,
): boolean {
  const runs = toRuns(pieces, new Set([...chosen, added]));
  if (runs.length > maxStretches) return false;
  return runs.reduce((sum, run) => sum + run.end - run.start, 0) <= maxLength;
}

function toRuns(
  pieces: readonly Piece[],
  chosen: ReadonlySet<number>,
): readonly { readonly start: number; readonly end: number }[] {
  const runs: { start: number; end: number }[] = [];
  let previous = -2;
  for (const at of [...chosen].sort((a, b) => a - b)) {
    const piece = pieces[at];
    if (piece === undefined) continue;
    const run = runs.at(-1);
    if (run !== undefined && previous === at - 1) run.end = piece.end;
    else runs.push({ start: piece.start, end: piece.end });
    previous = at;
  }
  return runs;
}

function toStretches(
  text: string,
  pieces: readonly Piece[],
  chosen: ReadonlySet<number>,
): readonly string[] {
  return toRuns(pieces, chosen).map(({ start, end }) => text.slice(start, end).trim());
}

/** A piece too long to quote whole: the stretch with most of what is asked for, between words. */
function cutAround(
  text: string,
  piece: Piece,
  begins: ReadonlyMap<string, number>,
  maxLength: number,
): string {
  const words = foldWords(text.slice(piece.start, piece.end)).map(({ word, start, end }) => {
    const found = [...begins].find(([begin]) => word.startsWith(begin));
    return { start: start + piece.start, end: end + piece.start, weight: found?.[1] ?? 0 };
  });
  let best = { start: piece.start, score: -1 };
  let low = 0;
  let score = 0;
  for (const word of words) {
    score += word.weight;
    while (word.end - (words[low]?.start ?? word.start) > maxLength) {
      score -= words[low]?.weight ?? 0;
      low++;
    }
    if (score > best.score) best = { start: words[low]?.start ?? piece.start, score };
  }
  const stretch = text.slice(best.start, Math.min(piece.end, best.start + maxLength));
  if (best.start + maxLength >= piece.end) return stretch.trim();
  const lastSpace = stretch.search(/\s\S*$/u);
  return (lastSpace > maxLength / 2 ? stretch.slice(0, lastSpace) : stretch).trim().toWellFormed();
}
